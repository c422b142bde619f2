import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_link_to_form, getdate

from bangfu_app.mapping import get_mapped_doc
from bangfu_app.money import funds

# what money may be earmarked for, as far as the record type is there (T13)
REFERENCES = ("Support Programme", "Support Group")


class FundBudget(funds.BooksOnFund, Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		amended_from: DF.Link | None
		amount: DF.Currency
		closed_on: DF.Date | None
		from_date: DF.Date
		fund: DF.Link
		notes: DF.SmallText | None
		reference_doctype: DF.Link | None
		reference_name: DF.DynamicLink | None
		school: DF.Link | None
		title: DF.Data
		to_date: DF.Date
	# end: auto-generated types

	def onload(self):
		if self.docstatus == 1:
			spent, left = funds.spent_of([self.name])[self.name], funds.left_of_budget(self.name)
			self.set_onload("use", {"spent": float(spent), "left": float(left)})

	def validate(self):
		self.closed_on = None  # by close() alone
		self.validate_from_to_dates("from_date", "to_date")
		self.amount = funds.money(self.amount)
		if self.amount <= 0:
			frappe.throw(_("The amount must be more than 0."))
		self.validate_reference()
		self.set_school()
		funds.require_usable(self.fund, (self.from_date, self.to_date), self.school)

	def validate_reference(self) -> None:
		if not self.reference_doctype:
			self.reference_name = None
		elif self.reference_doctype not in REFERENCES:
			frappe.throw(_("Money is earmarked for a {0}.").format(" / ".join(map(_, REFERENCES))))

	def set_school(self) -> None:
		"""Who sees the budget goes by its school: that of the fund, or of what it is for."""
		school = None
		if self.reference_name and frappe.get_meta(self.reference_doctype).has_field("school"):
			school = frappe.db.get_value(self.reference_doctype, self.reference_name, "school")
		own = frappe.db.get_value("Aid Fund", self.fund, ["school", "for_school"]) or ()
		self.school = school or self.school or next(filter(None, own), None)

	def before_submit(self):
		funds.require_left(self.fund, self.amount, (self.from_date, self.to_date), self.school)

	def before_cancel(self):
		self.validate_nothing_spent()

	def validate_nothing_spent(self) -> None:
		"""Corrections by reversal: first the spendings, then the budget."""
		funds.hold(self.fund)
		table = frappe.qb.DocType("Fund Spending")
		query = frappe.qb.from_(table).where((table.fund_budget == self.name) & (table.docstatus == 1))
		if held_by := query.select(table.name).for_update().run(pluck=True):
			frappe.throw(
				_("Money of this budget was spent. Cancel these spendings first: {0}").format(
					", ".join(get_link_to_form("Fund Spending", name) for name in sorted(held_by))
				),
				title=_("Already Spent"),
			)

	@frappe.whitelist(methods=["POST"])
	def close(self) -> None:
		"""What is spent stays booked, the rest goes back to the fund."""
		budget = for_settling(self.name)
		if budget.closed_on:
			frappe.throw(_("This budget is closed already."))
		budget.db_set("closed_on", getdate(), notify=True)
		budget.add_comment("Info", _("closed this budget"))

	@frappe.whitelist(methods=["POST"])
	def reopen(self) -> None:
		"""Take the rest from the fund again, if it still has as much."""
		budget = for_settling(self.name)
		if not budget.closed_on:
			frappe.throw(_("This budget is not closed."))
		rest = funds.money(budget.amount) - funds.spent_of([budget.name], lock=True)[budget.name]
		funds.require_left(budget.fund, rest, (), budget.school)
		budget.db_set("closed_on", None, notify=True)
		budget.add_comment("Info", _("reopened this budget"))


def for_settling(name: str) -> FundBudget:
	"""The stored budget, submitted, for one who may submit it; its fund and it are held until the request ends."""
	budget = frappe.get_doc("Fund Budget", name)
	budget.check_permission("submit")
	funds.hold(budget.fund)
	budget = frappe.get_doc("Fund Budget", name, for_update=True)
	if budget.docstatus != 1:
		frappe.throw(_("Only a submitted budget is closed or reopened."))
	return budget


@frappe.whitelist()
def make_fund_spending(source_name: str, target_doc: str | Document | None = None) -> Document:
	"""A spending out of this budget, of what is left of it."""
	frappe.has_permission("Fund Budget", "read", source_name, throw=True)

	def fill(source, target):
		target.update(
			{
				"fund_budget": source.name,
				"purpose": source.title,
				"amount": float(funds.left_of_budget(source.name)),
			}
		)

	fields = {
		"doctype": "Fund Spending",
		"field_no_map": ["notes", "amount"],
		"validation": {"docstatus": ["=", 1]},
	}
	return get_mapped_doc("Fund Budget", source_name, {"Fund Budget": fields}, target_doc, fill)
