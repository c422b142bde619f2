"""Sessions held, counted by kind, month or service point: 场, 人次, 人数, 课时 (counting.py)."""

import frappe
from frappe import _

from bangfu_app.counting import SessionCount, count_sessions
from bangfu_app.report_parts import (
	CHART_COLOURS,
	chosen,
	column,
	countable_sessions,
	figure_card,
	month_of,
	months_through,
	period_message,
	session_period,
)

FILTERS = ("group_by", "from_date", "to_date", "session_kind", "service_point", "school")
KEYS = {
	"Kind": lambda row: row.session_kind,
	"Month": lambda row: month_of(row.session_date),
	"Service Point": lambda row: row.service_point or "",
}


def execute(filters: dict | None = None) -> tuple:
	filters = chosen(filters, FILTERS)
	group_by = filters.group_by if filters.group_by in KEYS else "Kind"
	period = session_period(filters)
	counts = count_sessions(KEYS[group_by], filters | period, countable_sessions)
	rows = [
		as_row(group, group_by, counts.get(group) or SessionCount()) for group in groups(counts, group_by)
	]
	return get_columns(group_by), rows, period_message(period), get_chart(rows, group_by), get_summary(counts)


def groups(counts: dict[str, SessionCount], group_by: str) -> list[str]:
	"""Kinds as the form lists them, months without a gap, points by name."""
	if group_by == "Month":
		return months_through(counts)
	if group_by == "Service Point":
		return sorted(counts)
	options = frappe.get_meta("Support Session").get_options("session_kind").split("\n")
	return [kind for kind in options if kind in counts]


def as_row(group: str, group_by: str, count: SessionCount) -> dict:
	return {
		"group": _(group, context="Support Session")
		if group_by == "Kind"
		else group or _("No Service Point"),
		"key": group,
		"events": count.events,
		"person_times": count.person_times,
		"persons": "—" if count.persons is None else count.persons,
		"minutes": count.minutes,
		"class_hours": float(count.class_hours),
		"without_roster": count.without_roster,
	}


def get_columns(group_by: str) -> list[dict]:
	labels = {
		"Kind": _("Kind", context="Support Session"),
		"Month": _("Month"),
		"Service Point": _("Service Point"),
	}
	return [
		column(labels[group_by], "group", width=200),
		column(_("Events Held"), "events", "Int"),
		column(_("Person-times"), "person_times", "Int"),
		column(_("Persons"), "persons", align="right"),
		column(_("Minutes"), "minutes", "Int"),
		column(_("Class Hours"), "class_hours", "Float", precision=2),
		column(_("Events Without Roster"), "without_roster", "Int", 150),
	]


def get_chart(rows: list[dict], group_by: str) -> dict | None:
	if not rows:
		return None
	return {
		"data": {
			"labels": [row["group"] for row in rows],
			"datasets": [
				{"name": _("Events Held"), "values": [row["events"] for row in rows]},
				{"name": _("Person-times"), "values": [row["person_times"] for row in rows]},
			],
		},
		"type": "line" if group_by == "Month" else "bar",
		"fieldtype": "Int",
		"colors": CHART_COLOURS,
	}


def get_summary(counts: dict[str, SessionCount]) -> list[dict]:
	total = SessionCount()
	for count in counts.values():
		total.events += count.events
		total.person_times += count.person_times
		total.minutes += count.minutes
		total.without_roster += count.without_roster
		total.students |= count.students
	return [
		figure_card(_("Events Held"), total.events),
		figure_card(_("Person-times"), total.person_times),
		figure_card(_("Persons"), total.persons if total.persons is not None else "—"),
		figure_card(_("Class Hours"), total.class_hours, "Float"),
	]
