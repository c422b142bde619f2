from frappe.model.document import Document


class SubsidyPaymentRow(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		account: DF.Data | None
		amount: DF.Currency
		bank_name: DF.Data | None
		bank_reference: DF.Data | None
		batch_row: DF.Data | None
		open_key: DF.Data | None
		paid_on: DF.Date | None
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		payee_account: DF.Link | None
		payee_name: DF.Data | None
		reason: DF.Data | None
		result: DF.Literal["Waiting", "Paid", "Failed"]
		student: DF.Link | None
		student_name: DF.Data | None
	# end: auto-generated types

	pass
