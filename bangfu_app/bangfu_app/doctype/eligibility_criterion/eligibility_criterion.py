import frappe
from frappe import _
from frappe.model.document import Document


class EligibilityCriterion(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		city: DF.Data | None
		criterion_name: DF.Data
		district: DF.Data | None
		enabled: DF.Check
		kind: DF.Literal[
			"Below the Minimum-living Line",
			"Sudden Change",
			"Serious Illness",
			"Poorer though Unregistered",
			"Other",
		]
		monthly_line: DF.Currency
		need_category: DF.Link | None
		province: DF.Data | None
		valid_from: DF.Date | None
		valid_to: DF.Date | None
		wording: DF.SmallText
	# end: auto-generated types

	"""Who is eligible, by year and place (I7). Being registered is a flag on the circumstances, no criterion (I8)."""

	def validate(self):
		self.validate_from_to_dates("valid_from", "valid_to")
		if self.monthly_line and self.kind != "Below the Minimum-living Line":
			frappe.throw(_("A monthly line belongs to the minimum-living line only."))
