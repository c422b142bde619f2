"""Which documents of the app go into the books, under which day, and what each is worth.

A value has the sign of what it does to stock or bank: received and returned goods and money are positive, given out,
written off and paid ones negative. Money to the cent.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import frappe
from frappe.model.document import Document
from frappe.query_builder import Case
from frappe.query_builder.functions import Sum
from pypika.queries import QueryBuilder

from bangfu_app.amounts import cents

# DocType → its day
DATES = {
	"Aid Donation": "donation_date",
	"Aid Distribution": "distribution_date",
	"Aid Return": "return_date",
	"Aid Write Off": "write_off_date",
	"Subsidy Payment": "payment_date",
	"Fund Spending": "spent_on",
}
# lost and worn out goods of a return left the stock when they were given out
BACK = "Back in Stock"
PAID = "Paid"


@dataclass
class Posted:
	"""One submitted document that has something to post."""

	doctype: str
	name: str
	day: date
	creation: datetime
	value: Decimal
	exact: Decimal  # the same without rounding each line to the cent
	fund: str | None

	@property
	def order(self) -> tuple:
		"""Chronological, donations of a day before what is given out of them."""
		return self.day, self.doctype != "Aid Donation", self.creation, self.name


def number(value: object) -> Decimal:
	return Decimal(str(value or 0))


def value_of(doc: Document) -> Decimal:
	"""What the document is worth in the books, with its sign."""
	if doc.doctype == "Aid Donation":
		return cents(number(doc.money_amount if doc.kind == "Money" else doc.total_value))
	if doc.doctype == "Aid Return":
		return sum((cents(number(row.amount)) for row in doc.items if row.outcome == BACK), Decimal(0))
	if doc.doctype == "Subsidy Payment":
		return -sum((cents(number(row.amount)) for row in doc.rows if row.result == PAID), Decimal(0))
	return -cents(number(doc.amount if doc.doctype == "Fund Spending" else doc.total_value))


def submitted(from_date: date | None = None, to_date: date | None = None) -> list[Posted]:
	"""All submitted documents of the period that have something to post, in the order of the books."""
	found: list[Posted] = []
	for doctype, read in READERS.items():
		query, table = read(), frappe.qb.DocType(doctype)
		day = table[DATES[doctype]]
		query = query.where(table.docstatus == 1).select(table.name, day.as_("day"), table.creation)
		query = query.where(day >= from_date) if from_date else query
		query = query.where(day <= to_date) if to_date else query
		found += _as_posted(doctype, query.run(as_dict=True))
	return sorted(found, key=lambda posted: posted.order)


def _as_posted(doctype: str, rows: Iterable[dict]) -> Iterable[Posted]:
	sign = 1 if doctype in ("Aid Donation", "Aid Return") else -1
	for row in rows:
		value = sign * cents(number(row.value))
		exact = value if row.get("exact") is None else sign * number(row.exact)
		yield Posted(
			doctype,
			row.name,
			frappe.utils.getdate(row.day),
			frappe.utils.get_datetime(row.creation),
			value,
			exact,
			row.get("fund"),
		)


def _donations() -> QueryBuilder:
	donation, line = frappe.qb.DocType("Aid Donation"), frappe.qb.DocType("Aid Donation Item")
	money = donation.kind == "Money"
	return (
		frappe.qb.from_(donation)
		.left_join(line)
		.on((line.parent == donation.name) & (donation.kind != "Money"))
		.groupby(donation.name, donation.donation_date, donation.creation, donation.fund)
		.groupby(donation.kind, donation.money_amount, donation.total_value)
		.select(donation.fund)
		.select(Case().when(money, donation.money_amount).else_(donation.total_value).as_("value"))
		.select(Case().when(money, donation.money_amount).else_(Sum(line.qty * line.unit_value)).as_("exact"))
	)


def _goods(doctype: str, child: str, outcome: str | None = None) -> QueryBuilder:
	table, line = frappe.qb.DocType(doctype), frappe.qb.DocType(child)
	query = (
		frappe.qb.from_(table)
		.join(line)
		.on(line.parent == table.name)
		.groupby(table.name, table[DATES[doctype]], table.creation)
		.select(Sum(line.amount).as_("value"), Sum(line.qty * line.unit_value).as_("exact"))
	)
	return query.where(line.outcome == outcome) if outcome else query


def _payments() -> QueryBuilder:
	payment, row = frappe.qb.DocType("Subsidy Payment"), frappe.qb.DocType("Subsidy Payment Row")
	return (
		frappe.qb.from_(payment)
		.join(row)
		.on((row.parent == payment.name) & (row.result == PAID))
		.groupby(payment.name, payment.payment_date, payment.creation, payment.fund)
		.select(payment.fund, Sum(row.amount).as_("value"))
	)


def _spendings() -> QueryBuilder:
	spending = frappe.qb.DocType("Fund Spending")
	return frappe.qb.from_(spending).select(spending.fund, spending.amount.as_("value"))


READERS = {
	"Aid Donation": _donations,
	"Aid Distribution": lambda: _goods("Aid Distribution", "Aid Distribution Item"),
	"Aid Return": lambda: _goods("Aid Return", "Aid Return Item", BACK),
	"Aid Write Off": lambda: _goods("Aid Write Off", "Aid Write Off Item"),
	"Subsidy Payment": _payments,
	"Fund Spending": _spendings,
}


def values_of_items(
	from_date: date | None = None, to_date: date | None = None
) -> Iterable[tuple[str, str, Decimal, Decimal]]:
	"""(aid item, DocType, value, value without rounding) of the submitted documents of the period."""
	for doctype, child, outcome in (
		("Aid Donation", "Aid Donation Item", None),
		("Aid Distribution", "Aid Distribution Item", None),
		("Aid Return", "Aid Return Item", BACK),
		("Aid Write Off", "Aid Write Off Item", None),
	):
		table, line = frappe.qb.DocType(doctype), frappe.qb.DocType(child)
		day = table[DATES[doctype]]
		query = frappe.qb.from_(table).join(line).on(line.parent == table.name).where(table.docstatus == 1)
		query = query.where(table.kind != "Money") if doctype == "Aid Donation" else query
		query = query.where(line.outcome == outcome) if outcome else query
		query = query.where(day >= from_date) if from_date else query
		query = query.where(day <= to_date) if to_date else query
		rows = (
			query.groupby(line.item)
			.select(line.item, Sum(line.amount), Sum(line.qty * line.unit_value))
			.run()
		)
		sign = 1 if doctype in ("Aid Donation", "Aid Return") else -1
		for item, value, exact in rows:
			yield item, doctype, sign * cents(number(value)), sign * number(exact)
