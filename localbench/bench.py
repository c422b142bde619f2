"""The bench folder: Python packages, framework, desk assets. Each part is made once, and again when its inputs change."""

import hashlib
import json
import os
import pwd
import shutil
import subprocess
import sys
import time
import venv
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

from localbench import framework

ROOT = Path(__file__).resolve().parent.parent
KIT = ROOT / "localbench"
FOLDER = Path(os.environ.get("BENCH_FOLDER") or ROOT / ".bench").absolute()
PYTHON = FOLDER / "env/bin/python"
APP = "bangfu_app"

STARTED = time.monotonic()


def say(text: str) -> None:
	print(f"[{time.monotonic() - STARTED:6.1f} s] {text}", flush=True)


def run(*command, log: str, cwd: Path | None = None, env: dict | None = None) -> None:
	"""Run a command with its output kept in logs/; the end of it is shown if the command fails."""
	path = FOLDER / "logs" / f"{log}.log"
	path.parent.mkdir(parents=True, exist_ok=True)
	with path.open("w") as out:
		done = subprocess.run(
			[str(part) for part in command],
			cwd=cwd,
			env={**os.environ, **(env or {})},
			stdin=subprocess.DEVNULL,
			stdout=out,
			stderr=subprocess.STDOUT,
		)
	if done.returncode:
		tail = "\n".join(path.read_text(errors="replace").splitlines()[-30:])
		sys.exit(f"{tail}\n\n{' '.join(map(str, command))}\nfailed; all of its output: {path}")


def fingerprint(*inputs) -> str:
	"""Hash of texts and of the files below paths (names and contents)."""
	total = hashlib.sha256()
	for item in inputs:
		if not isinstance(item, Path):
			total.update(f"{item}\0".encode())
			continue
		for path in sorted(item.rglob("*")) if item.is_dir() else [item]:
			if path.is_file() and "__pycache__" not in path.parts:
				total.update(
					f"{path.relative_to(item)}\0".encode() + hashlib.sha256(path.read_bytes()).digest()
				)
	return total.hexdigest()


def step(name: str, key: str, make) -> bool:
	"""Call `make` unless an earlier run finished it with the same key. Interrupted half-way, it starts over."""
	stamp = FOLDER / "config/done" / name.replace(" ", "-")
	if stamp.exists() and stamp.read_text() == key:
		return False
	stamp.parent.mkdir(parents=True, exist_ok=True)
	stamp.unlink(missing_ok=True)
	say(f"{name} …")
	begin = time.monotonic()
	make()
	stamp.write_text(key)
	say(f"{name}: done in {time.monotonic() - begin:.1f} s")
	return True


def require(**packages: bool) -> None:
	"""Debian packages (name=is it there?, with _ for -): installed when root, asked for otherwise."""
	missing = [name.replace("_", "-") for name, present in packages.items() if not present]
	if not missing:
		return
	command = ["apt-get", "install", "-y", "--no-install-recommends", *missing]
	if os.geteuid() or not shutil.which("apt-get"):
		sys.exit(
			f"Missing on this machine: {', '.join(missing)}. Install with\n\n    sudo {' '.join(command)}\n"
		)
	say(f"Debian packages {', '.join(missing)} …")
	run("apt-get", "update", log="apt-get")
	run(*command, log="apt-get", env={"DEBIAN_FRONTEND": "noninteractive"})


# ---- the parts


def python_packages(kind: str) -> bool:
	"""The bench's virtual environment: `requirements-bench.txt`, for tests also `requirements-test.txt`."""
	wanted = KIT / f"requirements-{kind}.txt"

	def install():
		# every package is named there with its version, so there is nothing to resolve
		pip = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--no-deps", "--no-compile"]
		run(*pip, "-r", wanted, log=f"pip-{kind}")

	return step(f"Python packages ({kind})", fingerprint(wanted, sys.version, str(FOLDER)), install)


def environment() -> None:
	def make():
		venv.create(FOLDER / "env", clear=True, with_pip=True)

	step("Python environment", fingerprint(sys.version, str(FOLDER)), make)


def frappe() -> bool:
	"""apps/frappe, from the pinned wheel and the overlay."""
	app = FOLDER / "apps/frappe"

	def make():
		wheel = Path(os.environ.get("FRAPPE_WHEEL") or FOLDER / "config" / framework.WHEEL)
		if not wheel.exists():
			run(
				*(PYTHON, "-m", "pip", "download", "--disable-pip-version-check", "--no-deps"),
				*("-d", wheel.parent, framework.REQUIREMENT),
				log="wheel",
			)
		fresh = FOLDER / "apps/.frappe"
		framework.materialise(wheel, KIT / "overlay", fresh)
		run(PYTHON, "-m", "compileall", "-q", "-j", "0", fresh / "frappe", log="compile")
		app.mkdir(exist_ok=True)
		for part in fresh.iterdir():
			if (app / part.name).is_dir():
				shutil.rmtree(app / part.name)
			part.replace(app / part.name)
		fresh.rmdir()

	return step("framework", framework_key(), make)


def framework_key() -> str:
	return fingerprint(KIT / "overlay", KIT / "framework.py", KIT / "requirements-bench.txt", str(FOLDER))


def npm_packages() -> bool:
	folder = FOLDER / "apps/frappe"

	def install():
		folder.mkdir(parents=True, exist_ok=True)
		for name in ("package.json", "package-lock.json"):
			shutil.copy(KIT / "assets" / name, folder)
		run(
			"npm",
			"ci",
			"--no-audit",
			"--no-fund",
			"--ignore-scripts",
			"--prefer-offline",
			cwd=folder,
			log="npm",
		)

	key = fingerprint(KIT / "assets/package.json", KIT / "assets/package-lock.json")
	return step("npm packages", key, install)


def assets() -> bool:
	"""sites/assets: the desk's scripts and styles, and the app's."""

	def build():
		shutil.copy(KIT / "assets/build.mjs", FOLDER / "apps/frappe")
		run("node", "build.mjs", FOLDER, "--production", cwd=FOLDER / "apps/frappe", log="assets")

	return step("desk assets", fingerprint(framework_key(), KIT / "assets", ROOT / APP / "public"), build)


# ---- the folder


def layout(folder: Path = FOLDER, apps: dict[str, Path] = {APP: ROOT}) -> None:  # noqa: B006 (only read)
	"""What `bench init` and `bench get-app` leave beside apps/frappe: links to the apps, lists, configuration."""
	for name in ("apps", "sites", "config/pids", "logs"):
		(folder / name).mkdir(parents=True, exist_ok=True)
	for app, source in apps.items():
		link(folder / "apps" / app, source)
	write(folder / "sites/apps.txt", "".join(f"{app}\n" for app in ("frappe", *apps)))
	redis = os.environ.get("REDIS_URL") or "memory:"
	config = {
		"redis_cache": redis,
		"redis_queue": redis,
		"webserver_port": 8000,
		"use_mysqlclient": 0,  # PyMySQL, which needs no compiler
		"frappe_user": pwd.getpwuid(os.geteuid()).pw_name,
	}
	write(folder / "sites/common_site_config.json", json.dumps(config, indent="\t") + "\n")


def register_apps() -> None:
	"""Make the apps importable, as `pip install -e` would."""
	(packages,) = FOLDER.glob("env/lib/python*/site-packages")
	write(packages / "bench-apps.pth", f"{FOLDER}/apps/frappe\n{FOLDER}/apps/{APP}\n")
	if sys.version_info < (3, 11):
		write(packages / "tomllib.py", "from tomli import *\n")


def link(at: Path, to: Path) -> None:
	if at.resolve() != to.resolve():
		at.parent.mkdir(parents=True, exist_ok=True)
		at.unlink(missing_ok=True)
		at.symlink_to(os.path.relpath(to, at.parent))


def write(path: Path, text: str) -> None:
	if not path.exists() or path.read_text() != text:
		path.with_name(path.name + "~").write_text(text)
		path.with_name(path.name + "~").replace(path)


def set_up() -> None:
	"""Bring the bench folder up to date; nothing to do takes a moment."""
	require(
		python3_venv=bool(find_spec("ensurepip")),
		nodejs=bool(shutil.which("node")),
		npm=bool(shutil.which("npm")),
	)
	layout()
	environment()
	with ThreadPoolExecutor() as pool:
		jobs = [pool.submit(python_packages, "bench"), pool.submit(npm_packages), pool.submit(frappe)]
		for job in jobs[1:]:
			job.result()
		jobs.append(pool.submit(assets))
	for job in jobs:
		job.result()
	register_apps()
	link(FOLDER / "apps/frappe/frappe/translations/zh.csv", KIT / "zh.csv")
