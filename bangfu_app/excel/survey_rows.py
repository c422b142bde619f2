"""Needs surveys in a workbook: a column for each assessment domain."""

from typing import Any

import frappe
from frappe import _

from bangfu_app.excel import roster_rows, values
from bangfu_app.excel.layout import Column
from bangfu_app.excel.masters import CHINESE

DOMAIN = "domain="  # path of the column of a domain
FIELDS = (
	"student",
	"survey_date",
	"phase",
	"home_visit",
	"school_interview",
	"community_questionnaire",
	"standard_tool",
	"observation",
	"tool",
)


def domain_columns(batch: Any) -> tuple[Column, ...]:
	"""A column for each domain in use; its scale is judged by the survey itself."""
	names = frappe.get_all("Assessment Domain", {"enabled": 1}, pluck="name", order_by="weight desc, name")
	batch.domains = names
	return tuple(
		Column(
			DOMAIN + name,
			tuple(dict.fromkeys((name, _(name, CHINESE)))),
			parse=values.whole_number,
			example=3,
		)
		for name in names
	)


def check_scores(row: Any, batch: Any) -> None:
	if not any(DOMAIN + name in row.values for name in batch.domains):
		row.fault(None, _("no score in any domain"))


def find_students(rows: list[Any], batch: Any) -> None:
	"""By number, else by a name that only one of the user's students has."""
	by_number = roster_rows.students("student_no", {row.values.get("student_no") for row in rows} - {None})
	by_name = roster_rows.students("student_name", {row.values.get("student_name") for row in rows} - {None})
	for row in rows:
		number, name = row.values.get("student_no"), row.values.get("student_name")
		found = by_number[number] if number else by_name[name]
		if len(found) == 1:
			row.values["student"] = found[0]
		elif number or name:
			row.fault("student_no" if number else "student_name", roster_rows.why_not(number or name, found))


def surveys_of(row: Any, batch: Any) -> list[dict]:
	scores = [
		{"domain": name, "score": row.values[DOMAIN + name]}
		for name in batch.domains
		if DOMAIN + name in row.values
	]
	said = {name: row.values[name] for name in FIELDS if name in row.values}
	return [{"phase": "First Survey", **said, "scores": scores}]
