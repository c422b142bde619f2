from frappe.model.document import Document


class BankFileColumn(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		fixed_text: DF.Data | None
		heading: DF.Data
		holds: DF.Literal[
			"No.",
			"Payee",
			"Account",
			"Bank",
			"Amount",
			"Remark",
			"Row Reference",
			"Fixed Text",
			"Result",
			"Failure Reason",
			"Paid On",
			"Bank Reference",
		]
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
	# end: auto-generated types

	pass
