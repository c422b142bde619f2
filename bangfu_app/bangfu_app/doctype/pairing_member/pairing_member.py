from frappe.model.document import Document


class PairingMember(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		end_reason: DF.Data | None
		from_date: DF.Date | None
		member_role: DF.Literal[
			"Lead Social Worker",
			"Fixed Teacher",
			"Volunteer",
			"Counsellor",
			"Peer",
			"Resource Teacher",
			"Contact Cadre",
		]
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		supporter: DF.Link
		supporter_name: DF.Data | None
		to_date: DF.Date | None
	# end: auto-generated types

	pass
