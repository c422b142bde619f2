import frappe
from frappe import _
from frappe.model.document import Document


class ConfidentialEntry(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		reason_cipher: DF.LongText | None
		record: DF.Link
		text_cipher: DF.LongText | None
		written_by: DF.Link
		written_on: DF.Datetime
	# end: auto-generated types

	"""One sealed text of a Confidential Record; no role has a right on it."""

	def validate(self):
		frappe.throw(_("Use Add to Record: what was written stays as it is."), title=_("Confidential Record"))

	def on_trash(self):
		frappe.throw(
			_("A confidential record is not deleted; it can be withdrawn."), title=_("Confidential Record")
		)
