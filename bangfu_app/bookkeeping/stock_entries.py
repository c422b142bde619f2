"""Goods in ERPNext: a donation is received, a distribution and a write-off are issued, a return is received again.

What is issued leaves the warehouse and the batch into which its lot was received, and the company that holds it; so a
distribution of goods of two companies makes an entry in each. Lines of one lot are one row: no student is named there.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_link_to_form, getdate, nowtime

from bangfu_app.amounts import cents
from bangfu_app.bookkeeping import companies, documents, items

RECEIPT, ISSUE = "Material Receipt", "Material Issue"
# on the day itself ERPNext's clock runs; of an earlier day what comes in precedes what goes out
TIMES = {"Aid Donation": "00:00:00", "Aid Return": "12:00:00", "Aid Distribution": "23:59:59"}


@dataclass(frozen=True)
class Home:
	"""Where a lot lies in ERPNext."""

	company: str
	warehouse: str
	item: str
	batch: str | None


@dataclass
class Goods:
	"""A quantity of one lot, and what its lines are worth together."""

	home: Home
	unit_value: Decimal
	qty: Decimal = Decimal(0)
	value: Decimal = Decimal(0)

	def add(self, row: Document) -> None:
		self.qty += documents.number(row.qty)
		self.value += cents(documents.number(row.amount))


def of_donation(doc: Document) -> list[Document]:
	books = companies.books_for(doc)
	warehouse = books.warehouse(doc.service_point)
	goods = []
	for row in doc.items:
		item = items.item_of(row.item)
		home = Home(books.company, warehouse, item, items.batch_of(doc.name, row.idx, item))
		lot = Goods(home, documents.number(row.unit_value))
		lot.add(row)
		goods.append(lot)
	cost_center = books.cost_center(doc.get("fund"))
	return [entry(doc, RECEIPT, goods, books.account("donation_income_account"), cost_center)]


def of_distribution(doc: Document) -> list[Document]:
	return _moved(doc, doc.items, ISSUE, "aid_expense_account")


def of_return(doc: Document) -> list[Document]:
	back = [row for row in doc.items if row.outcome == documents.BACK]
	return _moved(doc, back, RECEIPT, "aid_expense_account")


def of_write_off(doc: Document) -> list[Document]:
	return _moved(doc, doc.items, ISSUE, "write_off_account")


def _moved(doc: Document, rows: list[Document], purpose: str, account: str) -> list[Document]:
	"""One entry in each company whose goods these are."""
	entries = []
	for company, goods in _by_company(rows).items():
		books = companies.books_of(company)
		entries.append(entry(doc, purpose, goods, books.account(account), books.cost_center()))
	return entries


def _by_company(rows: list[Document]) -> dict[str, list[Goods]]:
	where, lots = homes(rows), {}
	for row in rows:
		lot = lots.setdefault(
			row.donation_line, Goods(where[row.donation_line], documents.number(row.unit_value))
		)
		lot.add(row)
	companies_of = defaultdict(list)
	for lot in lots.values():
		companies_of[lot.home.company].append(lot)
	return companies_of


def homes(rows: Iterable[Document]) -> dict[str, Home]:
	"""Where each lot of the rows (`donation`, `donation_line`) was received: row n of the entry is line n of the donation."""
	donations = sorted({row.donation for row in rows})
	line, posting = frappe.qb.DocType("Aid Donation Item"), frappe.qb.DocType("Ledger Posting")
	voucher, received = frappe.qb.DocType("Stock Entry"), frappe.qb.DocType("Stock Entry Detail")
	found = (
		frappe.qb.from_(line)
		.join(posting)
		.on((posting.reference_name == line.parent) & (posting.reference_doctype == "Aid Donation"))
		.join(voucher)
		.on((voucher.name == posting.voucher_no) & (voucher.docstatus == 1))
		.join(received)
		.on((received.parent == voucher.name) & (received.idx == line.idx))
		.where((posting.status == "Posted") & line.parent.isin(donations or [""]))
		.select(line.name, voucher.company, received.t_warehouse, received.item_code, received.batch_no)
	).run()
	where = {lot: Home(*home) for lot, *home in found}
	if unknown := sorted({row.donation for row in rows if row.donation_line not in where}):
		frappe.throw(
			_(
				"These donations are not in ERPNext's books yet: {0}. Post the backlog first (report Tie-out)."
			).format(", ".join(get_link_to_form("Aid Donation", name) for name in unknown)),
			title=_("Bookkeeping"),
		)
	return where


def entry(doc: Document, purpose: str, goods: list[Goods], account: str, cost_center: str) -> Document:
	"""The Stock Entry, not inserted."""
	day = getdate(doc.get(documents.DATES[doc.doctype]))
	voucher = frappe.get_doc(
		{
			"doctype": "Stock Entry",
			"stock_entry_type": purpose,
			"purpose": purpose,
			"company": goods[0].home.company,
			"set_posting_time": 1,
			"posting_date": day,
			"posting_time": nowtime()
			if day == getdate()
			else TIMES.get(doc.doctype, TIMES["Aid Distribution"]),
			"remarks": f"{_(doc.doctype)} {doc.name}",
			"items": [row_of(lot, purpose, account, cost_center) for lot in goods],
		}
	)
	value = sum((lot.value for lot in goods), Decimal(0))
	voucher.flags.bangfu_value = value if purpose == RECEIPT else -value
	return voucher


def row_of(lot: Goods, purpose: str, account: str, cost_center: str) -> dict:
	row = {
		"item_code": lot.home.item,
		"qty": float(lot.qty),
		"expense_account": account,
		"cost_center": cost_center,
		"batch_no": lot.home.batch,
		"use_serial_batch_fields": 1,
	}
	if purpose == ISSUE:
		return row | {"s_warehouse": lot.home.warehouse}
	return row | {
		"t_warehouse": lot.home.warehouse,
		"basic_rate": float(lot.unit_value),
		"set_basic_rate_manually": 1,
		"allow_zero_valuation_rate": int(not lot.unit_value),
	}
