import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import fmt_money

from bangfu_app.mapping import get_mapped_doc
from bangfu_app.money import funds


class AidFund(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		budget: DF.Currency
		enabled: DF.Check
		for_need_group: DF.Literal[
			"", "Economic", "Academic", "Physical-mental", "Emotional", "Special Education", "Conduct"
		]
		for_school: DF.Link | None
		for_stage: DF.Literal[
			"", "Compulsory Education", "Senior Secondary", "Vocational Education", "Higher Education"
		]
		from_date: DF.Date
		fund_name: DF.Data
		limit_by: DF.Literal["Budget", "Money Received"]
		notes: DF.SmallText | None
		partner: DF.Link | None
		restriction: DF.SmallText | None
		school: DF.Link | None
		source_type: DF.Literal[
			"Government Purchase",
			"Government Budget",
			"Foundation",
			"Enterprise",
			"Crowdfunding",
			"Love Fund",
			"School Budget",
		]
		to_date: DF.Date
	# end: auto-generated types

	def onload(self):
		if not self.is_new():
			now = funds.balance(self.name)
			names = ("limit", "committed", "paid", "left", "received")
			self.set_onload("balance", {name: float(getattr(now, name)) for name in names})

	def validate(self):
		self.fund_name = self.fund_name.strip()
		self.validate_from_to_dates("from_date", "to_date")
		self.set_budget()
		self.validate_covered()

	def set_budget(self) -> None:
		self.budget = funds.money(self.budget)
		if self.budget < 0:
			frappe.throw(_("The budget cannot be less than 0."))

	def validate_covered(self) -> None:
		"""A fund never falls below what is committed and paid (M11)."""
		before = self.get_doc_before_save()
		if not before or (before.limit_by, funds.money(before.budget)) == (self.limit_by, self.budget):
			return
		by_money = self.limit_by == funds.MONEY_RECEIVED
		limit = funds.balance(self.name, lock=True).received if by_money else self.budget
		funds.require_covered(
			self.name,
			limit,
			_("Fund {0} would have {1} in all.").format(frappe.bold(self.name), fmt_money(limit)),
		)


@frappe.whitelist()
def make_fund_budget(source_name: str, target_doc: str | Document | None = None) -> Document:
	"""A budget out of this fund, for the whole of its time."""
	frappe.has_permission("Aid Fund", "read", source_name, throw=True)

	def fill(source, target):
		target.update({"fund": source.name, "school": source.school or source.for_school})

	fields = {"doctype": "Fund Budget", "field_no_map": ["notes"]}
	return get_mapped_doc("Aid Fund", source_name, {"Aid Fund": fields}, target_doc, fill)
