import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate

from bangfu_app.scores import bottom_lists, exam_marks, exam_scores

# the place of those who sat an exam, as far as its scope goes
PLACE = ("school", "grade", "class_name")
PLACE_OF = {"County": (), "School": PLACE[:1], "Grade": PLACE[:2], "Class": PLACE}

# an exam with more scores gets its lists by a background job
MADE_AT_ONCE = 50_000


class Exam(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from bangfu_app.bangfu_app.doctype.exam_subject.exam_subject import ExamSubject

		baseline_reason: DF.SmallText | None
		class_name: DF.Data | None
		exam_date: DF.Date
		exam_name: DF.Data
		grade: DF.Literal[
			"",
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
		is_baseline: DF.Check
		notes: DF.SmallText | None
		population: DF.Data
		school: DF.Link | None
		school_term: DF.Link
		scope: DF.Literal["County", "School", "Grade", "Class"]
		subjects: DF.Table[ExamSubject]
	# end: auto-generated types

	def onload(self):
		self.set_onload("figures", exam_scores.figures(self.name))

	def validate(self):
		self.clear_what_the_scope_has_not()
		self.check_what_is_needed()
		self.check_subjects()
		self.check_date()

	def on_update(self):
		exam_marks.forget(self.name)  # the total is of the subjects that stand here

	def clear_what_the_scope_has_not(self) -> None:
		for fieldname in PLACE[len(PLACE_OF[self.scope]) :]:
			self.set(fieldname, None)
		if not self.is_baseline:
			self.baseline_reason = None

	def check_what_is_needed(self) -> None:
		needed = [*PLACE_OF[self.scope], *(["baseline_reason"] if self.is_baseline else [])]
		for fieldname in needed:
			if not self.get(fieldname):
				label = _(self.meta.get_label(fieldname), context="Exam")
				frappe.throw(_("{0} is missing.").format(label), frappe.MandatoryError, title=label)

	def check_subjects(self) -> None:
		subjects = [row.subject for row in self.subjects]
		for row in self.subjects:
			if subjects.count(row.subject) > 1:
				frappe.throw(_("Row #{0}: {1} stands here twice.").format(row.idx, row.subject))
			if not row.full_marks:
				frappe.throw(_("Row #{0}: full marks must be more than 0.").format(row.idx))

	def check_date(self) -> None:
		term = frappe.get_cached_doc("School Term", self.school_term)
		if getdate(self.exam_date) < getdate(term.start_date):
			frappe.throw(_("The exam lies before its term."), title=_("Exam Date"))

	@frappe.whitelist(methods=["POST"])
	def make_bottom_lists(self, scope: str, subject: str | None = None) -> int | None:
		"""Lists of the bottom share for the teachers to confirm (I12); how many, None when a job makes them."""
		frappe.has_permission("Exam", "write", self.name, throw=True)
		frappe.has_permission("Bottom List", "create", throw=True)
		exam = frappe.get_doc("Exam", self.name)
		if scope not in exam_marks.SCOPES:
			frappe.throw(_("Unknown population: {0}").format(scope))
		if subject and subject not in [row.subject for row in exam.subjects]:
			frappe.throw(_("{0} is no subject of this exam.").format(subject))
		if frappe.db.count("Exam Score", {"exam": exam.name}) > MADE_AT_ONCE:
			job = "bangfu_app.scores.bottom_lists.make_lists_of"
			frappe.enqueue(job, queue="long", exam=exam.name, scope=scope, subject=subject or None)
			return None
		return len(bottom_lists.make_lists(exam, scope, subject or None))
