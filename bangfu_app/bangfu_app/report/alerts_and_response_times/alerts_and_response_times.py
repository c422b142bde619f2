"""Alerts and Response Times: by school, kind and level how many were raised, are open or overdue, and how soon help began."""

from collections import defaultdict
from statistics import median

import frappe
from frappe import _
from frappe.utils import add_days, getdate, now_datetime
from pypika.queries import QueryBuilder

from bangfu_app.alerts.clock import hours_to_first_step, minutes_left
from bangfu_app.report_parts import CHART_COLOURS, chosen, column, figure_card, period_message
from bangfu_app.rights.criteria import restrict

FILTERS = ("from_date", "to_date", "school", "kind", "level")
DAYS = 180


def execute(filters: dict | None = None) -> tuple:
	filters = checked(filters)
	alerts = find(filters)
	rows = get_rows(alerts)
	return get_columns(), rows, period_message(filters), get_chart(alerts), get_summary(alerts)


def checked(filters: dict | None) -> frappe._dict:
	filters = chosen(filters, FILTERS)
	filters.to_date = getdate(filters.to_date)
	filters.from_date = getdate(filters.from_date or add_days(filters.to_date, -DAYS))
	return filters


def find(filters: frappe._dict) -> list[dict]:
	"""Alerts raised in the period, of those that the reader may see."""
	alert = frappe.qb.DocType("Student Alert")
	query = (
		frappe.qb.from_(alert)
		.where(alert.raised_on >= str(filters.from_date))
		.where(alert.raised_on < str(add_days(filters.to_date, 1)))
	)
	return columns_of(restrict(narrow(query, filters), "Student Alert")).run(as_dict=True)


def narrow(query: QueryBuilder, filters: frappe._dict) -> QueryBuilder:
	alert = frappe.qb.DocType("Student Alert")
	for fieldname in ("school", "kind", "level"):
		if filters[fieldname]:
			query = query.where(alert[fieldname] == filters[fieldname])
	return query


def columns_of(query: QueryBuilder) -> QueryBuilder:
	alert = frappe.qb.DocType("Student Alert")
	fields = ("school", "kind", "level", "status", "raised_on", "due_by", "first_step_on", "escalated")
	return query.select(*(alert[field] for field in fields))


def get_columns() -> list[dict]:
	return [
		column(_("School"), "school", "Link", 190, options="School"),
		column(_("Kind"), "kind_label", width=130),
		column(_("Level"), "level_label", width=90),
		column(_("Raised"), "raised", "Int", 90),
		column(_("Open"), "open", "Int", 90),
		column(_("Overdue"), "overdue", "Int", 90),
		column(_("Escalated"), "escalated", "Int", 90),
		column(_("In Time"), "in_time", "Int", 90),
		column(_("Median Hours to First Step"), "median_hours", "Data", 190),
	]


def get_rows(alerts: list[dict]) -> list[dict]:
	groups = defaultdict(list)
	for alert in alerts:
		groups[alert.school or "", alert.kind, alert.level].append(alert)
	return [
		{
			"school": school,
			"kind": kind,
			"kind_label": _(kind),
			"level_label": _(level),
			**figures(group),
		}
		for (school, kind, level), group in sorted(groups.items())
	]


def figures(alerts: list[dict]) -> dict:
	now = now_datetime()
	return {
		"raised": len(alerts),
		"open": sum(alert.status != "Ended" for alert in alerts),
		"overdue": sum((minutes_left(alert, now) or 0) < 0 for alert in alerts),
		"escalated": sum(alert.escalated for alert in alerts),
		"in_time": sum(bool(alert.first_step_on) and alert.first_step_on <= alert.due_by for alert in alerts),
		"median_hours": median_hours(alerts),
	}


def median_hours(alerts: list[dict]) -> str:
	"""Of the alerts in which a first step was taken; a dash without any, which is not 0."""
	hours = [hours for alert in alerts if (hours := hours_to_first_step(alert)) is not None]
	return f"{median(hours):.1f}" if hours else "—"


def get_chart(alerts: list[dict]) -> dict | None:
	"""Open in time and overdue, by kind."""
	by_kind = defaultdict(list)
	for alert in alerts:
		by_kind[alert.kind].append(alert)
	if not by_kind:
		return None
	counts = {kind: figures(group) for kind, group in sorted(by_kind.items())}
	in_time = [each["open"] - each["overdue"] for each in counts.values()]
	overdue = [each["overdue"] for each in counts.values()]
	return {
		"data": {
			"labels": [_(kind) for kind in counts],
			"datasets": [
				{"name": _("Open, not overdue"), "values": in_time},
				{"name": _("Overdue"), "values": overdue},
			],
		},
		"type": "bar",
		"colors": CHART_COLOURS,
		"barOptions": {"stacked": 1},
	}


def get_summary(alerts: list[dict]) -> list[dict]:
	total = figures(alerts)
	return [
		figure_card(_("Open"), total["open"]),
		figure_card(_("Overdue"), total["overdue"], indicator="Red" if total["overdue"] else "Green"),
		figure_card(_("Median Hours to First Step"), total["median_hours"]),
	]
