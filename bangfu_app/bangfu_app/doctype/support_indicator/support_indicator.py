import frappe
from frappe import _
from frappe.model.document import Document


class SupportIndicator(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		computed_by: DF.Literal["", "Aid Coverage"]
		count_approved: DF.Check
		denominator: DF.SmallText | None
		dimension: DF.Literal["Academic", "Psychological", "Life", "Social", "Family"]
		direction: DF.Literal["Higher is better", "Lower is better"]
		indicator_name: DF.Data
		need_group: DF.Literal[
			"", "Economic", "Academic", "Physical-mental", "Emotional", "Special Education", "Conduct"
		]
		numerator: DF.SmallText | None
		unit: DF.Literal["%", "pp", "Relative %", "Points", "Grade Steps", "Person-times"]
	# end: auto-generated types

	def validate(self):
		if self.computed_by and (self.unit, self.direction) != ("%", "Higher is better"):
			frappe.throw(
				_("{0} is a share: choose the unit % and Higher is better.").format(
					frappe.bold(_(self.computed_by, context="Support Indicator"))
				),
				title=_("Computed By"),
			)
