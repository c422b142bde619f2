"""Subsidy Register: each yuan granted, one row for each student of an approved batch, and where it got to (M4, M5, M7).

Payee and account are those that were paid; until then those of the batch. Accounts show as masks.
"""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

import frappe
from frappe import _
from frappe.query_builder.functions import Coalesce, NullIf
from frappe.utils import getdate

from bangfu_app.money.subsidy_rules import money
from bangfu_app.report_parts import CHART_COLOURS, chosen, column, figure_card, month_of, months_through
from bangfu_app.rights.criteria import of_schools, restrict

FILTERS = ("scheme", "fund", "school", "term", "period", "batch", "status", "from_date", "to_date")
ROW = "Subsidy Batch Row"
# figure of the summary → states of the rows it sums
FIGURES = {
	"Granted": ("Due", "In Bank File", "Paid", "Failed"),
	"Paid": ("Paid",),
	"In Bank File": ("In Bank File",),
	"Still to Pay": ("Due",),
	"Failed": ("Failed",),
	"Withdrawn": ("Withdrawn",),
}
INDICATORS = {"Paid": "Green", "Failed": "Red", "Still to Pay": "Orange", "Withdrawn": "Grey"}


def execute(filters: dict | None = None) -> tuple:
	rows = get_rows(chosen(filters, FILTERS))
	return get_columns(), rows, None, get_chart(rows), get_summary(rows)


def get_columns() -> list[dict]:
	return [
		column(_("Student"), "student", "Link", options="Student File", hidden=1),
		column(_("Student Name"), "student_name", width=120),
		column(_("School"), "school", "Link", 160, options="School"),
		column(_("Scheme"), "scheme", "Link", 150, options="Subsidy Scheme"),
		column(_("Period"), "period", width=100),
		column(_("Amount"), "amount", "Currency", 110),
		column(_("Status"), "state", width=100),
		column(_("Paid On"), "paid_on", "Date", 110),
		column(_("Payee Name"), "payee_name", width=120),
		column(_("Account"), "account", width=150),
		column(_("Failure Reason"), "failure_reason", width=140),
		column(_("Fund"), "fund", "Link", 150, options="Aid Fund"),
		column(_("Batch"), "batch", "Link", 150, options="Subsidy Batch"),
		column(_("Payment"), "payment", "Link", 150, options="Subsidy Payment"),
	]


def get_rows(filters: frappe._dict) -> list[dict]:
	row, batch = frappe.qb.DocType(ROW), frappe.qb.DocType("Subsidy Batch")
	file, paid = frappe.qb.DocType("Student File"), frappe.qb.DocType("Subsidy Payment Row")
	query = (
		frappe.qb.from_(batch)
		.join(row)
		.on((row.parent == batch.name) & (row.parenttype == "Subsidy Batch"))
		.join(file)
		.on(file.name == row.student)
		.left_join(paid)
		.on((paid.parent == row.payment) & (paid.batch_row == row.name))
		.where(batch.docstatus == 1)
		.select(
			row.student, row.student_name, file.school, batch.scheme, batch.period, row.amount, row.status
		)
		.select(row.paid_on, row.failure_reason, batch.fund, batch.name.as_("batch"), row.payment)
		.select(Coalesce(NullIf(paid.payee_name, ""), row.payee_name).as_("payee_name"))
		.select(Coalesce(NullIf(paid.account, ""), row.account).as_("account"))
		.orderby(batch.name)
		.orderby(row.idx)
	)
	columns = {
		"scheme": batch.scheme,
		"fund": batch.fund,
		"school": file.school,
		"term": batch.term,
		"period": batch.period,
		"batch": batch.name,
		"status": row.status,
	}
	for name, field in columns.items():
		if filters[name]:
			query = query.where(field == filters[name])
	if filters.from_date:
		query = query.where(row.paid_on >= getdate(filters.from_date))
	if filters.to_date:
		query = query.where(row.paid_on <= getdate(filters.to_date))
	found = of_reader(query, row).run(as_dict=True)
	return [{**line, "state": _(line.status, context=ROW)} for line in found]


def of_reader(query, row):
	"""Batches that the reader may see, and of these the rows of students of the reader's schools."""
	query = restrict(query, "Subsidy Batch")
	students = of_schools("Subsidy Batch", frappe.session.user)
	return query if students is None else query.where(row.student.isin(students))


def total(rows: Iterable[dict]) -> Decimal:
	return sum((money(row["amount"]) for row in rows), Decimal(0))


def get_chart(rows: list[dict]) -> dict | None:
	"""Paid by month."""
	months = defaultdict(Decimal)
	for row in rows:
		if row["status"] == "Paid" and row["paid_on"]:
			months[month_of(getdate(row["paid_on"]))] += money(row["amount"])
	if not months:
		return None
	labels = months_through(months)
	return {
		"data": {
			"labels": labels,
			"datasets": [{"name": _("Paid"), "values": [float(months[label]) for label in labels]}],
		},
		"type": "bar",
		"fieldtype": "Currency",
		"colors": CHART_COLOURS,
	}


def get_summary(rows: list[dict]) -> list[dict]:
	students = {row["student"] for row in rows if row["status"] != "Withdrawn"}
	cards = [figure_card(_("Students"), len(students))]
	for label, states in FIGURES.items():
		value = total(row for row in rows if row["status"] in states)
		if value or label in ("Granted", "Paid"):
			cards.append(figure_card(_(label), value, "Currency", INDICATORS.get(label, "Blue")))
	return cards
