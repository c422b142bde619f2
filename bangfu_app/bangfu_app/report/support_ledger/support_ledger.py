"""帮扶台账: what was done for whom, when, by whom, with how many minutes and which goods.

A row is one attendance, one session without roster, one line of goods given to a student, or what came back of it.
"""

from collections import defaultdict
from decimal import Decimal

import frappe
from frappe import _
from pypika.queries import QueryBuilder
from pypika.terms import Field

from bangfu_app.counting import class_hours, held_sessions
from bangfu_app.goods.aid_stock import BACK_IN_STOCK
from bangfu_app.report_parts import (
	CHART_COLOURS,
	chosen,
	column,
	figure_card,
	month_of,
	months_through,
	period_message,
	readable_sessions,
	session_period,
)
from bangfu_app.rights.criteria import criterion_of, restrict

FILTERS = ("from_date", "to_date", "school", "student", "session_kind")
AID = "Aid"  # beside the kinds of session
GOODS = ("Aid Distribution", "Aid Return")


def execute(filters: dict | None = None) -> tuple:
	filters = chosen(filters, FILTERS)
	filters.update(session_period(filters))
	rows = [*attendances(filters), *sessions_without_roster(filters)]
	add_supporters(rows, filters)
	rows += [*aid_lines(filters), *aid_back(filters)]
	rows.sort(key=lambda row: (row.date, row.record, row.student_name or ""))
	return get_columns(), rows, period_message(filters), get_chart(rows), get_summary(rows)


def of_period(filters: frappe._dict) -> QueryBuilder:
	"""Sessions held in the period, of the kind asked for. School means the student's, so it is not among these."""
	return held_sessions({name: filters[name] for name in ("from_date", "to_date", "session_kind")})


def of_readable_students(query: QueryBuilder, filters: frappe._dict) -> QueryBuilder:
	"""Join the file of `student`, as far as the reader may see it."""
	file = frappe.qb.DocType("Student File")
	if filters.student:
		query = query.where(file.name == filters.student)
	if filters.school:
		query = query.where(file.school == filters.school)
	return restrict(query, "Student File")


def attendances(filters: frappe._dict) -> list[frappe._dict]:
	session = frappe.qb.DocType("Support Session")
	attendance = frappe.qb.DocType("Session Attendance")
	file = frappe.qb.DocType("Student File")
	query = (
		of_period(filters)
		.join(attendance)
		.on(attendance.parent == session.name)
		.join(file)
		.on(file.name == attendance.student)
		.where(attendance.state == "Attended")
		.select(
			session.name.as_("record"),
			session.session_date.as_("date"),
			session.session_kind,
			session.theme.as_("subject"),
			session.minutes.as_("session_minutes"),
			attendance.minutes,
			file.name.as_("student"),
			file.student_name,
			file.school,
		)
	)
	criterion = criterion_of("Support Session")
	if criterion is not None:
		query = query.where(criterion)
	rows = of_readable_students(query, filters).run(as_dict=True)
	return [as_session_row(row, person_times=1) for row in rows]


def sessions_without_roster(filters: frappe._dict) -> list[frappe._dict]:
	if filters.student:
		return []
	session = frappe.qb.DocType("Support Session")
	query = (
		of_period(filters)
		.where(session.has_roster == 0)
		.select(
			session.name.as_("record"),
			session.session_date.as_("date"),
			session.session_kind,
			session.theme.as_("subject"),
			session.minutes.as_("session_minutes"),
			session.attended,
			session.school,
		)
	)
	if filters.school:
		query = query.where(session.school == filters.school)
	rows = readable_sessions(query).run(as_dict=True)
	return [as_session_row(row, person_times=row.attended or 0, student_name="—") for row in rows]


def as_session_row(row: frappe._dict, **more) -> frappe._dict:
	row.update(more)
	row.update(
		kind=_(row.session_kind, context="Support Session"),
		minutes=row.minutes or row.session_minutes,
		record_doctype="Support Session",
		qty=None,  # no goods, which is not 0 pieces
		value=None,
	)
	return row


def add_supporters(rows: list[frappe._dict], filters: frappe._dict) -> None:
	held_by = frappe.qb.DocType("Session Supporter")
	session = frappe.qb.DocType("Support Session")
	found = (
		frappe.qb.from_(held_by)
		.where(held_by.parent.isin(of_period(filters).select(session.name)))
		.select(held_by.parent, held_by.supporter_name, held_by.supporter)
		.orderby(held_by.parent)
		.orderby(held_by.idx)
	).run()
	names = defaultdict(list)
	for record, supporter_name, supporter in found:
		names[record].append(supporter_name or supporter)
	for row in rows:
		row.supporters = "、".join(names[row.record])


def aid_lines(filters: frappe._dict) -> list[frappe._dict]:
	"""Goods given to students; only for those who may read distributions."""
	distribution = frappe.qb.DocType("Aid Distribution")
	user = frappe.qb.DocType("User")
	query = of_goods(filters, "Aid Distribution", distribution.distribution_date)
	if not query:
		return []
	query = query.left_join(user).on(user.name == distribution.handed_over_by)
	return goods_rows(query.select(user.full_name.as_("supporters")), filters, "Aid Distribution")


def aid_back(filters: frappe._dict) -> list[frappe._dict]:
	"""What students brought back into stock, less than nothing: the sum is what they have (M10)."""
	query = of_goods(filters, "Aid Return", frappe.qb.DocType("Aid Return").return_date)
	if not query:
		return []
	query = query.where(frappe.qb.DocType("Aid Return Item").outcome == BACK_IN_STOCK)
	rows = goods_rows(query, filters, "Aid Return")
	for row in rows:
		row.update(qty=-row.qty, value=-row.value)
	return rows


def of_goods(filters: frappe._dict, doctype: str, day: Field) -> QueryBuilder | None:
	"""Submitted lines of students in the period; None for a reader without the right, or of another kind."""
	if filters.session_kind not in (None, AID) or not frappe.has_permission(doctype, "read"):
		return None
	record, line = frappe.qb.DocType(doctype), frappe.qb.DocType(f"{doctype} Item")
	file = frappe.qb.DocType("Student File")
	query = (
		frappe.qb.from_(line)
		.join(record)
		.on(record.name == line.parent)
		.join(file)
		.on(file.name == line.student)
		.where(record.docstatus == 1)
		.select(record.name.as_("record"), day.as_("date"), line.item.as_("subject"))
		.select(line.qty, line.uom, line.amount.as_("value"))
		.select(file.name.as_("student"), file.student_name, file.school)
	)
	if filters.from_date:
		query = query.where(day >= filters.from_date)
	if filters.to_date:
		query = query.where(day <= filters.to_date)
	return query


def goods_rows(query: QueryBuilder, filters: frappe._dict, doctype: str) -> list[frappe._dict]:
	rows = of_readable_students(query, filters).run(as_dict=True)
	for row in rows:
		row.update(kind=_(AID), record_doctype=doctype, person_times=None, minutes=None)
	return rows


def get_columns() -> list[dict]:
	return [
		column(_("Date"), "date", "Date", 115),
		column(_("Student"), "student", "Link", 150, options="Student File"),
		column(_("Name", context="Student File"), "student_name", width=90),
		column(_("School"), "school", "Link", 130, options="School"),
		column(_("Kind", context="Support Session"), "kind", width=120),
		column(_("Theme or Item"), "subject", width=200),
		column(_("Supporters"), "supporters", width=130),
		column(_("Person-times"), "person_times", "Int", 80),
		column(_("Minutes"), "minutes", "Int", 80),
		column(_("Quantity"), "qty", "Float", 90),
		column(_("Unit"), "uom", width=60),
		column(_("Value", context="Aid Distribution Item"), "value", "Currency", 100),
		column(_("Record"), "record", "Dynamic Link", 150, options="record_doctype"),
		column(_("Record Type"), "record_doctype", hidden=1),
	]


def sessions_of(rows: list[frappe._dict]) -> dict[str, frappe._dict]:
	"""One row of each session: its minutes count once, however many attended."""
	return {row.record: row for row in rows if row.record_doctype == "Support Session"}


def get_chart(rows: list[frappe._dict]) -> dict | None:
	minutes = defaultdict(int)
	for row in sessions_of(rows).values():
		minutes[month_of(row.date)] += row.session_minutes or 0
	if not minutes:
		return None
	months = months_through(minutes)
	return {
		"data": {
			"labels": months,
			"datasets": [{"name": _("Minutes"), "values": [minutes[month] for month in months]}],
		},
		"type": "bar",
		"fieldtype": "Int",
		"colors": CHART_COLOURS,
	}


def get_summary(rows: list[frappe._dict]) -> list[dict]:
	sessions = sessions_of(rows)
	attended = [row for row in rows if row.record in sessions]
	goods = [Decimal(str(row.value or 0)) for row in rows if row.record_doctype in GOODS]
	minutes = sum(row.session_minutes or 0 for row in sessions.values())
	# a session without roster makes the number of persons unknown (counting.py)
	known = all(row.student for row in attended)
	return [
		figure_card(_("Persons"), len({row.student for row in attended}) if known else "—"),
		figure_card(_("Person-times"), sum(row.person_times for row in attended)),
		figure_card(_("Minutes"), minutes),
		figure_card(_("Class Hours"), class_hours(minutes), "Float"),
		*([figure_card(_("Value of Goods"), sum(goods), "Currency", "Green")] if goods else []),
	]
