"""The framework's commands, and `bench` from PyPI in front of them."""

import json
import re

from localbench import sites
from localbench.tests.conftest import PROBE, printed


def test_bench_itself(site):
	bench = PROBE / "env/bin/bench"
	assert printed(bench, "--site", site.name, "list-apps").split() == ["frappe", "probe_one", "probe_two"]


def test_set_config(run, site):
	run("set-config", "probe_number", "[1]", "--parse")
	assert json.loads((site.folder / "site_config.json").read_text())["probe_number"] == [1]


def test_execute(run):
	assert run(
		"execute", "frappe.get_all", "--kwargs", "{'doctype': 'Role', 'filters': {'name': 'Guest'}}"
	) == ('[{"name": "Guest"}]\n')


def test_a_command_of_an_app(run, site):
	assert run("probe-greet", "--name", "you") == f"hello you from {site.name}: 2\n"


def test_console(run):
	assert "Apps in this namespace" in run("console")


def test_backup(run, site):
	run("backup", "--with-files")
	assert len(list((site.folder / "private/backups").iterdir())) == 4


def test_run_tests(run):
	for choice in (
		("--app", "probe_one"),
		("--module", "probe_one.probe_one.doctype.probe_visit.test_probe_visit"),
		("--doctype", "Probe Visit"),
	):
		assert "Ran 2 tests" in run("run-tests", *choice)
	assert "Ran 1 test " in run("run-tests", "--app", "probe_one", "--test", "test_set_user")


def test_run_parallel_tests(run):
	parts = [run("run-parallel-tests", "probe_one", str(number), "2") for number in (1, 2)]
	assert sum(int(ran) for part in parts for ran in re.findall(r"^Ran (\d+) test", part, re.M)) == 2
	assert "Ran 2 tests" in run("run-parallel-tests", "probe_one", "1", "1")


def test_a_new_site_and_its_end(run, site):
	other = f"other-{site.name}"
	options = ["--source-sql", str(sites.base_database()), *sites.database_options()]
	run("new-site", other, "--admin-password", "x", *options)
	assert (site.folder.parent / other / "site_config.json").exists()
	run("drop-site", other, "--force", "--no-backup")
	assert not (site.folder.parent / other).exists()
