"""Many users at the same moment, over connections of their own."""

import multiprocessing
import os
from collections.abc import Callable
from typing import ClassVar

import frappe
from frappe.utils import now

from bangfu_app.tests import IntegrationTestCase


class AtOnceTestCase(IntegrationTestCase):
	"""Commits what it makes, and takes away again the rows of `left_behind` that are newer than the test."""

	left_behind: ClassVar[tuple[str, ...]] = ()

	def setUp(self):
		frappe.set_user("Administrator")
		frappe.db.commit()
		self.began = now()
		self.addCleanup(self.clean_up)

	def clean_up(self):
		frappe.db.rollback()
		for doctype in self.left_behind:
			frappe.db.delete(doctype, {"creation": [">=", self.began]})
		frappe.db.commit()
		frappe.clear_cache()

	def at_once(self, *calls: Callable[[], object]) -> list[str | None]:
		"""Each call in a process and connection of its own, all begun at the same moment; the error each met.

		Processes, as a server has them: before Python 3.12 threads lock each other out in Frappe's cached properties.
		"""
		frappe.db.commit()
		frappe.db.close()  # a connection is not taken through a fork
		site, sites_path = frappe.local.site, frappe.local.sites_path
		fork = multiprocessing.get_context("fork")
		barrier, told = fork.Barrier(len(calls)), fork.SimpleQueue()

		def run(place: int, call: Callable[[], object]) -> None:
			error = None
			try:
				frappe.init(site, sites_path=sites_path)
				frappe.connect()
				frappe.set_user("Administrator")
				barrier.wait(timeout=120)
				call()
				frappe.db.commit()
			except BaseException as caught:
				error = f"{type(caught).__name__}: {caught}"
				frappe.db.rollback()
			told.put((place, error))
			frappe.db.close()
			os._exit(0)  # no clean-up of what is the parent's

		processes = [fork.Process(target=run, args=call) for call in enumerate(calls)]
		for process in processes:
			process.start()
		answers = dict(told.get() for _process in processes)
		for process in processes:
			process.join(timeout=60)
		return [answers[place] for place in range(len(calls))]

	def submitting(self, doctype: str, name: str) -> Callable[[], object]:
		return lambda: frappe.get_doc(doctype, name).submit()

	def assertTold(self, told: list[str | None], succeed: int, error: type[Exception]) -> None:
		"""So many succeeded, and all others met this error."""
		kinds = {each.partition(":")[0] for each in told if each}
		self.assertEqual((told.count(None), kinds), (succeed, {error.__name__}), told)
