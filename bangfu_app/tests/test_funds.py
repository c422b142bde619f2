"""Funds: what they hold, what may be booked on them, money given to them; never beyond the limit, to the cent."""

from decimal import Decimal

import frappe
from hypothesis import given, settings
from hypothesis import strategies as st

from bangfu_app.bangfu_app.doctype.aid_fund.aid_fund import make_fund_budget
from bangfu_app.bangfu_app.doctype.fund_budget.fund_budget import make_fund_spending
from bangfu_app.bangfu_app.doctype.support_programme import support_programme
from bangfu_app.money import funds
from bangfu_app.tests import BangfuTestCase, counted_queries, factories


def store_batch(fund: str, *rows: tuple[float, str, str | None], docstatus: int = 1) -> str:
	"""Rows (amount, status, paid on) of a batch as they stand in the database, whatever approved them."""
	name = f"SB-TEST-{factories.serial()}"
	batch = frappe.get_doc({"doctype": "Subsidy Batch", "title": name, "fund": fund, "docstatus": docstatus})
	batch.name = name
	batch.db_insert()
	for amount, status, paid_on in rows:
		row = {"doctype": "Subsidy Batch Row", "parent": name, "parenttype": "Subsidy Batch"}
		row |= {"parentfield": "rows", "amount": amount, "status": status, "paid_on": paid_on}
		frappe.get_doc(row | {"docstatus": docstatus}).db_insert()
	return name


def figures(fund: str) -> tuple:
	now = funds.balance(fund)
	return now.limit, now.committed, now.paid, now.left


class TestFund(BangfuTestCase):
	def test_dates_and_budget_are_sane(self):
		for wrong in ({"to_date": "2024-12-31"}, {"budget": -1}):
			with self.subTest(wrong=wrong), self.assertRaises(frappe.ValidationError):
				factories.make_fund(**wrong)

	def test_figures_by_hand(self):
		fund = factories.make_fund(1000).name
		budget = factories.make_fund_budget(fund, 300.10).name
		factories.make_fund_budget(fund, 50, submit=False)
		factories.make_spending(budget, 120.05)
		factories.make_spending(budget, 10, submit=False)
		store_batch(fund, (100, "Paid", "2025-04-01"), (60.5, "Failed", None), (90, "Withdrawn", None))
		store_batch(fund, (400, "Due", None), docstatus=0)
		# 300.10 and 160.50 are taken, 220.05 of it are paid
		expected = ("1000.00", "240.55", "220.05", "539.40")
		self.assertEqual(figures(fund), tuple(map(Decimal, expected)))

	def test_equal_amounts_are_summed_exactly(self):
		fund = factories.make_fund(1).name
		for _number in range(10):
			factories.make_fund_budget(fund, 0.1)
		self.assertEqual(funds.balance(fund).left, 0)

	def test_money_received_is_the_limit_where_the_fund_says_so(self):
		for limit_by, limit in (("Money Received", 80), ("Budget", 1000)):
			with self.subTest(limit_by=limit_by):
				fund = factories.make_fund(1000, limit_by=limit_by).name
				factories.make_money(fund, 80)
				factories.make_money(fund, 70, submit=False)
				now = funds.balance(fund)
				self.assertEqual((now.limit, now.received), (limit, 80))

	def test_a_budget_is_not_lowered_below_what_is_committed(self):
		fund = factories.make_fund(1000)
		budget = factories.make_fund_budget(fund.name, 400)
		fund.budget = 399.99
		with self.assertRaisesRegex(funds.NotEnoughMoney, budget.name):
			fund.save()
		fund.reload()
		fund.budget = 400
		fund.save()
		self.assertEqual(funds.balance(fund.name).left, 0)

	def test_the_kind_of_limit_is_not_changed_to_one_that_does_not_cover(self):
		fund = factories.make_fund(1000)
		factories.make_money(fund.name, 100)
		factories.make_fund_budget(fund.name, 101)
		fund.limit_by = "Money Received"
		self.assertRaises(funds.NotEnoughMoney, fund.save)

	def test_many_funds_cost_as_many_queries_as_one(self):
		names = [factories.make_fund().name for _number in range(6)]
		for name in names:
			factories.make_fund_budget(name, 10)
		counts = []
		for asked in (names[:1], names):
			with counted_queries() as queries:
				self.assertEqual(len(funds.balances(asked)), len(asked))
			counts.append(len(queries))
		self.assertEqual(counts[0], counts[1])

	def test_the_form_shows_what_is_left(self):
		fund = factories.make_fund(100)
		factories.make_fund_budget(fund.name, 30)
		fund.run_method("onload")
		shown = fund.get("__onload").balance
		self.assertEqual((shown["committed"], shown["left"]), (30, 70))


class TestBooking(BangfuTestCase):
	def test_no_more_than_is_left(self):
		fund = factories.make_fund(100).name
		factories.make_fund_budget(fund, 60)
		with self.assertRaisesRegex(funds.NotEnoughMoney, "40.00.*40.01"):
			factories.make_fund_budget(fund, 40.01)
		factories.make_fund_budget(fund, 40)
		self.assertEqual(funds.balance(fund).left, 0)

	def test_a_cancelled_budget_gives_the_money_back(self):
		fund = factories.make_fund(100).name
		factories.make_fund_budget(fund, 60).cancel()
		self.assertEqual(figures(fund), (100, 0, 0, 100))

	def test_a_closed_fund_takes_nothing(self):
		fund = factories.make_fund(enabled=0).name
		self.assertRaises(funds.FundNotUsable, factories.make_fund_budget, fund, 10)
		self.assertRaises(funds.FundNotUsable, factories.make_money, fund, 10)

	def test_a_fund_closed_since_the_draft_takes_nothing(self):
		fund = factories.make_fund()
		budget = factories.make_fund_budget(fund.name, 10, submit=False)
		fund.db_set("enabled", 0)
		self.assertRaises(funds.FundNotUsable, budget.submit)

	def test_the_time_of_the_fund(self):
		fund = factories.make_fund().name
		for days in ({"from_date": "2024-12-31"}, {"to_date": "2026-01-01"}):
			with self.subTest(days=days), self.assertRaises(funds.FundNotUsable):
				factories.make_fund_budget(fund, 10, **days)

	def test_the_school_of_the_fund(self):
		near, far = factories.make_school("Near").name, factories.make_school("Far").name
		for field in ("school", "for_school"):
			fund = factories.make_fund(**{field: near}).name
			with self.subTest(field=field):
				self.assertRaises(funds.FundNotUsable, factories.make_fund_budget, fund, 10, school=far)
				self.assertEqual(factories.make_fund_budget(fund, 10).school, near)

	def test_a_budget_has_the_school_of_its_programme(self):
		near, far = factories.make_school("Near").name, factories.make_school("Far").name
		about = {"reference_doctype": "Support Programme"}
		about["reference_name"] = factories.make_programme(school=far).name
		self.assertEqual(factories.make_fund_budget(factories.make_fund().name, 10, **about).school, far)
		fund = factories.make_fund(school=near).name
		self.assertRaises(funds.FundNotUsable, factories.make_fund_budget, fund, 10, **about)

	def test_money_is_earmarked_for_what_is_listed_only(self):
		about = {"reference_doctype": "Student File", "reference_name": factories.make_student("Draft").name}
		with self.assertRaises(frappe.ValidationError):
			factories.make_fund_budget(factories.make_fund().name, 10, **about)

	def test_amounts_are_above_nothing(self):
		fund = factories.make_fund().name
		budget = factories.make_fund_budget(fund, 10).name
		for amount in (0, -1, 0.004):
			with self.subTest(amount=amount):
				self.assertRaises(frappe.ValidationError, factories.make_fund_budget, fund, amount)
				self.assertRaises(frappe.ValidationError, factories.make_spending, budget, amount)


class TestSpending(BangfuTestCase):
	def setUp(self):
		super().setUp()
		self.fund = factories.make_fund(1000).name
		self.budget = factories.make_fund_budget(self.fund, 100)

	def test_never_beyond_the_budget(self):
		factories.make_spending(self.budget.name, 70.5)
		with self.assertRaisesRegex(funds.NotEnoughMoney, self.budget.name):
			factories.make_spending(self.budget.name, 29.51)
		factories.make_spending(self.budget.name, 29.5)
		self.assertEqual(figures(self.fund), (1000, 0, 100, 900))

	def test_a_cancelled_spending_is_to_be_spent_again(self):
		factories.make_spending(self.budget.name, 100).cancel()
		self.assertEqual(figures(self.fund), (1000, 100, 0, 900))
		factories.make_spending(self.budget.name, 100)

	def test_days_of_the_budget(self):
		for day in ("2025-02-28", "2025-07-01"):
			with self.subTest(day=day), self.assertRaises(frappe.ValidationError):
				factories.make_spending(self.budget.name, 1, spent_on=day)

	def test_it_needs_proof_to_be_submitted(self):
		spending = factories.make_spending(self.budget.name, 1, proof=None, submit=False)
		with self.assertRaisesRegex(frappe.ValidationError, "proof"):
			spending.submit()

	def test_nothing_is_spent_of_a_draft(self):
		draft = factories.make_fund_budget(self.fund, 10, submit=False).name
		self.assertRaises(frappe.ValidationError, factories.make_spending, draft, 1)

	def test_a_budget_that_was_spent_of_is_held(self):
		spending = factories.make_spending(self.budget.name, 1)
		with self.assertRaisesRegex(frappe.ValidationError, spending.name):
			self.budget.cancel()
		spending.cancel()
		self.budget.reload()
		self.budget.cancel()
		self.assertEqual(funds.balance(self.fund).left, 1000)

	def test_fund_and_school_are_those_of_the_budget(self):
		other = factories.make_fund().name
		spending = factories.make_spending(self.budget.name, 1, fund=other)
		self.assertEqual(spending.fund, self.fund)


class TestClosing(BangfuTestCase):
	def setUp(self):
		self.fund = factories.make_fund(100).name
		self.budget = factories.make_fund_budget(self.fund, 60)
		factories.make_spending(self.budget.name, 25)

	def left(self) -> Decimal:
		return funds.balance(self.fund).left

	def test_the_rest_goes_back_to_the_fund(self):
		with self.set_user(factories.make_user("Bangfu Finance")):
			self.budget.close()
		now = funds.balance(self.fund)
		self.assertEqual((now.left, now.committed, now.paid), (75, 0, 25))
		self.assertEqual(funds.left_of_budget(self.budget.name), 0)
		factories.make_fund_budget(self.fund, 75)

	def test_nothing_more_is_spent_of_it(self):
		self.budget.close()
		self.assertRaisesRegex(
			frappe.ValidationError, "Reopen it", factories.make_spending, self.budget.name, 1
		)

	def test_a_spending_taken_back_is_the_fund_s(self):
		spending = frappe.get_last_doc("Fund Spending", {"fund_budget": self.budget.name})
		self.budget.close()
		spending.cancel()
		self.assertEqual(self.left(), 100)

	def test_it_is_reopened_while_the_fund_has_the_money(self):
		self.budget.close()
		self.budget.reopen()
		self.assertEqual((self.left(), funds.left_of_budget(self.budget.name)), (40, 35))
		self.budget.close()
		factories.make_fund_budget(self.fund, 41)
		self.assertRaises(funds.NotEnoughMoney, self.budget.reopen)

	def test_closed_and_reopened_once(self):
		self.assertRaisesRegex(frappe.ValidationError, "not closed", self.budget.reopen)
		self.budget.close()
		self.assertRaisesRegex(frappe.ValidationError, "closed already", self.budget.close)
		draft = factories.make_fund_budget(self.fund, 1, submit=False)
		self.assertRaisesRegex(frappe.ValidationError, "submitted", draft.close)

	def test_no_other_way_closes_it(self):
		draft = factories.make_fund_budget(self.fund, 1, submit=False, closed_on="2025-04-01")
		draft.submit()
		self.assertIsNone(draft.closed_on)
		draft.closed_on = "2025-04-01"
		self.assertRaises(frappe.UpdateAfterSubmitError, draft.save)

	def test_who_may_not_submit_closes_nothing(self):
		for role in ("Bangfu Coordinator", "Supporter"):
			with self.subTest(role=role), self.set_user(factories.make_user(role)):
				self.assertRaises(frappe.PermissionError, self.budget.close)
				self.assertRaises(frappe.PermissionError, self.budget.reopen)


class TestMoneyDonation(BangfuTestCase):
	def setUp(self):
		super().setUp()
		self.fund = factories.make_fund(0, limit_by="Money Received").name

	def test_it_is_worth_its_money_and_holds_no_goods(self):
		lines = [{"item": factories.make_item().name, "qty": 1}]
		donation = factories.make_money(self.fund, 80.555, items=lines)
		self.assertEqual((donation.total_value, donation.items), (Decimal("80.56"), []))

	def test_it_needs_fund_and_amount(self):
		for fund, amount in ((None, 80), (self.fund, 0), (self.fund, -1)):
			with self.subTest(fund=fund, amount=amount), self.assertRaises(frappe.ValidationError):
				factories.make_money(fund, amount)

	def test_goods_are_no_money(self):
		factories.make_donation(
			factories.make_item().name, 1, fund=self.fund, money_amount=500, payment_reference="x"
		)
		self.assertEqual(funds.balance(self.fund).received, 0)

	def test_money_that_was_committed_holds_its_donation(self):
		first = factories.make_money(self.fund, 80)
		factories.make_money(self.fund, 20)
		budget = factories.make_fund_budget(self.fund, 21)
		with self.assertRaisesRegex(funds.NotEnoughMoney, budget.name):
			first.cancel()
		budget.cancel()
		first.reload()
		first.cancel()
		self.assertEqual(funds.balance(self.fund).limit, 20)

	def test_a_fund_with_a_budget_lets_go_of_a_donation(self):
		fund = factories.make_fund(100).name
		donation = factories.make_money(fund, 80)
		factories.make_fund_budget(fund, 100)
		donation.cancel()
		self.assertEqual(funds.balance(fund).received, 0)

	def test_what_the_donor_restricts_goes_to_a_fund_that_is_restricted_so(self):
		near = factories.make_school("Near").name
		with self.assertRaisesRegex(funds.FundNotUsable, "Near"):
			factories.make_money(self.fund, 10, for_school=near)
		fund = factories.make_fund(0, limit_by="Money Received", for_school=near).name
		factories.make_money(fund, 10, for_school=near)
		self.assertEqual(funds.balance(fund).limit, 10)


class TestNextRecords(BangfuTestCase):
	def test_from_fund_to_budget_to_spending(self):
		fund = factories.make_fund(100).name
		budget = make_fund_budget(fund)
		self.assertEqual((budget.fund, str(budget.from_date)), (fund, "2025-01-01"))
		budget.update({"title": "Outing", "amount": 60})
		budget.insert()
		budget.submit()
		factories.make_spending(budget.name, 25)
		spending = make_fund_spending(budget.name)
		self.assertEqual(
			(spending.fund_budget, spending.amount, spending.purpose), (budget.name, 35, "Outing")
		)

	def test_a_programme_shows_its_money_to_those_who_see_money(self):
		programme = factories.make_programme()
		budget = support_programme.make_fund_budget(programme.name)
		budget.update({"fund": factories.make_fund(100).name, "amount": 60})
		budget.insert()
		budget.submit()
		factories.make_spending(budget.name, 25)
		programme.run_method("onload")
		self.assertEqual(programme.get("__onload").budget, {"budget": 60, "spent": 25, "left": 35})
		with self.set_user(factories.make_user("Supporter")):
			seen = frappe.get_doc("Support Programme", programme.name)
			seen.run_method("onload")
			self.assertFalse((seen.get("__onload") or {}).get("budget"))


CENTS = st.integers(1, 5000).map(lambda cents: cents / 100)
STEPS = st.lists(
	st.tuples(st.sampled_from(("give", "budget", "spend", "close", "reopen", "cancel")), CENTS), max_size=12
)


class TestArithmetic(BangfuTestCase):
	"""Any sequence of donating, earmarking, spending, closing, reopening and cancelling."""

	@settings(max_examples=15)
	@given(STEPS, st.sampled_from(("Money Received", "Budget")))
	def test_nothing_is_lost_and_nothing_is_spent_twice(self, steps, limit_by):
		frappe.db.savepoint("sequence")
		try:
			self.walk(steps, factories.make_fund(60, limit_by=limit_by).name)
		finally:
			frappe.db.rollback(save_point="sequence")

	def walk(self, steps: list, fund: str) -> None:
		made = []
		for step, amount in steps:
			frappe.db.savepoint("step")
			try:
				self.take(step, amount, fund, made)
			except frappe.ValidationError:
				frappe.db.rollback(save_point="step")
			now = funds.balance(fund)
			self.assertGreaterEqual(now.left, 0)
			self.assertGreaterEqual(now.committed, 0)
			self.assertEqual(now.limit, now.committed + now.paid + now.left)
			self.assertEqual(now.paid, self.total("Fund Spending", made))
			self.assertEqual(now.committed + now.paid, self.held(made))

	def take(self, step: str, amount: float, fund: str, made: list) -> None:
		if step == "give":
			made.append(factories.make_money(fund, amount))
		elif step == "budget":
			made.append(factories.make_fund_budget(fund, amount))
		elif step == "spend":
			budgets = [doc for doc in made if doc.doctype == "Fund Budget"]
			made.append(
				factories.make_spending(budgets[-1].name if budgets else "", amount, proof="/private/x")
			)
		elif step in ("close", "reopen"):
			for budget in [doc for doc in made if doc.doctype == "Fund Budget"][:1]:
				getattr(budget, step)()
				budget.reload()
		elif made:
			frappe.get_doc(made[0].doctype, made[0].name).cancel()
			made.pop(0)

	def held(self, made: list) -> Decimal:
		"""Of an open budget its amount, of a closed one what was spent of it."""
		budgets = [doc for doc in made if doc.doctype == "Fund Budget"]
		closed = {doc.name for doc in budgets if doc.closed_on}
		spent = [doc for doc in made if doc.doctype == "Fund Spending" and doc.fund_budget in closed]
		return self.total("Fund Spending", spent) + self.total(
			"Fund Budget", [doc for doc in budgets if doc.name not in closed]
		)

	def total(self, doctype: str, made: list) -> Decimal:
		return sum((funds.money(doc.amount) for doc in made if doc.doctype == doctype), Decimal(0))
