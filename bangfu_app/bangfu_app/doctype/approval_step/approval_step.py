from frappe.model.document import Document


class ApprovalStep(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		abstentions: DF.Int
		acted_on: DF.Datetime
		action: DF.Data | None
		changes: DF.SmallText | None
		content_version: DF.Int
		digest: DF.Data | None
		from_state: DF.Data | None
		kind: DF.Literal[
			"Submission", "Agreement", "Approval", "Sent Back", "Reopened", "By the App", "Taken Over"
		]
		reason: DF.SmallText | None
		reference_doctype: DF.Link
		reference_name: DF.DynamicLink
		school: DF.Link | None
		step_number: DF.Int
		student: DF.Link | None
		to_state: DF.Data
		user: DF.Link
		votes_against: DF.Int
		votes_for: DF.Int
	# end: auto-generated types

	pass
