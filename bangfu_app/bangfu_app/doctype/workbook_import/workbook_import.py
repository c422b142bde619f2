from pathlib import Path

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils.file_manager import remove_file

from bangfu_app.excel import batch_log, template
from bangfu_app.excel.importer import (
	OUTCOMES,
	Cancelled,
	ImportResult,
	count_rows,
	import_workbook,
	require_rights,
)
from bangfu_app.excel.layouts import LAYOUTS
from bangfu_app.excel.reading import WorkbookError
from bangfu_app.excel.records import is_grouped
from bangfu_app.excel.refusals import REFUSALS

FILE_TYPES = (".xlsx", ".csv")
INLINE_ROWS, BATCH_ROWS = 200, 2_000  # where the settings say nothing
FAULTS_SHOWN = 1_000  # the marked workbook has them all
COUNTS = ("rows_read", "rows_faulty", *OUTCOMES)
# what another result depends on
DECISIVE = ("layout", "workbook", "mode", "sheet", "every_sheet", "good_rows_only")
OPTIONS = ("programme", "evaluated_on", "exam", "survey_template", "ignore_total")


class WorkbookImport(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from bangfu_app.bangfu_app.doctype.workbook_import_batch.workbook_import_batch import (
			WorkbookImportBatch,
		)

		batch_rows: DF.Int
		batches: DF.Table[WorkbookImportBatch]
		created: DF.Int
		evaluated_on: DF.Date | None
		every_sheet: DF.Check
		exam: DF.Link | None
		faults: DF.JSON | None
		good_rows_only: DF.Check
		ignore_total: DF.Check
		layout: DF.Literal[
			"Students",
			"Classes",
			"Supporters",
			"Partners",
			"Donations",
			"Money Donations",
			"Sessions",
			"Session Rosters",
			"Exam Scores",
			"Needs Surveys",
			"Survey Answers",
			"Payee Accounts",
			"Indicators",
		]
		mode: DF.Literal["Create and Update", "Create Only", "Update Only"]
		programme: DF.Link | None
		rest_workbook: DF.Attach | None
		rows_faulty: DF.Int
		rows_read: DF.Int
		sheet: DF.Data | None
		skipped: DF.Int
		status: DF.Literal[
			"Draft", "Faulty", "Ready", "In Progress", "Interrupted", "Imported", "Partly Imported", "Failed"
		]
		survey_template: DF.Link | None
		unchanged: DF.Int
		updated: DF.Int
		workbook: DF.Attach
	# end: auto-generated types

	def onload(self):
		self.set_onload("doctype", LAYOUTS[self.layout].doctype)

	def validate(self):
		require_rights(LAYOUTS[self.layout])
		self.validate_file_type()
		self.validate_options()
		if self.has_value_changed("workbook"):
			self.get_file()
		if any(self.has_value_changed(name) for name in (*DECISIVE, *OPTIONS)):
			self.forget_results()

	def before_save(self):
		self.make_file_private()

	def validate_file_type(self) -> None:
		if not (self.workbook or "").startswith(("/private/files/", "/files/")):
			frappe.throw(_("Attach the workbook as a file."), title=_("Workbook"))
		if not self.workbook.lower().endswith(FILE_TYPES):
			frappe.throw(_("Only .xlsx and .csv files can be imported."), title=_("Workbook"))

	def validate_options(self) -> None:
		for name in LAYOUTS[self.layout].options:
			if not self.get(name):
				label = _(self.meta.get_label(name))
				frappe.throw(_("This import needs to be told: {0}.").format(label), exc=frappe.MandatoryError)

	def forget_results(self) -> None:
		self.update({"status": "Draft", "faults": None, "rest_workbook": None, **dict.fromkeys(COUNTS, 0)})
		self.update({"batches": [], "batch_rows": 0})

	def make_file_private(self) -> None:
		"""Workbooks hold identity numbers."""
		if self.workbook.startswith("/files/"):
			file = self.get_file()
			file.is_private = 1
			file.save()
			self.workbook = file.file_url

	def get_file(self) -> Document:
		"""The attached file, if the user may read it: the address alone gives no right."""
		files = {"file_url": self.workbook or "no file"}
		for name in frappe.get_all("File", files, pluck="name", order_by="creation desc"):
			file = frappe.get_doc("File", name)
			if file.has_permission("read"):
				return file
		frappe.throw(_("Attach the workbook as a file."), title=_("Workbook"))

	@frappe.whitelist(methods=["POST"])
	def check_workbook(self) -> None:
		"""Say what is wrong and what the import would do. Nothing is written."""
		for_writing(self.name).start(check_only=True)

	@frappe.whitelist(methods=["POST"])
	def run_import(self) -> None:
		for_writing(self.name).start(check_only=False)

	@frappe.whitelist(methods=["POST"])
	def cancel_import(self) -> None:
		"""Stop a running import after the batch it is at; what is kept stays, and can be continued."""
		frappe.get_doc("Workbook Import", self.name).check_permission("write")
		batch_log.ask_to_stop(self.name)

	@frappe.whitelist()
	def get_progress(self) -> str:
		"""How far a running import is, in words."""
		frappe.get_doc("Workbook Import", self.name).check_permission("read")
		return batch_log.progress_of(self.name)

	def start(self, check_only: bool) -> None:
		rows = count_rows(self.read_file(), self.layout, **self.reading_options())
		if not check_only and not self.batch_rows:
			self.db_set("batch_rows", self.size_of_batches(rows), update_modified=False)
		is_checked = self.status == "Ready"
		if rows <= (settings().import_background_rows or INLINE_ROWS):
			self.execute_or_fail(check_only, is_checked)
			return
		self.db_set("status", "In Progress")
		frappe.enqueue(
			run_in_background,
			queue="long",
			timeout=6 * 3600,
			job_id=f"workbook_import_{self.name}",
			deduplicate=True,
			enqueue_after_commit=True,
			name=self.name,
			check_only=check_only,
			is_checked=is_checked,
		)

	def size_of_batches(self, rows: int) -> int:
		"""0: everything or nothing."""
		layout, size = LAYOUTS[self.layout], settings().import_batch_rows or BATCH_ROWS
		return 0 if rows <= size or layout.is_whole or is_grouped(layout) else size

	def read_file(self) -> bytes:
		return Path(self.get_file().get_full_path()).read_bytes()

	def reading_options(self) -> dict:
		options = {name: self.get(name) for name in OPTIONS}
		return {"sheet": self.sheet, "every_sheet": bool(self.every_sheet), **options}

	def execute_or_fail(self, check_only: bool, is_checked: bool) -> None:
		"""What nobody foresaw fails the import, not the request: Frappe's log of a request shows the cells."""
		try:
			self.execute(check_only, is_checked)
		except REFUSALS:
			raise
		except Cancelled:
			self.interrupt()
		except Exception:
			self.fail_unforeseen()

	def execute(self, check_only: bool, is_checked: bool) -> None:
		with batch_log.alone(self.name):
			batched = bool(self.batch_rows) and not check_only
			if batched and not (self.batches or self.good_rows_only or is_checked):
				# what is kept batch by batch is checked whole before
				result = self.run(check_only=True)
				if result.faults:
					return self.store(result, check_only=True)
			self.store(self.run(check_only, batch_log.StoredLog(self) if batched else None), check_only)

	def run(self, check_only: bool, log: batch_log.StoredLog | None = None) -> ImportResult:
		return import_workbook(
			self.read_file(),
			self.layout,
			good_rows_only=bool(self.good_rows_only),
			check_only=check_only,
			mode=self.mode,
			progress=batch_log.Progress(self),
			log=log,
			**self.reading_options(),
		)

	def store(self, result: ImportResult, check_only: bool) -> None:
		if not result.faults:
			status = "Ready" if check_only else "Imported"
		else:
			status = "Partly Imported" if result.is_written else "Faulty"
		self.db_set(
			{
				"status": status,
				"faults": frappe.as_json(
					{
						"rows": [fault.as_dict() for fault in result.faults[:FAULTS_SHOWN]],
						"more": max(0, len(result.faults) - FAULTS_SHOWN),
						"ignored_headings": result.ignored_headings,
						"notices": result.notices,
						"preview": result.preview if check_only else {},
					}
				),
				"rest_workbook": self.attach_rest(result.rest),
				**{name: getattr(result, name) for name in COUNTS},
			},
			notify=True,
		)
		if status == "Imported":
			self.discard_workbook()

	def discard_workbook(self) -> None:
		"""Its rows are records now; as a file it only keeps identity numbers in clear."""
		files = frappe.get_all(
			"File",
			filters={"attached_to_doctype": self.doctype, "attached_to_name": self.name},
			or_filters={"file_url": self.workbook, "attached_to_field": "workbook"},
			pluck="name",
		)
		self.db_set("workbook", None)
		for name in files:
			remove_file(name, self.doctype, self.name, delete_permanently=True)

	def attach_rest(self, content: bytes | None) -> str | None:
		"""The rows left out, as a private file beside the workbook."""
		if not content:
			return None
		file = frappe.get_doc(
			{
				"doctype": "File",
				"file_name": f"{Path(self.workbook).stem}-{_('to correct')}.xlsx",
				"attached_to_doctype": self.doctype,
				"attached_to_name": self.name,
				"attached_to_field": "rest_workbook",
				"is_private": 1,
				"content": content,
			}
		).insert()
		return file.file_url

	def interrupt(self) -> None:
		"""Stopped: what is not kept is taken back, what is kept can be continued."""
		self.db_set("status", "Interrupted" if self.batches else "Draft", notify=True)

	def fail(self, reason: str) -> None:
		rows = [{"row": "", "column": "", "reason": reason}]
		self.db_set({"status": "Failed", "faults": frappe.as_json({"rows": rows})}, notify=True)

	def fail_unforeseen(self) -> None:
		"""Take back and log; without the variables of the traceback, which are cells of the workbook."""
		traceback = frappe.get_traceback()
		frappe.db.rollback()
		self.log_error(_("The import failed."), traceback)
		self.fail(
			_("The import failed after {0} batches; it can be continued. The error log says why.").format(
				len(self.batches)
			)
			if self.batches
			else _("The import failed. Nothing was written; the error log says why.")
		)


@frappe.whitelist()
def download_template(
	layout: str,
	exam: str | None = None,
	survey_template: str | None = None,
	school_class: str | None = None,
) -> None:
	"""The empty workbook of a layout, for who may import it; with a column for each subject or question.

	With a class, a row for each of its students whom the user sees.
	"""
	require_rights(
		LAYOUTS.get(layout) or frappe.throw(_("There is no such import."), frappe.DoesNotExistError)
	)
	frappe.has_permission("Workbook Import", "create", throw=True)
	name = f"{_(layout, 'zh', 'Workbook Import')}-{_('Template', 'zh')}.xlsx"
	content = template.make(LAYOUTS[layout], school_class, exam=exam, survey_template=survey_template)
	frappe.response.update({"filename": name, "filecontent": content, "type": "binary"})


def settings() -> Document:
	return frappe.get_cached_doc("Bangfu Settings")


def for_writing(name: str) -> WorkbookImport:
	"""The stored record, held until the request ends; two imports of one workbook do not run at once."""
	doc = frappe.get_doc("Workbook Import", name, for_update=True)
	doc.check_permission("write")
	return doc


def run_in_background(name: str, check_only: bool, is_checked: bool = False) -> None:
	"""Job: as the user who started it and in that user's language."""
	frappe.set_user_lang(frappe.session.user)
	doc = for_writing(name)
	try:
		# what was changed since is to be checked anew
		doc.execute(check_only, is_checked and doc.status == "In Progress")
	except Cancelled:
		doc.interrupt()
	except WorkbookError as error:
		doc.fail(str(error))
	except Exception:
		doc.fail_unforeseen()
