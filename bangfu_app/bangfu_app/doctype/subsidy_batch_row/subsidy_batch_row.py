from frappe.model.document import Document

from bangfu_app.money import subsidy_claims


class SubsidyBatchRow(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		account: DF.Data | None
		amount: DF.Currency
		claim_key: DF.Data | None
		eligibility_changed: DF.Check
		failure_reason: DF.Data | None
		hours: DF.Float
		paid_on: DF.Date | None
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		payee_account: DF.Link | None
		payee_name: DF.Data | None
		payment: DF.Link | None
		proof: DF.Attach | None
		snapshot: DF.Link | None
		status: DF.Literal["Due", "In Bank File", "Paid", "Failed", "Withdrawn"]
		student: DF.Link
		student_name: DF.Data | None
		withdrawn_reason: DF.Data | None
	# end: auto-generated types

	def show_unique_validation_message(self, e: Exception) -> None:
		"""Frappe calls this when the database refuses the row: its claim is held by another batch."""
		subsidy_claims.throw_taken(self)
