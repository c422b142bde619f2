"""Two apps in one site: what each brings is found, stays through migrations and goes with it."""


def default(frappe, key: str) -> str | None:
	return frappe.db.get_default(key)


def test_installed_in_order_with_what_they_require(frappe):
	assert frappe.get_installed_apps() == ["frappe", "probe_one", "probe_two"]
	assert default(frappe, "probe_one_installed") == "1"


def test_hooks_of_one_app_and_of_all(frappe):
	assert frappe.get_hooks("app_name", app_name="probe_two") == ["probe_two"]
	assert frappe.get_hooks("doc_events", app_name="probe_one")["Probe Visit"]["validate"] == [
		"probe_one.events.seen"
	]
	assert frappe.get_hooks("doc_events")["Probe Visit"]["validate"] == [
		"probe_one.events.seen",
		"probe_two.events.seen",
	]
	assert frappe.new_doc("Probe Visit", title="t").insert().seen_by == "controller, probe_one, probe_two"


def test_modules_belong_to_their_apps(frappe):
	assert frappe.db.get_value("Module Def", "Probe Two", "app_name") == "probe_two"
	assert frappe.local.module_app["probe_one"] == "probe_one"
	assert frappe.get_module_path("Probe One").endswith("probe_one/probe_one/probe_one")


def test_fixtures_of_each(frappe):
	assert frappe.db.exists("Role", "Probe Auditor")
	assert len(frappe.get_doc("Workflow", "Probe Visit Approval").transitions) == 2
	assert frappe.db.get_value("Workflow State", "Probe Approved", "style") == "Success"


def test_customisation_of_the_other_apps_doctype(frappe):
	meta = frappe.get_meta("Probe Visit")
	assert meta.get_field("second_opinion").insert_after == "title"
	assert meta.get_label("title") == "Purpose"
	assert frappe.db.has_column("Probe Visit", "second_opinion")


def test_migrate_twice(frappe, run):
	visit = frappe.new_doc("Probe Visit", title="kept", second_opinion="yes").insert().name
	jobs = frappe.db.count("Scheduled Job Type")
	assert default(frappe, "probe_one_patched") is None  # a new site has no need of patches
	frappe.db.delete("Patch Log", {"patch": "probe_one.patches.count_runs"})
	frappe.db.commit()
	before = int(default(frappe, "probe_one_migrated") or 0)
	for _ in range(2):
		run("migrate")
	frappe.db.rollback()
	frappe.clear_cache()
	assert int(default(frappe, "probe_one_migrated")) == before + 2
	assert default(frappe, "probe_one_patched") == "1"  # and once is enough
	assert frappe.db.count("Scheduled Job Type") == jobs
	assert frappe.db.get_value("Probe Visit", visit, "second_opinion") == "yes"


def test_scheduled_job_run_by_name(frappe, run):
	run("trigger-scheduler-event", "probe_one.events.daily")
	frappe.db.rollback()
	assert default(frappe, "probe_one_daily") == "Administrator"
	job = frappe.get_doc("Scheduled Job Type", {"method": "probe_one.events.daily"})
	assert job.frequency == "Daily"


def test_background_job_inline_and_by_worker(frappe):
	from frappe.utils.background_jobs import get_queue
	from rq import SimpleWorker

	frappe.enqueue("probe_one.events.leave_note", text="inline", now=True)
	assert default(frappe, "probe_one_note") == "inline"
	frappe.enqueue("probe_one.events.leave_note", text="queued", queue="short")
	frappe.db.rollback()
	assert default(frappe, "probe_one_note") != "queued"
	site, queue = frappe.local.site, get_queue("short")
	SimpleWorker([queue], connection=queue.connection).work(burst=True)
	frappe.init(site, force=True)
	frappe.connect()
	assert default(frappe, "probe_one_note") == "queued"


def test_uninstall_and_install_again(frappe, run):
	run("uninstall-app", "probe_two", "--yes", "--no-backup")
	frappe.db.rollback()
	frappe.clear_cache()
	assert frappe.get_installed_apps() == ["frappe", "probe_one"]
	assert not frappe.db.exists("Role", "Probe Auditor")
	assert not frappe.db.exists("Module Def", "Probe Two")
	assert not frappe.db.exists("Custom Field", "Probe Visit-second_opinion")
	assert frappe.new_doc("Probe Visit", title="t").insert().seen_by == "controller, probe_one"
	frappe.db.rollback()
	run("install-app", "probe_two")
	frappe.db.rollback()
	frappe.clear_cache()
	test_installed_in_order_with_what_they_require(frappe)
	test_customisation_of_the_other_apps_doctype(frappe)
	test_fixtures_of_each(frappe)
