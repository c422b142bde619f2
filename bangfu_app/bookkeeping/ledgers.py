"""What stands in ERPNext's Stock Ledger and General Ledger for the vouchers that say they are ours."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import frappe
from frappe.query_builder.functions import Sum
from pypika.queries import QueryBuilder
from pypika.terms import Term

from bangfu_app.amounts import cents
from bangfu_app.bookkeeping import documents, presence

VOUCHERS = ("Stock Entry", "Journal Entry")


@dataclass
class Voucher:
	doctype: str
	name: str
	company: str
	docstatus: int
	day: date
	ref_doctype: str
	ref_name: str
	stock: Decimal | None = None  # None: this ledger is not asked for it
	general: Decimal | None = None


def within(query: QueryBuilder, day: Term, from_date: object, to_date: object) -> QueryBuilder:
	query = query.where(day >= from_date) if from_date else query
	return query.where(day <= to_date) if to_date else query


def read_vouchers(from_date: object = None, to_date: object = None) -> dict[tuple[str, str], Voucher]:
	"""By type and name, with what each is worth in either ledger; none where ERPNext is not installed."""
	found: dict[tuple[str, str], Voucher] = {}
	if not presence.installed():
		return found
	for doctype in VOUCHERS:
		table = frappe.qb.DocType(doctype)
		fields = (table.name, table.company, table.docstatus, table.posting_date)
		rows = _marked(doctype, from_date, to_date).select(
			*fields, table.bangfu_document_type, table.bangfu_document
		)
		for row in rows.run():
			found[doctype, row[0]] = Voucher(doctype, *row)
		_read_general(doctype, found, from_date, to_date)
	_read_stock(found, from_date, to_date)
	return found


def _marked(doctype: str, from_date: object, to_date: object) -> QueryBuilder:
	table = frappe.qb.DocType(doctype)
	query = frappe.qb.from_(table).where((table.docstatus != 0) & (table.bangfu_document != ""))
	return within(query, table.posting_date, from_date, to_date)


def _read_stock(found: dict, from_date: object, to_date: object) -> None:
	voucher, entry = frappe.qb.DocType("Stock Entry"), frappe.qb.DocType("Stock Ledger Entry")
	rows = (
		_marked("Stock Entry", from_date, to_date)
		.join(entry)
		.on((entry.voucher_no == voucher.name) & (entry.voucher_type == "Stock Entry"))
		.where(entry.is_cancelled == 0)
		.groupby(voucher.name)
		.select(voucher.name, Sum(entry.stock_value_difference))
	).run()
	values = dict(rows)
	for (doctype, name), one in found.items():
		if doctype == "Stock Entry":
			one.stock = documents.number(values.get(name))


def _read_general(doctype: str, found: dict, from_date: object, to_date: object) -> None:
	"""What the voucher did to assets: stock or bank. Without perpetual inventory stock has no part in this ledger."""
	voucher, entry, account = map(frappe.qb.DocType, (doctype, "GL Entry", "Account"))
	rows = (
		_marked(doctype, from_date, to_date)
		.join(entry)
		.on((entry.voucher_no == voucher.name) & (entry.voucher_type == doctype))
		.join(account)
		.on(account.name == entry.account)
		.where((entry.is_cancelled == 0) & (account.root_type == "Asset"))
		.groupby(voucher.name)
		.select(voucher.name, Sum(entry.debit - entry.credit))
	).run()
	values = dict(rows)
	for (found_type, name), one in found.items():
		if found_type == doctype and (doctype == "Journal Entry" or is_perpetual(one.company)):
			one.general = documents.number(values.get(name))


def is_perpetual(company: str) -> bool:
	return bool(frappe.get_cached_value("Company", company, "enable_perpetual_inventory"))


def accounts(vouchers: Collection[str]) -> Iterator[tuple[str, str, Decimal]]:
	"""(voucher, account, amount) of the General Ledger; assets as they grow, the others as assets grow by them."""
	entry, account = frappe.qb.DocType("GL Entry"), frappe.qb.DocType("Account")
	rows = (
		frappe.qb.from_(entry)
		.join(account)
		.on(account.name == entry.account)
		.where((entry.is_cancelled == 0) & entry.voucher_no.isin(list(vouchers) or [""]))
		.where(entry.voucher_type.isin(VOUCHERS))
		.groupby(entry.voucher_no, entry.account, account.root_type)
		.select(entry.voucher_no, entry.account, account.root_type, Sum(entry.debit - entry.credit))
	).run()
	for voucher, name, root_type, amount in rows:
		yield voucher, name, cents(documents.number(amount)) * (1 if root_type == "Asset" else -1)


def values_of_items(from_date: object, to_date: object) -> Iterator[tuple[str, str, Decimal]]:
	"""(aid item, type of our document, value) of the Stock Ledger; an Item of no aid item by its own name."""
	voucher, entry = frappe.qb.DocType("Stock Entry"), frappe.qb.DocType("Stock Ledger Entry")
	rows = (
		_marked("Stock Entry", from_date, to_date)
		.join(entry)
		.on((entry.voucher_no == voucher.name) & (entry.voucher_type == "Stock Entry"))
		.where(entry.is_cancelled == 0)
		.groupby(entry.item_code, voucher.bangfu_document_type)
		.select(entry.item_code, voucher.bangfu_document_type, Sum(entry.stock_value_difference))
	).run()
	ours = frappe.get_all("Aid Item", {"erpnext_item": ["is", "set"]}, ["erpnext_item", "name"], as_list=True)
	names = dict(ours)
	for item, doctype, value in rows:
		yield names.get(item, item), doctype, documents.number(value)
