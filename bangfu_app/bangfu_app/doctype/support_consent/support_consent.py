import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate

from bangfu_app.privacy import consent, disclosure
from bangfu_app.privacy.confidential import changed

WITHDRAWAL = ("withdrawn_on", "withdrawal_reason")


class SupportConsent(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		evidence: DF.Attach | None
		given_by: DF.Data
		given_on: DF.Date
		relation: DF.Literal[
			"Student", "Father", "Mother", "Grandfather", "Grandmother", "Other Relative", "Other"
		]
		school: DF.Link | None
		scope: DF.Literal[
			"Support",
			"Counselling",
			"Photo and Publicity",
			"Published Case",
			"External Referral",
			"Partner Sharing",
			"Subsidy Publicity",
		]
		student: DF.Link
		student_name: DF.Data | None
		valid_until: DF.Date | None
		withdrawal_reason: DF.SmallText | None
		withdrawn_on: DF.Date | None
	# end: auto-generated types

	"""To what the student or the family has agreed, on what paper, until when; see consent.py for what needs it."""

	def validate(self):
		self.validate_from_to_dates("given_on", "valid_until")
		if getdate(self.given_on) > getdate():
			frappe.throw(_("A consent is not given on a day to come."))
		self.validate_evidence()
		self.validate_withdrawal()

	def on_update(self):
		if self.flags.withdrawing:
			consent.end_what_needs_it(self.student, self.scope)

	def on_trash(self):
		"""A deleted consent holds no more than a withdrawn one; the flag tells that it counts no more."""
		frappe.db.set_value("Support Consent", self.name, "withdrawn_on", self.given_on)
		consent.end_what_needs_it(self.student, self.scope)

	def validate_evidence(self) -> None:
		if self.evidence and not self.evidence.startswith("/private/files/"):
			frappe.throw(_("The evidence must be a private file."), title=_("Evidence"))

	def validate_withdrawal(self) -> None:
		if self.flags.withdrawing:
			return
		before = self.get_doc_before_save()
		if before and before.withdrawn_on and changed(self, "valid_until"):
			frappe.throw(_("A withdrawn consent is not renewed: record the new one."))
		if changed(self, *WITHDRAWAL):
			frappe.throw(_("Use Withdraw: the reason is kept."), title=_("Support Consent"))

	@frappe.whitelist(methods=["POST"])
	def withdraw(self, reason: str) -> None:
		"""From this moment nothing rests on the consent any more."""
		record = frappe.get_doc("Support Consent", self.name)
		record.check_permission("write")
		if record.withdrawn_on:
			frappe.throw(_("The consent was withdrawn already."))
		record.update({"withdrawn_on": getdate(), "withdrawal_reason": disclosure.require_reason(reason)})
		record.flags.withdrawing = True
		record.save()
