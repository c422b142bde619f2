"""A long import on its way: batches kept one by one, how far it is, and the wish to stop it."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils.file_lock import LockTimeoutError
from frappe.utils.synchronization import filelock

from bangfu_app.excel.importer import OUTCOMES, Cancelled
from bangfu_app.excel.rows import Row

KEPT_FOR = 3600  # seconds that the progress of a dead job is remembered


class StoredLog:
	"""The batches of a Workbook Import; each is committed with what it has written."""

	def __init__(self, doc: Document):
		self.doc = doc
		self.size = doc.batch_rows

	def outcomes_of(self, number: int) -> Counter | None:
		for row in self.doc.batches:
			if row.number == number:
				return Counter({name: row.get(name) for name in OUTCOMES})
		return None

	def done(self, number: int, rows: list[Row], outcomes: Counter) -> None:
		places = [
			f"{row.sheet}!{row.number}" if row.sheet else str(row.number) for row in (rows[0], rows[-1])
		]
		batch = self.doc.append(
			"batches",
			{
				"number": number,
				"first_row": places[0],
				"last_row": places[1],
				"finished_at": frappe.utils.now(),
				**{name: outcomes[name] for name in OUTCOMES},
			},
		)
		batch.db_insert()
		totals = {name: sum(row.get(name) for row in self.doc.batches) for name in OUTCOMES}
		self.doc.db_set(totals, update_modified=False)
		frappe.db.commit()


# ---------------------------------------------------------------- how far it is


class Progress:
	"""Tells, once for each percent, how far the import is, at what rate and how long it will take; stops it."""

	def __init__(self, doc: Document):
		self.doc = doc
		self.begin = monotonic()
		self.told = -1
		frappe.cache.delete_value(_key(doc.name, "stop"))

	def __call__(self, done: int, total: int) -> None:
		percent = done * 100 // total
		if percent == self.told:
			return
		self.told = percent
		rate = done / max(monotonic() - self.begin, 0.001)
		state = {"done": done, "total": total, "rate": round(rate), "left": round((total - done) / rate)}
		frappe.cache.set_value(_key(self.doc.name, "progress"), state, expires_in_sec=KEPT_FOR)
		frappe.publish_progress(
			percent,
			title=_("Importing"),
			doctype=self.doc.doctype,
			docname=self.doc.name,
			description=describe(state),
		)
		if frappe.cache.get_value(_key(self.doc.name, "stop"), expires=True):
			raise Cancelled


def describe(state: dict[str, Any]) -> str:
	return _("{0} of {1} rows, {2} a second, {3} seconds left").format(*state.values())


def progress_of(name: str) -> str:
	state = frappe.cache.get_value(_key(name, "progress"), expires=True)
	return describe(state) if state else ""


def ask_to_stop(name: str) -> None:
	frappe.cache.set_value(_key(name, "stop"), 1, expires_in_sec=KEPT_FOR)


def _key(name: str, what: str) -> str:
	return f"workbook_import_{what}:{name}"


@contextmanager
def alone(name: str) -> Iterator[None]:
	"""One run of an import at a time; a killed process lets go."""
	try:
		with filelock(f"workbook_import_{name}", timeout=1):
			yield
	except LockTimeoutError:
		frappe.throw(_("This import is running already."), title=_("Workbook"))
