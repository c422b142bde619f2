"""Import a workbook: read, check everything, write everything or nothing.

A check is an import that is taken back: so it finds what the records' own rules and the user's rights
refuse, and says exactly what the import would say.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.realtime import clear_realtime_log
from frappe.utils import CallbackManager, cstr, strip_html
from frappe.utils.global_search import update_global_search

from bangfu_app.excel.differences import differences
from bangfu_app.excel.layouts import LAYOUTS, Layout
from bangfu_app.excel.masters import Masters
from bangfu_app.excel.rows import Fault, Record, RowReader, find_duplicates, find_existing, records_of
from bangfu_app.excel.workbook import Sheet, read_sheet, refuse, write_rest

WHOLE = "bangfu_workbook"
ONE = "bangfu_record"
# what a record's own rules raise; anything else is a mistake of ours and ends the import
REFUSALS = (frappe.ValidationError, frappe.PermissionError, frappe.NameError)


@dataclass
class ImportResult:
	layout: str
	doctype: str
	rows_read: int = 0
	faults: list[Fault] = field(default_factory=list)
	created: int = 0
	updated: int = 0
	unchanged: int = 0
	is_written: bool = False
	rest: bytes | None = None  # the workbook of the rows left out
	ignored_headings: list[str] = field(default_factory=list)

	@property
	def rows_faulty(self) -> int:
		return len({fault.row for fault in self.faults})

	def by_row(self) -> dict[int, list[str]]:
		rows: dict[int, list[str]] = {}
		for fault in self.faults:
			rows.setdefault(fault.row, []).append(str(fault))
		return rows

	def throw_if_faulty(self) -> "ImportResult":
		if self.faults:
			lines = [_("Row {0}: {1}").format(row, "; ".join(said)) for row, said in self.by_row().items()]
			frappe.throw(
				"<br>".join(frappe.utils.escape_html(line) for line in lines), title=_("Faulty Rows")
			)
		return self


def import_workbook(
	source: str | Path | bytes,
	layout: str,
	*,
	good_rows_only: bool = False,
	check_only: bool = False,
	progress: Callable[[int, int], None] | None = None,
	**options: Any,
) -> ImportResult:
	"""Import as the session user, inside the caller's transaction. `options`: what the layout asks for besides.

	Raises WorkbookError where the file as a whole cannot be taken; faults of rows are in the result.
	"""
	content = source if isinstance(source, bytes) else Path(source).read_bytes()
	return WorkbookRun(LAYOUTS[layout], options, progress).run(content, good_rows_only, check_only)


def count_rows(content: bytes, layout: str) -> int:
	"""Rows below the headings; refuses a file that cannot be taken."""
	return len(read_sheet(content, RowReader(LAYOUTS[layout], Masters()).score).rows)


def require_rights(layout: Layout) -> None:
	doctype = layout.doctype
	if not (frappe.has_permission(doctype, "create") or frappe.has_permission(doctype, "write")):
		said = _("You are not allowed to create or change {0}.").format(_(doctype))
		frappe.throw(said, exc=frappe.PermissionError, title=_("Not Permitted"))


class WorkbookRun:
	"""One import. The layout's rules see `masters`, `options`, `faults` and the records `written`."""

	def __init__(self, layout: Layout, options: dict, progress: Callable[[int, int], None] | None = None):
		self.layout = layout
		self.options = options
		self.progress = progress or (lambda done, total: None)
		self.masters = Masters()
		self.records: list[Record] = []
		self.sheet_faults: list[Fault] = []

	@property
	def written(self) -> list[Record]:
		return [record for record in self.records if record.outcome]

	@property
	def faults(self) -> list[Fault]:
		"""In the order of the sheet; what concerns a whole row comes after its cells."""
		faults = [fault for record in self.records for row in record.rows for fault in row.faults]
		faults.sort(key=lambda fault: (fault.row, fault.index is None, fault.index or 0))
		return self.sheet_faults + faults

	def run(self, content: bytes, good_rows_only: bool, check_only: bool) -> ImportResult:
		self.require_rights_and_options()
		reader = RowReader(self.layout, self.masters)
		sheet = read_sheet(content, reader.score)
		self.sheet_faults = reader.find_columns(sheet)
		kept = False
		if not self.sheet_faults:
			self.read_rows(reader, sheet)
			kept = self.attempt(good_rows_only, check_only)
		result = self.result(sheet, kept or check_only)
		result.ignored_headings = [text for text in sheet.headings if text and not reader.path_of(text)]
		result.is_written = kept
		if kept and self.faults:
			left = {row.number for record in self.records if record.is_faulty for row in record.rows}
			result.rest = write_rest(sheet, left, self.faults)
		return result

	def require_rights_and_options(self) -> None:
		require_rights(self.layout)
		for name in self.layout.options:
			if not self.options.get(name):
				refuse(_("This import needs to be told: {0}.").format(_(frappe.unscrub(name))))

	def read_rows(self, reader: RowReader, sheet: Sheet) -> None:
		rows = [reader.read(number, cells) for number, cells in sheet.rows]
		if self.layout.check:
			for row in rows:
				self.layout.check(row, self)
		self.records = records_of(self.layout, rows)
		find_duplicates(self.layout, rows)
		find_existing(self.layout, self.records)

	def attempt(self, good_rows_only: bool, check_only: bool) -> bool:
		"""Write; keep it only where that is wanted and nothing is in its way."""
		kept = False
		frappe.db.savepoint(WHOLE)
		with effects_held_back() as held:
			try:
				self.write_records()
				kept = self.finish() and not check_only and (good_rows_only or not self.faults)
			finally:
				if not kept:
					self.take_back()
				frappe.db.release_savepoint(WHOLE)
		if kept:
			frappe.db.after_commit.add(held.run)
			for record in self.written:
				if record.outcome != "unchanged":
					update_global_search(record.doc)
		return kept

	def take_back(self) -> None:
		frappe.db.rollback(save_point=WHOLE)
		clear_realtime_log()
		self.masters.forget(set())
		for record in self.written:
			frappe.clear_document_cache(record.doc.doctype, record.doc.name)

	def write_records(self) -> None:
		good = [record for record in self.records if not record.is_faulty]
		for done, record in enumerate(good, start=1):
			known = set(self.masters.made)
			if reason := self.refusal_of(lambda: self.write(record)):
				self.masters.forget(known)
				record.first.fault(None, reason)
				record.outcome = ""
				if record.doc:
					frappe.clear_document_cache(record.doc.doctype, record.doc.name)
			self.progress(done, len(good))

	def finish(self) -> bool:
		"""What all rows make together; False where it cannot be done."""
		if not (self.layout.finish and self.written):
			return True
		before = len(self.faults)
		if reason := self.refusal_of(lambda: self.layout.finish(self)):
			self.sheet_faults.append(Fault(self.written[0].first.number, "", reason))
		return len(self.faults) == before

	def refusal_of(self, act: Callable[[], None]) -> str | None:
		"""Do it or take it back; the reason why it was refused."""
		said = len(frappe.local.message_log)
		frappe.db.savepoint(ONE)
		try:
			act()
		except (*REFUSALS, frappe.db.DataError) as error:
			frappe.db.rollback(save_point=ONE)
			return _reason(error, said)
		finally:
			frappe.db.release_savepoint(ONE)
			del frappe.local.message_log[said:]

	def write(self, record: Record) -> None:
		"""Insert, update or leave the record, by the user's own rights."""
		values = self.masters.resolve(record.values)
		if len(record.existing) > 1:
			frappe.throw(_("several records are like this row: {0}").format(", ".join(record.existing)))
		if record.existing:
			record.doc = frappe.get_doc(self.layout.doctype, record.existing[0])
			record.outcome = self.update(record.doc, values)
		else:
			record.doc = frappe.get_doc({"doctype": self.layout.doctype, **self.layout.constants, **values})
			record.doc.flags.notify_update = False
			record.doc.insert()
			record.outcome = "created"
		if self.layout.beside and self.layout.beside(record):
			record.outcome = record.outcome.replace("unchanged", "updated")
		if self.layout.submit and record.doc.docstatus == 0:
			record.doc.submit()
			record.outcome = record.outcome.replace("unchanged", "updated")

	def update(self, doc: Document, values: dict) -> str:
		doc.check_permission("write")
		if self.layout.before_update:
			self.layout.before_update(doc, values)
		changes = differences(doc, values)
		if not changes:
			return "unchanged"
		if doc.docstatus == 1:
			frappe.throw(_("{0} is submitted with other values; cancel or amend it").format(doc.name))
		doc.update(changes)
		doc.flags.notify_update = False
		doc.save()
		return "updated"

	def result(self, sheet: Sheet, counts: bool) -> ImportResult:
		result = ImportResult(self.layout.name, self.layout.doctype, len(sheet.rows), self.faults)
		if counts:
			outcomes = Counter(record.outcome for record in self.written)
			result.created, result.updated, result.unchanged = (
				outcomes[name] for name in ("created", "updated", "unchanged")
			)
		return result


def _reason(error: Exception, said: int) -> str:
	"""The error in the words that a form would show."""
	if isinstance(error, frappe.PermissionError):
		return _("you are not allowed to create or change this record")
	if isinstance(error, (frappe.db.DataError, frappe.DataTooLongException)):
		return _("a value is too long or too large for its field")
	messages = [frappe.parse_json(message).get("message") for message in frappe.local.message_log[said:]]
	return strip_html("; ".join(cstr(message) for message in messages if message) or cstr(error))


@contextmanager
def effects_held_back() -> Iterator[CallbackManager]:
	"""Mails, webhooks and the search index lie outside the transaction: only what is kept may get there."""
	conf, callbacks = frappe.local.conf, frappe.db.after_commit
	search = conf.get("disable_global_search")
	conf["disable_global_search"] = 1
	frappe.db.after_commit = CallbackManager()
	try:
		yield frappe.db.after_commit
	finally:
		conf["disable_global_search"] = search
		frappe.db.after_commit = callbacks
