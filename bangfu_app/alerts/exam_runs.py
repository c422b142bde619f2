"""Which exams a rule need not count again: those that are as they were when it last ran over them (I13).

The rule keeps, for each of its exams, the state of the scores and who showed the sign but was not looked after.
One query tells the state of all exams; counting the totals of one takes seconds.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

import frappe
from frappe.model.document import Document
from frappe.query_builder.functions import Count, Max
from frappe.utils import add_to_date, get_datetime, now_datetime

from bangfu_app.alerts.raising import files_for
from bangfu_app.alerts.signals import Series, Sign, exam_series_of, pass_percent
from bangfu_app.scores import exam_marks

# a change that is not committed yet may be older than the newest one seen: what is so fresh is counted again
SETTLED_MINUTES = 60


def mark_unchanged(rule: Document) -> dict[Series, str]:
	"""Tells the rule which exams to pass over; returns the states that `remember` keeps."""
	states = states_of(rule)
	known = frappe.parse_json(rule.exam_runs or "{}")
	rule.flags.unchanged_exams = {
		series
		for series, state in states.items()
		if (run := known.get(series[0])) and run["state"] == state and not files_for(rule, run["waiting"])
	}
	return states


def remember(rule: Document, states: dict[Series, str], signs: Iterable[Sign], files: Iterable[str]) -> None:
	"""After the rule ran: what it was run over, in the same transaction as what it raised."""
	if not states and not rule.exam_runs:
		return
	known, waiting = frappe.parse_json(rule.exam_runs or "{}"), defaultdict(set)
	for sign in signs:
		if sign.student not in files:
			waiting[sign.key].add(sign.student)
	runs = {
		series[0]: known[series[0]]
		if series in rule.flags.unchanged_exams
		else {"state": state, "waiting": sorted(waiting[series[0]])}
		for series, state in states.items()
	}
	if runs != known:
		rule.db_set("exam_runs", frappe.as_json(runs, indent=None), update_modified=False)


def states_of(rule: Document) -> dict[Series, str]:
	"""Series of exams → digest of all that the signs depend on; none for one that changed just now."""
	every = exam_series_of(rule)
	scores = state_of_scores(sorted({exam for series in every for exam in series}))
	common = (rule.modified, pass_percent(), exam_marks.bottom_percent())
	before = add_to_date(now_datetime(), minutes=-SETTLED_MINUTES)
	return {
		series: digest(common, series, *(scores[exam] for exam in series))
		for series in every
		if all(exam in scores and is_settled(scores[exam], before) for exam in series)
	}


def state_of_scores(exams: list[str]) -> dict[str, tuple]:
	"""Exam → (newest change of the exam, of its scores if any, number of scores, of those with a file)."""
	if not exams:
		return {}
	score, exam = frappe.qb.DocType("Exam Score"), frappe.qb.DocType("Exam")
	rows = (
		frappe.qb.from_(exam)
		.left_join(score)
		.on(score.exam == exam.name)
		.where(exam.name.isin(exams))
		.groupby(exam.name)
		.select(exam.name, Max(exam.modified), Max(score.modified), Count(score.exam), Count(score.student))
	).run()
	return {name: state for name, *state in rows}


def is_settled(state: tuple, before: datetime) -> bool:
	return all(get_datetime(changed) < before for changed in state[:2] if changed)


def digest(*parts) -> str:
	return hashlib.sha256(repr([str(part) for part in parts]).encode()).hexdigest()
