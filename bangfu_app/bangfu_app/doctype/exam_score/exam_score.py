import frappe
from frappe.model.document import Document

from bangfu_app.scores import exam_marks, exam_scores


class ExamScore(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		absent: DF.Check
		candidate: DF.Data | None
		candidate_name: DF.Data
		class_name: DF.Data | None
		exam: DF.Link
		exam_no: DF.Data | None
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
		school: DF.Link
		school_class: DF.Link | None
		score: DF.Float
		student: DF.Link | None
		student_no: DF.Data | None
		subject: DF.Link
	# end: auto-generated types

	def before_validate(self):
		exam_scores.normalise(self)

	def validate(self):
		exam_scores.settle(self)
		self.student = exam_scores.students_by_number({self.student_no} - {None, ""}).get(self.student_no)
		self.school_class = exam_scores.class_of(self.exam, self)

	def on_update(self):
		exam_marks.forget(self.exam)

	def after_delete(self):
		exam_marks.forget(self.exam)


def on_doctype_update():
	"""One score of each in a subject, in the database itself; and what the bottom share and alerts read."""
	frappe.db.add_unique(
		"Exam Score", ["exam", "subject", "candidate"], constraint_name="exam_subject_candidate"
	)
	frappe.db.add_index(
		"Exam Score", ["exam", "subject", "grade", "score", "absent"], "exam_subject_grade_score"
	)
	# whether the scores of an exam changed (alerts/exam_runs.py), from the index alone
	frappe.db.add_index("Exam Score", ["exam", "modified", "student"], "exam_score_changes")
