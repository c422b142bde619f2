"""Who shows the signal of a rule: one function for each signal, a fixed number of queries for all students (I13, I14).

A `Sign` is one piece of evidence; its key says which evidence, so that the same one is not counted twice.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple, TypeAlias

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.query_builder import Case
from frappe.query_builder.functions import Coalesce, Count, Max, Sum
from frappe.utils import add_days, cint, flt, formatdate, getdate
from pypika.queries import QueryBuilder

from bangfu_app.rights.criteria import PRIVATE_KINDS
from bangfu_app.scores import exam_marks
from bangfu_app.scores.bottom_share import exact

# files that are not looked after any more
ENDED_FILES = ("Declined", "Closed", "Archived")
BEGINNING = "1900-01-01"


class Sign(NamedTuple):
	student: str
	key: str  # which evidence: an exam, a day, a report
	evidence: str  # translated, for the timeline


def signs_of(rule: Document, student: str | None = None) -> list[Sign]:
	"""All signs of the rule, or those of one student; none for a rule by hand."""
	find = SIGNALS.get(rule.signal)
	return list(find(rule, student)) if find else []


def since(rule: Document) -> str:
	return str(add_days(getdate(), -cint(rule.look_back)))


def of_one(query: QueryBuilder, field, student: str | None) -> QueryBuilder:
	return query.where(field == student) if student else query


# ---------------------------------------------------------------- exams


def failed_subjects(rule: Document, student: str | None = None) -> Iterator[Sign]:
	"""At least so many subjects of one exam below the pass mark of Bangfu Settings."""
	exams = [name for (name,) in changed_series(rule)]
	if not exams:
		return
	score, exam = frappe.qb.DocType("Exam Score"), frappe.qb.DocType("Exam")
	subject = frappe.qb.DocType("Exam Subject")
	failed = Count(score.name)
	query = (
		frappe.qb.from_(exam)
		.join(subject)
		.on(subject.parent == exam.name)
		.join(score)
		.on((score.exam == exam.name) & (score.subject == subject.subject))
		.where(exam.name.isin(exams) & (score.absent == 0) & score.student.isnotnull())
		.where(score.score < subject.full_marks * pass_percent() / 100)
		.groupby(score.student, exam.name)
		.having(failed >= cint(rule.threshold))
		.select(score.student, exam.name, failed)
	)
	for name, exam_name, number in of_one(query, score.student, student).run():
		yield Sign(name, exam_name, _("{0}: {1} subjects failed").format(exam_name, number))


def pass_percent() -> float:
	return flt(frappe.get_cached_doc("Bangfu Settings").pass_percent) or 60


def rank_drop(rule: Document, student: str | None = None) -> Iterator[Sign]:
	"""The place in the total fell by so many percentile points since the exam before, of the same population."""
	for newest, before in changed_series(rule):
		now, then = percentiles(newest), percentiles(before)
		for name in now.keys() & then.keys() if not student else {student} & now.keys() & then.keys():
			drop = then[name] - now[name]
			if drop >= exact(rule.threshold):
				text = _("{0}: {1} percentile points lower than in {2}").format(newest, f"{drop:.1f}", before)
				yield Sign(name, newest, text)


def bottom_set(rule: Document, student: str | None = None) -> Iterator[Sign]:
	"""In the bottom share by the total, within the exam's own scope, so many exams running."""
	running = max(cint(rule.threshold), 1)
	for exams in changed_series(rule):
		inside = set.intersection(*map(bottom_students, exams))
		for name in inside & {student} if student else inside:
			yield Sign(
				name, exams[0], _("In the bottom share {0} exams running, last {1}").format(running, exams[0])
			)


# exams that a rule looks at together, the newest first: that one is the key of its signs
Series: TypeAlias = tuple[str, ...]


def changed_series(rule: Document) -> list[Series]:
	"""Those of the rule but the ones that exam_runs.py found as they were."""
	unchanged = rule.flags.unchanged_exams or ()
	return [series for series in exam_series_of(rule) if series not in unchanged]


def exam_series_of(rule: Document) -> list[Series]:
	"""None for a rule that is not about exams."""
	if rule.signal == "Failed Subjects":
		filters = {"exam_date": [">=", since(rule)]}
		return [(name,) for name in frappe.get_all("Exam", filters, pluck="name", order_by="name")]
	if rule.signal == "Rank Drop":
		return exam_series(since(rule), 2)
	return exam_series(since(rule), max(cint(rule.threshold), 1)) if rule.signal == "Bottom Set" else []


def exam_series(since_day: str, length: int) -> list[Series]:
	"""For each population with an exam since that day: its newest exams, as many as asked for, the newest first."""
	by_population: dict[tuple, list[dict]] = {}
	for exam in frappe.get_all(
		"Exam",
		fields=["name", "exam_date", "scope", "school", "grade", "class_name", "population"],
		order_by="exam_date desc, creation desc",
	):
		place = (exam.scope, exam.school, exam.grade, exam.class_name, exam.population)
		by_population.setdefault(place, []).append(exam)
	return [
		tuple(exam.name for exam in exams[:length])
		for exams in by_population.values()
		if len(exams) >= length and str(exams[0].exam_date) >= since_day
	]


def totals(exam: str) -> list[tuple[str | None, str, str, str, Decimal]]:
	"""(student, grade, school, class, total) of all who sat every subject, with a file or without."""
	sitting = exam_marks.marks(exam).as_("sitting")
	columns = [sitting[name] for name in ("student", *exam_marks.GROUP)]
	rows = frappe.qb.from_(sitting).select(*columns, sitting.mark).run()
	return [(student, *place, exact(mark)) for student, *place, mark in rows]


def percentiles(exam: str) -> dict[str, Decimal]:
	"""Student → percent of the grade's other candidates with a lower total: 0 the last, 100 the first."""
	rows = totals(exam)
	by_grade: dict[str, list[Decimal]] = {}
	for _student, grade, _school, _class, mark in rows:
		by_grade.setdefault(grade, []).append(mark)
	for marks in by_grade.values():
		marks.sort()
	return {
		student: percentile(mark, by_grade[grade])
		for student, grade, _school, _class, mark in rows
		if student
	}


def percentile(mark: Decimal, marks: list[Decimal]) -> Decimal:
	"""Percent of the others that are lower; 100 for who is alone. `marks` ascending, the own one among them."""
	others = len(marks) - 1
	return Decimal(bisect_left(marks, mark)) * 100 / others if others else Decimal(100)


def bottom_students(exam: str) -> set[str]:
	"""Students with a file among the bottom share, each within the population of the exam's scope (domain §6)."""
	scope = frappe.get_cached_value("Exam", exam, "scope")
	cuts = exam_marks.cuts(exam_marks.tallies(exam, by_class=scope == "Class"), scope)
	found = set()
	for student, grade, school, class_name, mark in totals(exam):
		group = exam_marks.Group(grade or "", school or "", class_name or "")
		cut = cuts[group.within(scope)][0]
		if student and cut is not None and mark <= cut:
			found.add(student)
	return found


# ---------------------------------------------------------------- sessions


def held_rows(rule: Document) -> QueryBuilder:
	"""Roster rows of sessions held since the look-back began; columns are the caller's.

	Not of counselling: who reads the alert is not to learn from it that there is any (D11).
	"""
	session, row = frappe.qb.DocType("Support Session"), frappe.qb.DocType("Session Attendance")
	return (
		frappe.qb.from_(session)
		.join(row)
		.on(row.parent == session.name)
		.where((session.status == "Held") & (session.session_date >= since(rule)))
		.where(session.session_kind.notin(PRIVATE_KINDS))
	)


def absence_streak(rule: Document, student: str | None = None) -> Iterator[Sign]:
	"""So many sessions missed without leave since the last one attended; leave neither counts nor breaks it."""
	session, row = frappe.qb.DocType("Support Session"), frappe.qb.DocType("Session Attendance")
	attended = (
		held_rows(rule)
		.where(row.state == "Attended")
		.groupby(row.student)
		.select(row.student, Max(session.session_date).as_("last_day"))
	).as_("attended")
	missed, last = Count(session.name), Max(session.session_date)
	query = (
		held_rows(rule)
		.left_join(attended)
		.on(attended.student == row.student)
		.where((row.state == "Absent") & (session.session_date > Coalesce(attended.last_day, BEGINNING)))
		.groupby(row.student)
		.having(missed >= cint(rule.threshold))
		.select(row.student, missed, last)
	)
	for name, number, day in of_one(query, row.student, student).run():
		yield Sign(
			name, str(day), _("{0} sessions missed running, last on {1}").format(number, formatdate(day))
		)


def missed_sessions(rule: Document, student: str | None = None) -> Iterator[Sign]:
	"""So many percent of the sessions missed without leave; evidence once a month."""
	row, session = frappe.qb.DocType("Session Attendance"), frappe.qb.DocType("Support Session")
	missed = Sum(Case().when(row.state == "Absent", 1).else_(0))
	number = Count(session.name)
	query = (
		held_rows(rule)
		.where(row.state != "Leave")
		.groupby(row.student)
		.having((number >= cint(rule.least)) & (missed * 100 >= number * flt(rule.threshold)))
		.having(missed > 0)
		.select(row.student, missed, number)
	)
	month = f"{getdate():%Y-%m}"
	for name, absent, of in of_one(query, row.student, student).run():
		yield Sign(name, month, _("{0} of {1} sessions missed").format(cint(absent), of))


# ---------------------------------------------------------------- reports of dropout signs


# signal → number of a Dropout Report, what it says
REPORT_SIGNS = {
	"Absent from School": ("days_absent", "{0}: {1} days absent from school"),
	"Dropout Signs": ("signs", "{0}: {1} signs of dropping out"),
}


def report_signs(rule: Document, student: str | None = None) -> Iterator[Sign]:
	"""A number of a Dropout Report reaches the threshold."""
	fieldname, text = REPORT_SIGNS[rule.signal]
	report = frappe.qb.DocType("Dropout Report")
	query = (
		frappe.qb.from_(report)
		.where((report.reported_on >= since(rule)) & (report[fieldname] >= max(cint(rule.threshold), 1)))
		.select(report.student, report.name, report[fieldname])
	)
	for name, key, number in of_one(query, report.student, student).run():
		yield Sign(name, key, _(text).format(key, number))


# signal of an Alert Rule → who shows it; a new signal is a line here and an option of the field
SIGNALS: dict[str, Callable[[Document, str | None], Iterable[Sign]]] = {
	"Failed Subjects": failed_subjects,
	"Rank Drop": rank_drop,
	"Bottom Set": bottom_set,
	"Absence Streak": absence_streak,
	"Missed Sessions": missed_sessions,
	"Absent from School": report_signs,
	"Dropout Signs": report_signs,
}
