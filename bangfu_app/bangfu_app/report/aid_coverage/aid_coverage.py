"""Aid Coverage (应助尽助): how many recognised students got aid, by school, class or group of needs, or from term to term.

Who may not read files, as finance, gets no figures by need.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

import frappe
from frappe import _
from frappe.utils import getdate

from bangfu_app.bangfu_app.report.coverage_gap.coverage_gap import FILTERS as OF_GAP
from bangfu_app.bangfu_app.report.coverage_gap.coverage_gap import get_summary
from bangfu_app.money import coverage
from bangfu_app.report_parts import CHART_COLOURS, chosen, column, period_message

FILTERS = (*OF_GAP, "group_by")
FIELDS = {"School": "school", "Class": "school_class"}
BY_NEED, BY_TERM = "Need Group", "Term"
# a history of so many terms
TERMS = 6


def execute(filters: dict | None = None) -> tuple:
	filters = chosen(filters, FILTERS)
	group_by, asked = filters.group_by or "School", coverage.asked_by(filters)
	if group_by not in (*FIELDS, BY_NEED, BY_TERM):
		frappe.throw(_("Unknown grouping: {0}").format(group_by))
	if group_by == BY_NEED and not coverage.sees_needs():
		frappe.throw(_("Needs are for who may read student files."), frappe.PermissionError)
	rows = by_term(asked) if group_by == BY_TERM else by_group(asked, group_by)
	period = {"from_date": asked.from_date, "to_date": asked.to_date}
	summary = get_summary(coverage.rate(asked))
	return get_columns(group_by), rows, period_message(period), get_chart(rows), summary


def by_group(asked: coverage.Asked, group_by: str) -> list[dict]:
	"""A student with needs of several groups counts in each of them."""
	if group_by == BY_NEED:
		members = ((_(group), student) for group, student in needs(asked))
	else:
		field = FIELDS[group_by]
		members = ((row[field], row.name) for row in coverage.recognised(asked, field).run(as_dict=True))
	groups = defaultdict(set)
	for group, student in members:
		groups[group or _("Not set")].add(student)
	aided = coverage.aided(asked)
	rows = [as_row(group, coverage.coverage_of(groups[group], aided)) for group in sorted(groups)]
	return sorted(rows, key=lambda row: row["share"])


def needs(asked: coverage.Asked) -> Iterable[tuple[str, str]]:
	need, category = frappe.qb.DocType("Student Need"), frappe.qb.DocType("Need Category")
	return (
		frappe.qb.from_(need)
		.join(category)
		.on(category.name == need.need_category)
		.where((need.parenttype == "Student File") & need.parent.isin(coverage.recognised(asked)))
		.select(category.need_group, need.parent)
	).run()


def by_term(asked: coverage.Asked) -> list[dict]:
	"""The last terms begun by the end of the period, the earliest first; of terms without students none."""
	terms = frappe.get_all(
		"School Term",
		{"start_date": ["<=", asked.to_date]},
		["name", "start_date", "end_date"],
		order_by="start_date desc",
		limit=TERMS,
	)
	rows = []
	for term in reversed(terms):
		days = {"from_date": getdate(term.start_date), "to_date": getdate(term.end_date)}
		counts = coverage.rate(replace(asked, **days))
		rows += [as_row(term.name, counts)] if counts.recognised else []
	return rows


def as_row(group: str, counts: coverage.Coverage) -> dict:
	return {
		"group": group,
		"recognised": counts.recognised,
		"covered": counts.covered,
		"without_aid": counts.without,
		"share": round(float(counts.share * 100), 1),
	}


def get_columns(group_by: str) -> list[dict]:
	return [
		column(_(group_by), "group", width=240),
		column(_("Recognised Students"), "recognised", "Int", 140),
		column(_("With Aid"), "covered", "Int", 120),
		column(_("Without Aid"), "without_aid", "Int", 120),
		column(_("Coverage"), "share", "Percent", 120),
	]


def get_chart(rows: list[dict]) -> dict | None:
	if not rows:
		return None
	return {
		"data": {
			"labels": [row["group"] for row in rows],
			"datasets": [
				{"name": _("With Aid"), "values": [row["covered"] for row in rows]},
				{"name": _("Without Aid"), "values": [row["without_aid"] for row in rows]},
			],
		},
		"type": "bar",
		"barOptions": {"stacked": 1},
		"fieldtype": "Int",
		"colors": CHART_COLOURS,
	}
