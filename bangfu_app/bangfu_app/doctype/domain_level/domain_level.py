from frappe.model.document import Document


class DomainLevel(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		colour: DF.Color | None
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		score: DF.Int
		wording: DF.SmallText
	# end: auto-generated types

	pass
