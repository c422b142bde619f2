from frappe.model.document import Document


class SubsidyRate(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		amount: DF.Currency
		need_group: DF.Literal[
			"", "Economic", "Academic", "Physical-mental", "Emotional", "Special Education", "Conduct"
		]
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		stage: DF.Literal[
			"", "Compulsory Education", "Senior Secondary", "Vocational Education", "Higher Education"
		]
	# end: auto-generated types

	pass
