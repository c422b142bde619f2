"""The test suites and the sum of their results."""

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from localbench import bench, sites

E2E = bench.ROOT / "e2e"


def run(suites: tuple[str, ...]) -> int:
	total = Counter()
	for name in suites:
		bench.say(f"── {name} tests ──")
		total += SUITES[name]()
	print(f"\n{total['passed']} passed, {total['failed']} failed, {total['skipped']} skipped")
	return 1 if total["failed"] or not total["passed"] else 0


def app_tests() -> Counter:
	"""A share for each core, each on a site of its own; one share is shown as it runs, the others when they end."""
	builds = sites.test_sites(min(os.cpu_count() or 1, 4))
	with ThreadPoolExecutor() as at_once:
		others = [
			at_once.submit(silent, *parallel_tests(site, number, len(builds)), cwd=bench.FOLDER / "sites")
			for number, site in enumerate(builds[1:], start=2)
		]
		found = count(*shown(*parallel_tests(builds[0], 1, len(builds)), cwd=bench.FOLDER / "sites"))
		for number, other in enumerate(others, start=2):
			code, output = other.result()
			bench.say(f"share {number} of {len(builds)}, on {builds[number - 1].name}:")
			print(output)
			found += count(code, output)
	return found


def parallel_tests(site: sites.Site, number: int, of: int) -> list[str]:
	return site.command("run-parallel-tests", bench.APP, str(number), str(of))


def bench_tests() -> Counter:
	return count(*shown(*pytest(bench.KIT / "tests"), cwd=bench.ROOT))


def browser_tests() -> Counter:
	chromium = find_chromium()
	if not chromium:
		listed = subprocess.run(
			pytest(E2E, "--collect-only"), cwd=bench.ROOT, capture_output=True, text=True
		).stdout
		print(
			"No Chromium on this machine, so no browser tests. Debian: apt-get install chromium fonts-noto-cjk"
		)
		return Counter(skipped=int((re.findall(r"^(\d+) tests? collected", listed, re.M) or ["1"])[0]))
	site = sites.browser_site()
	with sites.served(site, sites.free_port()) as url:
		bench.say(f"{site.name} is served at {url}")
		return count(
			*shown(*pytest(E2E), cwd=bench.ROOT, env={"BANGFU_URL": url, "BANGFU_CHROMIUM": chromium})
		)


SUITES = {"app": app_tests, "bench": bench_tests, "browser": browser_tests}


def find_chromium() -> str | None:
	return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def pytest(folder: Path, *options: str) -> list[str]:
	return [str(bench.PYTHON), "-m", "pytest", "-q", "-p", "no:cacheprovider", str(folder), *options]


def silent(*command: str, cwd: Path) -> tuple[int, str]:
	"""Run; return exit code and output."""
	done = subprocess.run(command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
	return done.returncode, done.stdout.decode(errors="replace")


def shown(*command: str, cwd: Path, env: dict | None = None) -> tuple[int, str]:
	"""Run with the output shown as it comes; return exit code and output."""
	process = subprocess.Popen(
		command,
		cwd=cwd,
		env={**os.environ, "PYTHONUNBUFFERED": "1", **(env or {})},
		stdout=subprocess.PIPE,
		stderr=subprocess.STDOUT,
	)
	output = b""
	while part := os.read(process.stdout.fileno(), 4096):
		sys.stdout.buffer.write(part)
		sys.stdout.flush()
		output += part
	return process.wait(), output.decode(errors="replace")


def count(code: int, output: str) -> Counter:
	"""Sum the closing lines of unittest (one per category) and pytest; a run that broke off counts as a failure."""
	output = plain(output)
	found = Counter()
	for number, word in re.findall(
		r"(\d+) (passed|failed|errors?|skipped)\b", output.rstrip().rpartition("\n")[2]
	):
		found["failed" if word.startswith("error") else word] += int(number)
	for ran, verdict in re.findall(r"^Ran (\d+) tests? in [^\n]*\n+(?:OK|FAILED)([^\n]*)", output, re.M):
		other = {word: int(number) for word, number in re.findall(r"([a-z][a-z ]*)=(\d+)", verdict)}
		failed = other.get("failures", 0) + other.get("errors", 0) + other.get("unexpected successes", 0)
		skipped = other.get("skipped", 0)
		found += Counter(passed=max(int(ran) - failed - skipped, 0), failed=failed, skipped=skipped)
	if (code or not sum(found.values())) and not found["failed"]:
		found["failed"] += 1
	return found


def plain(output: str) -> str:
	"""Without colours."""
	return re.sub(r"\x1b\[[0-9;]*m", "", output)


def lint() -> int:
	ruff = bench.FOLDER / "env/bin/ruff"
	return max(subprocess.call([ruff, *args], cwd=bench.ROOT) for args in (["check"], ["format", "--check"]))
