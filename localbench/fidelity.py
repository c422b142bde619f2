"""Frappe's own tests, as the wheel carries them, on a site with the framework alone, a Redis, a worker, a web server.

fidelity.csv names those known to fail, each with its reason ("now and then: …" may pass). One that fails and is not
named there, or is named there and passes, is a failure of `make fidelity`."""

import csv
import os
import re
import shutil
import subprocess
from contextlib import ExitStack, contextmanager

from localbench import bench, runner, sites

KNOWN = bench.KIT / "fidelity.csv"


def run(*choice: str) -> int:
	bench.require(redis_server=bool(shutil.which("redis-server")))
	web, redis = sites.free_port(), sites.free_port()
	config = {
		"allow_tests": True,
		"admin_password": sites.ADMIN_PASSWORD,
		"host_name": f"http://127.0.0.1:{web}",
		"webserver_port": web,
		"mail_server": "localhost",
		"auto_email_id": "test@example.com",
	}
	for name in ("FRAPPE_REDIS_CACHE", "FRAPPE_REDIS_QUEUE"):
		os.environ[name] = f"redis://127.0.0.1:{redis}"
	os.environ["PATH"] = f"{bench.FOLDER}/env/bin:{os.environ['PATH']}"  # some call `bench`
	site = sites.Site("fidelity", apps=("frappe",), config=config)
	with ExitStack() as running:
		running.enter_context(process("redis-server", "--port", str(redis), "--save", ""))
		site.make(bench.framework_key())
		running.enter_context(process(*site.command("worker")))
		running.enter_context(sites.served(site, web))
		command = site.command("run-tests", *(choice or ("--app", "frappe")))
		_code, output = runner.shown(*command, cwd=bench.FOLDER / "sites")
	result = runner.count(0, output)
	failing = set(re.findall(r"^ *(?:FAIL|ERROR) .*?\(?([\w.]+)\)?$", runner.plain(output), re.M))
	with KNOWN.open() as file:
		known = {row["test"]: row["reason"] for row in csv.DictReader(file)}
	unexpected = sorted(failing - known.keys())
	fixed = (
		[] if choice else sorted(t for t in known.keys() - failing if not known[t].startswith("now and then"))
	)
	print("\n".join([f"fails and is not in {KNOWN.name}: {test}" for test in unexpected]))
	print("\n".join([f"is in {KNOWN.name} and does not fail: {test}" for test in fixed]))
	print(f"{result['passed']} passed, {result['failed']} failed, {result['skipped']} skipped")
	return int(bool(unexpected or fixed or not result["passed"]))


@contextmanager
def process(*command: str):
	with (bench.FOLDER / "logs/fidelity.log").open("a") as log:
		started = subprocess.Popen(command, cwd=bench.FOLDER / "sites", stdout=log, stderr=log)
	try:
		yield
	finally:
		started.terminate()
		started.wait()
