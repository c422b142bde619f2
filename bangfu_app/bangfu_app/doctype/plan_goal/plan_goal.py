from frappe.model.document import Document


class PlanGoal(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		baseline: DF.Data | None
		domain: DF.Link | None
		due: DF.Date | None
		goal: DF.SmallText
		indicator: DF.Link | None
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		step: DF.Int
		target: DF.Data | None
	# end: auto-generated types

	pass
