"""Sites of the bench: made, kept up to date, put back as they were, served."""

import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from localbench import bench

DB = os.environ.get("DB", "sqlite").lower()
ADMIN_PASSWORD = "admin"


class Site:
	"""One site of a bench folder. `name` is short: test is test.localhost, or test-mariadb.localhost."""

	def __init__(
		self, name: str, apps=(bench.APP,), config: dict | None = None, bench_folder: Path = bench.FOLDER
	):
		self.name = f"{name}.localhost" if DB == "sqlite" else f"{name}-{DB}.localhost"
		self.apps = apps
		self.config = config or {}
		self.bench = bench_folder
		self.folder = bench_folder / "sites" / self.name
		self.stamp = self.folder / ".made"

	def command(self, *args: str) -> list[str]:
		"""What `bench --site SITE …` starts."""
		return [str(bench.PYTHON), "-m", "frappe.utils.bench_helper", "frappe", "--site", self.name, *args]

	def frappe(self, *args: str, log: str = "") -> None:
		"""Run a command; `log` keeps its output out of sight unless it fails."""
		if log:
			bench.run(*self.command(*args), cwd=self.bench / "sites", log=f"{self.name}-{log}")
		elif code := subprocess.call(self.command(*args), cwd=self.bench / "sites"):
			sys.exit(code)

	def is_made(self, key: str | None = None) -> bool:
		return self.stamp.exists() and key in (None, self.stamp.read_text())

	def make(self, key: str, then=lambda: None) -> None:
		"""A new site in the place of what is there, `then` the finishing touches. The stamp says that all is done."""
		bench.say(f"{self.name} …")
		begin = time.monotonic()
		new = ["new-site", self.name, "--force", "--admin-password", ADMIN_PASSWORD, *database_options()]
		if self.apps:
			new += ["--source-sql", str(base_database())]
		for app in self.apps:
			new += ["--install-app", app]
		self.frappe(*new, log="new-site")
		path = self.folder / "site_config.json"
		path.write_text(json.dumps({**json.loads(path.read_text()), **self.config}, indent=1) + "\n")
		then()
		self.stamp.write_text(key)
		bench.say(f"{self.name}: made in {time.monotonic() - begin:.1f} s")

	def migrate(self, key: str) -> None:
		bench.say(f"{self.name}: migrate …")
		begin = time.monotonic()
		self.frappe("migrate", "--skip-search-index", log="migrate")
		self.stamp.write_text(key)
		bench.say(f"{self.name}: migrated in {time.monotonic() - begin:.1f} s")

	def load_the_year(self) -> None:
		"""What the set-up wizard asks on a first visit, and the app's demo year."""
		answers = {"language": "中文", "country": "China", "timezone": "Asia/Shanghai", "currency": "CNY"}
		wizard = "frappe.desk.page.setup_wizard.setup_wizard.setup_complete"
		self.frappe("execute", wizard, "--kwargs", repr({"args": answers}), log="set-up")
		bench.say(f"{self.name}: the community's year …")
		self.frappe("bangfu-demo", log="demo")

	# the database as a file

	def dump(self, to: Path) -> None:
		part = to.with_name(to.name + "~")
		part.unlink(missing_ok=True)
		if DB == "sqlite":
			with sqlite3.connect(self.sqlite_file) as source, sqlite3.connect(part) as target:
				source.backup(target)
		else:
			with part.open("w") as out:
				subprocess.run(self.client("mariadb-dump"), stdout=out, check=True)
		part.replace(to)

	def restore(self, dump: Path) -> None:
		if DB == "sqlite":
			for file in self.sqlite_file.parent.glob("*.db-*"):
				file.unlink()
			shutil.copy(dump, self.sqlite_file)
		else:
			with dump.open() as source:
				subprocess.run(self.client("mariadb"), stdin=source, check=True)

	@property
	def sqlite_file(self) -> Path:
		(path,) = (self.folder / "db").glob("*.db")
		return path

	def client(self, program: str) -> list[str]:
		conf = json.loads((self.folder / "site_config.json").read_text())
		names = {
			"user": "db_user",
			"password": "db_password",
			"host": "db_host",
			"port": "db_port",
			"socket": "db_socket",
		}
		return [
			program,
			*(f"--{option}={conf[key]}" for option, key in names.items() if conf.get(key)),
			conf["db_name"],
		]


# ---- the sites there are


def test_sites(number: int) -> list[Site]:
	"""For tests that run side by side: test, test-2, …"""
	return [test_site(), *(test_site(f"test-{other}") for other in range(2, number + 1))]


def test_site(name: str = "test") -> Site:
	site, key = Site(name, config={"allow_tests": True}), app_key()
	if not site.is_made():
		site.make(key)
	elif not site.is_made(key):
		site.migrate(key)
	return site


def demo_site() -> Site:
	"""Chinese, with the community's year; what a person has entered since stays."""
	site, key = Site("demo"), app_key()
	if not site.is_made():
		site.make(key, then=site.load_the_year)
	elif not site.is_made(key):
		site.migrate(key)
	return site


def browser_site() -> Site:
	"""As the demo, but the same at the start of each run."""
	site, key = Site("browser"), app_key()
	dump = bench.FOLDER / "config" / f"browser.{DB}"
	if site.is_made(key):
		site.restore(dump)
	else:
		site.make(key, then=lambda: (site.load_the_year(), site.dump(dump)))
	return site


def base_database() -> Path:
	"""A dump with the framework alone: a site made from it takes 2 s instead of 10."""
	base, key = Site("base", apps=()), bench.framework_key()
	dump = bench.FOLDER / "config" / f"base.{DB}"
	if not base.is_made(key):
		base.make(key, then=lambda: base.dump(dump))
	return dump


def app_key() -> str:
	"""Changes with whatever a migration would bring into a site."""
	return bench.fingerprint(bench.framework_key(), bench.KIT / "zh.csv", bench.ROOT / bench.APP)


# ---- MariaDB


def database_options() -> list[str]:
	if DB == "sqlite":
		return ["--db-type", "sqlite"]
	bench.require(mariadb_client=bool(shutil.which("mariadb")))
	host = os.environ.get("DB_HOST")
	options = {
		"db-type": DB,
		"db-host": host,
		"db-port": os.environ.get("DB_PORT"),
		"db-socket": None if host else mariadb_socket(),
		"db-root-username": os.environ.get("DB_USER", "root"),
		"db-root-password": os.environ.get("DB_PASSWORD", ""),
	}
	return [part for name, value in options.items() if value is not None for part in (f"--{name}", value)]


def mariadb_socket() -> str:
	bench.require(mariadb_server=bool(shutil.which("mariadbd") or shutil.which("mysqld")))
	for path in filter(None, (os.environ.get("DB_SOCKET"), "/run/mysqld/mysqld.sock")):
		if Path(path).is_socket():
			return path
	sys.exit(
		"MariaDB is not running: `service mariadb start`, or set DB_HOST, DB_USER and DB_PASSWORD for another one"
	)


def drop_databases() -> None:
	"""Those on a MariaDB, which are not in the bench folder."""
	root = [
		"--db-root-username",
		os.environ.get("DB_USER", "root"),
		"--db-root-password",
		os.environ.get("DB_PASSWORD", ""),
	]
	for config in [
		*bench.FOLDER.glob("sites/*/site_config.json"),
		*bench.FOLDER.glob("probe/sites/*/site_config.json"),
	]:
		if json.loads(config.read_text())["db_type"] != "sqlite":
			site = Site(config.parent.name, bench_folder=config.parents[2])
			site.name = config.parent.name
			site.frappe("drop-site", site.name, "--force", "--no-backup", *root, log="drop")


# ---- the web server


@contextmanager
def served(site: Site, port: int):
	"""The site on http://127.0.0.1:port while inside; worker and scheduler are threads of the server."""
	address, url = f"127.0.0.1:{port}", f"http://127.0.0.1:{port}"
	with socket.socket() as probe:
		if not probe.connect_ex(("127.0.0.1", port)):
			sys.exit(
				f"Something listens on {address} already; end it, or choose another: PORT=8001 make demo"
			)
	log = site.bench / "logs" / f"{site.name}-web.log"
	with log.open("w") as out:
		server = subprocess.Popen(
			[
				bench.FOLDER / "env/bin/gunicorn",
				"--bind",
				address,
				"--threads",
				"16",
				"frappe.app:application_with_statics()",
			],
			cwd=site.bench / "sites",
			env={**os.environ, "FRAPPE_SITE": site.name},
			stdout=out,
			stderr=subprocess.STDOUT,
		)
	try:
		while not answers(f"{url}/api/method/ping"):
			if server.poll() is not None:
				sys.exit(f"{log.read_text()[-3000:]}\nThe web server ended; all of its output: {log}")
			time.sleep(0.1)
		yield url
	finally:
		server.terminate()
		server.wait()


def answers(url: str) -> bool:
	try:
		return urlopen(url, timeout=10).status == 200
	except (URLError, OSError):
		return False


def free_port() -> int:
	with socket.socket() as probe:
		probe.bind(("127.0.0.1", 0))
		return probe.getsockname()[1]
