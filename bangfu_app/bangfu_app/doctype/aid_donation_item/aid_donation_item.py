from frappe.model.document import Document


class AidDonationItem(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		amount: DF.Currency
		basis: DF.Literal["Invoice", "Appraised", "Market Price", "Stated by Donor"]
		basis_note: DF.Data | None
		item: DF.Link
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		qty: DF.Float
		unit_value: DF.Currency
		uom: DF.Data | None
	# end: auto-generated types

	pass
