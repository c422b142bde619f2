from frappe.model.document import Document


class SupportIndicator(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		denominator: DF.SmallText | None
		dimension: DF.Literal["Academic", "Psychological", "Life", "Social", "Family"]
		direction: DF.Literal["Higher is better", "Lower is better"]
		indicator_name: DF.Data
		numerator: DF.SmallText | None
		unit: DF.Literal["%", "pp", "Relative %", "Points", "Grade Steps", "Person-times"]
	# end: auto-generated types

	pass
