"""Every movement of goods and money, as far as the reader may read its record: what the Aid Ledger shows.

A movement is one line of a submitted record. Goods name the lot, so that donor, gift and student stand in one row.
"""

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal

import frappe
from frappe.query_builder import Criterion
from frappe.query_builder.functions import IfNull
from frappe.utils import getdate
from pypika.queries import QueryBuilder, Table
from pypika.terms import Field

from bangfu_app.goods.aid_stock import BACK_IN_STOCK, lead_days
from bangfu_app.rights.criteria import CRITERIA, allowed_schools, criterion_of

Rows = list[frappe._dict]


def movements(filters: frappe._dict) -> Rows:
	"""Rows (date, kind, document, donor, fund, item, qty, value_in, value_out, student, …), oldest first."""
	rows = [
		row
		for kind, find in KINDS.items()
		if filters.kind in (None, kind)
		for row in of_kind(kind, find, filters)
	]
	add_vouchers(rows)
	return sorted(rows, key=lambda row: (row.date, list(KINDS).index(row.kind), row.document, row.idx or 0))


def newest_day() -> date | None:
	"""Of the newest movement, whoever may read it; None before the first."""
	days = [
		frappe.db.get_value(doctype, {"docstatus": 1}, day, order_by=f"{day} desc")
		for doctype, day in DAYS.items()
	]
	return max((getdate(day) for day in days if day), default=None)


DAYS = {
	"Aid Donation": "donation_date",
	"Aid Distribution": "distribution_date",
	"Subsidy Payment": "payment_date",
	"Fund Spending": "spent_on",
}


def of_kind(kind: str, find: Callable[[frappe._dict], QueryBuilder | None], filters: frappe._dict) -> Rows:
	query = find(filters)
	rows = query.run(as_dict=True) if query else []
	for row in rows:
		row.update(kind=kind, date=getdate(row.date))  # SQLite gives a chosen date as text
		value, qty = row.pop("value", None), row.pop("pieces", None)
		if kind in GOING_OUT:
			row.update(value_in=None, value_out=value, qty=None if qty is None else -qty)
		else:
			row.update(value_in=value, value_out=None, qty=qty)
		if row.donated_on and kind == "Handed Out":
			row.lead_days = lead_days(row.donated_on, row.received_on or row.date)
	return rows


# ---------------------------------------------------------------- goods


def receipts(filters: frappe._dict) -> QueryBuilder | None:
	if filters.student or not may_read("Aid Donation"):
		return None
	donation, line = frappe.qb.DocType("Aid Donation"), frappe.qb.DocType("Aid Donation Item")
	query = (
		base(donation, donation.donation_date, filters)
		.join(line)
		.on(line.parent == donation.name)
		.where(IfNull(donation.kind, "Goods") != "Money")
		.select(line.idx, line.item, line.uom, line.qty.as_("pieces"), line.amount.as_("value"))
		.select(donation.name.as_("donation"), donation.donor, donation.fund, donation.school)
	)
	return chosen_of(query, filters, item=line.item, **of_donation(donation))


def hand_outs(filters: frappe._dict) -> QueryBuilder | None:
	return of_students("Aid Distribution", "distribution_date", "purpose", filters)


def returns(filters: frappe._dict) -> QueryBuilder | None:
	query = of_students("Aid Return", "return_date", "reason", filters)
	return query and query.where(frappe.qb.DocType("Aid Return Item").outcome == BACK_IN_STOCK)


def of_students(doctype: str, day: str, note: str, filters: frappe._dict) -> QueryBuilder | None:
	"""Lines of goods with a receiver: to or from a student, whose school is the line's, or an organisation."""
	if not may_read(doctype):
		return None
	record, line = frappe.qb.DocType(doctype), frappe.qb.DocType(f"{doctype} Item")
	file, donation = frappe.qb.DocType("Student File"), frappe.qb.DocType("Aid Donation")
	query = (
		base(record, record[day], filters)
		.join(line)
		.on(line.parent == record.name)
		.left_join(file)
		.on(file.name == line.student)
		.left_join(donation)
		.on(donation.name == line.donation)
		.select(line.idx, line.item, line.uom, line.qty.as_("pieces"), line.amount.as_("value"))
		.select(line.donation, line.donor, donation.fund, donation.donation_date.as_("donated_on"))
		.select(line.student, file["alias"], file.school, line.partner, record[note].as_("note"))
	)
	if doctype == "Aid Distribution":
		query = query.select(line.received_on)
	fields = {"item": line.item, "donor": line.donor, "donation": line.donation, "fund": donation.fund}
	return chosen_of(
		of_own_students(query, line), filters, student=line.student, school=file.school, **fields
	)


def write_offs(filters: frappe._dict) -> QueryBuilder | None:
	if filters.student or not may_read("Aid Write Off"):
		return None
	record, line = frappe.qb.DocType("Aid Write Off"), frappe.qb.DocType("Aid Write Off Item")
	donation = frappe.qb.DocType("Aid Donation")
	query = (
		base(record, record.write_off_date, filters)
		.join(line)
		.on(line.parent == record.name)
		.left_join(donation)
		.on(donation.name == line.donation)
		.select(line.idx, line.item, line.uom, line.qty.as_("pieces"), line.amount.as_("value"))
		.select(line.donation, line.donor, donation.fund, record.school, record.explanation.as_("note"))
	)
	fields = {"item": line.item, "donor": line.donor, "donation": line.donation, "fund": donation.fund}
	return chosen_of(query, filters, school=record.school, **fields)


# ---------------------------------------------------------------- money


def money_received(filters: frappe._dict) -> QueryBuilder | None:
	if filters.student or filters.item or not may_read("Aid Donation"):
		return None
	donation = frappe.qb.DocType("Aid Donation")
	query = (
		base(donation, donation.donation_date, filters)
		.where(donation.kind == "Money")
		.select(donation.money_amount.as_("value"), donation.name.as_("donation"))
		.select(donation.donor, donation.fund, donation.school, donation.payment_reference.as_("note"))
	)
	return chosen_of(query, filters, **of_donation(donation))


def subsidies_paid(filters: frappe._dict) -> QueryBuilder | None:
	"""Rows that the bank paid; by the day of payment, else that of the payment's record."""
	if filters.item or filters.donor or filters.donation:
		return None
	if not (may_read("Subsidy Payment") and may_read("Subsidy Batch")):
		return None
	payment, row = frappe.qb.DocType("Subsidy Payment"), frappe.qb.DocType("Subsidy Payment Row")
	batch, file = frappe.qb.DocType("Subsidy Batch"), frappe.qb.DocType("Student File")
	query = (
		base(payment, IfNull(row.paid_on, payment.payment_date), filters)
		.join(row)
		.on(row.parent == payment.name)
		.join(batch)
		.on(batch.name == payment.batch)
		.left_join(file)
		.on(file.name == row.student)
		.where(row.result == "Paid")
		.select(row.idx, row.amount.as_("value"), row.student, file["alias"], file.school)
		.select(payment.fund, payment.scheme.as_("note"))
	)
	query = of_own_students(readable(query, batch, "Subsidy Batch"), row)
	return chosen_of(query, filters, student=row.student, school=file.school, fund=payment.fund)


def spendings(filters: frappe._dict) -> QueryBuilder | None:
	if filters.item or filters.donor or filters.donation or filters.student or not may_read("Fund Spending"):
		return None
	spending = frappe.qb.DocType("Fund Spending")
	query = base(spending, spending.spent_on, filters).select(
		spending.amount.as_("value"), spending.fund, spending.school, spending.purpose.as_("note")
	)
	return chosen_of(query, filters, school=spending.school, fund=spending.fund)


KINDS = {
	"Receipt": receipts,
	"Money Received": money_received,
	"Handed Out": hand_outs,
	"Returned": returns,
	"Written Off": write_offs,
	"Subsidy Paid": subsidies_paid,
	"Spending": spendings,
}
GOING_OUT = ("Handed Out", "Written Off", "Subsidy Paid", "Spending")
MONEY = ("Money Received", "Subsidy Paid", "Spending")


# ---------------------------------------------------------------- what the queries share


def may_read(doctype: str) -> bool:
	return bool(frappe.has_permission(doctype, "read"))


def base(record: Table, day: Field, filters: frappe._dict) -> QueryBuilder:
	"""Submitted records of the period that the reader may read."""
	doctype = record._table_name.removeprefix("tab")
	query = (
		frappe.qb.from_(record)
		.where(record.docstatus == 1)
		.select(record.name.as_("document"), day.as_("date"))
	)
	if filters.from_date:
		query = query.where(day >= filters.from_date)
	if filters.to_date:
		query = query.where(day <= filters.to_date)
	return readable(query, record, doctype)


def readable(query: QueryBuilder, record: Table, doctype: str) -> QueryBuilder:
	"""The criterion of the DocType, and User Permissions on School as Frappe applies them to lists."""
	criterion = criterion_of(doctype) if doctype in CRITERIA else None
	if criterion is not None:
		query = query.where(criterion)
	schools = allowed_schools(doctype)
	for field in frappe.get_meta(doctype).get_link_fields() if schools else ():
		if field.options == "School" and not field.ignore_user_permissions:
			own = record[field.fieldname]
			query = query.where(own.isin(schools) | (IfNull(own, "") == ""))
	return query


def of_own_students(query: QueryBuilder, line: Table) -> QueryBuilder:
	"""A record may name students of several schools: of those, the reader's own."""
	schools = allowed_schools("Student File")
	if not schools:
		return query
	file = frappe.qb.DocType("Student File")
	return query.where(file.school.isin(schools) | (IfNull(line.student, "") == ""))


def of_donation(donation: Table) -> dict[str, Field]:
	return {
		"donor": donation.donor,
		"donation": donation.name,
		"fund": donation.fund,
		"school": donation.school,
	}


def chosen_of(query: QueryBuilder, filters: frappe._dict, **fields: Field) -> QueryBuilder:
	wanted: list[Criterion] = [field == filters[name] for name, field in fields.items() if filters[name]]
	return query.where(Criterion.all(wanted)) if wanted else query


def add_vouchers(rows: Iterable[frappe._dict]) -> None:
	"""The record type of each row, and ERPNext's voucher where there is one: one query."""
	for row in rows:
		row.document_type = RECORDS[row.kind]
	names = sorted({row.document for row in rows})
	posting = frappe.qb.DocType("Ledger Posting")
	found = (
		(
			frappe.qb.from_(posting)
			.where(posting.reference_name.isin(names) & (posting.status == "Posted"))
			.select(
				posting.reference_doctype, posting.reference_name, posting.voucher_type, posting.voucher_no
			)
		).run()
		if names
		else ()
	)
	vouchers = {(doctype, name): (kind, number) for doctype, name, kind, number in found}
	for row in rows:
		row.voucher_type, row.voucher = vouchers.get((row.document_type, row.document), (None, None))


RECORDS = {
	"Receipt": "Aid Donation",
	"Money Received": "Aid Donation",
	"Handed Out": "Aid Distribution",
	"Returned": "Aid Return",
	"Written Off": "Aid Write Off",
	"Subsidy Paid": "Subsidy Payment",
	"Spending": "Fund Spending",
}


def total(rows: Iterable[frappe._dict], name: str, money: bool) -> Decimal:
	return sum((Decimal(str(row[name] or 0)) for row in rows if (row.kind in MONEY) == money), Decimal(0))
