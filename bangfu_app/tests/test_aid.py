"""Donated goods: from donor to student, never below zero, corrections by reversal."""

from decimal import Decimal

import frappe

from bangfu_app.bangfu_app.doctype.aid_donation.aid_donation import make_distribution
from bangfu_app.goods import aid_stock
from bangfu_app.tests import BangfuTestCase, factories


def balance(item: str) -> Decimal:
	"""What is left of an item over all donations."""
	return sum((lot.left for lot in aid_stock.lots([item])), Decimal(0))


class TestAid(BangfuTestCase):
	def setUp(self):
		super().setUp()
		self.student = factories.make_student().name
		self.item = factories.make_item(f"Item {factories.serial()}").name

	def test_values_are_summed_to_the_cent(self):
		donation = factories.make_donation(self.item, 180, 18.5)
		self.assertEqual(donation.total_value, 3330)

	def test_each_line_is_worth_whole_cents_and_the_total_is_their_sum(self):
		lines = [{"item": self.item, "qty": 0.5, "unit_value": 12.35}] * 2
		donation = factories.make_donation(self.item, 1, items=[dict(line) for line in lines])
		self.assertEqual([row.amount for row in donation.items], [Decimal("6.18"), Decimal("6.18")])
		self.assertEqual(donation.total_value, Decimal("12.36"))

	def test_the_oldest_goods_go_first_and_a_line_is_split(self):
		old = factories.make_donation(self.item, 3, 10, donation_date="2025-01-01")
		new = factories.make_donation(self.item, 5, 12, donation_date="2025-02-01")
		distribution = factories.make_distribution(self.item, self.student, 4)
		lines = [(row.donation, row.qty, row.amount, row.student) for row in distribution.items]
		self.assertEqual(lines, [(old.name, 3, 30, self.student), (new.name, 1, 12, self.student)])
		self.assertEqual(distribution.total_value, 42)
		self.assertEqual(balance(self.item), 4)

	def test_a_chosen_donation_is_respected(self):
		factories.make_donation(self.item, 3, donation_date="2025-01-01")
		new = factories.make_donation(self.item, 5, donation_date="2025-02-01")
		distribution = factories.make_distribution(self.item, self.student, 4, donation=new.name)
		self.assertEqual([row.donation for row in distribution.items], [new.name])

	def test_stock_never_goes_below_zero(self):
		factories.make_donation(self.item, 3)
		with self.assertRaisesRegex(aid_stock.NotEnoughStock, "1.0 more needed"):
			factories.make_distribution(self.item, self.student, 4)
		self.assertEqual(balance(self.item), 3)

	def test_a_draft_donation_is_not_in_stock(self):
		factories.make_donation(self.item, 3, submit=False)
		self.assertRaises(aid_stock.NotEnoughStock, factories.make_distribution, self.item, self.student, 1)

	def test_cancelling_a_distribution_brings_the_goods_back(self):
		factories.make_donation(self.item, 3)
		distribution = factories.make_distribution(self.item, self.student, 3)
		self.assertEqual(balance(self.item), 0)
		distribution.cancel()
		self.assertEqual(balance(self.item), 3)

	def test_a_donation_with_distributed_goods_is_held(self):
		donation = factories.make_donation(self.item, 3)
		distribution = factories.make_distribution(self.item, self.student, 1)
		with self.assertRaisesRegex(frappe.ValidationError, distribution.name):
			donation.cancel()
		distribution.cancel()
		donation.reload()
		donation.cancel()
		self.assertEqual(balance(self.item), 0)

	def test_goods_go_to_a_student_or_to_a_partner(self):
		factories.make_donation(self.item, 3)
		for receiver in ({}, {"student": self.student, "partner": factories.make_partner().name}):
			with self.subTest(receiver=receiver):
				distribution = frappe.get_doc(
					{
						"doctype": "Aid Distribution",
						"purpose": "Test",
						"items": [{"item": self.item, "qty": 1, **receiver}],
					}
				)
				self.assertRaises(frappe.ValidationError, distribution.insert)

	def test_only_what_can_be_lent_is_lent(self):
		factories.make_donation(self.item, 3)
		with self.assertRaisesRegex(frappe.ValidationError, "cannot be lent"):
			factories.make_distribution(self.item, self.student, 1, transfer="Loan", due_back="2025-12-01")

	def test_a_distribution_opened_from_a_donation_holds_what_is_left(self):
		donation = factories.make_donation(self.item, 3)
		factories.make_distribution(self.item, self.student, 1)
		distribution = make_distribution(donation.name)
		self.assertEqual(
			[(row.item, row.qty, row.donation) for row in distribution.items], [(self.item, 2, donation.name)]
		)

	def test_people_without_the_role_see_no_aid(self):
		donation = factories.make_donation(self.item, 3)
		for role in ("Class Teacher", "Supporter", "Counsellor"):
			with self.subTest(role=role), self.set_user(factories.make_user(role)):
				self.assertFalse(frappe.has_permission("Aid Donation", "read", donation.name))
				self.assertRaises(frappe.PermissionError, make_distribution, donation.name)

	def test_the_number_card_is_worth_what_is_left(self):
		before = aid_stock.value_in_stock()["value"]
		factories.make_donation(self.item, 4, 12.35)
		factories.make_distribution(self.item, self.student, 1)
		self.assertAlmostEqual(aid_stock.value_in_stock()["value"] - before, 37.05)
