"""frappe/installer.py: any app of the bench can be installed; the list is kept in the site's database."""


def _new_site(
	db_name=None,
	site=None,
	db_root_username=None,
	db_root_password=None,
	admin_password=None,
	verbose=False,
	install_apps=None,
	source_sql=None,
	force=False,
	db_password=None,
	db_type=None,
	db_socket=None,
	db_host=None,
	db_port=None,
	db_user=None,
	setup_db=True,
	**kwargs,
):
	"""Create sites/<site>, its database and config, install frappe and then `install_apps`."""
	site_path = os.path.join(os.environ.get("SITES_PATH") or ".", site)
	if os.path.exists(os.path.join(site_path, "site_config.json")) and not force:
		sys.exit(f"Site {site} already exists, use `--force` to proceed anyway")
	if force:
		shutil.rmtree(site_path, ignore_errors=True)
	frappe.init(site, new_site=True, force=True)
	db_name = db_name or "_" + hashlib.sha1(os.path.realpath(site_path).encode()).hexdigest()[:16]
	make_site_dirs()
	install_db(
		root_login=db_root_username,
		root_password=db_root_password,
		db_name=db_name,
		admin_password=admin_password,
		verbose=verbose,
		source_sql=source_sql,
		force=force,
		db_password=db_password,
		db_type=db_type,
		db_socket=db_socket,
		db_host=db_host,
		db_port=db_port,
		db_user=db_user,
		setup=setup_db,
	)
	frappe.client_cache.clear_cache()
	frappe.cache.flushall() if frappe.conf.get("flush_on_new_site") else None
	for app in ["frappe", *(a for a in install_apps or [] if a != "frappe")]:
		install_app(app, verbose=verbose, set_as_patched=not source_sql, force=False)
	frappe.db.commit()


def install_app(name, verbose=False, set_as_patched=True, force=False):
	from frappe.core.doctype.scheduled_job_type.scheduled_job_type import sync_jobs
	from frappe.model.module_utils import sync_customizations
	from frappe.model.sync import sync_for
	from frappe.utils.fixtures import sync_fixtures

	frappe.flags.in_install = name
	frappe.flags.ignore_in_install = False
	frappe.clear_cache()

	if name not in frappe.get_all_apps():
		raise Exception(f"App {name} is not in apps.txt")
	app_hooks = frappe.get_hooks(app_name=name)
	installed_apps = frappe.get_installed_apps()

	for required in app_hooks.required_apps or []:
		required = required.rsplit("/", 1)[-1]
		if required not in installed_apps and required != "frappe":
			install_app(required, verbose=verbose)
			frappe.flags.in_install = name

	if name in frappe.get_installed_apps() and not force:
		click.secho(f"App {name} already installed", fg="yellow")
		frappe.flags.in_install = False
		return

	print(f"\nInstalling {name}...")
	if name != "frappe":
		frappe.only_for("System Manager")

	def run(hook, *args, hooks=None):
		return [frappe.get_attr(fn)(*args) for fn in (hooks or app_hooks).get(hook) or []]

	if False in run("before_install"):
		return
	run("before_app_install", name, hooks=frappe.get_hooks())

	if name != "frappe":
		add_module_defs(name, ignore_if_duplicate=force)

	sync_for(name, force=force, reset_permissions=True)
	add_to_installed_apps(name)
	frappe.get_doc("Portal Settings", "Portal Settings").sync_menu()

	if set_as_patched:
		set_all_patches_as_completed(name)

	run("after_install")
	run("after_app_install", name, hooks=frappe.get_hooks())

	sync_jobs()
	sync_fixtures(name)
	sync_customizations(name)
	sync_dashboards(name)
	run("after_sync")

	frappe.clear_cache()
	frappe.client_cache.erase_persistent_caches()
	frappe.db.commit()
	frappe.flags.in_install = False


def add_to_installed_apps(app_name, rebuild_website=True):
	installed_apps = frappe.get_installed_apps()
	if app_name not in installed_apps:
		_set_installed_apps([*installed_apps, app_name])
	if frappe.flags.in_install:
		post_install(rebuild_website)


# new
def _set_installed_apps(apps):
	frappe.db.set_global("installed_apps", json.dumps(apps))
	frappe.db.commit()
	_clear_cache("__global")
	frappe.local.request_cache.clear()
	frappe.local.doc_events_hooks = None
	frappe.client_cache.delete_value("app_hooks")
	frappe.cache.delete_value(["app_modules", "installed_app_modules"])
	frappe.setup_module_map()


def remove_from_installed_apps(app_name):
	_set_installed_apps([app for app in frappe.get_installed_apps() if app != app_name])


def remove_app(app_name, dry_run=False, yes=False, no_backup=False, force=False):
	"""Remove the app's modules, doctypes and their tables from the site."""
	if app_name == "frappe" or app_name not in frappe.get_installed_apps():
		click.secho(f"App {app_name} cannot be removed", fg="yellow")
		return
	app_hooks = frappe.get_hooks(app_name=app_name)
	for fn in app_hooks.before_uninstall or []:
		frappe.get_attr(fn)()
	modules = frappe.get_all("Module Def", filters={"app_name": app_name}, pluck="name")
	frappe.flags.in_uninstall = True
	drop_doctypes = _delete_modules(modules, dry_run=dry_run)
	_delete_doctypes(drop_doctypes, dry_run=dry_run)
	if not dry_run:
		remove_from_installed_apps(app_name)
		frappe.db.commit()
	for fn in app_hooks.after_uninstall or []:
		frappe.get_attr(fn)()
	frappe.flags.in_uninstall = False
	frappe.clear_cache()


def remove_missing_apps():
	"""Drop apps from the site's list that this bench lacks."""
	installed = json.loads(frappe.db.get_global("installed_apps") or "[]")
	here = frappe.get_all_apps()
	if any(app not in here for app in installed):
		_set_installed_apps([app for app in installed if app in here])


def make_conf(
	db_name=None,
	db_password=None,
	site_config=None,
	db_type=None,
	db_socket=None,
	db_host=None,
	db_port=None,
	db_user=None,
):
	site, sites_path = frappe.local.site, frappe.local.sites_path
	make_site_config(
		db_name,
		db_password,
		site_config,
		db_type=db_type,
		db_socket=db_socket,
		db_host=db_host,
		db_port=db_port,
		db_user=db_user,
	)
	frappe.destroy()
	frappe.config.clear_site_config_cache()
	frappe.init(site, sites_path=sites_path, new_site=True)
