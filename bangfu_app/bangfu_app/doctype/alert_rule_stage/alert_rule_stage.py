from frappe.model.document import Document


class AlertRuleStage(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		stage: DF.Literal[
			"Compulsory Education", "Senior Secondary", "Vocational Education", "Higher Education"
		]
	# end: auto-generated types

	pass
