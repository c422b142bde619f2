"""Exact substitutions below frappe/: (file, old, new, how often `old` is there). Each group says why."""

# One app was left, so a hook of one app became the hook of all: which app is meant is said again.
OF_ONE_APP = [
	("desk/form/meta.py", "frappe.get_hooks(hook, default={})", "app_name", 1),
	("utils/fixtures.py", 'frappe.get_hooks("fixture_auto_order")', "app", 1),
	("utils/fixtures.py", 'frappe.get_hooks("fixtures")', "app", 1),
	("translate.py", 'frappe.get_hooks("fixtures")', "app_name", 2),
	("translate.py", 'frappe.get_hooks("app_include_js")', "app_name", 1),
	("translate.py", 'frappe.get_hooks("web_include_js")', "app_name", 1),
	("migrate.py", 'frappe.get_hooks("before_migrate")', "app", 1),
	("migrate.py", 'frappe.get_hooks("override_doctype_class", {})', "app", 1),
	("testing/environment.py", 'frappe.get_hooks("before_tests")', "app", 1),
	("desk/doctype/changelog_feed/changelog_feed.py", 'frappe.get_hooks("app_title")', "app_name", 1),
	(
		"desk/doctype/global_search_settings/global_search_settings.py",
		'get_hooks(hook="global_search_doctypes")',
		"app",
		1,
	),
	("core/doctype/doctype/doctype.py", 'frappe.get_hooks("export_python_type_annotations")', "app", 1),
	("custom/report/audit_system_hooks/audit_system_hooks.py", "frappe.get_hooks(hook)", "app", 2),
	("model/module_utils.py", 'frappe.get_hooks(hook="app_publisher")', "app", 1),
	("utils/safe_exec.py", "frappe.get_hooks(hook=hook, default=default)", "app_name", 1),
	("apps.py", 'app_details = frappe.get_hooks("add_to_apps_screen")', "app", 2),
	("apps.py", '\tapps = frappe.get_hooks("add_to_apps_screen")', "app_name", 1),
	("boot.py", 'frappe.get_hooks("add_to_apps_screen")', "app_name", 1),
	("boot.py", 'frappe.get_hooks("app_title")', "app_name", 1),
	("boot.py", 'frappe.get_hooks("app_home")', "app_name", 1),
	("boot.py", 'frappe.get_hooks("app_logo_url")', "app_name", 1),
]

EDITS = [(file, call, f"{call[:-1]}, app_name={app})", times) for file, call, app, times in OF_ONE_APP]

EDITS += [
	# the same where the line differs more
	(
		"utils/change_log.py",
		"		app_hooks = frappe.get_hooks()",
		"		app_hooks = frappe.get_hooks(app_name=app)",
		1,
	),
	(
		"utils/safe_exec.py",
		"def get_hooks(hook: str | None = None, default=None) ->",
		"def get_hooks(hook: str | None = None, default=None, app_name: str | None = None) ->",
		1,
	),
	(
		"utils/install.py",
		'	app_title = frappe.get_hooks()["app_title"][0]',
		'	app_title = frappe.get_hooks(app_name=app_name)["app_title"][0]',
		1,
	),
	("boot.py", '["frappe"]:', "frappe.get_installed_apps():", 2),
	("boot.py", 'installed_apps = {"frappe"}', "installed_apps = set(frappe.get_installed_apps())", 1),
	(
		"desk/doctype/desktop_icon/desktop_icon.py",
		'frappe.get_hooks()["app_title"][0] == self.label or self.app == a:',
		'(frappe.get_hooks("app_title", [None], app_name=a)[0] == self.label) or self.app == a:',
		1,
	),
	(
		"desk/doctype/desktop_icon/desktop_icon.py",
		"""				permission_method = frappe.get_hooks()["add_to_apps_screen"][0].get(
					"has_permission", None
				)""",
		"""				permission_method = (frappe.get_hooks("add_to_apps_screen", app_name=a) or [{}])[0].get(
					"has_permission", None
				)""",
		1,
	),
	(
		"desk/doctype/desktop_icon/desktop_icon.py",
		'				app_title = frappe.get_hooks("app_title")[0]',
		'				app_title = frappe.get_hooks("app_title", app_name=app_name)[0]',
		1,
	),
	(
		"desk/doctype/desktop_icon/desktop_icon.py",
		'		app_title = frappe.get_hooks("app_title")[0]\n		app_details = frappe.get_hooks("add_to_apps_screen")',
		'		app_title = frappe.get_hooks("app_title", app_name=a)[0]\n		app_details = frappe.get_hooks("add_to_apps_screen", app_name=a)',
		1,
	),
	# the version that it is
	("__init__.py", '__version__ = "0.0.1"', '__version__ = "16.0.0-dev"', 1),
	# Python 3.12 syntax in one file, so it could not even be imported under 3.11
	("desk/doctype/event/event.py", "	type EventLikeDict = ", "	EventLikeDict = ", 1),
	# `bench` starts the framework's commands by `python -m frappe.utils.bench_helper frappe …`
	(
		"utils/bench_helper.py",
		"	force: bool\n	profile: bool\n",
		"	sites: list[str]\n	force: bool\n	profile: bool\n",
		1,
	),
	(
		"utils/bench_helper.py",
		"	return CliCtxObj(force=force, profile=profile, verbose=verbose)\n",
		"""	return CliCtxObj(sites=[], force=force, profile=profile, verbose=verbose)


def main():
	import sys

	from frappe.commands import main

	del sys.argv[1]
	main(prog_name="bench")


if __name__ == "__main__":
	main()
""",
		1,
	),
	("cli_impl/__init__.py", "	return frappe.get_site_name()", "	return context.sites[0]", 1),
	# a site made again: same database and user, another password
	("database/db_manager.py", "CREATE USER IF NOT EXISTS", "CREATE OR REPLACE USER", 1),
	("installer.py", "import json\n", "import hashlib\nimport json\n", 1),
	# root of a MariaDB over the socket has an empty password
	("installer.py", "	if root_password:\n", "	if root_password is not None:\n", 1),
	(
		"database/mariadb/setup_db.py",
		"		if not frappe.flags.root_password:\n",
		"		if frappe.flags.root_password is None:\n",
		1,
	),
	# a name that replace/config.py needs
	("config.py", "import importlib\n", "import importlib\nimport json\n", 1),
	# Google's client is 90 MB for integrations that nothing here uses
	("integrations/doctype/google_calendar/google_calendar.py", "import google.oauth2.credentials\n", "", 1),
	(
		"integrations/doctype/google_calendar/google_calendar.py",
		"from googleapiclient.discovery import build\nfrom googleapiclient.errors import HttpError",
		"from frappe._optional import HttpError, build, google",
		1,
	),
	(
		"integrations/doctype/google_contacts/google_contacts.py",
		"from googleapiclient.errors import",
		"from frappe._optional import",
		1,
	),
	(
		"integrations/google_oauth.py",
		"from google.oauth2.credentials import Credentials\nfrom googleapiclient.discovery import build",
		"from frappe._optional import Credentials, build",
		1,
	),
	(
		"website/doctype/website_settings/google_indexing.py",
		"from googleapiclient.errors import",
		"from frappe._optional import",
		1,
	),
	# Python 3.14 only
	("testing/result.py", "category=warnings.DeprecationWarning", "category=DeprecationWarning", 1),
	# names that replace/database/sqlite/database.py needs
	(
		"database/sqlite/database.py",
		"from datetime import date, datetime, time\n",
		"from datetime import date, datetime, time, timedelta\nfrom decimal import Decimal\n",
		1,
	),
	(
		"database/sqlite/database.py",
		"from frappe.utils import get_table_name\n",
		"from frappe.utils import get_table_name\nfrom frappe.utils.data import format_timedelta\n",
		1,
	),
	# the query builder's functions that SQLite was left out of (the names are registered as SQL functions)
	(
		"query_builder/functions.py",
		"GroupConcat = ImportMapper({db_type_is.MARIADB: GROUP_CONCAT,",
		"GroupConcat = ImportMapper({db_type_is.MARIADB: GROUP_CONCAT, db_type_is.SQLITE: GROUP_CONCAT,",
		1,
	),
	(
		"query_builder/functions.py",
		'		db_type_is.MARIADB: CustomFunction("TIMESTAMP", ["date", "time"]),',
		'		db_type_is.MARIADB: CustomFunction("TIMESTAMP", ["date", "time"]),\n		db_type_is.SQLITE: CustomFunction("TIMESTAMP", ["date", "time"]),',
		1,
	),
	(
		"query_builder/functions.py",
		'		db_type_is.MARIADB: CustomFunction("DATE_FORMAT", ["date", "format"]),',
		'		db_type_is.MARIADB: CustomFunction("DATE_FORMAT", ["date", "format"]),\n		db_type_is.SQLITE: CustomFunction("DATE_FORMAT", ["date", "format"]),',
		1,
	),
	(
		"query_builder/functions.py",
		'		db_type_is.MARIADB: CustomFunction("unix_timestamp", ["date"]),',
		'		db_type_is.MARIADB: CustomFunction("unix_timestamp", ["date"]),\n		db_type_is.SQLITE: CustomFunction("unix_timestamp", ["date"]),',
		1,
	),
	# SQLite keeps what it is given: a datetime put into a Date field would stay one
	(
		"model/base_document.py",
		"""				elif fieldtype in float_like_fields and not isinstance(value, float):
					value = flt(value)

				elif (fieldtype in datetime_fields""",
		"""				elif fieldtype in float_like_fields and not isinstance(value, float):
					value = flt(value)

				elif fieldtype == "Date" and value and frappe.local.conf.db_type == "sqlite":
					value = frappe.utils.getdate(value)

				elif (fieldtype in datetime_fields""",
		1,
	),
	# an image that the wheel lacks
	(
		"hooks.py",
		"/assets/frappe/images/frappe-logo.svg",
		"/assets/frappe/images/frappe-framework-logo.svg",
		1,
	),
	# the wheel put `from __future__ import annotations` into every module, so that no argument of a whitelisted
	# function was converted any more ("0" stayed a true string)
	(
		"utils/typing_validations.py",
		"	annotations = func.__annotations__\n",
		"	annotations = get_annotations(func)\n",
		1,
	),
	(
		"utils/typing_validations.py",
		"def transform_parameter_types(",
		'''@lru_cache(maxsize=4096)
def get_annotations(func):
	"""annotations with those kept as text evaluated where that is possible"""
	out = {}
	for name, value in getattr(func, "__annotations__", {}).items():
		if isinstance(value, str):
			try:
				value = eval(value, func.__globals__)
			except Exception:
				pass
		out[name] = value
	return out


def transform_parameter_types(''',
		1,
	),
	# a bug of this snapshot of upstream: only who may read Workflow (System Managers) could use a workflow action
	(
		"public/js/frappe/form/workflow.js",
		"""						frappe.db
							.get_value(
								"Workflow",
								{ document_type: me.frm.doctype },
								"enable_action_confirmation"
							)
""",
		"""						Promise.resolve({ message: frappe.workflow.workflows[me.frm.doctype] || {} })
""",
		1,
	),
	# a list's Dashboard view has no list header and no filters; drawing the header threw
	(
		"public/js/frappe/views/dashboard/dashboard_view.js",
		"	set_primary_action() {",
		"	render_header() {}\n\n	set_primary_action() {",
		1,
	),
	# "memory:" in the place of a Redis' address: a server inside the process (fakeredis)
	(
		"utils/redis_wrapper.py",
		'RedisWrapper.from_url(frappe.conf.get("redis_cache"))',
		'connect(frappe.conf.get("redis_cache"), RedisWrapper)',
		1,
	),
	(
		"utils/redis_wrapper.py",
		"			self.invalidator_id = self.invalidator.client_id()\n",
		'			if frappe.conf.redis_cache.startswith("memory:"):\n				raise redis.exceptions.ConnectionError  # one process: nobody else to be told by\n			self.invalidator_id = self.invalidator.client_id()\n',
		1,
	),
	(
		"utils/redis_queue.py",
		"conn = redis.from_url(conf.redis_queue, username=username, password=password)",
		'from frappe.utils.redis_wrapper import connect\n\n		auth = {k: v for k, v in (("username", username), ("password", password)) if v}\n		conn = connect(conf.redis_queue, **auth)',
		1,
	),
	(
		"utils/connections.py",
		"		url = urlparse(config[srv])\n",
		'		if config[srv].startswith("memory:"):\n			status[srv] = True\n			continue\n		url = urlparse(config[srv])\n',
		1,
	),
	# two functions of one name: the second hid the first, and the scheduler's process died at its first tick
	(
		"utils/scheduler.py",
		'def enqueue_events() -> None:\n	"""Enqueue scheduled events. Single-tenant: no site iteration."""\n	try:\n		enqueue_events_for_site()\n	except Exception:\n		frappe.logger("scheduler").debug("Failed to enqueue events", exc_info=True)\n\n\n',
		"",
		1,
	),
	# two functions of one name became one module's
	(
		"core/doctype/package_release/package_release.py",
		"from frappe.model.module_utils import export_doc",
		"from frappe.model.export import export_doc",
		1,
	),
	# several sites again: a job runs in the site that it came from
	("utils/background_jobs.py", "frappe.init(force=True)", "frappe.init(site, force=True)", 2),
	(
		"utils/scheduler.py",
		"	try:\n		frappe.init()\n		frappe.connect()\n		if is_scheduler",
		"	try:\n		frappe.init(site, force=True)\n		frappe.connect()\n		if is_scheduler",
		1,
	),
	# only MariaDB sites need a MySQL driver
	("app.py", "import frappe.database.mariadb.mysqlclient  # Load database related utils\n", "", 1),
	# SQLite may name another unique column where MariaDB names the primary key
	(
		"model/base_document.py",
		"""			if frappe.db.is_primary_key_violation(e):
				if self.meta.autoname == "hash":""",
		"""			if frappe.db.is_primary_key_violation(e) or (
				frappe.db.db_type == "sqlite"
				and frappe.db.is_unique_key_violation(e)
				and frappe.db.sql(f"select 1 from `tab{self.doctype}` where name = %s", self.name)
			):
				if self.meta.autoname == "hash":""",
		1,
	),
	# SQLite takes an unknown "name" for a text; `name` is an error, as it should be
	(
		"database/query.py",
		'quote_char = "`" if self.is_mariadb else \'"\'',
		'quote_char = \'"\' if self.is_postgres else "`"',
		2,
	),
	# SQLite has no FOR UPDATE; to be the one writer is the same and more
	(
		"model/document.py",
		'				if self.flags.for_update and frappe.db.db_type != "sqlite":\n',
		'				if self.flags.for_update and frappe.db.db_type == "sqlite":\n					frappe.db.lock()\n				elif self.flags.for_update:\n',
		1,
	),
	(
		"model/document.py",
		'		if self.flags.for_update and frappe.db.db_type != "sqlite":\n',
		'		if self.flags.for_update and frappe.db.db_type == "sqlite":\n			frappe.db.lock()\n		elif self.flags.for_update:\n',
		1,
	),
	# SQLite has no MATCH … AGAINST
	(
		"query_builder/functions.py",
		"Match = ImportMapper({db_type_is.MARIADB: MATCH, db_type_is.POSTGRES: TO_TSVECTOR})",
		"""class _SQLiteMatch:
	def __init__(self, column, *args, **kwargs):
		self.column = column

	def Against(self, text):
		return Function("INSTR", Function("LOWER", self.column), text.lower())


Match = ImportMapper(
	{db_type_is.MARIADB: MATCH, db_type_is.POSTGRES: TO_TSVECTOR, db_type_is.SQLITE: _SQLiteMatch}
)""",
		1,
	),
	# not done for SQLite: the scheduler's sync failed, and the desk's search found nothing
	(
		"utils/global_search.py",
		'	for field in conflict_fields:\n		if frappe.db.db_type == "mariadb":',
		'	if frappe.db.db_type == "sqlite":\n		for value in values:\n			frappe.db.delete("__global_search", {"doctype": value[0], "name": value[1]})\n		conflict_fields = []\n\n	for field in conflict_fields:\n		if frappe.db.db_type == "mariadb":',
		1,
	),
]
