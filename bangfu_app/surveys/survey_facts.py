"""What can be counted beside what a panel judges: failed subjects, the gap to peers, the level group (S8, S12)."""

from decimal import Decimal

import frappe
from frappe.query_builder.functions import Sum
from frappe.utils import flt
from pypika.queries import QueryBuilder

from bangfu_app.alerts.signals import pass_percent
from bangfu_app.surveys.needs_score import priority_of
from bangfu_app.surveys.survey_score import change


def facts_of(student: str) -> dict:
	"""Fields of a Needs Survey from the newest exam of the student; {} without one."""
	exam = newest_exam(student)
	if not exam:
		return {}
	rows = own_results(exam, student)
	percent = sum(row.score for row in rows) * 100 / sum(row.full_marks for row in rows)
	failed = [row.subject for row in rows if row.score * 100 < row.full_marks * pass_percent()]
	peers = percent_of_peers(exam, rows[0].school, rows[0].grade)
	return {
		"exam": exam,
		"subjects_sat": len(rows),
		"failed_subjects": len(failed),
		"failed_names": "、".join(failed),
		"level_test": flt(percent, 1),
		"gap_to_peers": change(percent, peers),
		"suggested_group": level_group_of(percent),
	}


def newest_exam(student: str) -> str | None:
	score, exam = frappe.qb.DocType("Exam Score"), frappe.qb.DocType("Exam")
	rows = (
		frappe.qb.from_(score)
		.join(exam)
		.on(score.exam == exam.name)
		.where((score.student == student) & (score.absent == 0))
		.select(exam.name)
		.orderby(exam.exam_date, order=frappe.qb.desc)
		.limit(1)
	).run()
	return rows[0][0] if rows else None


def results(exam: str) -> QueryBuilder:
	score, subject = frappe.qb.DocType("Exam Score"), frappe.qb.DocType("Exam Subject")
	return (
		frappe.qb.from_(score)
		.join(subject)
		.on((subject.parent == score.exam) & (subject.subject == score.subject))
		.where((score.exam == exam) & (score.absent == 0))
	)


def own_results(exam: str, student: str) -> list[dict]:
	score, subject = frappe.qb.DocType("Exam Score"), frappe.qb.DocType("Exam Subject")
	query = results(exam).where(score.student == student).orderby(subject.idx)
	return query.select(score.subject, score.score, subject.full_marks, score.school, score.grade).run(
		as_dict=True
	)


def percent_of_peers(exam: str, school: str, grade: str) -> float | None:
	"""Mean percent of full marks of the same grade and school, every paper that was sat counted alike."""
	score, subject = frappe.qb.DocType("Exam Score"), frappe.qb.DocType("Exam Subject")
	query = results(exam).where((score.school == school) & (score.grade == grade))
	return query.select(Sum(score.score) * 100 / Sum(subject.full_marks)).run()[0][0]


def level_group_of(percent: float | None) -> str | None:
	"""Group whose lower limit in Bangfu Settings the result reaches; none without limits."""
	groups = frappe.get_cached_doc("Bangfu Settings").level_groups
	score = None if percent is None else Decimal(str(percent))
	return priority_of(score, ((row.level_group, row.from_score) for row in groups))
