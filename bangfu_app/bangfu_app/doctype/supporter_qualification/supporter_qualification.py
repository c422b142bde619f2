from frappe.model.document import Document


class SupporterQualification(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		exempt: DF.Check
		exemption_reason: DF.Data | None
		kind: DF.Data
		obtained_on: DF.Date | None
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		valid_until: DF.Date | None
	# end: auto-generated types

	pass
