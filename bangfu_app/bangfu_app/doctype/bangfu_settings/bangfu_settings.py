import frappe
from frappe import _
from frappe.model.document import Document


class BangfuSettings(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from bangfu_app.bangfu_app.doctype.approval_band.approval_band import ApprovalBand
		from bangfu_app.bangfu_app.doctype.file_requirement.file_requirement import FileRequirement
		from bangfu_app.bangfu_app.doctype.level_group.level_group import LevelGroup
		from bangfu_app.bangfu_app.doctype.priority_band.priority_band import PriorityBand
		from bangfu_app.bangfu_app.doctype.unmask_right.unmask_right import UnmaskRight

		age_of_majority: DF.Int
		approval_bands: DF.Table[ApprovalBand]
		approval_digest: DF.Check
		bank_file_layout: DF.Link | None
		bottom_percent: DF.Percent
		census_month: DF.Int
		census_reminder_days: DF.Int
		class_hour_minutes: DF.Int
		class_review_majority: DF.Percent
		class_review_quorum: DF.Int
		current_term: DF.Link | None
		enrolment_check_days: DF.Int
		evidence_methods: DF.Int
		evidence_records: DF.Int
		file_requirements: DF.Table[FileRequirement]
		follow_up_years: DF.Int
		import_background_rows: DF.Int
		import_batch_rows: DF.Int
		import_max_rows: DF.Int
		level_groups: DF.Table[LevelGroup]
		long_term_terms: DF.Int
		lookups_per_hour: DF.Int
		min_fixed_teachers: DF.Int
		min_leads: DF.Int
		min_volunteers: DF.Int
		neutral_slip_text: DF.SmallText | None
		office_name: DF.Data | None
		pass_percent: DF.Percent
		priority_bands: DF.Table[PriorityBand]
		relief_hours: DF.Int
		require_training: DF.Check
		screening_raters: DF.Int
		screening_visits: DF.Int
		small_cell_size: DF.Int
		unmask_rights: DF.Table[UnmaskRight]
	# end: auto-generated types

	def validate(self):
		if not self.class_hour_minutes:
			frappe.throw(_("Minutes per class hour must be more than 0."))
		if self.census_month > 12:
			frappe.throw(_("A month is a number from 1 to 12, 0 for none."), title=_("Screening"))
		limits = [row.from_score for row in self.priority_bands]
		if len(set(limits)) != len(limits):
			frappe.throw(_("Two priority bands begin at the same score."), title=_("Priority Bands"))

	def on_update(self):
		# the desk is told at its start which numbers get a button
		frappe.cache.delete_value("bootinfo")
