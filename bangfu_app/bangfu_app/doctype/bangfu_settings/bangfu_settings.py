import frappe
from frappe import _
from frappe.model.document import Document


class BangfuSettings(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from bangfu_app.bangfu_app.doctype.priority_band.priority_band import PriorityBand

		class_hour_minutes: DF.Int
		current_term: DF.Link | None
		follow_up_years: DF.Int
		min_fixed_teachers: DF.Int
		min_leads: DF.Int
		min_volunteers: DF.Int
		priority_bands: DF.Table[PriorityBand]
		require_training: DF.Check
	# end: auto-generated types

	def validate(self):
		if not self.class_hour_minutes:
			frappe.throw(_("Minutes per class hour must be more than 0."))
		limits = [row.from_score for row in self.priority_bands]
		if len(set(limits)) != len(limits):
			frappe.throw(_("Two priority bands begin at the same score."), title=_("Priority Bands"))
