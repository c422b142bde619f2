"""A second bench folder with two small apps beside the first: .bench/probe, one site for all tests here."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from localbench import bench, sites

collect_ignore = ["apps"]
APPS = {name: Path(__file__).parent / "apps" / name for name in ("probe_one", "probe_two")}
PROBE = bench.FOLDER / "probe"


@pytest.fixture(scope="session")
def site() -> sites.Site:
	bench.layout(PROBE, APPS)
	for part in ("env", "apps/frappe", "sites/assets"):
		bench.link(PROBE / part, bench.FOLDER / part)
	os.environ["PYTHONPATH"] = os.pathsep.join(map(str, APPS.values()))
	sys.path += map(str, APPS.values())
	site = sites.Site("probe", apps=("probe_two",), config={"allow_tests": True}, bench_folder=PROBE)
	site.make("made for each run")
	os.chdir(PROBE / "sites")
	return site


@pytest.fixture
def run(site):
	"""What `bench --site SITE …` starts; return what it prints."""

	def run(*args: str) -> str:
		return printed(*site.command(*args))

	return run


def printed(*command: str | Path) -> str:
	done = subprocess.run(
		command, cwd=PROBE / "sites", capture_output=True, text=True, stdin=subprocess.DEVNULL
	)
	assert done.returncode == 0, done.stdout + done.stderr
	return done.stdout + done.stderr


@pytest.fixture
def frappe(site):
	"""The framework, connected to the site as Administrator; what a test wrote is rolled back."""
	import frappe

	frappe.init(site.name, force=True)
	frappe.connect()
	frappe.clear_cache()
	yield frappe
	frappe.db.rollback()
	frappe.destroy()


@pytest.fixture
def make_user(frappe):
	def make_user(name: str, *roles: str) -> str:
		email = f"{name}@example.org"
		if not frappe.db.exists("User", email):
			user = frappe.new_doc("User", email=email, first_name=name, send_welcome_email=0)
			user.extend("roles", [{"role": role} for role in roles])
			user.insert(ignore_permissions=True)
		return email

	return make_user
