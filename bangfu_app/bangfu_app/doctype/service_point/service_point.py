from frappe.model.document import Document


class ServicePoint(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		address: DF.SmallText | None
		enabled: DF.Check
		point_name: DF.Data
		point_type: DF.Literal[
			"",
			"Community Centre",
			"Classroom",
			"Resource Room",
			"Public Library",
			"After-school Station",
			"Student's Home",
			"Online",
			"Other",
		]
		school: DF.Link | None
	# end: auto-generated types

	pass
