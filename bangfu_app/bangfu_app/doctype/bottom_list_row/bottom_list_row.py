from frappe.model.document import Document


class BottomListRow(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		below_cut: DF.Float
		candidate: DF.Data | None
		candidate_name: DF.Data | None
		decided_by: DF.Link | None
		decided_on: DF.Datetime | None
		decision: DF.Literal["", "Confirmed", "Not Confirmed"]
		long_term: DF.Check
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		reason: DF.SmallText | None
		score: DF.Float
		student: DF.Link | None
		student_no: DF.Data | None
		terms_running: DF.Int
	# end: auto-generated types

	pass
