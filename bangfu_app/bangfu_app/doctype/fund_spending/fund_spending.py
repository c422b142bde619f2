import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import fmt_money, formatdate, getdate

from bangfu_app.money import funds


class FundSpending(funds.BooksOnFund, Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		amended_from: DF.Link | None
		amount: DF.Currency
		fund: DF.Link | None
		fund_budget: DF.Link
		notes: DF.SmallText | None
		payee: DF.Data | None
		proof: DF.Attach | None
		purpose: DF.Data
		school: DF.Link | None
		spent_on: DF.Date
	# end: auto-generated types

	def check_if_latest(self):
		# the fund that is waited for is that of the budget, whatever the form sends
		self.fund = frappe.db.get_value("Fund Budget", self.fund_budget, "fund")
		super().check_if_latest()

	def validate(self):
		self.amount = funds.money(self.amount)
		if self.amount <= 0:
			frappe.throw(_("The amount must be more than 0."))
		budget = frappe.get_doc("Fund Budget", self.fund_budget)
		self.fund, self.school = budget.fund, budget.school
		if not getdate(budget.from_date) <= getdate(self.spent_on) <= getdate(budget.to_date):
			frappe.throw(
				_("{0} lies outside the time of the budget: {1} to {2}.").format(
					formatdate(self.spent_on), formatdate(budget.from_date), formatdate(budget.to_date)
				)
			)

	def before_submit(self):
		if not self.proof:
			frappe.throw(_("Attach the invoice or receipt as proof."))
		funds.hold(self.fund)
		self.validate_left()

	def validate_left(self) -> None:
		"""Never beyond the budget (T13), with many at once too: the fund is held."""
		table = frappe.qb.DocType("Fund Budget")
		query = frappe.qb.from_(table).where(table.name == self.fund_budget)
		((docstatus, closed_on),) = query.select(table.docstatus, table.closed_on).for_update().run()
		if docstatus != 1:
			frappe.throw(_("Submit the budget first: money is spent of a submitted one only."))
		if closed_on:
			frappe.throw(_("This budget is closed. Reopen it to spend of it."), title=_("Budget Closed"))
		left = funds.left_of_budget(self.fund_budget, lock=True)
		if self.amount > left:
			frappe.throw(
				_("Budget {0} has {1} left, {2} is to be spent.").format(
					frappe.bold(self.fund_budget), fmt_money(left), fmt_money(self.amount)
				),
				exc=funds.NotEnoughMoney,
				title=_("Not Enough Money"),
			)
