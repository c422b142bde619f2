from frappe.model.document import Document


class ApprovalBand(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		approved_by: DF.Literal["Finance", "Leading Group"]
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		up_to: DF.Currency
	# end: auto-generated types

	pass
