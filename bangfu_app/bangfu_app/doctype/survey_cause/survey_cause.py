from frappe.model.document import Document


class SurveyCause(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		cause: DF.Literal[
			"Intellectual", "Psychological", "Family", "Study Habits", "Conduct", "Teaching", "Environment"
		]
		note: DF.SmallText | None
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		questions: DF.SmallText | None
		weight: DF.Percent
	# end: auto-generated types

	pass
