from frappe.model.document import Document


class ScreeningVisit(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		findings: DF.SmallText
		method: DF.Literal[
			"Home Visit", "School Visit", "Community Visit", "Questionnaire", "Data Comparison"
		]
		next_step: DF.Data | None
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		place: DF.Data | None
		visited_by: DF.Data
		visited_on: DF.Date
	# end: auto-generated types

	pass
