import frappe
from frappe import _
from frappe.model.document import Document

from bangfu_app.persons import merging


class StudentMerge(Document):
	"""Two files of one student become one: what refers to one file is moved to the other. Cancelling undoes it."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from bangfu_app.bangfu_app.doctype.merge_choice.merge_choice import MergeChoice

		amended_from: DF.Link | None
		choices: DF.Table[MergeChoice]
		kept_file: DF.Link
		kept_name: DF.Data | None
		kept_school: DF.Link | None
		merged_file: DF.Link
		merged_name: DF.Data | None
		merged_school: DF.Link | None
		merged_status: DF.Data | None
		moved: DF.LongText | None
		moved_summary: DF.SmallText | None
		reason: DF.SmallText
	# end: auto-generated types

	def validate(self):
		merging.require_two(self)
		if self.docstatus == 0:
			merging.fill_choices(self)

	def before_submit(self):
		for name in (self.kept_file, self.merged_file):
			frappe.get_doc("Student File", name).check_permission("write")
		merging.refuse_conflicts(self)

	def on_submit(self):
		merging.merge(self)

	def before_cancel(self):
		merging.refuse_undo(self)

	def on_cancel(self):
		merging.undo(self)

	def on_trash(self):
		if self.docstatus:
			frappe.throw(_("A merge stays on record."), title=_("Student Merge"))
