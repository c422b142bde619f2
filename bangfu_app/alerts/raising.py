"""One alert of one cause: who handles it, what it is born with, and further evidence into the one that is open."""

from collections.abc import Container, Iterable

import frappe
from frappe.model.document import Document
from frappe.utils import now_datetime

from bangfu_app.alerts import clock
from bangfu_app.alerts.signals import ENDED_FILES, Sign, signs_of
from bangfu_app.approvals.waiting import users_with
from bangfu_app.rights.criteria import allowed_schools

# hours to the first step of what is raised by hand where no rule by hand says otherwise (D12)
HOURS_BY_HAND = 24
# joins a piece of evidence and the level it was counted at
CRISIS_MARK = " !"
FILE_FIELDS = ("name", "student_name", "school", "stage", "head_teacher")


def open_key(student: str, cause: str) -> str:
	"""Unique in the database: one open alert of a student and cause."""
	return f"{student}:{cause}"


def cause_of(rule: Document | None, kind: str) -> str:
	"""Rules of one cause share an alert; what is raised by hand is of its kind's own cause."""
	by_hand = not rule or rule.signal == "Manual"
	return f"By hand: {kind}" if by_hand else rule.cause or rule.signal


def evidence_key(rule: Document, sign: Sign) -> str:
	"""As the timeline keeps it: at the level of a crisis the same evidence counts once more."""
	return f"{rule.signal}: {sign.key}{CRISIS_MARK if rule.level == 'Crisis' else ''}"


def is_seen(key: str, seen: Container[str]) -> bool:
	return key in seen or f"{key}{CRISIS_MARK}" in seen


def rule_by_hand(kind: str, level: str | None) -> Document | None:
	"""The rule that gives hours and handler to what people raise: of the same level where there is one."""
	rules = frappe.get_all(
		"Alert Rule", {"signal": "Manual", "enabled": 1, "kind": kind}, ["name", "level"], order_by="name"
	)
	rules.sort(key=lambda rule: rule.level != level)
	return frappe.get_cached_doc("Alert Rule", rules[0].name) if rules else None


def born_with(rule: Document | None, kind: str, level: str | None = None) -> dict:
	"""Kind, level and clock of an alert raised now."""
	moment = now_datetime()
	return {
		"rule": rule.name if rule else None,
		"cause": cause_of(rule, kind),
		"kind": rule.kind if rule else kind,
		"level": level or (rule.level if rule else "Warning"),
		"status": "Open",
		"raised_on": moment,
		"raised_by": frappe.session.user,
		"due_by": clock.due_by(moment, rule.due_hours if rule else HOURS_BY_HAND),
		"escalate_on": clock.escalates_on(moment, rule.escalate_hours if rule else 0),
	}


# ---------------------------------------------------------------- whom it concerns, who handles it


def files_for(rule: Document | None, students: Iterable[str]) -> dict[str, dict]:
	"""Student → file, of those still looked after and of the rule's stages; 2000 names to a query."""
	names, found = sorted(set(students)), {}
	stages = {row.stage for row in rule.stages} if rule else set()
	for start in range(0, len(names), 2000):
		filters = {"name": ["in", names[start : start + 2000]], "status": ["not in", ENDED_FILES]}
		for file in frappe.get_all("Student File", filters, FILE_FIELDS):
			if not stages or file.stage in stages:
				found[file.name] = file
	return found


def handlers_for(rule: Document | None, files: dict[str, dict]) -> dict[str, str | None]:
	"""Student → user: as the rule says, else the school's coordinator, else one of the leading group."""
	readers = users_with(reading_roles())
	coordinators = dict(frappe.get_all("School", fields=["name", "coordinator"], as_list=True))
	managers = sorted(users_with({"Bangfu Manager"}))
	chosen = chosen_handlers(rule, files)
	return {
		student: next(
			(
				user
				for user in (chosen.get(student), coordinators.get(file.school), *managers[:1])
				if user in readers
			),
			None,
		)
		for student, file in files.items()
	}


def chosen_handlers(rule: Document | None, files: dict[str, dict]) -> dict[str, str | None]:
	handler = rule.handler if rule else "Class Teacher"
	if handler == "Class Teacher":
		return {student: file.head_teacher for student, file in files.items()}
	if handler == "Counsellor":
		referred = {"status": "Accepted", "kind": "Internal", "student": ["in", list(files)]}
		rows = frappe.get_all("Support Referral", referred, ["student", "counsellor"], order_by="from_date")
		return {row.student: row.counsellor for row in rows}
	if handler == "Role":
		by_school = {
			school: one_of(rule.handler_role, school) for school in {f.school for f in files.values()}
		}
		return {student: by_school[file.school] for student, file in files.items()}
	return {}


def one_of(role: str, school: str) -> str | None:
	"""The first user of the role who sees the school."""
	for user in sorted(users_with({role})):
		schools = allowed_schools("Student Alert", user)
		if not schools or school in schools:
			return user
	return None


def reading_roles() -> set[str]:
	"""Roles that may act on an alert."""
	return {rule.role for rule in frappe.get_meta("Student Alert").permissions if rule.read and rule.write}


# ---------------------------------------------------------------- one student at once


def raise_now(rule: Document, student: str) -> str | None:
	"""Raise what this rule finds at the student, or add it to the open alert; the alert's name, None without.

	In the session of whoever made the record that shows the sign, with that user's rights.
	"""
	if not files_for(rule, [student]):
		return None
	cause = cause_of(rule, rule.kind)
	seen = seen_keys(cause, student)
	fresh = [sign for sign in signs_of(rule, student) if not is_seen(evidence_key(rule, sign), seen)]
	if not fresh:
		return None
	name = frappe.db.get_value("Student Alert", {"open_key": open_key(student, cause)})
	return add_evidence(name, rule, fresh) if name else new_alert(rule, student, fresh)


def seen_keys(cause: str, student: str) -> set[str]:
	alerts = frappe.get_all("Student Alert", {"cause": cause, "student": student}, pluck="name")
	keys = {"parent": ["in", alerts], "parenttype": "Student Alert", "evidence_key": ["is", "set"]}
	return set(frappe.get_all("Alert Step", keys, pluck="evidence_key")) if alerts else set()


def add_evidence(name: str, rule: Document, signs: list[Sign]) -> str:
	alert = frappe.get_doc("Student Alert", name, for_update=True)
	if is_raised_by(rule, alert.level):
		alert.update(renewed_clock(rule))
	for sign in signs:
		alert.add_row("Evidence", sign.evidence, evidence_key(rule, sign))
	alert.flags.by_step = True
	return alert.save().name


def is_raised_by(rule: Document, level: str) -> bool:
	return rule.level == "Crisis" and level != "Crisis"


def renewed_clock(rule: Document) -> dict:
	"""A warning that becomes a crisis asks for a first step of its own."""
	kept = ("kind", "cause", "raised_by")
	born = {key: value for key, value in born_with(rule, rule.kind).items() if key not in kept}
	return {**born, "escalated": 0, "acknowledged_on": None, "first_step_on": None}


def new_alert(rule: Document, student: str, signs: list[Sign]) -> str:
	alert = frappe.get_doc({"doctype": "Student Alert", "student": student, "kind": rule.kind})
	alert.flags.rule, alert.flags.signs = rule, signs
	return alert.insert().name
