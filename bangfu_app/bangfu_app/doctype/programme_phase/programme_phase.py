from frappe.model.document import Document


class ProgrammePhase(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		content: DF.SmallText | None
		from_day: DF.Int
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		phase: DF.Data
		to_day: DF.Int
	# end: auto-generated types

	pass
