from frappe.model.document import Document


class SupportMeasure(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		description: DF.SmallText | None
		dimension: DF.Literal["Academic", "Psychological", "Life", "Social", "Family"]
		frequency: DF.Literal[
			"", "Daily", "Weekly", "Fortnightly", "Monthly", "Quarterly", "Each Term", "Once"
		]
		measure_name: DF.Data
		minutes: DF.Int
		session_kind: DF.Literal[
			"",
			"Tutoring",
			"Individual Counselling",
			"Group Counselling",
			"Activity",
			"Interest Course",
			"Parent School",
			"Companionship",
			"Heart-to-heart Talk",
			"Home Visit",
			"Training",
		]
	# end: auto-generated types

	pass
