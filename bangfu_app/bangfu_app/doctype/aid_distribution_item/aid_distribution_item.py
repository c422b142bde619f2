from frappe.model.document import Document


class AidDistributionItem(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		amount: DF.Currency
		donation: DF.Link | None
		donation_line: DF.Data | None
		donor: DF.Link | None
		due_back: DF.Date | None
		item: DF.Link
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		partner: DF.Link | None
		plan: DF.Link | None
		plan_aid: DF.Data | None
		proof: DF.AttachImage | None
		qty: DF.Float
		received_by: DF.Data | None
		received_on: DF.Date | None
		student: DF.Link | None
		student_name: DF.Data | None
		transfer: DF.Literal["Gift", "Loan"]
		unit_value: DF.Currency
		uom: DF.Data | None
	# end: auto-generated types

	pass
