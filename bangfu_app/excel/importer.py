"""Import a workbook: read, check and write in batches, keep everything or nothing.

A check is an import that is taken back: so it finds what the records' own rules and the user's rights
refuse, and says exactly what the import would say. With a `log` each batch is kept by itself.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import frappe
from frappe import _
from frappe.realtime import clear_realtime_log
from frappe.utils import CallbackManager
from frappe.utils.global_search import update_global_search

from bangfu_app.excel import bulk, preview
from bangfu_app.excel.differences import differences
from bangfu_app.excel.layout import Beside, Layout
from bangfu_app.excel.layouts import LAYOUTS
from bangfu_app.excel.marking import write_marked
from bangfu_app.excel.masters import Masters
from bangfu_app.excel.reading import LAST_ROW, Sheet, read_sheets, refuse
from bangfu_app.excel.records import Record, Seen, find_existing, is_grouped, records_of
from bangfu_app.excel.refusals import refusal_of
from bangfu_app.excel.rows import Fault, Row, RowReader
from bangfu_app.excel.template import is_example

WHOLE = "bangfu_workbook"
BATCH = 2_000  # rows, where everything is kept together
MAX_DOCUMENT_ROWS = 10_000  # of a layout whose records are written one by one
MAX_FAULTS = 10_000
MODES = ("Create and Update", "Create Only", "Update Only")
OUTCOMES = ("created", "updated", "unchanged", "skipped")


class Cancelled(Exception):
	"""Raised by the progress callback: what is not kept yet is taken back."""


class BatchLog(Protocol):
	"""Who keeps batch by batch: remembers those that are done, and commits."""

	size: int

	def outcomes_of(self, number: int) -> Counter | None:
		"""What came of a batch that is done."""

	def done(self, number: int, rows: list[Row], outcomes: Counter) -> None: ...


@dataclass
class ImportResult:
	layout: str
	doctype: str
	rows_read: int = 0
	faults: list[Fault] = field(default_factory=list)
	created: int = 0
	updated: int = 0
	unchanged: int = 0
	skipped: int = 0
	is_written: bool = False
	rest: bytes | None = None  # the workbook of the rows left out; of a check the whole one, faults marked
	ignored_headings: list[str] = field(default_factory=list)
	notices: list[str] = field(default_factory=list)
	preview: dict = field(default_factory=dict)

	@property
	def rows_faulty(self) -> int:
		return len({fault.place for fault in self.faults})

	def by_row(self) -> dict[int | str, list[str]]:
		rows: dict[int | str, list[str]] = {}
		for fault in self.faults:
			rows.setdefault(fault.place, []).append(str(fault))
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
	mode: str = MODES[0],
	sheet: str | None = None,
	every_sheet: bool = False,
	progress: Callable[[int, int], None] | None = None,
	log: BatchLog | None = None,
	**options: Any,
) -> ImportResult:
	"""Import as the session user, inside the caller's transaction; with a `log`, batch by batch.

	`mode`: what becomes of rows that are stored already, or are not. `options`: what the layout asks for besides.
	Raises WorkbookError where the file as a whole cannot be taken; faults of rows are in the result.
	"""
	content = source if isinstance(source, bytes) else Path(source).read_bytes()
	run = WorkbookRun(LAYOUTS[layout], options, progress)
	run.mode, run.log = mode, log if not check_only else None
	run.sheet, run.every_sheet = sheet, every_sheet
	return run.run(content, good_rows_only, check_only)


def count_rows(content: bytes, layout: str, **options: Any) -> int:
	"""Rows below the headings, blank ones included; refuses a file that cannot be taken."""
	run = WorkbookRun(LAYOUTS[layout], options)
	run.sheet, run.every_sheet = options.pop("sheet", None), options.pop("every_sheet", False)
	return sum(sheet.claimed_rows for sheet in run.open(content))


def require_rights(layout: Layout) -> None:
	doctype = layout.doctype
	if not (frappe.has_permission(doctype, "create") or frappe.has_permission(doctype, "write")):
		said = _("You are not allowed to create or change {0}.").format(_(doctype))
		frappe.throw(said, exc=frappe.PermissionError, title=_("Not Permitted"))


class WorkbookRun:
	"""One import. The layout's rules see `masters`, `options`, `faults`, `notices` and the records `written`."""

	def __init__(self, layout: Layout, options: dict, progress: Callable[[int, int], None] | None = None):
		self.layout = layout
		self.options = options
		self.progress = progress or (lambda done, total: None)
		self.mode, self.sheet, self.every_sheet = MODES[0], None, False
		self.log: BatchLog | None = None
		self.masters = Masters()
		self.seen = Seen(layout)
		self.faults: list[Fault] = []
		self.notices: list[str] = []
		self.written: list[Record] = []  # of the batch
		self.documents: list[Record] = []  # written one by one, since something was kept last
		self.outcomes = Counter()
		self.rows_read = self.rows_done = self.rows_claimed = 0
		self.rows_left: set[tuple[str, int]] = set()
		self.stored_before: dict[tuple, bool] = {}
		self.answers: dict[Callable, Any] = {}
		self.preview = preview.Preview(layout)
		self.writer: bulk.SetWriter | None = None

	def once(self, ask: Callable[[], Any]) -> Any:
		"""What is the same for all rows."""
		if ask not in self.answers:
			self.answers[ask] = ask()
		return self.answers[ask]

	def were_any(self, values: dict) -> bool:
		"""Was there a record of these values before this import? Its own rows are known to `seen`."""
		place = tuple(values.items())
		if place not in self.stored_before:
			self.stored_before[place] = bool(frappe.db.exists(self.layout.doctype, values))
		return self.stored_before[place]

	# ------------------------------------------------------------ the whole

	def run(self, content: bytes, good_rows_only: bool, check_only: bool) -> ImportResult:
		self.require_rights_and_options()
		sheets = self.open(content)
		self.rows_claimed = sum(sheet.claimed_rows for sheet in sheets)
		for sheet in sheets:
			self.faults += self.reader.find_columns(sheet, self.title_of(sheet, sheets))
		kept = False
		if not self.faults:
			if self.layout.bulk and bulk.is_possible(self.layout.doctype):
				self.writer = bulk.SetWriter(self)
			keep = self.keep_each if self.log else self.keep_all
			kept = keep(sheets, good_rows_only, check_only)
			if kept and self.layout.afterwards and (self.outcomes["created"] or self.outcomes["updated"]):
				self.layout.afterwards()
		return self.result(sheets, kept, check_only)

	def require_rights_and_options(self) -> None:
		require_rights(self.layout)
		for name in self.layout.options:
			if not self.options.get(name):
				refuse(_("This import needs to be told: {0}.").format(_(frappe.unscrub(name))))

	def open(self, content: bytes) -> list[Sheet]:
		spread = self.layout.spread(self) if self.layout.spread else ()
		self.reader = RowReader(self.layout, self.masters, spread)
		limit = max_rows() if self.layout.bulk else MAX_DOCUMENT_ROWS
		every = self.every_sheet or self.layout.every_sheet
		return read_sheets(content, self.reader.score, self.sheet, every, limit)

	@staticmethod
	def title_of(sheet: Sheet, sheets: list[Sheet]) -> str:
		return sheet.title if len(sheets) > 1 else ""

	def keep_all(self, sheets: list[Sheet], good_rows_only: bool, check_only: bool) -> bool:
		"""Keep what is written only where that is wanted and nothing is in its way."""
		with taken_back_unless(self) as held:
			for batch in self.batches(sheets, BATCH):
				self.write_batch(batch)
			self.require_rows()
			finished = self.finish()
			held.is_kept = finished and not check_only and (good_rows_only or not self.faults)
		return held.is_kept

	def keep_each(self, sheets: list[Sheet], good_rows_only: bool, check_only: bool) -> bool:
		"""Keep each batch by itself; one with faults ends the import unless the good rows are wanted alone."""
		for number, batch in enumerate(self.batches(sheets, self.log.size), start=1):
			before = len(self.faults)
			logged = self.log.outcomes_of(number)
			with taken_back_unless(self) as held:
				outcomes = self.write_batch(batch)
				is_good = good_rows_only or len(self.faults) == before
				held.is_kept = is_good and logged is None
			if held.is_kept:
				self.log.done(number, batch, outcomes)
			elif logged is not None:
				self.outcomes = self.outcomes - outcomes + logged
			else:
				self.outcomes -= outcomes
				return number > 1
		self.require_rows()
		return True

	def require_rows(self) -> None:
		if not self.rows_read:
			refuse(_("There are no rows below the column headings."))

	def batches(self, sheets: list[Sheet], size: int) -> Iterator[list[Row]]:
		"""The rows, some at a time; all at once where only all of them tell what a row means."""
		if self.layout.is_whole or is_grouped(self.layout):
			size = LAST_ROW
		batch: list[Row] = []
		for sheet in sheets:
			self.reader.find_columns(sheet, self.title_of(sheet, sheets))
			for number, cells in sheet.rows():
				if is_example(cells):
					continue
				batch.append(self.reader.read(number, cells))
				if len(batch) >= size:
					yield batch
					batch = []
			if batch:  # the next sheet may have its columns elsewhere
				yield batch
				batch = []

	def write_batch(self, rows: list[Row]) -> Counter:
		"""Check these rows and write what is good of them."""
		self.rows_read += len(rows)
		records = self.read_records(rows)
		self.write_records([record for record in records if not record.is_faulty])
		written = [record for record in records if record.outcome]
		self.written = self.written + written if self.layout.finish else written
		outcomes = Counter(record.outcome for record in written)
		self.outcomes += outcomes
		self.preview.take(records)
		self.collect_faults(records, rows)
		self.rows_done += len(rows)
		self.tell(self.rows_done)
		return outcomes

	def tell(self, done: int) -> None:
		self.progress(done, max(self.rows_claimed, self.rows_done, done))

	def read_records(self, rows: list[Row]) -> list[Record]:
		if self.layout.check:
			for row in rows:
				self.layout.check(row, self)
		if self.layout.check_all:
			self.layout.check_all(rows, self)
		records = records_of(self.layout, rows, self)
		self.seen.find_duplicates(records)
		find_existing(self.layout, records, self.were_any)
		return records

	def collect_faults(self, records: list[Record], rows: list[Row]) -> None:
		"""In the order of the sheet; what concerns a whole row comes after its cells."""
		for row in rows:
			self.faults += sorted(row.faults, key=lambda fault: (fault.index is None, fault.index or 0))
		faulty = [record for record in records if record.is_faulty]
		self.rows_left |= {(row.sheet, row.number) for record in faulty for row in record.rows}
		self.rows_left |= {(row.sheet, row.number) for row in rows if row.faults}
		if len(self.faults) > MAX_FAULTS:
			refuse(_("More than {0} faults: is this the right workbook?").format(MAX_FAULTS))

	# ------------------------------------------------------------ records

	def write_records(self, records: list[Record]) -> None:
		records = [record for record in records if not self.is_skipped(record)]
		if self.writer:
			records = self.writer.write(records)
		for done, record in enumerate(records, start=1):
			known = set(self.masters.made)
			if reason := refusal_of(lambda: self.write(record)):
				self.masters.forget(known)
				record.first.fault(None, reason)
				record.outcome = ""
				if record.doc:
					frappe.clear_document_cache(record.doc.doctype, record.doc.name)
			elif record.doc:
				self.documents.append(record)
			if not self.writer:
				self.tell(self.rows_done + done)

	def is_skipped(self, record: Record) -> bool:
		"""What the chosen mode leaves alone."""
		leaves = {"Create Only": bool(record.existing), "Update Only": not record.existing}
		if leaves.get(self.mode):
			record.outcome = "skipped"
		elif record.only_new and record.existing:
			record.outcome = "unchanged"
		return bool(record.outcome)

	def write(self, record: Record) -> None:
		"""Insert, update or leave the record, by the user's own rights."""
		values = self.masters.resolve(record.values)
		if len(record.existing) > 1:
			self.refuse_several(record.existing)
		if record.existing:
			record.doc = frappe.get_doc(self.layout.doctype, record.existing[0])
			record.outcome = self.update(record, values)
		else:
			declared = self.layout.of | self.layout.constants
			record.doc = frappe.get_doc({"doctype": self.layout.doctype, **declared, **values})
			record.doc.flags.notify_update = False
			record.doc.insert()
			record.outcome = "created"
		record.name = record.doc.name
		if self.layout.beside and write_beside(record, self.layout.beside):
			record.outcome = record.outcome.replace("unchanged", "updated")
		if self.layout.submit and record.doc.docstatus == 0:
			record.doc.submit()
			record.outcome = record.outcome.replace("unchanged", "updated")

	def refuse_several(self, names: list[str]) -> None:
		"""Those that the user may read; of others nobody learns the names."""
		known = [name for name in names if frappe.has_permission(self.layout.doctype, "read", name)]
		if not known:
			raise frappe.PermissionError
		frappe.throw(_("several records are like this row: {0}").format(", ".join(known)))

	def update(self, record: Record, values: dict) -> str:
		doc = record.doc
		doc.check_permission("write")
		if self.layout.before_update:
			self.layout.before_update(doc, values)
		changes = differences(doc.doctype, doc, values)
		if not changes:
			return "unchanged"
		if doc.docstatus == 1:
			frappe.throw(_("{0} is submitted with other values; cancel or amend it").format(doc.name))
		record.changes = {name: (doc.get(name), value) for name, value in changes.items()}
		doc.update(changes)
		doc.flags.notify_update = False
		doc.save()
		return "updated"

	def finish(self) -> bool:
		"""What all rows make together; False where it cannot be done."""
		if not (self.layout.finish and self.written):
			return True
		before = len(self.faults)
		if reason := refusal_of(lambda: self.layout.finish(self)):
			first = self.written[0].first
			self.faults.insert(0, Fault(first.number, "", reason, sheet=first.sheet))
		for record in self.written:
			self.faults += [fault for fault in record.first.faults if fault not in self.faults]
		self.outcomes = Counter(record.outcome for record in self.written)
		return len(self.faults) == before

	# ------------------------------------------------------------ what came of it

	def result(self, sheets: list[Sheet], kept: bool, check_only: bool) -> ImportResult:
		result = ImportResult(self.layout.name, self.layout.doctype, self.rows_read, self.faults)
		headings = dict.fromkeys(text for sheet in sheets for text in sheet.headings if text)
		result.ignored_headings = [text for text in headings if not self.reader.path_of(text)]
		result.notices = list(dict.fromkeys(self.notices))
		result.is_written, result.preview = kept, self.preview.as_dict()
		if kept or check_only:
			for name in OUTCOMES:
				setattr(result, name, self.outcomes[name])
		if self.faults and (kept or check_only):
			result.rest = write_marked(sheets, None if check_only else self.rows_left, self.faults)
		return result


def max_rows() -> int:
	return frappe.get_cached_doc("Bangfu Settings").get("import_max_rows") or 200_000


def write_beside(record: Record, declared: Beside) -> bool:
	"""A new dated record beside, where the row says something that the newest one does not (F10)."""
	said = record.values_beside(declared)
	if not said:
		return False
	link = {declared.link: record.doc.name}
	newest = frappe.db.get_value(declared.doctype, link, order_by=declared.newest)
	doc = frappe.copy_doc(frappe.get_doc(declared.doctype, newest)) if newest else None
	if doc and not differences(declared.doctype, doc, said):
		return False
	doc = doc or frappe.get_doc({"doctype": declared.doctype, **link})
	doc.update({**said, **declared.dated()})
	doc.insert()
	return True


# ---------------------------------------------------------------- all or nothing


@dataclass
class Held:
	callbacks: CallbackManager
	is_kept: bool = False


@contextmanager
def taken_back_unless(run: WorkbookRun) -> Iterator[Held]:
	"""What is written inside is kept where the body says so at its end, else taken back."""
	frappe.db.savepoint(WHOLE)
	made, run.documents = set(run.masters.made), []
	with effects_held_back() as callbacks:
		held = Held(callbacks)
		try:
			yield held
		except BaseException:
			held.is_kept = False
			raise
		finally:
			if not held.is_kept:
				take_back(run, made)
			frappe.db.release_savepoint(WHOLE)
	if held.is_kept:
		frappe.db.after_commit.add(callbacks.run)
		for record in run.documents:
			if record.outcome not in ("", "unchanged"):
				update_global_search(record.doc)


def take_back(run: WorkbookRun, made: set) -> None:
	frappe.db.rollback(save_point=WHOLE)
	clear_realtime_log()
	run.masters.forget(made)
	for record in run.documents:
		frappe.clear_document_cache(record.doc.doctype, record.doc.name)


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
