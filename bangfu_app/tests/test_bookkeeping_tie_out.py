"""The backlog, the check and the report Tie-out, on a site with ERPNext."""

from decimal import Decimal

import frappe

from bangfu_app.bookkeeping import backlog, check, posting, tie_out
from bangfu_app.tests import factories
from bangfu_app.tests.books import (
	BooksTestCase,
	keep_books,
	without_commit,
)


class TestBacklog(BooksTestCase):
	def setUp(self):
		super().setUp()
		keep_books(dict(self.row), post_to_erpnext=0)
		self.donation = factories.make_donation(self.item, 5, 10, donation_date="2025-01-01")
		self.distribution = factories.make_distribution(
			self.item, self.student, 2, distribution_date="2025-01-01"
		)
		self.ours = {self.donation.name, self.distribution.name}

	def waiting(self) -> list[str]:
		return [doc.name for doc in backlog.waiting() if doc.name in self.ours]

	def post(self) -> None:
		with without_commit():
			for doc in backlog.waiting():
				if doc.name in self.ours:
					backlog.post_one(doc.doctype, doc.name)

	def test_it_is_posted_once_in_order(self):
		self.assertEqual(self.waiting(), [self.donation.name, self.distribution.name])
		keep_books(dict(self.row))
		self.post()
		self.assertEqual(self.waiting(), [])
		self.assert_ties_out(self.donation, "50")
		self.assert_ties_out(self.distribution, "-20")
		with without_commit():
			self.assertTrue(backlog.post_one("Aid Donation", self.donation.name))
		self.assertEqual(frappe.db.count("Stock Entry", {"bangfu_document": self.donation.name}), 1)

	def test_a_failing_receipt_holds_what_was_given_out_of_it_and_nothing_else(self):
		keep_books(self.row | {"donation_income_account": None})
		other = factories.make_donation(
			factories.make_item(f"Item {frappe.generate_hash(length=8)}").name, 1, submit=False
		)
		self.post()
		self.assertEqual(self.waiting(), [self.donation.name, self.distribution.name])
		self.assertIn("Donation Income Account", self.line(self.donation).note)
		self.assertIn("not in ERPNext's books yet", self.line(self.distribution).note)
		self.assertEqual(self.line(self.donation).difference, 50)
		keep_books(dict(self.row))
		other.submit()
		self.post()
		self.assert_ties_out(self.distribution, "-20")
		self.assertEqual(self.line(self.donation).note, "")

	def test_a_voucher_that_is_gone_is_posted_again(self):
		keep_books(dict(self.row))
		self.post()
		gone = self.voucher(self.distribution).name
		frappe.db.delete("Stock Entry", {"name": gone})
		frappe.db.delete("Stock Ledger Entry", {"voucher_no": gone})
		frappe.db.delete("GL Entry", {"voucher_no": gone})
		self.assertEqual(self.line(self.distribution).state, "Voucher Gone")
		self.assertEqual(self.waiting(), [self.distribution.name])
		self.assertEqual(frappe.db.count("Ledger Posting", {"reference_name": self.distribution.name}), 1)

	def test_an_issue_of_goods_that_wait_says_what_to_do(self):
		keep_books(dict(self.row))
		with self.assertRaisesRegex(posting.NotPosted, f"{self.donation.name}.*Post the backlog first"):
			factories.make_distribution(self.item, self.student, 1)

	def test_what_was_never_posted_is_cancelled_as_ever(self):
		keep_books(dict(self.row))
		self.distribution.cancel()
		self.assertEqual(self.waiting(), [self.donation.name])


class TestCheck(BooksTestCase):
	def texts(self) -> str:
		return "\n".join(finding["text"] for finding in check.check_bookkeeping())

	def test_all_is_said_in_words(self):
		row = self.row | {
			"donation_income_account": self.row["aid_expense_account"],
			"bank_account": None,
			"warehouse": frappe.db.get_value("Warehouse", {"company": self.company, "is_group": 1}),
		}
		keep_books(row)
		texts = self.texts()
		self.assertIn("Donation Income Account", texts)
		self.assertIn("is not an account of the type", texts)
		self.assertIn("Bank or Cash Account is not set", texts)
		self.assertIn("is a group or disabled", texts)

	def test_nothing_is_wrong_with_what_is_right(self):
		errors = [one["text"] for one in check.check_bookkeeping() if one["level"] == check.ERROR]
		self.assertEqual([text for text in errors if self.company in text], [])

	def test_items_without_batches_are_warned_of(self):
		own = frappe.get_doc(
			{
				"doctype": "Item",
				"item_code": f"OWN-{frappe.generate_hash(length=6)}",
				"item_group": frappe.db.get_value("Item Group", {"is_group": 0}),
				"stock_uom": "Nos",
			}
		).insert()
		frappe.db.set_value("Aid Item", self.item, "erpnext_item", own.name)
		self.assertRegex(self.texts(), f"{self.item}.*has no batches")


class TestTieOut(BooksTestCase):
	def test_it_adds_up_by_item_and_account(self):
		factories.make_donation(self.item, 5, 12.35)
		factories.make_distribution(self.item, self.student, 2)
		items = {one.doctype: one for one in tie_out.by_item() if one.key == self.item}
		self.assertEqual(
			{doctype: (one.value, one.difference) for doctype, one in items.items()},
			{"Aid Donation": (Decimal("61.75"), 0), "Aid Distribution": (Decimal("-24.70"), 0)},
		)
		accounts = {(one.key, one.doctype): one for one in tie_out.by_account(tie_out.lines())}
		income = accounts[self.row["donation_income_account"], "Aid Donation"]
		self.assertEqual((income.value, income.difference), (Decimal("61.75"), 0))

	def test_a_ledger_that_was_tampered_with_shows(self):
		donation = factories.make_donation(self.item, 5, 10)
		entry = frappe.db.get_value("Stock Ledger Entry", {"voucher_no": self.voucher(donation).name})
		frappe.db.set_value("Stock Ledger Entry", entry, "stock_value_difference", 49.99)
		self.assertEqual(self.line(donation).difference, Decimal("0.01"))

	def test_a_voucher_of_no_document_shows(self):
		donation = factories.make_donation(self.item, 5, 10)
		frappe.db.delete("Ledger Posting", {"reference_name": donation.name})
		states = sorted(one.state for one in tie_out.lines() if one.name == donation.name)
		self.assertEqual(states, ["No Record", "Not Posted"])
