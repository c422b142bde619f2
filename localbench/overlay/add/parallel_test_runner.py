"""Upstream's file, which the wheel leaves out, on the wheel's own test runner: one share of an app's tests.

bench --site SITE run-parallel-tests APP BUILD_NUMBER TOTAL_BUILDS, each build on a site of its own."""

import re
from pathlib import Path

import frappe
from frappe.cli_impl import testing
from frappe.utils import cint


class ParallelTestRunner:
	def __init__(self, app, site, build_number=1, total_builds=1, dry_run=False, lightmode=False):
		self.app, self.site, self.dry_run, self.lightmode = app, site, dry_run, lightmode
		self.build_number, self.total_builds = cint(build_number) or 1, cint(total_builds) or 1

	def setup_and_run(self):
		frappe.init(self.site)
		modules = shares(tests_of(Path(frappe.get_app_path(self.app))), self.total_builds)[self.build_number - 1]
		if self.dry_run:
			print("\n".join(modules))
		elif modules:
			testing.main(self.site, self.app, module=modules, lightmode=self.lightmode)


def tests_of(package: Path) -> dict[str, int]:
	"""Module → how many tests it has."""
	found = {}
	for file in sorted(package.rglob("test_*.py")):
		if not {"node_modules", "public", "boilerplate"} & set(file.parts):
			module = ".".join(file.relative_to(package.parent).with_suffix("").parts)
			found[module] = len(re.findall(r"^\tdef test_", file.read_text(), re.M))
	return found


def shares(modules: dict[str, int], number: int) -> list[list[str]]:
	"""The largest first, each to the share that has least."""
	result, sizes = [[] for _ in range(number)], [0] * number
	for module in sorted(modules, key=lambda module: (-modules[module], module)):
		least = sizes.index(min(sizes))
		result[least].append(module)
		sizes[least] += modules[module]
	return result
