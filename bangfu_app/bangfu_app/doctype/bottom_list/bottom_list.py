import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import now

from bangfu_app.mapping import get_mapped_doc
from bangfu_app.scores import exam_scores
from bangfu_app.todos import close_todos

# what a teacher says of a row; all else comes from the exam
DECISION = ("decision", "reason")


class BottomList(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from bangfu_app.bangfu_app.doctype.bottom_list_row.bottom_list_row import BottomListRow

		class_name: DF.Data | None
		cut_score: DF.Float
		exam: DF.Link
		grade: DF.Literal[
			"Grade 1",
			"Grade 2",
			"Grade 3",
			"Grade 4",
			"Grade 5",
			"Grade 6",
			"Grade 7",
			"Grade 8",
			"Grade 9",
			"Grade 10",
			"Grade 11",
			"Grade 12",
		]
		list_key: DF.Data | None
		population: DF.Data | None
		rows: DF.Table[BottomListRow]
		school: DF.Link
		school_class: DF.Link | None
		scope: DF.Literal["County", "School", "Grade", "Class"]
		status: DF.Literal["To Confirm", "Confirmed"]
		subject: DF.Link | None
		title: DF.Data | None
	# end: auto-generated types

	def validate(self):
		self.find_class()
		if not self.flags.from_exam:
			self.keep_what_the_exam_says()
		self.note_decisions()
		self.set_status()

	def find_class(self) -> None:
		self.school_class = exam_scores.class_of(self.exam, self)
		language = frappe.db.get_single_value("System Settings", "language")
		subject = self.subject or _("Total Score", language)
		self.title = " · ".join(filter(None, (_(self.grade, language), self.class_name, subject)))

	def keep_what_the_exam_says(self) -> None:
		"""Rows are made from the exam; by hand only what the teacher decides is changed."""
		before = self.get_doc_before_save()
		if not before:
			frappe.throw(_("Lists are made from the exam: open it and choose Lists for the Teachers."))
		stored = {row.name: row for row in before.rows}
		if [row.name for row in self.rows if row.name] != list(stored) or len(self.rows) != len(stored):
			frappe.throw(_("The rows come from the exam: confirm them or not, but add and remove none."))
		for name in ("population", "cut_score", "list_key"):
			self.set(name, before.get(name))
		for row in self.rows:
			decision = {name: row.get(name) for name in DECISION}
			row.update(stored[row.name].as_dict(no_default_fields=True) | decision)

	def note_decisions(self) -> None:
		"""Who decided each row, and when; not to confirm needs a reason."""
		before = self.get_doc_before_save()
		stored = {row.name: row.decision for row in before.rows} if before else {}
		for row in self.rows:
			if row.decision == "Not Confirmed" and not (row.reason or "").strip():
				frappe.throw(_("Row #{0}: say why {1} is not confirmed.").format(row.idx, row.candidate_name))
			if self.flags.from_exam or (row.decision or "") == (stored.get(row.name) or ""):
				continue
			row.decided_by = frappe.session.user if row.decision else None
			row.decided_on = now() if row.decision else None

	def set_status(self) -> None:
		self.status = "Confirmed" if all(row.decision for row in self.rows) else "To Confirm"

	def on_update(self):
		if self.status == "Confirmed":
			close_todos(self.doctype, self.name)

	def on_trash(self):
		close_todos(self.doctype, self.name)


@frappe.whitelist()
def make_student_file(
	source_name: str, target_doc: str | Document | None = None, candidate: str | None = None
) -> Document:
	"""A file for a confirmed pupil who has none; `candidate` is a row's, from the arguments of the mapper too."""
	frappe.has_permission("Bottom List", "read", source_name, throw=True)
	return next_record("Student File", "student_name", source_name, target_doc, candidate)


@frappe.whitelist()
def make_screening(
	source_name: str, target_doc: str | Document | None = None, candidate: str | None = None
) -> Document:
	"""A candidate (I1) from a confirmed pupil who has no file; arguments as of `make_student_file`."""
	frappe.has_permission("Bottom List", "read", source_name, throw=True)
	screening = next_record("Screening", "candidate_name", source_name, target_doc, candidate)
	screening.update({"sign_academic": 1, "reported_by": frappe.session.user})
	return screening


def next_record(
	doctype: str, name_field: str, source_name: str, target_doc: str | Document | None, candidate: str | None
) -> Document:
	"""Of the pupil in the row; the caller has checked the right to the list."""
	row = confirmed_row(source_name, candidate or (frappe.flags.args or {}).get("candidate"))

	def fill(source: Document, target: Document) -> None:
		target.update({name_field: row.candidate_name, "student_no": row.student_no})
		target.source = "Data Comparison"

	# whether a class teacher may make one depends on its class
	school_class = frappe.db.get_value("Bottom List", source_name, "school_class")
	target_doc = target_doc or frappe.new_doc(doctype, school_class=school_class)
	fields = {"doctype": doctype, "field_no_map": ["status", "title"]}
	return get_mapped_doc("Bottom List", source_name, {"Bottom List": fields}, target_doc, fill)


def confirmed_row(name: str, candidate: str | None) -> Document:
	rows = frappe.get_doc("Bottom List", name).rows
	row = next((row for row in rows if candidate and row.candidate == candidate), None)
	if not row or row.decision != "Confirmed":
		frappe.throw(_("Choose a pupil whom a teacher has confirmed."), title=_("Not Confirmed"))
	if row.student:
		frappe.throw(_("{0} has a file: {1}").format(row.candidate_name, row.student))
	return row
