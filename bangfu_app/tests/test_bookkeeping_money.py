"""Money in ERPNext's books: one Journal Entry for each document, the fund as its cost centre, no name in it."""

from decimal import Decimal

import frappe

from bangfu_app.bookkeeping import backlog, posting, tie_out
from bangfu_app.tests import factories
from bangfu_app.tests.books import (
	BooksTestCase,
	make_company,
	make_cost_center,
)


class TestMoney(BooksTestCase):
	def setUp(self):
		super().setUp()
		self.center = make_cost_center(self.company, f"Fund {factories.serial()}")
		self.fund = factories.make_fund(5000, cost_center=self.center).name

	def centers(self, voucher) -> set[str]:
		return set(frappe.get_all("GL Entry", {"voucher_no": voucher.name}, pluck="cost_center"))

	def give(self, amount: float = 1000.55, **values):
		donation = frappe.get_doc(
			{
				"doctype": "Aid Donation",
				"kind": "Money",
				"donor": factories.make_partner().name,
				"donation_date": "2025-03-01",
				"fund": self.fund,
				"money_amount": amount,
				"payment_reference": "Bank slip 7",
				**values,
			}
		).insert()
		donation.submit()
		return donation

	def test_money_given_goes_from_income_to_the_bank_under_its_fund(self):
		donation = self.give()
		voucher = self.voucher(donation)
		self.assertEqual((voucher.doctype, voucher.cheque_no), ("Journal Entry", donation.name))
		self.assertEqual(
			self.general_ledger(voucher),
			{
				self.row["bank_account"]: Decimal("1000.55"),
				self.row["donation_income_account"]: Decimal("-1000.55"),
			},
		)
		self.assertEqual(self.centers(voucher), {self.center})
		self.assert_ties_out(donation, "1000.55")
		(total,) = [one for one in tie_out.by_fund(tie_out.lines()) if one.key == self.fund]
		self.assertEqual(
			(total.value, total.general, total.difference), (Decimal("1000.55"), Decimal("1000.55"), 0)
		)
		donation.cancel()
		self.assertEqual(self.line(donation).difference, 0)

	def test_without_its_own_a_fund_has_the_cost_centre_of_the_company(self):
		frappe.db.set_value("Aid Fund", self.fund, "cost_center", None)
		default = frappe.db.get_value("Company", self.company, "cost_center")
		self.assertEqual(self.centers(self.voucher(self.give())), {default})

	def test_finance_needs_no_role_of_erpnext_for_money(self):
		with self.set_user(factories.make_user("Bangfu Finance")):
			donation = self.give()
			donation.cancel()
		self.assertEqual(self.voucher(donation, "Cancelled").docstatus, 2)

	def test_a_cost_centre_of_another_company_is_refused(self):
		other = make_company("Bangfu Second Books")
		frappe.db.set_value("Aid Fund", self.fund, "cost_center", make_cost_center(other, "Elsewhere"))
		with self.assertRaisesRegex(posting.NotPosted, f"{self.fund}.*belongs to another company"):
			self.give()

	def test_a_payment_is_one_entry_of_what_was_paid(self):
		students = [factories.make_student().name for _number in range(3)]
		for student in students:
			factories.make_payee_account(student)
		batch = factories.make_batch(factories.make_scheme(fund=self.fund).name, *students, amount=500)
		payment = factories.make_payment(
			batch.name, True, ("Paid", "Failed", "Paid"), payment_date="2025-03-01"
		)
		voucher = self.voucher(payment)
		self.assertEqual(len(voucher.accounts), 2)
		self.assertEqual(
			self.general_ledger(voucher),
			{self.row["aid_expense_account"]: Decimal("1000"), self.row["bank_account"]: Decimal("-1000")},
		)
		self.assertEqual(self.centers(voucher), {self.center})
		for row in payment.rows:
			self.assertNotIn(row.payee_name, frappe.as_json(voucher))
		self.assert_ties_out(payment, "-1000")
		payment.reload()
		payment.cancel()
		self.assertEqual(self.voucher(payment, "Cancelled").docstatus, 2)

	def test_a_payment_in_which_all_failed_posts_nothing(self):
		student = factories.make_student().name
		factories.make_payee_account(student)
		batch = factories.make_batch(factories.make_scheme(fund=self.fund).name, student, amount=500)
		payment = factories.make_payment(batch.name, True, ("Failed",), payment_date="2025-03-01")
		self.assertFalse(self.vouchers(payment))
		self.assertNotIn(payment.name, [doc.name for doc in backlog.waiting()])

	def test_spending_out_of_a_fund(self):
		budget = {"doctype": "Fund Budget", "title": "Outing", "fund": self.fund, "amount": 900}
		budget = frappe.get_doc({**budget, "from_date": "2025-01-01", "to_date": "2025-12-31"}).insert()
		budget.submit()
		spending = factories.make_spending(budget.name, 88.8, spent_on="2025-04-01")
		self.assertEqual(
			self.general_ledger(self.voucher(spending)),
			{self.row["aid_expense_account"]: Decimal("88.8"), self.row["bank_account"]: Decimal("-88.8")},
		)
		self.assert_ties_out(spending, "-88.80")
