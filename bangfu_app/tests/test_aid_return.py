"""What was handed out comes back, is lost or wears out; what is damaged in stock is written off. Never more than there was."""

from decimal import Decimal

import frappe

from bangfu_app.bangfu_app.doctype.aid_distribution.aid_distribution import make_return
from bangfu_app.bangfu_app.doctype.aid_return.aid_return import MoreThanWasOut
from bangfu_app.bangfu_app.doctype.case_closure.case_closure import open_items_of
from bangfu_app.goods import aid_returns, aid_stock
from bangfu_app.tests import BangfuTestCase, factories
from bangfu_app.tests.test_aid import balance


class AidTestCase(BangfuTestCase):
	def setUp(self):
		super().setUp()
		self.student = factories.make_student().name
		self.item = factories.make_item(f"Item {factories.serial()}", lendable=1).name

	def lend(self, qty: float = 1, **values):
		values = {"transfer": "Loan", "due_back": "2025-06-30"} | values
		return factories.make_distribution(self.item, self.student, qty, **values)


class TestReturn(AidTestCase):
	def test_goods_return_to_the_lot_they_came_from(self):
		factories.make_donation(self.item, 2, donation_date="2025-01-01")
		factories.make_donation(self.item, 2, donation_date="2025-02-01")
		distribution = self.lend(3)
		returned = make_return(distribution.name)
		returned.return_date = "2025-06-20"
		returned.items[0].outcome = "Lost"
		returned.insert().submit()
		self.assertEqual(
			[row.donation for row in returned.items], [row.donation for row in distribution.items]
		)
		self.assertEqual([(lot.left, lot.returned) for lot in aid_stock.lots([self.item])], [(0, 0), (2, 1)])

	def test_a_line_is_worth_what_it_was_worth_when_it_went_out(self):
		factories.make_donation(self.item, 3, 12.35)
		returned = factories.make_return(self.lend(3), 2)
		self.assertEqual(
			(returned.total_value, returned.items[0].amount), (Decimal("24.70"), Decimal("24.70"))
		)

	def test_never_more_than_is_out(self):
		factories.make_donation(self.item, 5)
		distribution = self.lend(3)
		factories.make_return(distribution, 2)
		other = factories.make_return(distribution, 1, submit=False)
		other.items[0].qty = 2
		with self.assertRaisesRegex(MoreThanWasOut, "only 1.0 are still out"):
			other.save().submit()
		self.assertEqual(balance(self.item), 4)

	def test_two_lines_of_one_return_are_counted_together(self):
		factories.make_donation(self.item, 5)
		returned = make_return(self.lend(3).name)
		line = {name: returned.items[0].get(name) for name in ("distribution", "distribution_line")}
		returned.append("items", {**line, "qty": 1, "outcome": "Lost"})
		returned.return_date = "2025-06-20"
		returned.insert()
		self.assertRaises(MoreThanWasOut, returned.submit)

	def test_what_is_lost_or_worn_out_is_no_longer_out_and_not_in_stock(self):
		factories.make_donation(self.item, 3)
		distribution = self.lend(3)
		for outcome, out in (("Lost", 2), ("Worn Out", 1), ("Back in Stock", 0)):
			factories.make_return(distribution, 1, outcome=outcome)
			line = distribution.items[0].name
			self.assertEqual(aid_returns.still_out([line]), {line: out})
		self.assertEqual(balance(self.item), 1)
		self.assertEqual(make_return(distribution.name).items, [])

	def test_cancelling_a_return_is_its_inverse(self):
		factories.make_donation(self.item, 3)
		distribution = self.lend(3)
		factories.make_return(distribution, 2).cancel()
		self.assertEqual(balance(self.item), 0)
		self.assertEqual(make_return(distribution.name).items[0].qty, 3)

	def test_goods_given_out_again_hold_the_return(self):
		factories.make_donation(self.item, 1)
		returned = factories.make_return(self.lend())
		again = self.lend(distribution_date="2025-06-21", due_back="2025-12-31")
		with self.assertRaisesRegex(frappe.ValidationError, again.name):
			returned.cancel()
		again.cancel()
		returned.reload()
		returned.cancel()
		self.assertEqual(balance(self.item), 0)

	def test_goods_written_off_since_hold_the_return(self):
		factories.make_donation(self.item, 1)
		returned = factories.make_return(self.lend())
		write_off = factories.make_write_off(self.item)
		with self.assertRaisesRegex(frappe.ValidationError, write_off.name):
			returned.cancel()

	def test_a_return_holds_its_distribution(self):
		factories.make_donation(self.item, 1)
		distribution = self.lend()
		returned = factories.make_return(distribution)
		with self.assertRaisesRegex(frappe.ValidationError, returned.name):
			distribution.cancel()
		returned.cancel()
		distribution.reload()
		distribution.cancel()
		self.assertEqual(balance(self.item), 1)

	def test_what_is_sent_about_the_line_does_not_count(self):
		factories.make_donation(self.item, 3, 10)
		returned = factories.make_return(self.lend(2), 1, submit=False)
		other = factories.make_student().name
		returned.items[0].update({"student": other, "unit_value": 1000, "donation_line": "elsewhere"})
		returned.save()
		self.assertEqual((returned.items[0].student, returned.items[0].unit_value), (self.student, 10))
		returned.items[0].distribution_line = factories.serial()
		with self.assertRaisesRegex(frappe.ValidationError, "submitted distribution"):
			returned.save()

	def test_nothing_comes_back_before_it_went(self):
		factories.make_donation(self.item, 3)
		distribution = self.lend()
		with self.assertRaisesRegex(frappe.ValidationError, "after they were handed out"):
			factories.make_return(distribution, return_date="2025-03-09")

	def test_of_another_school_nobody_returns(self):
		factories.make_donation(self.item, 3)
		distribution = self.lend()
		draft = make_return(distribution.name)
		other = factories.make_school("Other School").name
		with self.set_user(factories.make_user("Bangfu Coordinator", school=other)):
			self.assertRaises(frappe.PermissionError, make_return, distribution.name)
			draft.items[0].student = None
			self.assertRaises(frappe.PermissionError, draft.insert)


class TestLoans(AidTestCase):
	def test_a_loan_is_open_until_all_of_it_is_back(self):
		factories.make_donation(self.item, 3)
		distribution = self.lend(2)
		factories.make_distribution(self.item, self.student)  # a gift is no loan
		opened = [row for row in open_items_of(self.student) if row[0] == "Aid Distribution"]
		self.assertEqual([row[1] for row in opened], [distribution.name])
		factories.make_return(distribution, 1)
		self.assertEqual([loan.out for loan in aid_returns.loans_of(self.student)], [1])
		factories.make_return(distribution, 1, outcome="Lost")
		self.assertEqual(open_items_of(self.student), [])

	def test_loans_past_their_day_are_counted(self):
		before = aid_returns.count_overdue()["value"]
		factories.make_donation(self.item, 3)
		late = self.lend()
		self.lend(due_back="2099-01-01")
		card = aid_returns.count_overdue()
		self.assertEqual(card["value"], before + 1)
		self.assertIn(late.name, card["route_options"]["name"][1])
		factories.make_return(late)
		self.assertEqual(aid_returns.count_overdue()["value"], before)

	def test_a_coordinator_counts_the_own_school(self):
		factories.make_donation(self.item, 3)
		self.lend()
		for school, count in (
			(factories.make_school("Other School").name, 0),
			(factories.make_school().name, 1),
		):
			with self.set_user(factories.make_user("Bangfu Coordinator", school=school)):
				found = [loan for loan in aid_returns.overdue_loans() if loan.item == self.item]
				self.assertEqual(len(found), count)

	def test_a_loan_says_when_it_is_due(self):
		factories.make_donation(self.item, 3)
		for day in (None, "2025-03-09"):
			with self.assertRaisesRegex(frappe.ValidationError, "due back"):
				self.lend(due_back=day)


class TestWriteOff(AidTestCase):
	def test_the_oldest_goods_first_and_a_line_is_split(self):
		old = factories.make_donation(self.item, 1, 10, donation_date="2025-01-01")
		new = factories.make_donation(self.item, 3, 12, donation_date="2025-02-01")
		write_off = factories.make_write_off(self.item, 2)
		self.assertEqual(
			[(row.donation, row.amount) for row in write_off.items], [(old.name, 10), (new.name, 12)]
		)
		self.assertEqual((write_off.total_value, balance(self.item)), (22, 2))

	def test_never_below_zero_and_the_inverse(self):
		factories.make_donation(self.item, 2)
		write_off = factories.make_write_off(self.item, 2)
		self.assertRaises(aid_stock.NotEnoughStock, factories.make_write_off, self.item)
		self.assertRaises(aid_stock.NotEnoughStock, factories.make_distribution, self.item, self.student)
		write_off.cancel()
		self.assertEqual(balance(self.item), 2)

	def test_it_holds_its_donation(self):
		donation = factories.make_donation(self.item, 2)
		write_off = factories.make_write_off(self.item)
		with self.assertRaisesRegex(frappe.ValidationError, write_off.name):
			donation.cancel()

	def test_it_is_explained(self):
		factories.make_donation(self.item, 2)
		self.assertRaises(frappe.MandatoryError, factories.make_write_off, self.item, explanation="")

	def test_its_paper_is_private(self):
		factories.make_donation(self.item, 2)
		with self.assertRaisesRegex(frappe.ValidationError, "private"):
			factories.make_write_off(self.item, paper="/files/list.pdf")
