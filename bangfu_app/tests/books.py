"""Books of ERPNext for tests: a company with accounts, warehouse and fiscal years, and Bangfu Settings that post into it.

The tests that need ERPNext derive from BooksTestCase and are skipped, with a word, where it is not installed.
"""

import unittest
from contextlib import contextmanager
from decimal import Decimal
from unittest.mock import patch

import frappe
from frappe.model.document import Document

from bangfu_app.bookkeeping import presence, tie_out
from bangfu_app.tests import BangfuTestCase, factories

COMPANY = "Bangfu Test Books"


def make_company(name: str = COMPANY) -> str:
	if not frappe.db.exists("Company", name):
		abbr = f"B{factories.serial()}"
		frappe.get_doc(
			{
				"doctype": "Company",
				"company_name": name,
				"abbr": abbr,
				"default_currency": "CNY",
				"country": "China",
				"chart_of_accounts": "Standard",
				"enable_perpetual_inventory": 1,
			}
		).insert()
	return name


def make_account(company: str, account_name: str, root_type: str, account_type: str = "") -> str:
	parent = frappe.db.get_value(
		"Account",
		{"company": company, "root_type": root_type, "is_group": 1, "parent_account": ["is", "set"]},
	)
	account = {"account_name": account_name, "company": company, "parent_account": parent}
	name = frappe.db.get_value("Account", {"account_name": account_name, "company": company})
	return (
		name or frappe.get_doc({"doctype": "Account", "account_type": account_type, **account}).insert().name
	)


def make_warehouse(company: str, warehouse_name: str = "Aid Store") -> str:
	found = frappe.db.get_value("Warehouse", {"warehouse_name": warehouse_name, "company": company})
	warehouse = {"doctype": "Warehouse", "warehouse_name": warehouse_name, "company": company}
	return found or frappe.get_doc(warehouse).insert().name


def make_cost_center(company: str, name: str) -> str:
	parent = frappe.db.get_value("Cost Center", {"company": company, "is_group": 1})
	center = {"doctype": "Cost Center", "cost_center_name": name, "company": company}
	return frappe.get_doc({**center, "parent_cost_center": parent}).insert().name


def make_fiscal_years(*years: int) -> None:
	for year in years:
		if not frappe.db.exists("Fiscal Year", {"year_start_date": f"{year}-01-01"}):
			days = {"year_start_date": f"{year}-01-01", "year_end_date": f"{year}-12-31"}
			frappe.get_doc({"doctype": "Fiscal Year", "year": f"Bangfu {year}", **days}).insert()


def row_of(company: str, **values) -> dict:
	"""A row of Bangfu Settings → Companies with all it needs."""
	return {
		"company": company,
		"donation_income_account": make_account(company, "Donations", "Income"),
		"aid_expense_account": make_account(company, "Aid", "Expense"),
		"write_off_account": make_account(company, "Aid Written Off", "Expense"),
		"bank_account": make_account(company, "Aid Bank", "Asset", "Bank"),
		"warehouse": make_warehouse(company),
		**values,
	}


def keep_books(*rows: dict, **values) -> None:
	"""Post into the companies of these rows from now on."""
	settings = frappe.get_doc("Bangfu Settings")
	settings.update({"post_to_erpnext": 1, "create_erpnext_items": 1, **values})
	settings.set("bookkeeping_companies", list(rows))
	settings.save()


@unittest.skipUnless(presence.installed(), "ERPNext is not installed on this site")
class BooksTestCase(BangfuTestCase):
	"""A company with everything, the documents of the app posted into it."""

	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		frappe.set_user("Administrator")
		cls.company = make_company()
		make_fiscal_years(*range(2024, frappe.utils.getdate().year + 1))
		cls.row = row_of(cls.company)
		cls.student = factories.make_student().name

	def setUp(self):
		super().setUp()
		keep_books(dict(self.row))
		self.item = factories.make_item(f"Item {frappe.generate_hash(length=8)}").name

	def vouchers(self, doc: Document, status: str = "Posted") -> list[Document]:
		filters = {"reference_doctype": doc.doctype, "reference_name": doc.name, "status": status}
		rows = frappe.get_all("Ledger Posting", filters, ["voucher_type", "voucher_no"], order_by="name")
		return [frappe.get_doc(row.voucher_type, row.voucher_no) for row in rows]

	def voucher(self, doc: Document, status: str = "Posted") -> Document:
		(found,) = self.vouchers(doc, status)
		return found

	def line(self, doc: Document) -> tie_out.Line:
		"""The document's line in the report."""
		(found,) = [one for one in tie_out.lines() if (one.doctype, one.name) == (doc.doctype, doc.name)]
		return found

	def assert_ties_out(self, doc: Document, value: str) -> None:
		line = self.line(doc)
		self.assertEqual((line.state, line.value, line.difference), ("Posted", Decimal(value), 0))

	def general_ledger(self, voucher: Document) -> dict[str, Decimal]:
		"""Debit less credit by account."""
		rows = frappe.get_all(
			"GL Entry", {"voucher_no": voucher.name, "is_cancelled": 0}, ["account", "debit", "credit"]
		)
		sums: dict[str, Decimal] = {}
		for row in rows:
			amount = Decimal(str(row.debit)) - Decimal(str(row.credit))
			sums[row.account] = sums.get(row.account, Decimal(0)) + amount
		return sums


@contextmanager
def without_commit():
	"""The backlog commits after each document; a test takes all back."""
	with patch.object(frappe.db, "commit"):
		yield
