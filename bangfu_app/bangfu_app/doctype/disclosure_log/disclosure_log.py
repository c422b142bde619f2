import frappe
from frappe import _
from frappe.model.document import Document


class DisclosureLog(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		anonymous: DF.Check
		disclosed_on: DF.Datetime
		file_name: DF.Data | None
		filters: DF.Code | None
		kind: DF.Literal["Number", "Confidential Record", "Confidential Paper", "Export", "Look-up"]
		reason: DF.SmallText | None
		recipient: DF.Link | None
		reference_doctype: DF.Link | None
		reference_field: DF.Data | None
		reference_name: DF.DynamicLink | None
		row_count: DF.Int
		student: DF.Link | None
		user: DF.Link
	# end: auto-generated types

	def on_trash(self):
		frappe.throw(_("What was disclosed stays on record."), title=_("Disclosure Log"))
