"""frappe/__init__.py: several apps and a site folder (sites/<site>) again."""


def init(site: str | None = None, sites_path: str = ".", new_site: bool = False, force: bool = False) -> None:
	"""Initialise `frappe.local` for a site under `sites_path` (default: the working directory, or $SITES_PATH)."""
	if getattr(local, "initialised", None) and not force and not new_site:
		return

	from frappe.config import current_site

	if sites_path == ".":
		sites_path = os.environ.get("SITES_PATH") or "."
	site = site or current_site(sites_path)

	local.error_log = []
	local.message_log = []
	local.debug_log = []
	local.flags = _dict(
		currently_saving=[],
		redirect_location="",
		in_install_db=False,
		in_install_app=False,
		in_import=False,
		in_test=in_test,
		mute_messages=False,
		ignore_links=False,
		mute_emails=False,
		has_dataurl=False,
		new_site=new_site,
		read_only=False,
	)
	local.locked_documents = []
	local.test_objects = defaultdict(list)

	local.site = site
	local.site_name = site
	local.sites_path = sites_path
	local.app_path = sites_path  # the wheel's code calls the sites folder so
	local.site_path = os.path.join(sites_path, site)
	local.all_apps = None

	local.request_ip = None
	local.response = _dict({"docs": []})
	local.response_headers = Headers()
	local.task_id = None

	local.conf = get_site_config(
		sites_path=sites_path, site_path=local.site_path, cached=bool(frappe.request)
	)
	local.lang = local.conf.get("lang") or "en"

	local.module_app = None
	local.app_modules = None

	local.user = None
	local.user_perms = None
	local.role_permissions = {}
	local.valid_columns = {}
	local.new_doc_templates = {}

	local.request_cache = defaultdict(dict)
	local.jenv = None
	local.jloader = None
	local.cache = {}
	local.form_dict = _dict()
	local.preload_assets = {"style": [], "script": [], "icons": []}
	local.session = _dict(user="Guest", data=_dict())
	local.dev_server = _dev_server
	local.qb = get_query_builder(local.conf.db_type)
	if not cache or not client_cache:
		setup_redis_cache_connection()

	local.initialised = True  # before the module map, which may have to ask the database
	setup_module_map(include_all_apps=not (frappe.request or frappe.job or frappe.flags.in_migrate))


def connect(site: str | None = None, db_name: str | None = None, set_admin_as_user: bool = True) -> None:
	"""Connect to the site's database."""
	from frappe.database import get_db

	if site or not getattr(local, "initialised", False):
		init(site, force=bool(site) and site != getattr(local, "site", None))

	conf = local.conf
	name = db_name or conf.db_name
	if not name or (conf.db_type != "sqlite" and not conf.db_password):
		raise IncorrectSitePath(f"site {local.site} has no database configured")

	local.db = get_db(
		socket=conf.get("db_socket"),
		host=conf.get("db_host"),
		port=conf.get("db_port"),
		user=conf.db_user or name,
		password=conf.db_password,
		cur_db_name=name,
	)
	if set_admin_as_user:
		set_user("Administrator")


class init_site:
	def __init__(self, site=None):
		self.site = site

	def __enter__(self):
		init(self.site)
		return local

	def __exit__(self, type, value, traceback):
		destroy()


def get_app_path(app_name: str, *joins):
	"""Return path of the app's package folder."""
	return get_pymodule_path(app_name, *joins)


def get_app_source_path(app_name: str, *joins):
	"""Return path of the app's checkout (the folder above the package)."""
	return get_app_path(app_name, "..", *joins)


def get_site_name() -> str:
	return getattr(local, "site", None) or ""


def get_site_path(*joins):
	"""Return path inside the current site's folder."""
	return os.path.join(local.site_path, *joins)


def get_all_apps(with_internal_apps: bool = True, sites_path: str | None = None) -> list[str]:
	"""Apps of this bench, as listed in sites/apps.txt (`frappe` always first)."""
	sites_path = sites_path or getattr(local, "sites_path", None) or os.environ.get("SITES_PATH") or "."
	apps = get_file_items(os.path.join(sites_path, "apps.txt"))
	return ["frappe", *(app for app in apps if app != "frappe")]


@request_cache
def get_installed_apps(*, _ensure_on_bench: bool = False) -> list[str]:
	"""Apps installed in this site, in order of installation."""
	if getattr(flags, "in_install_db", True):
		return []
	if not getattr(local, "db", None):
		connect()
	apps = json.loads(db.get_global("installed_apps") or "[]")
	if _ensure_on_bench:
		here = get_all_apps()
		apps = [app for app in apps if app in here]
	return apps


def _load_app_hooks(app_name: str | None = None):
	"""Merge hooks.py of one app, or of all installed apps in order."""
	import types

	hooks = {}
	for app in [app_name] if app_name else get_installed_apps(_ensure_on_bench=True):
		try:
			app_hooks = get_module(f"{app}.hooks")
		except ImportError as e:
			if local.flags.in_install_app:
				continue
			print(f'Could not find app "{app}": \n{e}')
			raise
		for key, value in inspect.getmembers(
			app_hooks, lambda obj: not isinstance(obj, types.ModuleType | types.FunctionType | type)
		):
			if not key.startswith("_"):
				append_hook(hooks, key, value)
	return hooks


def get_hooks(
	hook: str | None = None,
	default: Any | None = "_KEEP_DEFAULT_LIST",
	app_name: str | None = None,
) -> _dict:
	"""Hooks of all installed apps (or of `app_name` alone), whole or for one name."""
	if app_name:
		hooks = _load_app_hooks(app_name)
	elif local.conf.developer_mode:
		hooks = _site_cached_load_app_hooks()
	else:
		hooks = client_cache.get_value("app_hooks")
		if hooks is None:
			hooks = _load_app_hooks()
			client_cache.set_value("app_hooks", hooks)

	if hook:
		return hooks.get(hook, ([] if default == "_KEEP_DEFAULT_LIST" else default))
	return _dict(hooks)


def setup_module_map(include_all_apps: bool = True) -> None:
	"""Set `local.app_modules` (app: modules) and `local.module_app` (module: app) from each modules.txt."""
	key = "app_modules" if include_all_apps else "installed_app_modules"
	app_modules = cache.get_value(key)
	if not app_modules:
		apps = (
			get_all_apps() if include_all_apps else (get_installed_apps(_ensure_on_bench=True) or ["frappe"])
		)
		app_modules = {app: [scrub(m) for m in get_module_list(app)] for app in apps}
		if include_all_apps or not flags.in_install_db:
			cache.set_value(key, app_modules)
	local.app_modules = app_modules
	local.module_app = {module: app for app, modules in app_modules.items() for module in modules}


def get_test_records(doctype: str) -> list:
	"""Records of the doctype's test_records.json, [] when there is none."""
	path = os.path.join(
		get_module_path(get_doctype_module(doctype)), "doctype", scrub(doctype), "test_records.json"
	)
	return get_file_json(path) if os.path.exists(path) else []


# new
def get_doctype_module(doctype: str) -> str:
	from frappe.model.module_utils import get_doctype_module

	return get_doctype_module(doctype)


@request_cache
def is_setup_complete():
	"""Has the set-up wizard been finished? (The wheel looked for a table of a Single, so it never had.)"""
	if not db.table_exists("DocType"):
		return False
	return bool(cint(db.get_single_value("System Settings", "setup_complete")))
