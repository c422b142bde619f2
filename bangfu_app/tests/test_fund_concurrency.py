"""Many hands reach for the last money at once, over real connections: as many get some as fit, the others are told."""

from decimal import Decimal

import frappe

from bangfu_app.money import funds
from bangfu_app.tests import factories
from bangfu_app.tests.at_once import AtOnceTestCase

# what the records of this test leave in the database, which it has to commit
LEFT_BEHIND = (
	"Fund Spending",
	"Fund Budget",
	"Aid Donation",
	"Aid Fund",
	"Partner",
	"File",
	"Comment",
	"Version",
)
AT_ONCE = 20


class TestAtOnce(AtOnceTestCase):
	left_behind = LEFT_BEHIND

	def test_budgets_for_the_last_money(self):
		fund = factories.make_fund(100).name
		drafts = [factories.make_fund_budget(fund, 30.01, submit=False).name for _number in range(AT_ONCE)]
		self.assertTold(
			self.at_once(*(self.submitting("Fund Budget", name) for name in drafts)), 3, funds.NotEnoughMoney
		)
		self.assertEqual(funds.balance(fund).left, Decimal("9.97"))

	def test_saved_and_submitted_in_one_step(self):
		"""A record made and submitted in one request has written rows before it waits."""
		fund = factories.make_fund(100).name
		self.assertTold(
			self.at_once(*[lambda: factories.make_fund_budget(fund, 50)] * 8), 2, funds.NotEnoughMoney
		)
		self.assertEqual(funds.balance(fund).left, 0)

	def test_spendings_of_the_last_money_of_a_budget(self):
		budget = factories.make_fund_budget(factories.make_fund(1000).name, 100).name
		drafts = [factories.make_spending(budget, 40, submit=False).name for _number in range(8)]
		self.assertTold(
			self.at_once(*(self.submitting("Fund Spending", name) for name in drafts)),
			2,
			funds.NotEnoughMoney,
		)
		self.assertEqual(funds.left_of_budget(budget), 20)

	def test_a_donation_is_cancelled_or_its_money_earmarked(self):
		fund = factories.make_fund(0, limit_by="Money Received").name
		donation = factories.make_money(fund, 100).name
		draft = factories.make_fund_budget(fund, 100, submit=False).name
		told = self.at_once(
			lambda: frappe.get_doc("Aid Donation", donation).cancel(),
			self.submitting("Fund Budget", draft),
		)
		self.assertTold(told, 1, funds.NotEnoughMoney)
		self.assertEqual(funds.balance(fund).left, 0)

	def test_the_budget_of_a_fund_is_lowered_or_its_money_earmarked(self):
		fund = factories.make_fund(100).name
		draft = factories.make_fund_budget(fund, 100, submit=False).name

		def lower():
			doc = frappe.get_doc("Aid Fund", fund)
			doc.budget = 0
			doc.save()

		self.assertTold(self.at_once(lower, self.submitting("Fund Budget", draft)), 1, funds.NotEnoughMoney)
		self.assertEqual(funds.balance(fund).left, 0)
