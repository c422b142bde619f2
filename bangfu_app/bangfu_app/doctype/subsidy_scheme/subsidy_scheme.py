import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import fmt_money


class SubsidyScheme(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from bangfu_app.bangfu_app.doctype.subsidy_rate.subsidy_rate import SubsidyRate

		amount: DF.Currency
		amount_rule: DF.Literal["Fixed", "By Group", "By Hours", "As Decided"]
		amounts: DF.Table[SubsidyRate]
		criterion: DF.Link | None
		decision_hours: DF.Int
		disability: DF.Check
		enabled: DF.Check
		for_need_group: DF.Literal[
			"", "Economic", "Academic", "Physical-mental", "Emotional", "Special Education", "Conduct"
		]
		for_school: DF.Link | None
		for_stage: DF.Literal[
			"", "Compulsory Education", "Senior Secondary", "Vocational Education", "Higher Education"
		]
		fund: DF.Link
		kind: DF.Literal["Grant", "Living Subsidy", "Temporary Relief", "Work-study", "Assistive Device"]
		max_annual_income: DF.Currency
		minimum_living: DF.Check
		neutral_name: DF.Data | None
		period_kind: DF.Literal["Once", "School Year", "Term", "Month"]
		policy_reference: DF.SmallText | None
		poverty_registered: DF.Check
		scheme_name: DF.Data
	# end: auto-generated types

	def validate(self):
		self.clear_unused()
		self.validate_amount()
		self.validate_rates()
		self.validate_period()

	def clear_unused(self) -> None:
		"""An amount that its rule does not use would only mislead."""
		if self.amount_rule != "Fixed":
			self.amount = 0
		if self.amount_rule != "By Group":
			self.amounts = []

	def validate_amount(self) -> None:
		if self.amount_rule == "Fixed" and not (self.amount or 0) > 0:
			frappe.throw(_("Enter the amount that each student gets."), title=_("Amount"))

	def validate_rates(self) -> None:
		if self.amount_rule == "By Group" and not self.amounts:
			frappe.throw(_("Enter an amount for each stage or need group."), title=_("Amounts"))
		seen = {}
		for row in self.amounts:
			if not (row.amount or 0) > 0:
				frappe.throw(_("Row #{0}: the amount must be more than 0.").format(row.idx))
			first = seen.setdefault((row.stage or "", row.need_group or ""), row)
			if first is not row:
				frappe.throw(
					_("Rows #{0} and #{1} are for the same stage and need group ({2} and {3}).").format(
						first.idx, row.idx, fmt_money(first.amount), fmt_money(row.amount)
					),
					title=_("Amounts"),
				)

	def validate_period(self) -> None:
		"""Hours are recorded by the month; claims go by the period, so it stays once there are any (M5)."""
		if self.amount_rule == "By Hours" and self.period_kind != "Month":
			frappe.throw(
				_("Pay by hours is by the month: choose Month as Period Kind."), title=_("Period Kind")
			)
		if not self.is_new() and self.has_value_changed("period_kind"):
			used = frappe.get_all(
				"Subsidy Batch", {"scheme": self.name, "docstatus": 1}, pluck="name", limit=3
			)
			if used:
				frappe.throw(
					_("Batches were approved by this period kind: {0}. Make a new scheme instead.").format(
						", ".join(used)
					),
					title=_("Period Kind"),
				)
