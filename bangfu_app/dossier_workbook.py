"""The dossier as a workbook: a sheet for each part, to work with; the first as the import of students takes it back.

It holds what the printed dossier shows its reader (dossier.py), all sessions included, and nothing else.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import frappe
from frappe import _

from bangfu_app import dossier
from bangfu_app.excel import exporting
from bangfu_app.excel.layouts import LAYOUTS

# (DocType, field) of each column; the heading is the field's label
SCORES = (
	*(("Needs Survey", field) for field in ("survey_date", "phase")),
	*(("Domain Score", field) for field in ("domain", "score", "last_score", "wording")),
)
CAUSES = tuple(("Survey Cause", field) for field in ("cause", "weight", "note"))
PLAN = tuple(("Support Plan", field) for field in ("version", "status"))
GOALS = (
	*PLAN,
	*(("Plan Goal", name) for name in ("step", "domain", "goal", "indicator", "baseline", "target", "due")),
)
MEASURES = (
	*PLAN,
	*(("Plan Measure", field) for field in ("measure", "content", "subject")),
	("Pairing Member", "supporter_name"),
	*(("Plan Measure", field) for field in ("frequency", "minutes", "setting")),
)
PAIRINGS = (
	*(("Pairing", field) for field in ("kind", "status", "from_date", "to_date", "end_reason")),
	*(("Pairing Member", field) for field in ("supporter_name", "member_role")),
)
SESSIONS = tuple(("Support Session", name) for name in ("session_date", "session_kind", "theme", "minutes"))
AID = (
	("Aid Distribution", "distribution_date"),
	*(("Aid Distribution Item", name) for name in ("item", "qty", "uom", "donor", "transfer", "due_back")),
)
INDICATORS = (
	*(("Support Evaluation", field) for field in ("purpose", "evaluated_on")),
	*(
		("Indicator Result", name)
		for name in ("indicator", "unit", "baseline", "target", "actual", "attainment")
	),
)
DOMAINS = (
	*(("Support Evaluation", field) for field in ("purpose", "evaluated_on")),
	*(("Domain Result", field) for field in ("domain", "pre", "post", "difference", "note")),
)
TRAIL = tuple(
	("Approval Step", name) for name in ("reference_doctype", "to_state", "user", "acted_on", "reason")
)


@dataclass(frozen=True)
class Sheet:
	"""Columns and rows as export.py writes them."""

	title: str
	columns: list[dict]
	rows: list[dict]


def sheets_of(student: str) -> list[Sheet]:
	"""The parts that have rows, the student first. Throws where the reader may not read the file."""
	shown = dossier.student_dossier(student, sessions_listed=None)
	survey = [shown.survey] if shown.survey else []
	columns, rows = exporting.table(LAYOUTS["Students"], [student])
	parts = [
		Sheet(_("Student"), columns, rows),
		sheet(_("Needs Survey"), SCORES, lines(survey, "scores")),
		sheet(_("Causes"), CAUSES, lines(survey, "causes")),
		sheet(_("Goals"), GOALS, lines(shown.plans, "goals")),
		sheet(_("Measures"), MEASURES, lines(shown.plans, "measures")),
		sheet(_("Pairing"), PAIRINGS, lines(shown.pairings, "members")),
		sheet(_("Support Session"), SESSIONS, shown.participation.sessions if shown.participation else []),
		sheet(_("Aid Distribution"), AID, [{**line, "distribution_date": line.date} for line in shown.aid]),
		sheet(_("Indicators"), INDICATORS, lines(shown.evaluations, "indicator_results")),
		sheet(_("Before and After"), DOMAINS, lines(shown.evaluations, "domain_results")),
		sheet(_("Approvals"), TRAIL, [as_told(step) for step in shown.trail]),
	]
	return [part for part in parts if part.rows]


def lines(records: Iterable[dict], table: str) -> list[dict]:
	"""The rows of a child table, each with the fields of its record."""
	return [{**record, **line} for record in records for line in record[table]]


def as_told(step: dict) -> dict:
	"""A step of an approval in the words of the dossier: state and person by name, votes and reason in one."""
	return {
		"reference_doctype": _(step["reference_doctype"]),
		"to_state": step["state"],
		"user": step["who"],
		"acted_on": step["acted_on"],
		"reason": step.get("said"),
	}


def sheet(title: str, fields: Iterable[tuple[str, str]], rows: list[dict]) -> Sheet:
	return Sheet(title, [column(*field) for field in fields], rows)


def column(doctype: str, fieldname: str) -> dict[str, Any]:
	field = frappe.get_meta(doctype).get_field(fieldname)
	return {
		"fieldname": fieldname,
		"label": _(field.label, context=doctype),
		"fieldtype": field.fieldtype,
		"context": doctype,
	}
