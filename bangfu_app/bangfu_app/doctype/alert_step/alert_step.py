from frappe.model.document import Document


class AlertStep(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		action: DF.Literal[
			"Raised",
			"Evidence",
			"Acknowledged",
			"Contacted",
			"Visited",
			"Talked",
			"Safety Plan",
			"Referred",
			"Handed Over",
			"Escalated",
			"Ended",
		]
		at: DF.Datetime
		evidence_key: DF.Data | None
		note: DF.SmallText | None
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		user: DF.Link | None
	# end: auto-generated types

	pass
