from frappe.model.document import Document


class FamilyMember(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		annual_income: DF.Currency
		birth_year: DF.Int
		health: DF.Data | None
		is_guardian: DF.Check
		member_name: DF.Data
		occupation: DF.Data | None
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		relation: DF.Literal[
			"Father", "Mother", "Grandfather", "Grandmother", "Sibling", "Other Relative", "Other"
		]
	# end: auto-generated types

	pass
