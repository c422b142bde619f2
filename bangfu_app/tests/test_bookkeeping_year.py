"""The community's year in the books of ERPNext: every document posted, tied out to the cent."""

import json
import unittest
from decimal import Decimal

import frappe

from bangfu_app.bookkeeping import backlog, presence, tie_out
from bangfu_app.demo import money, year
from bangfu_app.tests import BangfuTestCase, books


@unittest.skipUnless(presence.installed(), "ERPNext is not installed on this site")
class TestYearInTheBooks(BangfuTestCase):
	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		frappe.set_user("Administrator")
		books.make_fiscal_years(2025)
		company = books.make_company()
		# Frappe fills the company of a new school from this
		before = frappe.defaults.get_global_default("company")
		cls.addClassCleanup(frappe.defaults.set_global_default, "company", before)
		frappe.defaults.set_global_default("company", company)
		cls.row = books.row_of(company)
		books.keep_books(dict(cls.row))
		year.load(tell=lambda line: None)
		cls.expected = json.loads((year.WORKBOOKS / "expected.json").read_text())
		# a site of long ago may hold vouchers of records that are no more
		cls.lines = [line for line in tie_out.lines() if frappe.db.exists(line.doctype, line.name)]

	def balance(self, account: str) -> Decimal:
		"""Debit less credit of an account of the company."""
		rows = frappe.get_all(
			"GL Entry", {"account": self.row[account], "is_cancelled": 0}, ["debit", "credit"]
		)
		return sum((Decimal(str(row.debit)) - Decimal(str(row.credit)) for row in rows), Decimal(0))

	def test_every_document_is_posted_and_ties_out(self):
		self.assertFalse(backlog.waiting())
		self.assertGreaterEqual(len(self.lines), 19)
		for line in self.lines:
			with self.subTest(document=line.name):
				self.assertEqual((line.state, line.difference), ("Posted", 0))

	def test_what_was_donated_is_income_to_the_cent(self):
		goods = Decimal(str(self.expected["donation_value"]))
		self.assertEqual(self.balance("donation_income_account"), -(goods + 20000))

	def test_the_bank_holds_what_was_given_less_what_was_paid(self):
		paid = sum(
			Decimal(str(value))
			for value in (
				*frappe.get_all("Subsidy Payment", {"docstatus": 1}, pluck="total_paid"),
				*frappe.get_all("Fund Spending", {"docstatus": 1}, pluck="amount"),
			)
		)
		self.assertGreater(paid, 0)
		self.assertEqual(self.balance("bank_account"), 20000 - paid)
		goods = Decimal(str(self.expected["donation_value"]))
		self.assertEqual(self.balance("aid_expense_account"), goods + paid)

	def test_nothing_is_left_in_erpnexts_stock(self):
		rows = frappe.get_all(
			"Stock Ledger Entry",
			{"warehouse": self.row["warehouse"], "is_cancelled": 0},
			["actual_qty", "stock_value_difference"],
		)
		self.assertTrue(rows)
		self.assertEqual(sum(Decimal(str(row.actual_qty)) for row in rows), 0)
		value = sum(Decimal(str(row.stock_value_difference)) for row in rows)
		self.assertEqual(value.quantize(Decimal("0.01")), 0)

	def test_a_payment_that_is_cancelled_leaves_the_books_and_comes_back_amended(self):
		batch = frappe.db.get_value("Subsidy Batch", {"scheme": money.LIVING})
		name = frappe.get_all("Subsidy Payment", {"batch": batch}, pluck="name", order_by="payment_date")[-1]
		before = self.balance("bank_account")
		payment = frappe.get_doc("Subsidy Payment", name)
		payment.cancel()
		self.assertEqual(self.balance("bank_account"), before + Decimal(str(payment.total_paid)))
		amended = frappe.copy_doc(payment)
		amended.update({"amended_from": name, "docstatus": 0})
		for row in amended.rows:
			row.update({"result": "Paid", "paid_on": "2025-05-28"})
		amended.insert().submit()
		self.assertEqual(self.balance("bank_account"), before)
