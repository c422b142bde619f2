from frappe.model.document import Document


class SurveyPanelMember(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		member_name: DF.Data
		panel_role: DF.Literal[
			"Class Teacher", "Subject Teacher", "Counsellor", "Social Worker", "Expert", "Other"
		]
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		user: DF.Link | None
	# end: auto-generated types

	pass
