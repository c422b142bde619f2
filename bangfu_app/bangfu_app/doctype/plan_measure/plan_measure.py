from frappe.model.document import Document


class PlanMeasure(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		content: DF.SmallText | None
		dimension: DF.Literal["", "Academic", "Psychological", "Life", "Social", "Family"]
		frequency: DF.Literal[
			"", "Daily", "Weekly", "Fortnightly", "Monthly", "Quarterly", "Each Term", "Once"
		]
		measure: DF.Link
		minutes: DF.Int
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		setting: DF.Literal["", "In Class", "After Class", "Out of School", "At Home", "Online"]
		start_time: DF.Time | None
		subject: DF.Link | None
		supporter: DF.Link | None
		weekday: DF.Literal["", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
	# end: auto-generated types

	pass
