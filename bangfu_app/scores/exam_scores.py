"""Scores of an exam: what a row must hold, the faults of many rows at once, and whose they are (I10, S8).

Thousands of rows come at once by `frappe.db.bulk_insert`, past the controller. What holds for a row is said here
once, for one and for many; what can be found out for all rows of an exam is one statement for all of them.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.query_builder.functions import Coalesce, Count, NullIf, Sum
from frappe.utils import cint, cstr, now

from bangfu_app.alerts.finding import find_soon
from bangfu_app.scores import exam_marks

# what a row sets for bulk_insert beside name, owner, creation, modified and modified_by; `student` and
# `school_class` are found out afterwards (finish_batch)
FIELDS = (
	"exam",
	"subject",
	"score",
	"absent",
	"candidate",
	"candidate_name",
	"student_no",
	"exam_no",
	"school",
	"grade",
	"class_name",
)


class ScoreFault(NamedTuple):
	index: int  # place of the row among those checked, from 0
	fieldname: str
	reason: str  # translated


def candidate_of(row: dict | Document) -> str:
	"""Who sat the paper: the student number, else the exam number; "" when both are blank."""
	return cstr(row.get("student_no")).strip() or cstr(row.get("exam_no")).strip()


def normalise(row: dict | Document) -> None:
	row.candidate = candidate_of(row)
	row.score = 0 if row.absent else row.score


def settle(row: dict | Document, value_of: Callable = frappe.get_cached_value) -> None:
	"""What holds for one score, of a document as of a plain row (excel/bulk.py); throws the first fault."""
	normalise(row)
	papers = [line for line in value_of("Exam", row.exam, "subjects") or () if line.subject == row.subject]
	full_marks = {paper.subject: paper.full_marks for paper in papers}
	for fieldname, reason in faults_of(row, full_marks):
		label = frappe.get_meta("Exam Score").get_label(fieldname)
		frappe.throw(reason, title=_(label, context="Exam Score"))


# ---------------------------------------------------------------- faults


def check_scores(exam: Document, rows: Iterable[dict]) -> list[ScoreFault]:
	"""All faults of rows with the keys of FIELDS; `score` is a number, or None with `absent` set. No query.

	Links (school, subject as records, a class) are the matter of who reads the sheet.
	"""
	full_marks = {row.subject: row.full_marks for row in exam.subjects}
	faults, seen = [], {}
	for index, row in enumerate(rows):
		key = (row.get("subject"), candidate_of(row))
		faults += [ScoreFault(index, *fault) for fault in faults_of(row, full_marks)]
		if key[1] and seen.setdefault(key, index) != index:
			reason = _("{0} has a score in {1} already.").format(key[1], key[0])
			faults.append(ScoreFault(index, "subject", reason))
	return faults


def faults_of(row: dict | Document, full_marks: dict[str, float]) -> list[tuple[str, str]]:
	"""(fieldname, reason) of one row."""
	faults = []
	if not candidate_of(row):
		faults.append(("student_no", _("A student number or an exam number is needed.")))
	if not cstr(row.get("candidate_name")).strip():
		faults.append(("candidate_name", _("The name is missing.")))
	if row.get("subject") not in full_marks:
		faults.append(("subject", _("{0} is no subject of this exam.").format(row.get("subject") or "—")))
	elif fault := fault_of_score(row, full_marks[row.get("subject")]):
		faults.append(("score", fault))
	return faults


def fault_of_score(row: dict | Document, full_marks: float) -> str | None:
	score = row.get("score")
	if cint(row.get("absent")):
		return _("Who was absent has no score.") if score else None
	if score is None:
		return _("The score is missing; tick Absent if the paper was not sat.")
	if not 0 <= score <= full_marks:
		return _("The score {0} is not between 0 and {1}.").format(score, full_marks)
	return None


# ---------------------------------------------------------------- whose they are


def finish_batch(exam: str) -> None:
	"""After rows of an exam were inserted past the controller: find their students, classes and alerts."""
	match_students(exam)
	match_classes(exam)
	exam_marks.forget(exam)
	find_soon()


def match_students(exam: str) -> None:
	"""The file of each candidate, by student number, of a merged one that which stays; none for those without."""
	score, file = frappe.qb.DocType("Exam Score"), frappe.qb.DocType("Student File")
	own_file = frappe.qb.from_(file).select(Coalesce(NullIf(file.merged_into, ""), file.name))
	own_file = own_file.where(file.student_no == score.student_no)
	frappe.qb.update(score).set(score.student, NullIf(own_file, "")).where(score.exam == exam).run()


def match_classes(exam: str) -> None:
	"""The School Class of each candidate in the school year of the exam; none where the school keeps none."""
	score, school_class = frappe.qb.DocType("Exam Score"), frappe.qb.DocType("School Class")
	own_class = (
		frappe.qb.from_(school_class)
		.select(school_class.name)
		.where(school_class.school == score.school)
		.where(school_class.grade == score.grade)
		.where(school_class.class_name == score.class_name)
		.where(school_class.school_year == school_year(exam))
		.limit(1)
	)
	frappe.qb.update(score).set(score.school_class, NullIf(own_class, "")).where(score.exam == exam).run()


def class_of(exam: str, place: dict | Document) -> str | None:
	"""The School Class of one candidate or list, by school, grade and class name."""
	names = {name: place.get(name) or "" for name in ("school", "grade", "class_name")}
	return frappe.db.get_value("School Class", {**names, "school_year": school_year(exam)})


def school_year(exam: str) -> str | None:
	return frappe.get_cached_value(
		"School Term", frappe.db.get_value("Exam", exam, "school_term"), "school_year"
	)


def complete(rows: list[dict]) -> None:
	"""Student and class of scores of one exam that are about to be written by sets."""
	students = students_by_number({row.student_no for row in rows if row.student_no})
	classes = classes_of_schools(rows[0].exam, {row.school for row in rows})
	for row in rows:
		row.student = students.get(row.student_no) or None
		row.school_class = classes.get((row.school, row.grade, row.class_name or ""))
	exam_marks.forget(rows[0].exam)


def students_by_number(numbers: set[str]) -> dict[str, str]:
	"""Student number → file; of a merged one the file that stays."""
	if not numbers:
		return {}
	columns = ["student_no", "name", "merged_into"]
	files = frappe.get_all("Student File", {"student_no": ["in", sorted(numbers)]}, columns)
	return {file.student_no: file.merged_into or file.name for file in files}


def classes_of_schools(exam: str, schools: set[str]) -> dict[tuple[str, str, str], str]:
	fields = ["name", "school", "grade", "class_name"]
	filters = {"school": ["in", sorted(schools)], "school_year": school_year(exam)}
	rows = frappe.get_all("School Class", filters, fields)
	return {(row.school, row.grade, row.class_name): row.name for row in rows}


# ---------------------------------------------------------------- figures


def figures(exam: str) -> dict[str, int]:
	"""Of all who are on the exam's list, whoever asks: candidates, those who sat every subject, papers not sat."""
	return exam_marks.remembered(exam, "figures", lambda: count_figures(exam))


def count_figures(exam: str) -> dict[str, int]:
	score = frappe.qb.DocType("Exam Score")
	candidates, absent = (
		frappe.qb.from_(score)
		.where(score.exam == exam)
		.select(Count(score.candidate).distinct(), Sum(score.absent))
	).run()[0]
	sitting = exam_marks.marks(exam).as_("sitting")
	sat_all = frappe.qb.from_(sitting).select(Count(sitting.candidate)).run()[0][0]
	return {"candidates": candidates, "sat_all": sat_all, "absent": cint(absent)}


# ---------------------------------------------------------------- a file comes or goes


# records that name a candidate by student number, and the file where there is one
OF_CANDIDATES = ("Exam Score", "Bottom List Row")


def follow_student(doc: Document, method: str | None = None) -> None:
	"""Hook of Student File: a file that gets a student number gets what stands under that number."""
	if not doc.has_value_changed("student_no"):
		return
	before = doc.get_doc_before_save()
	if before and before.student_no:  # what came by a merge stands under another number and stays
		release(doc.name, before.student_no)
	for doctype in OF_CANDIDATES if doc.student_no else ():
		record = frappe.qb.DocType(doctype)
		own = record.student_no == doc.student_no
		change = frappe.qb.update(record).set(record.student, doc.name).set(record.modified, now())
		change.where(own).run()


def follow_students(files: list[dict]) -> None:
	"""The same for new files that were written by sets."""
	numbers = {file.student_no: file.name for file in files if file.student_no}
	for doctype in OF_CANDIDATES if numbers else ():
		waiting = {"student_no": ["in", sorted(numbers)]}
		for number in frappe.get_all(
			doctype, waiting, pluck="student_no", distinct=True, order_by="student_no"
		):
			record = frappe.qb.DocType(doctype)
			own = record.student_no == number
			change = frappe.qb.update(record).set(record.student, numbers[number])
			change.set(record.modified, now()).where(own).run()


def touch(student: str) -> None:
	"""Scores that came to a file another way count as changed, for the rules of alerts (alerts/exam_runs.py)."""
	score = frappe.qb.DocType("Exam Score")
	frappe.qb.update(score).set(score.modified, now()).where(score.student == student).run()


def let_go(doc: Document, method: str | None = None) -> None:
	"""Hook of Student File: the scores of a deleted file remain those of the candidate."""
	release(doc.name)


def release(student: str, student_no: str | None = None) -> None:
	"""What stands under this number, or all, is nobody's."""
	for doctype in OF_CANDIDATES:
		record = frappe.qb.DocType(doctype)
		query = frappe.qb.update(record).set(record.student, None).where(record.student == student)
		(query.where(record.student_no == student_no) if student_no else query).run()
