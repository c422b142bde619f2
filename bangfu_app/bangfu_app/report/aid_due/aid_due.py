"""Goods that active plans promise and that were not handed out yet: 应发未发 (bangfu_app.goods.aid_due)."""

from collections import defaultdict
from datetime import date

import frappe
from frappe import _
from frappe.utils import getdate

from bangfu_app.goods.aid_due import Promise, promises_of, promises_query
from bangfu_app.report_parts import CHART_COLOURS, chosen, column, figure_card
from bangfu_app.rights.criteria import aid_due_criterion

FILTERS = ("school", "school_class", "item", "only_overdue", "on_date")


def execute(filters: dict | None = None) -> tuple:
	filters = chosen(filters, FILTERS)
	day = getdate(filters.on_date)
	found = [
		promise
		for promise in promises_of(get_query(filters), day)
		if promise.is_overdue(day) or not filters.only_overdue
	]
	students = students_of(found)
	rows = [as_row(promise, students[promise.student], day) for promise in found]
	return get_columns(), rows, None, get_chart(rows), get_summary(rows)


def get_query(filters: frappe._dict):
	plan, file = frappe.qb.DocType("Support Plan"), frappe.qb.DocType("Student File")
	line = frappe.qb.DocType("Plan Aid")
	query = promises_query()
	criterion = aid_due_criterion()
	if criterion is not None:
		query = query.where(criterion)
	for field, value in ((file.school, filters.school), (file.school_class, filters.school_class)):
		if value:
			query = query.where(field == value)
	if filters.item:
		query = query.where(line.item == filters.item)
	return query.where(plan.from_date <= getdate(filters.on_date))


def students_of(promises: list[Promise]) -> dict[str, frappe._dict]:
	"""Who they are; the name only for whose role reads files."""
	if not promises:
		return {}
	fields = ["name", "school", "school_class"]
	if frappe.has_permission("Student File", "read"):
		fields.append("student_name")
	filters = {"name": ["in", sorted({promise.student for promise in promises})]}
	return {row.name: row for row in frappe.get_all("Student File", filters, fields)}


def as_row(promise: Promise, student: frappe._dict, day: date) -> dict:
	return {
		"student": promise.student,
		"student_name": student.student_name,
		"school": student.school,
		"school_class": student.school_class,
		"item": promise.item,
		"promised": float(promise.promised),
		"received": float(promise.received),
		"due": float(promise.left),
		"due_by": promise.due_by,
		"overdue": int(promise.is_overdue(day)),
		"plan_aid": promise.name,
	}


def get_columns() -> list[dict]:
	named = []
	if frappe.has_permission("Student File", "read"):
		named = [column(_("Student Name"), "student_name", width=120)]
	return [
		column(_("Student"), "student", "Link", 150, options="Student File"),
		*named,
		column(_("School"), "school", "Link", 140, options="School"),
		column(_("Class"), "school_class", "Link", 130, options="School Class"),
		column(_("Item", context="Aid Item"), "item", "Link", 150, options="Aid Item"),
		column(_("Promised"), "promised", "Float", 90),
		column(_("Handed Out"), "received", "Float", 90),
		column(_("Still Due"), "due", "Float", 90),
		column(_("Due By"), "due_by", "Date", 120),
		column(_("Overdue"), "overdue", "Check", 80),
	]


def get_chart(rows: list[dict]) -> dict | None:
	if not rows:
		return None
	totals = defaultdict(lambda: [0, 0])
	for row in rows:
		totals[row["item"]][0] += row["due"]
		totals[row["item"]][1] += row["received"]
	due, received = zip(*totals.values(), strict=True)
	return {
		"data": {
			"labels": list(totals),
			"datasets": [
				{"name": _("Handed Out"), "values": received},
				{"name": _("Still Due"), "values": due},
			],
		},
		"type": "bar",
		"barOptions": {"stacked": 1},
		"fieldtype": "Float",
		"colors": CHART_COLOURS,
	}


def get_summary(rows: list[dict]) -> list[dict]:
	waiting = [row for row in rows if row["due"]]
	overdue = sum(row["overdue"] for row in rows)
	return [
		figure_card(_("Promises"), len(rows)),
		figure_card(_("Kept"), len(rows) - len(waiting), indicator="Green"),
		figure_card(_("Students Waiting"), len({row["student"] for row in waiting}), indicator="Orange"),
		figure_card(_("Overdue"), overdue, indicator="Red" if overdue else "Green"),
	]
