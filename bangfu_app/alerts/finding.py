"""All rules for all students: the job of each night and after an import of scores, in sets.

What is there already is not raised twice, so a job that was stopped is started again from the beginning; each rule
is one transaction. Exams that are as they were are not counted again (exam_runs.py). Two jobs at once wait for each other at the rule's row.
"""

from collections import defaultdict

import frappe
from frappe.model.document import Document
from frappe.query_builder.functions import Max
from frappe.utils import now

from bangfu_app.alerts import clock, exam_runs
from bangfu_app.alerts.raising import (
	CRISIS_MARK,
	born_with,
	cause_of,
	evidence_key,
	files_for,
	handlers_for,
	is_raised_by,
	is_seen,
	open_key,
	renewed_clock,
)
from bangfu_app.alerts.signals import Sign, signs_of
from bangfu_app.bulk import insert_rows, reserve_names

CHUNK = 1000


def find_alerts() -> None:
	"""Daily job."""
	for rule in enabled_rules():
		run_rule(rule)
		frappe.db.commit()  # a rule is whole or not at all; the next night goes on with what is missing


def find_soon() -> None:
	"""After scores have come in: in the background, once however often it is asked for."""
	frappe.enqueue(
		"bangfu_app.alerts.finding.find_alerts",
		queue="long",
		job_id="bangfu_app.find_alerts",
		deduplicate=True,
		enqueue_after_commit=True,
	)


def enabled_rules() -> list[str]:
	"""Crises first: what has become one is no warning besides."""
	filters = {"enabled": 1, "signal": ["!=", "Manual"]}
	return frappe.get_all("Alert Rule", filters, pluck="name", order_by="level, name")


def run_rule(name: str) -> tuple[int, int]:
	"""Raise what the rule finds; returns (alerts raised, alerts with further evidence)."""
	rule = frappe.get_doc("Alert Rule", name, for_update=True)
	states = exam_runs.mark_unchanged(rule)
	fresh = unseen(rule, signs_of(rule))
	files = files_for(rule, fresh)
	open_alerts = open_alerts_of(rule) if files else {}
	further = {open_alerts[s].name: fresh[s] for s in files if s in open_alerts}
	risen = [
		open_alerts[s].name for s in files if s in open_alerts and is_raised_by(rule, open_alerts[s].level)
	]
	new = {student: fresh[student] for student in files if student not in open_alerts}
	append_evidence(rule, further)
	renew(rule, risen)
	raise_all(rule, new, {student: files[student] for student in new})
	exam_runs.remember(rule, states, (sign for own in fresh.values() for sign in own), files)
	return len(new), len(further)


def unseen(rule: Document, signs: list[Sign]) -> dict[str, list[Sign]]:
	"""Student → signs that stand on no timeline of this cause yet, of open alerts or ended ones."""
	keys = {evidence_key(rule, sign) for sign in signs}
	keys |= {f"{key}{CRISIS_MARK}" for key in keys}
	seen = seen_by_student(cause_of(rule, rule.kind), sorted(keys))
	by_student = defaultdict(list)
	for sign in signs:
		if not is_seen(evidence_key(rule, sign), seen[sign.student]):
			by_student[sign.student].append(sign)
	return by_student


def seen_by_student(cause: str, keys: list[str]) -> dict[str, set[str]]:
	alert, step = frappe.qb.DocType("Student Alert"), frappe.qb.DocType("Alert Step")
	query = (
		frappe.qb.from_(step)
		.join(alert)
		.on(step.parent == alert.name)
		.where(alert.cause == cause)
		.select(alert.student, step.evidence_key)
	)
	seen = defaultdict(set)
	for start in range(0, len(keys), CHUNK):
		for student, key in query.where(step.evidence_key.isin(keys[start : start + CHUNK])).run():
			seen[student].add(key)
	return seen


def open_alerts_of(rule: Document) -> dict[str, dict]:
	filters = {"cause": cause_of(rule, rule.kind), "status": ["!=", "Ended"]}
	return {
		row.student: row for row in frappe.get_all("Student Alert", filters, ["student", "name", "level"])
	}


def raise_all(rule: Document, new: dict[str, list[Sign]], files: dict[str, dict]) -> None:
	if not new:
		return
	handlers, born = handlers_for(rule, files), born_with(rule, rule.kind)
	names = dict(zip(new, reserve_names(f"AL-{born['raised_on'].year}-", len(new)), strict=True))
	insert_rows(
		"Student Alert",
		[
			{
				**born,
				"name": names[student],
				"student": student,
				"student_name": files[student].student_name,
				"school": files[student].school,
				"assigned_to": handlers[student],
				"open_key": open_key(student, born["cause"]),
			}
			for student in new
		],
	)
	insert_steps(rule, {names[student]: signs for student, signs in new.items()}, "Raised", {})
	insert_rows("ToDo", [clock.to_do(names[s], handlers[s]) for s in new if handlers[s]])


def append_evidence(rule: Document, further: dict[str, list[Sign]]) -> None:
	"""Onto the timelines of open alerts, which are touched so that lists show them as changed."""
	names = list(further)
	for start in range(0, len(names), CHUNK):
		chunk = names[start : start + CHUNK]
		step, alert = frappe.qb.DocType("Alert Step"), frappe.qb.DocType("Student Alert")
		last = frappe.qb.from_(step).where(step.parent.isin(chunk)).groupby(step.parent)
		last_row = dict(last.select(step.parent, Max(step.idx)).run())
		insert_steps(rule, {name: further[name] for name in chunk}, "Evidence", last_row)
		frappe.qb.update(alert).set(alert.modified, now()).where(alert.name.isin(chunk)).run()


def renew(rule: Document, names: list[str]) -> None:
	"""Warnings that have become crises: level and clock anew."""
	for start in range(0, len(names), CHUNK):
		chunk = {"name": ["in", names[start : start + CHUNK]]}
		frappe.db.set_value("Student Alert", chunk, renewed_clock(rule))


def insert_steps(rule: Document, signs: dict[str, list[Sign]], action: str, last: dict[str, int]) -> None:
	"""A row for each sign; on a new alert the first says Raised, the others Evidence."""
	moment, user = now(), frappe.session.user
	insert_rows(
		"Alert Step",
		[
			{
				"parent": alert,
				"parenttype": "Student Alert",
				"parentfield": "steps",
				"idx": last.get(alert, 0) + place,
				"at": moment,
				"user": user,
				"action": action if place == 1 else "Evidence",
				"note": sign.evidence,
				"evidence_key": evidence_key(rule, sign),
			}
			for alert, rows in signs.items()
			for place, sign in enumerate(rows, start=1)
		],
	)
