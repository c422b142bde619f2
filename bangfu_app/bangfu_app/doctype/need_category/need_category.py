from frappe.model.document import Document


class NeedCategory(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		category_name: DF.Data
		criteria: DF.SmallText | None
		emphasis: DF.SmallText | None
		enabled: DF.Check
		is_disability: DF.Check
		need_group: DF.Literal[
			"Economic", "Academic", "Physical-mental", "Emotional", "Special Education", "Conduct"
		]
		neutral_name: DF.Data
	# end: auto-generated types

	pass
