"""All or nothing: what ERPNext refuses, a failure in the middle, a process killed between two writes; the guards."""

import subprocess
import sys
import unittest
from unittest.mock import patch

import frappe
from frappe.utils import add_days, today

from bangfu_app.bookkeeping import guard, posting, presence
from bangfu_app.tests import BangfuTestCase, factories
from bangfu_app.tests.books import (
	BooksTestCase,
	keep_books,
)


class TestRefusals(BooksTestCase):
	def assert_refused(self, wording: str) -> None:
		donation = factories.make_donation(self.item, 3, submit=False)
		frappe.db.savepoint("before_submit")
		with self.assertRaisesRegex(posting.NotPosted, wording) as refusal:
			donation.submit()
		self.assertIn(donation.name, str(refusal.exception))
		frappe.db.rollback(save_point="before_submit")
		self.assertEqual(frappe.db.get_value("Aid Donation", donation.name, "docstatus"), 0)
		self.assertFalse(frappe.db.exists("Stock Entry", {"bangfu_document": donation.name}))

	def test_a_missing_account_is_named(self):
		keep_books(self.row | {"donation_income_account": None})
		self.assert_refused("Donation Income Account.*is not set.*Bangfu Settings")

	def test_a_missing_warehouse_is_named(self):
		keep_books(self.row | {"warehouse": None})
		self.assert_refused("warehouse of .* is not set")

	def test_a_missing_item_is_named(self):
		keep_books(dict(self.row), create_erpnext_items=0)
		self.assert_refused(f"No Item of ERPNext.*{self.item}")

	def test_frozen_stock(self):
		frappe.db.set_single_value("Stock Settings", "stock_frozen_upto", add_days(today(), 1))
		frappe.db.set_single_value("Stock Settings", "stock_auth_role", "Accounts Manager")
		user = factories.make_user("Bangfu Finance")
		donation = factories.make_donation(self.item, 3, submit=False)
		with (
			self.set_user(user),
			self.assertRaisesRegex(posting.NotPosted, "Stock transactions before .* are frozen"),
		):
			frappe.get_doc("Aid Donation", donation.name).submit()

	def test_a_closed_period(self):
		frappe.get_doc(
			{
				"doctype": "Accounting Period",
				"period_name": "Closed for Bangfu",
				"company": self.company,
				"start_date": "2024-01-01",
				"end_date": "2024-12-31",
				"closed_documents": [{"document_type": "Stock Entry", "closed": 1}],
			}
		).insert()
		with self.assertRaisesRegex(posting.NotPosted, "Closed for Bangfu"):
			factories.make_donation(self.item, 3, donation_date="2024-05-01")

	def test_a_day_without_a_fiscal_year(self):
		with self.assertRaisesRegex(posting.NotPosted, "Fiscal Year"):
			factories.make_donation(self.item, 3, donation_date="2011-05-01")

	def test_finance_needs_no_role_of_erpnext(self):
		with self.set_user(factories.make_user("Bangfu Finance")):
			donation = factories.make_donation(self.item, 3)
			self.assertFalse(frappe.has_permission("Stock Entry", "create"))
			donation.cancel()
		self.assertEqual(self.voucher(donation, "Cancelled").docstatus, 2)


class TestHalves(BooksTestCase):
	def test_a_failure_at_row_37_of_40_leaves_nothing(self):
		items = [factories.make_item(f"Item {frappe.generate_hash(length=8)}").name for _number in range(40)]
		donation = factories.make_donation(
			items[0], 1, items=[{"item": item, "qty": 2, "unit_value": 10} for item in items], submit=False
		)
		ledgers = ("Stock Entry", "Stock Ledger Entry", "GL Entry", "Ledger Posting", "Batch")
		before = {doctype: frappe.db.count(doctype) for doctype in ledgers}
		from erpnext.stock import stock_ledger

		made, rows = stock_ledger.make_entry, []

		def failing(args, *more, **named):
			rows.append(args)
			if len(rows) == 37:
				frappe.throw("Row 37 is refused")
			return made(args, *more, **named)

		frappe.db.savepoint("before_submit")
		with patch.object(stock_ledger, "make_entry", failing):
			self.assertRaisesRegex(posting.NotPosted, "Row 37 is refused", donation.submit)
		frappe.db.rollback(save_point="before_submit")  # as the request does
		self.assertEqual(len(rows), 37)
		self.assertEqual({doctype: frappe.db.count(doctype) for doctype in ledgers}, before)
		self.assertEqual(frappe.db.get_value("Aid Donation", donation.name, "docstatus"), 0)
		donation.reload()
		donation.submit()
		self.assert_ties_out(donation, "800")

	def test_forty_rows_and_an_old_day_are_posted_at_once(self):
		"""ERPNext leaves long and old entries to a job of its own where it may."""
		lines = [{"item": self.item, "qty": 1, "unit_value": 1}] * 120
		donation = factories.make_donation(
			self.item, 1, items=[dict(line) for line in lines], donation_date="2024-02-01", submit=False
		)
		with patch.dict(frappe.flags, in_test=False):
			donation.submit()
		self.assertEqual(self.voucher(donation).docstatus, 1)
		self.assert_ties_out(donation, "120")


@unittest.skipUnless(presence.installed(), "ERPNext is not installed on this site")
class TestKilled(BangfuTestCase):
	"""In a process of its own that ends within the transaction; this one writes nothing for it to wait for."""

	CODE = """
import os, sys, frappe
frappe.init(sys.argv[1])
frappe.connect()
frappe.set_user("Administrator")
from bangfu_app.bookkeeping import posting
from bangfu_app.tests import books, factories
def die(*_args, **_named):
	print("written:", frappe.db.count("Aid Donation", {"docstatus": 1, "donor": "Killed"}), flush=True)
	os._exit(9)
setattr(posting, sys.argv[2], die)
books.make_fiscal_years(2025)
books.keep_books(books.row_of(books.make_company()))
factories.make_item("Killed")
factories.make_donation("Killed", 3, donor=factories.make_partner("Killed").name)
frappe.db.commit()
"""

	def test_nothing_is_there_of_what_was_begun(self):
		for step in ("submit", "record"):
			command = [sys.executable, "-c", self.CODE, frappe.local.site, step]
			result = subprocess.run(command, capture_output=True, text=True, timeout=300)
			with self.subTest(step=step):
				self.assertEqual(result.returncode, 9, result.stderr[-2000:])
				self.assertIn("written: 1", result.stdout)
				frappe.db.rollback()  # to see what is committed by now
				frappe.db.savepoint("bangfu_test")
				for doctype, field in (
					("Aid Donation", "donor"),
					("Item", "name"),
					("Batch", "item"),
					("Stock Entry Detail", "item_code"),
					("Stock Ledger Entry", "item_code"),
				):
					self.assertFalse(frappe.db.exists(doctype, {field: "Killed"}), doctype)


class TestGuards(BooksTestCase):
	def test_a_voucher_is_not_cancelled_by_hand(self):
		donation = factories.make_donation(self.item, 3)
		voucher = self.voucher(donation)
		with self.assertRaisesRegex(guard.HeldByDocument, f"{donation.name}.*Cancel that record instead"):
			voucher.cancel()
		donation.cancel()
		voucher.reload()
		self.assertRaises(guard.HeldByDocument, voucher.delete)

	def test_a_voucher_of_the_office_is_its_own(self):
		factories.make_donation(self.item, 3)
		own = frappe.copy_doc(self.voucher(frappe.get_last_doc("Aid Donation")))
		own.bangfu_document_type, own.bangfu_document = "Aid Donation", "AD-FORGED"
		own.items[0].serial_and_batch_bundle = None
		own.insert()
		self.assertFalse(own.bangfu_document)
		own.submit()
		own.cancel()

	def test_only_the_finance_staff_say_where_it_is_booked(self):
		school = factories.make_school(f"School {factories.serial()}").name
		with self.set_user(factories.make_user("Bangfu Coordinator")):
			doc = frappe.get_doc("School", school)
			doc.phone = "010-1"
			doc.save()
			doc.company = self.company
			self.assertRaises(frappe.PermissionError, doc.save)
