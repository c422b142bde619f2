from frappe.model.document import Document


class AidWriteOffItem(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		amount: DF.Currency
		donation: DF.Link | None
		donation_line: DF.Data | None
		donor: DF.Link | None
		item: DF.Link
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		qty: DF.Float
		unit_value: DF.Currency
		uom: DF.Data | None
	# end: auto-generated types

	pass
