from frappe.model.document import Document


class SurveyQuestion(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		answer_type: DF.Literal["Scale", "Yes/No", "Number", "Text"]
		cause: DF.Literal[
			"",
			"Intellectual",
			"Psychological",
			"Family",
			"Study Habits",
			"Conduct",
			"Teaching",
			"Environment",
		]
		domain: DF.Link | None
		highest: DF.Float
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		question: DF.SmallText
		reverse: DF.Check
		weight: DF.Float
	# end: auto-generated types

	pass
