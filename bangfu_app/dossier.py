"""The student dossier (一人一档): what its print format shows, as far as the reader may see it.

Records come by frappe.get_list as the reader's own lists show them, and the fields of the file by the
reader's permission levels. Needs are given by their neutral names only. Queries do not grow with the rows.
"""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt

from bangfu_app import recognition
from bangfu_app.attainment import as_figure, figure
from bangfu_app.counting import class_hours
from bangfu_app.goods.aid_returns import still_out

# the newest sessions that are listed one by one; all of them are counted
SESSIONS_LISTED = 40
PLANS_SHOWN = ("Active", "Completed", "Superseded", "Agreed", "Department Review")


def student_dossier(name: str, sessions_listed: int | None = SESSIONS_LISTED) -> frappe._dict:
	"""Called by the print format Student Dossier, and for the workbook, which lists all sessions (None)."""
	file = frappe.get_doc("Student File", name)
	file.check_permission("read")
	file.apply_fieldlevel_read_permissions()
	plans, closures = plans_of(name), closures_of(name)
	return frappe._dict(
		file=file,
		sees_number=file.has_permlevel_access_to("id_number"),
		circumstances=newest_circumstances(name),
		class_name=file.school_class
		and frappe.get_cached_value("School Class", file.school_class, "class_name"),
		head_teacher=file.head_teacher and frappe.utils.get_fullname(file.head_teacher),
		term=frappe.get_cached_doc("Bangfu Settings").current_term,
		needs=[{"neutral_name": row.neutral_name, "since": row.since} for row in file.needs],
		evidence=evidence_of(name),
		score_sheet=recognition.score_sheet_of(file.screening),
		survey=newest_survey(name),
		plans=plans,
		pairings=pairings_of(name),
		participation=participation_of(name, sessions_listed),
		aid=aid_of(name),
		evaluations=evaluations_of(name),
		closure=next((closure for closure in closures if closure.docstatus == 1), None),
		trail=approval_trail(file, plans, closures),
	)


def readable(
	doctype: str, filters: dict, fields: Iterable[str], order_by: str, limit: int | None = None
) -> list:
	"""Records as the reader's list has them; none of a DocType that the reader may not read."""
	if not frappe.has_permission(doctype, "read"):
		return []
	return frappe.get_list(doctype, filters=filters, fields=["name", *fields], order_by=order_by, limit=limit)


def add_rows(records: list, doctype: str, child: str, table: str, fields: Iterable[str]) -> None:
	"""Put the rows of a child table into each of the records that the reader was given."""
	rows = defaultdict(list)
	if records:
		for row in frappe.get_list(
			child,
			parent_doctype=doctype,
			filters={"parent": ["in", [record.name for record in records]], "parenttype": doctype},
			fields=["parent", *fields],
			order_by="idx asc",
		):
			rows[row.parent].append(row)
	for record in records:
		record[table] = rows[record.name]


def newest_circumstances(student: str) -> frappe._dict | None:
	"""Family and circumstances, for those who may read them."""
	economy = ("family_size", "annual_income", "minimum_living", "poverty_registered")
	found = readable(
		"Student Circumstances",
		{"student": student},
		("recorded_on", "disability", *economy),
		"recorded_on desc, creation desc",
		limit=1,
	)
	members = ("member_name", "relation", "birth_year", "health", "occupation", "annual_income")
	add_rows(found, "Student Circumstances", "Family Member", "family_members", members)
	return found[0] if found else None


def evidence_of(student: str) -> list:
	"""What the student was recognised by, for those who may read it."""
	fields = ("found_on", "method", "criterion", "finding", "found_by")
	return readable("Recognition Evidence", {"student": student}, fields, "found_on asc, creation asc")


def newest_survey(student: str) -> frappe._dict | None:
	surveys = readable(
		"Needs Survey",
		{"student": student, "docstatus": 1, "confidential": 0},
		("survey_date", "phase", "composite", "priority", "learning_base", "interests", "difficulties"),
		"survey_date desc, creation desc",
		limit=1,
	)
	add_rows(
		surveys,
		"Needs Survey",
		"Domain Score",
		"scores",
		("domain", "rater", "score", "last_score", "wording"),
	)
	add_rows(surveys, "Needs Survey", "Survey Cause", "causes", ("cause", "weight", "note"))
	for survey in surveys:
		add_scales(survey.scores)
	return surveys[0] if surveys else None


def add_scales(scores: list) -> None:
	"""Where each score lies on the scale of its domain, in percent of the way to the greatest need."""
	levels = defaultdict(list)
	domains = list({row.domain for row in scores})
	for domain, score in frappe.get_all(
		"Domain Level", {"parent": ["in", domains]}, ["parent", "score"], as_list=True
	):
		levels[domain].append(score)
	for row in scores:
		lowest, row.highest = min(levels[row.domain], default=0), max(levels[row.domain], default=row.score)
		row.percent = round(100 * (row.score - lowest) / ((row.highest - lowest) or 1))


def plans_of(student: str) -> list:
	plans = readable(
		"Support Plan",
		{"student": student, "status": ["in", PLANS_SHOWN]},
		("plan_kind", "version", "status", "from_date", "to_date", "agreed_on"),
		"version desc",
	)
	goals = ("step", "domain", "goal", "indicator", "baseline", "target", "due")
	measures = ("measure", "content", "subject", "supporter", "frequency", "weekday", "minutes", "setting")
	add_rows(plans, "Support Plan", "Plan Goal", "goals", goals)
	add_rows(plans, "Support Plan", "Plan Measure", "measures", measures)
	add_rows(plans, "Support Plan", "Plan Aid", "aid", ("item", "qty", "uom", "due_by", "note"))
	add_supporter_names([row for plan in plans for row in plan.measures])
	return plans


def add_supporter_names(rows: list) -> None:
	supporters = list({row.supporter for row in rows if row.supporter})
	names = {}
	if supporters:
		found = readable("Supporter", {"name": ["in", supporters]}, ("supporter_name",), "name asc")
		names = {row.name: row.supporter_name for row in found}
	for row in rows:
		row.supporter_name = names.get(row.supporter) or row.supporter


def pairings_of(student: str) -> list:
	pairings = readable(
		"Pairing",
		{"student": student, "status": ["in", ("Active", "Ended")]},
		("kind", "status", "from_date", "to_date", "end_reason"),
		"from_date desc, creation desc",
	)
	add_rows(
		pairings,
		"Pairing",
		"Pairing Member",
		"members",
		("supporter", "supporter_name", "member_role", "from_date", "to_date"),
	)
	return pairings


def participation_of(student: str, listed: int | None = SESSIONS_LISTED) -> frappe._dict | None:
	"""Sessions that the student attended: counted by kind, the newest listed."""
	if not frappe.has_permission("Support Session", "read"):
		return None
	attended = {
		row.parent: row
		for row in frappe.get_list(
			"Session Attendance",
			parent_doctype="Support Session",
			filters={"student": student, "state": "Attended", "parenttype": "Support Session"},
			fields=["parent", "minutes"],
		)
	}
	sessions = readable(
		"Support Session",
		{"name": ["in", list(attended)], "status": "Held"},
		("session_date", "session_kind", "theme", "minutes"),
		"session_date desc, creation desc",
	)
	for session in sessions:
		session.minutes = attended[session.name].minutes or session.minutes or 0
	newest = sessions[:listed]
	add_rows(newest, "Support Session", "Session Supporter", "supporters", ("supporter", "supporter_name"))
	return frappe._dict(
		sessions=newest, not_listed=len(sessions) - len(newest), kinds=by_kind(sessions), **totals(sessions)
	)


def by_kind(sessions: list) -> list[dict]:
	kinds = defaultdict(list)
	for session in sessions:
		kinds[session.session_kind].append(session)
	return [
		{"kind": kind, **totals(rows)} for kind, rows in sorted(kinds.items(), key=lambda item: -len(item[1]))
	]


def totals(sessions: list) -> dict:
	minutes = sum(session.minutes for session in sessions)
	return {"events": len(sessions), "minutes": minutes, "class_hours": class_hours(minutes)}


def aid_of(student: str) -> list:
	"""Goods given to the student; for those who may read distributions."""
	if not frappe.has_permission("Aid Distribution", "read"):
		return []
	lines = frappe.get_list(
		"Aid Distribution Item",
		parent_doctype="Aid Distribution",
		filters={"student": student, "docstatus": 1},
		fields=["name", "parent", "item", "qty", "uom", "donor", "amount", "transfer", "due_back"],
	)
	out = still_out([line.name for line in lines])
	parents = list({line.parent for line in lines})
	given = {
		row.name: row
		for row in readable(
			"Aid Distribution", {"name": ["in", parents]}, ("distribution_date", "purpose"), "name asc"
		)
	}
	lines = [line for line in lines if line.parent in given]
	for line in lines:
		line.update(date=given[line.parent].distribution_date, purpose=given[line.parent].purpose)
		line.ended = flt(Decimal(str(line.qty)) - out[line.name])  # back, lost or worn out
	return sorted(lines, key=lambda line: (line.date, line.item))


def evaluations_of(student: str) -> list:
	evaluations = readable(
		"Support Evaluation",
		{"student": student, "docstatus": 1},
		("purpose", "evaluated_on", "summary", "lessons", "next_steps"),
		"evaluated_on asc, creation asc",
	)
	figures = ("baseline", "target", "actual")
	results = (
		"indicator",
		"unit",
		"attainment",
		"gap_closed",
		"met",
		*figures,
		*(f"has_{name}" for name in figures),
	)
	domains = ("domain", "pre", "post", "difference", "note")
	add_rows(evaluations, "Support Evaluation", "Domain Result", "domain_results", domains)
	add_rows(evaluations, "Support Evaluation", "Indicator Result", "indicator_results", results)
	for row in (row for evaluation in evaluations for row in evaluation.indicator_results):
		for name in figures:
			row[name] = as_figure(figure(row[name], row[f"has_{name}"]), row.unit)
	return evaluations


def closures_of(student: str) -> list:
	return readable(
		"Case Closure",
		{"student": student, "docstatus": ["<", 2]},
		("closure_date", "reason", "summary", "follow_up_years", "docstatus"),
		"closure_date desc, creation desc",
	)


def approval_trail(file: Document, plans: list, closures: list) -> list[dict]:
	"""Who moved the file, its plans and its closures to which state, when, and with which reason and votes."""
	names = [file.name, *(plan.name for plan in plans), *(closure.name for closure in closures)]
	steps = readable(
		"Approval Step",
		{"student": file.name, "reference_name": ["in", names]},
		(
			"reference_doctype",
			"from_state",
			"to_state",
			"user",
			"acted_on",
			"reason",
			"changes",
			"votes_for",
			"votes_against",
			"abstentions",
			"content_version",
		),
		"acted_on asc, step_number asc",
	)
	opened = frappe._dict(
		reference_doctype="Student File", user=file.owner, acted_on=file.creation, state=_("File opened")
	)
	people = full_names({file.owner, *(step.user for step in steps)})
	for step in steps:
		step.state = _(step.to_state, context=step.reference_doctype)
		step.said = said_in(step)
	for step in (opened, *steps):
		step.who = people.get(step.user, step.user)
	return [opened, *steps]


def said_in(step: dict) -> str:
	"""Votes, reason and changes of a step in one line."""
	votes = ""
	if step.votes_for or step.votes_against or step.abstentions:
		votes = _("{0} for, {1} against, {2} abstentions").format(
			step.votes_for, step.votes_against, step.abstentions
		)
	return "; ".join(filter(None, (votes, step.reason, (step.changes or "").replace("\n", "; "))))


def full_names(users: set[str]) -> dict[str, str]:
	return dict(frappe.get_all("User", {"name": ["in", list(users)]}, ["name", "full_name"], as_list=True))
