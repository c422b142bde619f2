"""Scores of one student from exam to exam (S8, E11): where among the grade, how far from its mean, what was failed."""

from collections.abc import Collection
from decimal import Decimal

import frappe

from bangfu_app.scores import bottom_share, exam_marks
from bangfu_app.scores.exam_marks import Group

# more do not fit a chart
EXAMS_SHOWN = 12


@frappe.whitelist()
def get_trend(student: str) -> list[dict]:
	"""Exams of the student, oldest first: `exam`, `exam_date`, `population` in words, `results`, `failed`, `sat`.

	A result: `subject` ("" is the total), `score`, `full_marks`, `rank` of `of`, `ahead` (percent of those who sat
	with a lower mark), `gap` (points above the mean of the grade), `failed`.
	"""
	frappe.has_permission("Student File", "read", student, throw=True)
	frappe.has_permission("Exam Score", "read", throw=True)
	return [trend_of(exam, grade, school, student) for exam, grade, school in exams_of(student)]


def exams_of(student: str) -> list[tuple[str, str, str]]:
	"""(exam, grade, school) of the newest exams, oldest first."""
	score, exam = frappe.qb.DocType("Exam Score"), frappe.qb.DocType("Exam")
	rows = (
		frappe.qb.from_(score)
		.join(exam)
		.on(score.exam == exam.name)
		.where(score.student == student)
		.select(exam.name, score.grade, score.school, exam.exam_date)
		.distinct()
		.orderby(exam.exam_date, order=frappe.qb.desc)
		.limit(EXAMS_SHOWN)
	).run()
	return [row[:3] for row in reversed(rows)]


def trend_of(name: str, grade: str, school: str, student: str) -> dict:
	exam = frappe.get_cached_doc("Exam", name)
	full_marks = {row.subject: row.full_marks for row in exam.subjects}
	marks = own_marks(name, student, full_marks)
	tallies = exam_marks.tallies_of_grade(name, grade)
	full_marks[""] = sum(full_marks.values())
	results = [
		result_of(subject, mark, tallies[subject], full_marks[subject])
		for subject, mark in marks.items()
		if mark in tallies.get(subject, ())
	]
	papers = [result for result in results if result["subject"]]
	scope = "County" if exam.scope == "County" else "Grade"
	return {
		"exam": name,
		"exam_date": exam.exam_date,
		"population": exam_marks.population_in_words(name, scope, Group(grade, school)),
		"results": results,
		"failed": sum(result["failed"] for result in papers),
		"sat": len(papers),
	}


def own_marks(exam: str, student: str, subjects: Collection[str]) -> dict[str, Decimal]:
	"""Mark of each paper sat, in the order of the exam, and "" for the total if every paper was."""
	rows = frappe.get_all(
		"Exam Score",
		{"exam": exam, "student": student, "absent": 0},
		["subject", "score"],
	)
	sat = {row.subject: bottom_share.exact(row.score) for row in rows}
	marks = {subject: sat[subject] for subject in subjects if subject in sat}
	return marks | {"": sum(marks.values())} if len(marks) == len(subjects) else marks


def result_of(subject: str, mark: Decimal, tally: bottom_share.Tally, full_marks: float) -> dict:
	pass_percent = frappe.get_cached_doc("Bangfu Settings").pass_percent or 60
	sat = bottom_share.sat(tally)
	lower = sum(number for other, number in tally.items() if other < mark)
	return {
		"subject": subject,
		"score": float(mark),
		"full_marks": full_marks,
		"rank": 1 + sat - lower - tally[mark],
		"of": sat,
		"ahead": round(100 * lower / sat, 1),
		"gap": round(float(mark - bottom_share.mean(tally)), 2),
		"failed": float(mark) * 100 < full_marks * pass_percent,
	}
