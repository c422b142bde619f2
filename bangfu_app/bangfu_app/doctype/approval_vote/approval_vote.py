from frappe.model.document import Document


class ApprovalVote(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		ballot: DF.Data | None
		choice: DF.Literal["For", "Against", "Abstain"]
		meeting: DF.Data | None
		names: DF.SmallText | None
		recorded_by: DF.Link
		reference_doctype: DF.Link
		reference_name: DF.DynamicLink
		school: DF.Link | None
		student: DF.Link | None
		voter: DF.Link | None
		votes: DF.Int
	# end: auto-generated types

	pass
