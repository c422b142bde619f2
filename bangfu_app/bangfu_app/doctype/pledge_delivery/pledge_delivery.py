from frappe.model.document import Document


class PledgeDelivery(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		amount: DF.Currency
		donation: DF.Link | None
		due_on: DF.Date
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		qty: DF.Float
		status: DF.Literal["Expected", "Received", "Cancelled"]
	# end: auto-generated types

	pass
