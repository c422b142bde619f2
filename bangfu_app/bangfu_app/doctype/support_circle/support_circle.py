from frappe.model.document import Document


class SupportCircle(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		circle: DF.Literal["Family", "Friends", "Dorm", "Class", "Community"]
		note: DF.Data | None
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		person: DF.Data
		strength: DF.Literal["Strong", "Moderate", "Weak", "Strained"]
	# end: auto-generated types

	pass
