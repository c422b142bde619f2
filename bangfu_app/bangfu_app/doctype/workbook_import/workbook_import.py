from pathlib import Path

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils.file_manager import remove_file

from bangfu_app.excel.importer import REFUSALS, ImportResult, count_rows, import_workbook, require_rights
from bangfu_app.excel.layouts import LAYOUTS
from bangfu_app.excel.workbook import WorkbookError

FILE_TYPES = (".xlsx", ".csv")
INLINE_ROWS = 200  # more are imported in the background
COUNTS = ("rows_read", "rows_faulty", "created", "updated", "unchanged")


class WorkbookImport(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		created: DF.Int
		evaluated_on: DF.Date | None
		faults: DF.JSON | None
		good_rows_only: DF.Check
		layout: DF.Literal["Students", "Supporters", "Donations", "Sessions", "Indicators"]
		programme: DF.Link | None
		rest_workbook: DF.Attach | None
		rows_faulty: DF.Int
		rows_read: DF.Int
		status: DF.Literal["Draft", "Faulty", "Ready", "In Progress", "Imported", "Partly Imported", "Failed"]
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
		if any(self.has_value_changed(name) for name in ("layout", "workbook", "programme", "evaluated_on")):
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

	def start(self, check_only: bool) -> None:
		if count_rows(self.read_file(), self.layout) <= INLINE_ROWS:
			self.execute_or_fail(check_only)
			return
		self.db_set("status", "In Progress")
		frappe.enqueue(
			run_in_background,
			queue="long",
			timeout=3600,
			job_id=f"workbook_import_{self.name}",
			deduplicate=True,
			enqueue_after_commit=True,
			name=self.name,
			check_only=check_only,
		)

	def read_file(self) -> bytes:
		return Path(self.get_file().get_full_path()).read_bytes()

	def execute_or_fail(self, check_only: bool) -> None:
		"""What nobody foresaw fails the import, not the request: Frappe's log of a request shows the cells."""
		try:
			self.execute(check_only)
		except REFUSALS:
			raise
		except Exception:
			self.fail_unforeseen()

	def execute(self, check_only: bool) -> None:
		result = import_workbook(
			self.read_file(),
			self.layout,
			good_rows_only=bool(self.good_rows_only),
			check_only=check_only,
			progress=self.show_progress,
			**{name: self.get(name) for name in LAYOUTS[self.layout].options},
		)
		self.store(result, check_only)

	def show_progress(self, done: int, total: int) -> None:
		"""One message for each percent."""
		if total > INLINE_ROWS and done * 100 // total > (done - 1) * 100 // total:
			frappe.publish_progress(
				done * 100 / total, title=_("Importing"), doctype=self.doctype, docname=self.name
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
						"rows": [fault.as_dict() for fault in result.faults],
						"ignored_headings": result.ignored_headings,
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

	def fail(self, reason: str) -> None:
		rows = [{"row": "", "column": "", "reason": reason}]
		self.db_set({"status": "Failed", "faults": frappe.as_json({"rows": rows})}, notify=True)

	def fail_unforeseen(self) -> None:
		"""Take back and log; without the variables of the traceback, which are cells of the workbook."""
		traceback = frappe.get_traceback()
		frappe.db.rollback()
		self.log_error(_("The import failed."), traceback)
		self.fail(_("The import failed. Nothing was written; the error log says why."))


def for_writing(name: str) -> WorkbookImport:
	"""The stored record, held until the request ends; two imports of one workbook do not run at once."""
	doc = frappe.get_doc("Workbook Import", name, for_update=True)
	doc.check_permission("write")
	return doc


def run_in_background(name: str, check_only: bool) -> None:
	"""Job: as the user who started it and in that user's language."""
	frappe.set_user_lang(frappe.session.user)
	doc = for_writing(name)
	try:
		doc.execute(check_only)
	except WorkbookError as error:
		doc.fail(str(error))
	except Exception:
		doc.fail_unforeseen()
