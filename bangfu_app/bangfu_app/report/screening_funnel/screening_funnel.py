"""Screening Funnel: how many candidates came how far, by school, class or source (I1–I3). Counts alone."""

from collections import defaultdict

import frappe
from frappe import _
from frappe.query_builder.functions import Count
from frappe.utils import getdate
from pypika.queries import QueryBuilder

from bangfu_app.report_parts import CHART_COLOURS, chosen, column, figure_card
from bangfu_app.rights.criteria import restrict

FIELDS = {"School": "school", "Class": "school_class", "Source": "source"}
# decision → column
DECIDED = {"Admit": "admitted", "Watch": "watched", "Refer": "referred", "No Need": "no_need"}
STEPS = ("listed", "visited", "scored")


def execute(filters: dict | None = None) -> tuple:
	filters = chosen(filters, ("group_by", "school", "from_date", "to_date"))
	group_by = filters.group_by or "School"
	if group_by not in FIELDS:
		frappe.throw(_("Unknown grouping: {0}").format(group_by))
	rows = get_rows(group_by, filters)
	total = {name: sum(row[name] for row in rows) for name in (*STEPS, *DECIDED.values())}
	return get_columns(group_by), rows, None, get_chart(total), get_summary(total)


def labels() -> dict[str, str]:
	return {
		"listed": _("Listed", context="Screening"),
		"visited": _("Visited", context="Screening"),
		"scored": _("Scored", context="Screening"),
		"admitted": _("Admitted"),
		"watched": _("Watched"),
		"referred": _("Referred"),
		"no_need": _("No Need", context="Screening"),
	}


def get_columns(group_by: str) -> list[dict]:
	return [
		column(_(group_by), "group", width=240),
		*(column(label, name, "Int") for name, label in labels().items()),
		column(_("Admitted of Listed"), "share", "Percent", width=130),
	]


def get_rows(group_by: str, filters: dict) -> list[dict]:
	"""One row for each group, the largest first. A step counts whoever came so far, whatever was decided."""
	groups: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys((*STEPS, *DECIDED.values()), 0))
	for group, decision, listed, visited, scored in _query(FIELDS[group_by], filters).run():
		row = groups[group or ""]
		for name, number in zip(STEPS, (listed, visited, scored), strict=True):
			row[name] += number
		if decision in DECIDED:
			row[DECIDED[decision]] += listed
	names = group_names(group_by, list(groups))
	rows = [
		{"group": names[group], **row, "share": 100 * row["admitted"] / row["listed"]}
		for group, row in groups.items()
	]
	return sorted(rows, key=lambda row: (-row["listed"], row["group"]))


def group_names(group_by: str, groups: list[str]) -> dict[str, str]:
	names = {group: _(group, context="Screening") if group else _("Not set") for group in groups}
	if group_by == "School":
		names = {group: group or _("Not set") for group in groups}
	elif group_by == "Class":
		names |= dict(
			frappe.get_all("School Class", {"name": ["in", groups]}, ["name", "class_title"], as_list=True)
		)
	return names


def _query(field: str, filters: dict) -> QueryBuilder:
	screening = frappe.qb.DocType("Screening")
	visited, scored = _parents_of("Screening Visit"), _parents_of("Screening Result")
	query = (
		frappe.qb.from_(screening)
		.left_join(visited)
		.on(visited.parent == screening.name)
		.left_join(scored)
		.on(scored.parent == screening.name)
		.select(
			screening[field],
			screening.decision,
			Count(screening.name),
			Count(visited.parent),
			Count(scored.parent),
		)
		.groupby(screening[field], screening.decision)
	)
	if filters.school:
		query = query.where(screening.school == filters.school)
	if filters.from_date:
		query = query.where(screening.reported_on >= getdate(filters.from_date))
	if filters.to_date:
		query = query.where(screening.reported_on <= getdate(filters.to_date))
	return restrict(query, "Screening")


def _parents_of(child: str) -> QueryBuilder:
	"""Each screening with a row of this child table, once."""
	row = frappe.qb.DocType(child)
	query = frappe.qb.from_(row).where(row.parenttype == "Screening").select(row.parent).distinct()
	return query.as_(frappe.scrub(child))


def get_chart(total: dict[str, int]) -> dict | None:
	if not total["listed"]:
		return None
	names = labels()
	return {
		"data": {
			"labels": list(names.values()),
			"datasets": [{"name": _("Candidates"), "values": [total[name] for name in names]}],
		},
		"type": "bar",
		"colors": CHART_COLOURS[:1],
	}


def get_summary(total: dict[str, int]) -> list[dict]:
	decided = sum(total[name] for name in DECIDED.values())
	return [
		figure_card(_("Candidates"), total["listed"]),
		figure_card(_("Not Decided"), total["listed"] - decided, indicator="Orange"),
		figure_card(_("Admitted"), total["admitted"], indicator="Green"),
	]
