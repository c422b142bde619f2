"""Goods in ERPNext's books: each lot a batch, each document its voucher, to the cent; in each company its own."""

from decimal import Decimal

import frappe

from bangfu_app.bookkeeping import backlog, posting
from bangfu_app.tests import factories
from bangfu_app.tests.books import (
	BooksTestCase,
	keep_books,
	make_company,
	make_warehouse,
	row_of,
)


class TestGoods(BooksTestCase):
	def test_a_donation_is_received_at_its_value(self):
		donation = factories.make_donation(self.item, 180, 18.5, donation_date="2025-03-01")
		voucher = self.voucher(donation)
		self.assertEqual((voucher.stock_entry_type, voucher.docstatus), ("Material Receipt", 1))
		self.assertEqual(str(voucher.posting_date), "2025-03-01")
		ledger = self.general_ledger(voucher)
		self.assertEqual(ledger.pop(self.row["donation_income_account"]), Decimal("-3330"))
		self.assertEqual(list(ledger.values()), [Decimal("3330")])
		self.assert_ties_out(donation, "3330")

	def test_each_lot_is_a_batch_and_is_issued_at_its_own_value(self):
		cheap = factories.make_donation(self.item, 3, 10, donation_date="2025-01-01")
		dear = factories.make_donation(self.item, 5, 12.35, donation_date="2025-02-01")
		distribution = factories.make_distribution(
			self.item, self.student, 4, distribution_date="2025-03-01", donation=None
		)
		voucher = self.voucher(distribution)
		self.assertEqual(
			[(row.batch_no, row.qty) for row in voucher.items],
			[(f"{cheap.name}-L1", 3), (f"{dear.name}-L1", 1)],
		)
		self.assertEqual(self.general_ledger(voucher)[self.row["aid_expense_account"]], Decimal("42.35"))
		self.assert_ties_out(distribution, "-42.35")
		batch = frappe.get_doc("Batch", f"{dear.name}-L1")
		self.assertEqual((batch.reference_doctype, batch.reference_name), ("Aid Donation", dear.name))

	def test_no_student_is_named_in_the_books(self):
		factories.make_donation(self.item, 3)
		distribution = factories.make_distribution(self.item, self.student, 2)
		voucher = frappe.as_json(self.voucher(distribution))
		for told in (self.student, frappe.db.get_value("Student File", self.student, "student_name")):
			self.assertNotIn(told, voucher)

	def test_goods_of_no_value_are_received_and_issued(self):
		donation = factories.make_donation(self.item, 3, 0)
		distribution = factories.make_distribution(self.item, self.student, 1)
		self.assert_ties_out(donation, "0")
		self.assert_ties_out(distribution, "0")
		self.assertEqual(self.voucher(distribution).items[0].qty, 1)

	def test_half_cents_are_shown_as_rounding(self):
		# ERPNext counts its own unit Nos in whole pieces
		item = factories.make_item(f"Item {frappe.generate_hash(length=8)}", uom="Bangfu Bag").name
		donation = factories.make_donation(item, 1, 12.35)
		distribution = factories.make_distribution(item, self.student, 0.5)
		self.assertEqual(distribution.total_value, Decimal("6.18"))
		for doc in (donation, distribution):
			self.assertEqual(self.line(doc).difference, 0)
		self.assertEqual(f"{self.line(distribution).rounding:.3f}", "-0.005")

	def test_cancelling_takes_the_voucher_out_of_both_ledgers(self):
		donation = factories.make_donation(self.item, 3)
		distribution = factories.make_distribution(self.item, self.student, 2)
		voucher = self.voucher(distribution)
		distribution.cancel()
		voucher.reload()
		self.assertEqual((voucher.docstatus, self.general_ledger(voucher)), (2, {}))
		self.assertEqual(self.line(distribution).difference, 0)
		donation.reload()
		donation.cancel()
		self.assertEqual(self.voucher(donation, "Cancelled").docstatus, 2)

	def test_an_amended_document_is_posted_anew(self):
		donation = factories.make_donation(self.item, 3)
		donation.cancel()
		amended = frappe.copy_doc(donation)
		# in a test Frappe keeps the state of what it copies
		amended.docstatus, amended.amended_from, amended.items[0].qty = 0, donation.name, 4
		amended.insert()
		amended.submit()
		self.assert_ties_out(amended, "40")
		self.assertEqual(frappe.db.count("Ledger Posting", {"reference_name": donation.name}), 1)

	def test_an_item_of_the_office_is_used(self):
		own = frappe.get_doc(
			{
				"doctype": "Item",
				"item_code": f"OWN-{frappe.generate_hash(length=6)}",
				"item_group": frappe.db.get_value("Item Group", {"is_group": 0}),
				"stock_uom": "Nos",
			}
		).insert()
		frappe.db.set_value("Aid Item", self.item, "erpnext_item", own.name)
		donation = factories.make_donation(self.item, 3, 7)
		row = self.voucher(donation).items[0]
		self.assertEqual((row.item_code, row.batch_no), (own.name, None))
		self.assert_ties_out(factories.make_distribution(self.item, self.student, 2), "-14")

	def test_without_perpetual_inventory_the_stock_ledger_ties_out_alone(self):
		frappe.db.set_value("Company", self.company, "enable_perpetual_inventory", 0)
		self.addCleanup(frappe.clear_document_cache, "Company", self.company)
		frappe.clear_document_cache("Company", self.company)
		frappe.local.enable_perpetual_inventory = {}
		donation = factories.make_donation(self.item, 3)
		self.assertEqual(self.general_ledger(self.voucher(donation)), {})
		self.assertIsNone(self.line(donation).general)
		self.assert_ties_out(donation, "30")
		frappe.local.enable_perpetual_inventory = {}

	def test_a_service_point_has_its_warehouse(self):
		warehouse = make_warehouse(self.company, "Second Store")
		point = frappe.get_doc(
			{"doctype": "Service Point", "point_name": f"Point {factories.serial()}", "warehouse": warehouse}
		).insert()
		donation = factories.make_donation(self.item, 3, service_point=point.name)
		self.assertEqual(self.voucher(donation).items[0].t_warehouse, warehouse)
		# what was received there is issued there, wherever it is handed over
		distribution = factories.make_distribution(self.item, self.student, 1)
		self.assertEqual(self.voucher(distribution).items[0].s_warehouse, warehouse)


class TestGoodsThatComeBackOrAreLost(BooksTestCase):
	def setUp(self):
		super().setUp()
		self.donation = factories.make_donation(self.item, 5, 12.35)
		self.distribution = factories.make_distribution(self.item, self.student, 4)

	def test_what_comes_back_is_received_into_its_batch_at_its_value(self):
		returned = factories.make_return(self.distribution, 2)
		(row,) = self.voucher(returned).items
		self.assertEqual((row.batch_no, row.qty), (f"{self.donation.name}-L1", 2))
		self.assertEqual(
			self.general_ledger(self.voucher(returned))[self.row["aid_expense_account"]], Decimal("-24.70")
		)
		self.assert_ties_out(returned, "24.70")
		again = factories.make_distribution(self.item, self.student, 3, distribution_date="2025-07-01")
		self.assert_ties_out(again, "-37.05")
		again.cancel()
		returned.cancel()
		self.assertEqual(self.voucher(returned, "Cancelled").docstatus, 2)

	def test_what_is_lost_at_the_student_moves_nothing(self):
		lost = factories.make_return(self.distribution, 1, outcome="Lost")
		self.assertFalse(self.vouchers(lost))
		self.assertNotIn(lost.name, [doc.name for doc in backlog.waiting()])
		lost.cancel()

	def test_a_write_off_is_issued_against_its_own_account(self):
		write_off = factories.make_write_off(self.item, 1)
		ledger = self.general_ledger(self.voucher(write_off))
		self.assertEqual(ledger[self.row["write_off_account"]], Decimal("12.35"))
		self.assert_ties_out(write_off, "-12.35")
		write_off.cancel()
		self.assertEqual(self.line(write_off).difference, 0)

	def test_all_gone_leaves_neither_goods_nor_value(self):
		factories.make_write_off(self.item, 1)
		warehouse = self.row["warehouse"]
		item = frappe.db.get_value("Aid Item", self.item, "erpnext_item")
		left = frappe.db.get_value(
			"Bin", {"item_code": item, "warehouse": warehouse}, ["actual_qty", "stock_value"]
		)
		self.assertEqual(left, (0, 0))


class TestCompanies(BooksTestCase):
	def setUp(self):
		super().setUp()
		self.other = make_company("Bangfu Second Books")
		keep_books(dict(self.row, is_default=1), row_of(self.other))
		self.school = factories.make_school("School of Second Books").name
		frappe.db.set_value("School", self.school, "company", self.other)

	def test_a_document_goes_into_the_books_of_its_school(self):
		self.assertEqual(self.voucher(factories.make_donation(self.item, 1)).company, self.company)
		donation = factories.make_donation(self.item, 1, school=self.school)
		self.assertEqual(self.voucher(donation).company, self.other)

	def test_goods_of_two_companies_make_a_voucher_in_each(self):
		factories.make_donation(self.item, 1, 10, donation_date="2025-01-01")
		factories.make_donation(self.item, 3, 20, donation_date="2025-01-02", school=self.school)
		distribution = factories.make_distribution(self.item, self.student, 3)
		companies = [voucher.company for voucher in self.vouchers(distribution)]
		self.assertEqual(companies, [self.company, self.other])
		self.assert_ties_out(distribution, "-50")
		distribution.cancel()
		self.assertEqual([one.docstatus for one in self.vouchers(distribution, "Cancelled")], [2, 2])

	def test_a_school_of_an_unknown_company_is_named(self):
		keep_books(dict(self.row))
		with self.assertRaisesRegex(posting.NotPosted, "Company .*Second Books.* has no row"):
			factories.make_donation(self.item, 1, school=self.school)

	def test_without_a_default_the_message_says_where_to_set_it(self):
		keep_books(dict(self.row), row_of(self.other))
		with self.assertRaisesRegex(posting.NotPosted, "no default company.*Bangfu Settings"):
			factories.make_donation(self.item, 1)
