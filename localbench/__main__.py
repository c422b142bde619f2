"""Commands of the local bench; the Makefile at the root calls them: python3 -m localbench COMMAND"""

import sys

if sys.version_info < (3, 10):  # noqa: UP036 (this line says so in words)
	sys.exit("Python 3.10 or newer is needed: apt-get install python3-venv")

import os
import shutil
import signal

from localbench import bench, runner, sites


def set_up():
	"""the bench folder .bench with a site for tests"""
	bench.set_up()
	sites.test_site()


def demo():
	"""a desk with the community's year on http://127.0.0.1:8000"""
	bench.set_up()
	site = sites.demo_site()
	with sites.served(site, int(os.environ.get("PORT") or 8000)) as url:
		site.frappe("bangfu-demo")  # finds the year loaded and prints the users
		bench.say(f"{site.name} is served at {url} — Ctrl-C ends it")
		signal.pause()


def test(*only: str):
	"""all tests, or some: app, bench, browser"""
	bench.set_up()
	bench.python_packages("test")
	sys.exit(runner.run(only or tuple(runner.SUITES)))


def lint():
	"""ruff check and ruff format --check"""
	bench.layout()
	bench.environment()
	bench.python_packages("test")
	sys.exit(runner.lint())


def fidelity(*choice: str):
	"""Frappe's own tests, against the list of those known to fail; some: --module X"""
	from localbench import fidelity

	bench.set_up()
	sys.exit(fidelity.run(*choice))


def clean():
	"""remove the bench folder, and its databases on a MariaDB"""
	sites.drop_databases()
	shutil.rmtree(bench.FOLDER, ignore_errors=True)


COMMANDS = {"bench": set_up, "demo": demo, "test": test, "lint": lint, "fidelity": fidelity, "clean": clean}

if __name__ == "__main__":
	if len(sys.argv) < 2 or sys.argv[1] not in COMMANDS:
		sys.exit("\n".join(f"{name:10}{command.__doc__}" for name, command in COMMANDS.items()))
	signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started ends too
	try:
		COMMANDS[sys.argv[1]](*sys.argv[2:])
	except KeyboardInterrupt:
		sys.exit("\ninterrupted; the next run goes on from here")
