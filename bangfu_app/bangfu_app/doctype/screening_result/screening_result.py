from frappe.model.document import Document


class ScreeningResult(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		domain: DF.Link
		normalised: DF.Float
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		raters: DF.Int
		score: DF.Float
		weight: DF.Float
	# end: auto-generated types

	pass
