"""Scores of an exam in a workbook: one column for each subject, or one row for each paper."""

from decimal import Decimal
from typing import Any

import frappe
from frappe import _

from bangfu_app.excel import values
from bangfu_app.excel.layout import Column
from bangfu_app.excel.masters import CHINESE
from bangfu_app.excel.values import ABSENT
from bangfu_app.scores import exam_scores

SUBJECT = "subject="  # path of the column of a subject
COMMON = ("school", "grade", "class_name", "exam_no", "candidate_name", "student_no")


def subject_columns(batch: Any) -> tuple[Column, ...]:
	"""A column for each subject of the exam."""
	if not batch.options.get("exam"):
		return ()
	exam = frappe.get_doc("Exam", batch.options["exam"])
	exam.check_permission("read")
	batch.full_marks = {row.subject: row.full_marks for row in exam.subjects}
	return tuple(
		Column(SUBJECT + name, tuple(dict.fromkeys((name, _(name, CHINESE)))), parse=values.mark, example=80)
		for name in batch.full_marks
	)


def check_scores(row: Any, batch: Any) -> None:
	"""All that is wrong with the marks of a row, cell by cell."""
	_take_grade_of_sheet(row, batch)
	if not (row.values.get("student_no") or row.values.get("exam_no")):
		row.fault("student_no", _("A student number or an exam number is needed."))
	if "subject" in row.values or row.columns["subject"].index is not None:
		_check_paper(row, batch)
	else:
		_check_papers(row, batch)


def _take_grade_of_sheet(row: Any, batch: Any) -> None:
	"""Where each grade has a sheet, its title says which."""
	if "grade" in row.values or any(fault.column == row.columns["grade"].heading for fault in row.faults):
		return
	try:
		row.values["grade"] = row.columns["grade"].parse(batch.reader.page)
	except values.CellFault:
		row.fault("grade", _("required"))


def _check_paper(row: Any, batch: Any) -> None:
	"""A row of one paper."""
	subject = row.values.get("subject")
	if not subject:
		row.fault("subject", _("required"))
	elif subject not in batch.full_marks:
		row.fault("subject", _("{0} is no subject of this exam.").format(subject))
	elif "score" in row.values:
		_check_mark(row, "score", batch.full_marks[subject])
	elif not row.faults:
		row.fault("score", _("required"))


def _check_papers(row: Any, batch: Any) -> None:
	"""A row of all papers of one candidate, and their total."""
	marks = {}
	for subject, full_marks in batch.full_marks.items():
		path = SUBJECT + subject
		if path in row.values:
			marks[subject] = row.values[path]
			_check_mark(row, path, full_marks)
	if all(row.columns[SUBJECT + subject].index is None for subject in batch.full_marks):
		row.fault(None, _("no column of a subject of this exam"))
	_check_total(row, batch, [mark for mark in marks.values() if mark != ABSENT])


def _check_mark(row: Any, path: str, full_marks: float) -> None:
	mark = row.values[path]
	if mark != ABSENT and mark > full_marks:
		row.fault(path, _("The score {0} is not between 0 and {1}.").format(mark, f"{full_marks:g}"))


def _check_total(row: Any, batch: Any, marks: list[Decimal]) -> None:
	total = row.values.get("total")
	if total in (None, ABSENT):
		return
	if batch.options.get("ignore_total"):
		batch.notices.append(_("The column of the total was not compared with the subjects."))
	elif total != sum(marks):
		row.fault("total", _("the subjects make {0}").format(f"{sum(marks):f}"))


def scores_of(row: Any, batch: Any) -> list[dict]:
	"""A score for each paper. Blank in a column of the sheet is an absence too (domain §6), of whoever has no mark."""
	said = row.values
	common = {name: said.get(name) for name in COMMON} | {"exam": batch.options["exam"]}
	common["candidate"] = exam_scores.candidate_of(common)
	if "subject" in said:
		return [{**common, "subject": said["subject"], **_marked(said.get("score", ABSENT))}]
	return [
		{**common, "subject": subject, **_marked(said.get(SUBJECT + subject))}
		for subject in batch.full_marks
		if row.columns[SUBJECT + subject].index is not None
	]


def _marked(mark: Decimal | str | None) -> dict[str, Any]:
	if mark is None:
		return {"absent": 1, "score": 0.0, "only_new": True}
	return {"absent": 1, "score": 0.0} if mark == ABSENT else {"absent": 0, "score": float(mark)}


def shown_mark(score: dict) -> Any:
	"""As an export writes it."""
	return "缺考" if score["absent"] else score["score"]
