from frappe.model.document import Document


class LedgerPosting(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		company: DF.Data | None
		error: DF.SmallText | None
		posting_date: DF.Date | None
		posting_key: DF.Data | None
		reference_doctype: DF.Link | None
		reference_name: DF.DynamicLink | None
		status: DF.Literal["Posted", "Cancelled", "Failed"]
		value: DF.Currency
		voucher_no: DF.Data | None
		voucher_type: DF.Data | None
	# end: auto-generated types

	pass
