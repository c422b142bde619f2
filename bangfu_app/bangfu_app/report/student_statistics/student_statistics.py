"""Student Statistics: how many files stand at which stage, by stage, school, grade, priority or focus."""

from collections import defaultdict

import frappe
from frappe import _
from frappe.query_builder.functions import Count
from pypika.queries import QueryBuilder

from bangfu_app.rights.criteria import restrict

STAGES = (
	"Draft",
	"Class Review",
	"School Review",
	"In Support",
	"Returned",
	"Declined",
	"Closed",
	"Archived",
)
PRIORITIES = ("High", "Medium", "Low")
WAITING = ("Class Review", "School Review")
FIELDS = {"Stage of Work": "status", "School": "school", "Grade": "grade", "Priority": "priority"}
# options of a field, in their own order; other groups go by size
ORDER = {"Stage of Work": STAGES, "Priority": PRIORITIES}


def execute(filters: dict | None = None) -> tuple:
	filters = frappe._dict(filters or {})
	group_by = filters.group_by or "Stage of Work"
	if group_by not in (*FIELDS, "Focus of Support"):
		frappe.throw(_("Unknown grouping: {0}").format(group_by))
	rows = get_rows(group_by, filters)
	return get_columns(group_by), rows, None, get_chart(rows), get_summary(filters)


def get_columns(group_by: str) -> list[dict]:
	counts = (
		("total", _("Student Files")),
		("waiting", _("Waiting for Approval")),
		("in_support", _("In Support")),
	)
	return [
		{"fieldname": "group", "label": _(group_by), "fieldtype": "Data", "width": 240},
		*({"fieldname": name, "label": label, "fieldtype": "Int", "width": 140} for name, label in counts),
		{
			"fieldname": "closed",
			"label": _("Closed", context="Student File"),
			"fieldtype": "Int",
			"width": 140,
		},
	]


def get_rows(group_by: str, filters: dict) -> list[dict]:
	"""One row for each group; a student with several focuses counts in each of them."""
	by_group: dict[str, dict[str, int]] = defaultdict(dict)
	for group, status, number in _query(group_by, filters).run():
		by_group[group or ""][status] = number
	order = ORDER.get(group_by)
	groups = sorted(
		by_group, key=lambda group: order.index(group) if order and group in order else len(order or ())
	)
	rows = [_row(group, by_group[group]) for group in groups]
	return rows if order else sorted(rows, key=lambda row: -row["total"])


def _row(group: str, by_status: dict[str, int]) -> dict:
	return {
		"group": _(group, context="Student File") if group else _("Not set"),
		"total": sum(by_status.values()),
		"waiting": sum(by_status.get(status, 0) for status in WAITING),
		"in_support": by_status.get("In Support", 0),
		"closed": by_status.get("Closed", 0),
	}


def _query(group_by: str, filters: dict) -> QueryBuilder:
	file = frappe.qb.DocType("Student File")
	query = frappe.qb.from_(file)
	if group_by == "Focus of Support":
		need = frappe.qb.DocType("Student Need")
		query = query.join(need).on(need.parent == file.name)
		group = need.neutral_name
	else:
		group = file[FIELDS[group_by]]
	if filters.get("school"):
		query = query.where(file.school == filters["school"])
	query = query.select(group, file.status, Count(file.name).distinct()).groupby(group, file.status)
	return restrict(query, "Student File")


def get_chart(rows: list[dict]) -> dict | None:
	if not rows:
		return None
	return {
		"data": {
			"labels": [row["group"] for row in rows],
			"datasets": [{"name": _("Student Files"), "values": [row["total"] for row in rows]}],
		},
		"type": "bar",
	}


def get_summary(filters: dict) -> list[dict]:
	"""Students, each counted once whatever the grouping."""
	rows = get_rows("Stage of Work", filters)
	return [
		{"label": _("Student Files"), "value": sum(row["total"] for row in rows), "datatype": "Int"},
		{
			"label": _("Waiting for Approval"),
			"value": sum(row["waiting"] for row in rows),
			"datatype": "Int",
			"indicator": "Orange",
		},
		{
			"label": _("In Support"),
			"value": sum(row["in_support"] for row in rows),
			"datatype": "Int",
			"indicator": "Green",
		},
	]
