from frappe.model.document import Document


class AidItem(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		item_group: DF.Literal[
			"Books", "Stationery", "Learning Device", "Assistive Device", "Daily Necessities", "Other"
		]
		item_name: DF.Data
		lendable: DF.Check
		uom: DF.Data
	# end: auto-generated types

	pass
