from frappe.model.document import Document


class AidReturnItem(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		amount: DF.Currency
		distribution: DF.Link
		distribution_line: DF.Data | None
		donation: DF.Link | None
		donation_line: DF.Data | None
		donor: DF.Link | None
		item: DF.Link | None
		note: DF.Data | None
		outcome: DF.Literal["Back in Stock", "Lost", "Worn Out"]
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		partner: DF.Link | None
		qty: DF.Float
		student: DF.Link | None
		student_name: DF.Data | None
		unit_value: DF.Currency
		uom: DF.Data | None
	# end: auto-generated types

	pass
