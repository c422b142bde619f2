import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate

from bangfu_app.privacy import consent, disclosure

# what was proposed and accepted stays: a later change would move the rights that follow from it
FIXED = ("kind", "counsellor", "partner", "from_date")


class SupportReferral(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		accepted_by: DF.Link | None
		closed_on: DF.Date | None
		counsellor: DF.Link | None
		decided_on: DF.Date | None
		decline_reason: DF.SmallText | None
		from_date: DF.Date
		kind: DF.Literal["Internal", "External"]
		note: DF.SmallText | None
		partner: DF.Link | None
		reason_category: DF.Literal["Learning", "Well-being", "Behaviour", "Health", "Family", "Other"]
		referred_on: DF.Date
		result: DF.SmallText | None
		school: DF.Link | None
		status: DF.Literal["Proposed", "Accepted", "Closed", "Declined"]
		student: DF.Link
		student_name: DF.Data | None
		until_date: DF.Date | None
	# end: auto-generated types

	"""To a counsellor of the school, or out to a clinic or another partner, and the result back (D13, I16).

	An internal one, accepted and not ended, gives its counsellor the student (relations.referred_students).
	"""

	def onload(self):
		self.set_onload("may_decide", may_decide(self))
		self.set_onload("may_accept", may_decide(self) and frappe.session.user != self.owner)

	def validate(self):
		self.validate_from_to_dates("from_date", "until_date")
		self.validate_receiver()
		self.validate_status()
		self.validate_fixed()
		if self.kind == "External" and (self.is_new() or self.has_value_changed("partner")):
			consent.require_consent(self.student, "External Referral", _("Referral outside"))

	def validate_receiver(self) -> None:
		if self.kind == "External":
			self.counsellor = None
			if not self.partner:
				frappe.throw(_("Choose the partner to refer to."))
		else:
			self.partner = None
			if not self.counsellor or "Counsellor" not in frappe.get_roles(self.counsellor):
				frappe.throw(_("Choose a counsellor to refer to."))

	def validate_status(self) -> None:
		"""The state moves by accept, decline and close alone."""
		moved = self.status != "Proposed" if self.is_new() else self.has_value_changed("status")
		if moved and not self.flags.deciding:
			frappe.throw(_("Use Accept, Decline or Close."), title=_("Support Referral"))

	def validate_fixed(self) -> None:
		before = self.get_doc_before_save()
		if not before or before.status == "Proposed":
			return
		if any(self.has_value_changed(key) for key in FIXED):
			frappe.throw(
				_("The referral was decided already: close it and make another."), title=_("Support Referral")
			)
		if is_later(self.until_date, before.until_date):
			frappe.throw(_("Make another referral for a longer time."), title=_("Support Referral"))

	@frappe.whitelist(methods=["POST"])
	def accept(self) -> None:
		referral = self.to_decide("Proposed")
		if frappe.session.user == referral.owner:
			frappe.throw(_("Who proposed a referral does not accept it."), exc=frappe.PermissionError)
		if referral.kind == "External":
			consent.require_consent(referral.student, "External Referral", _("Referral outside"))
		referral.decide(status="Accepted", accepted_by=frappe.session.user, decided_on=getdate())

	@frappe.whitelist(methods=["POST"])
	def decline(self, reason: str) -> None:
		referral = self.to_decide("Proposed")
		reason = disclosure.require_reason(reason)
		referral.decide(status="Declined", decline_reason=reason, decided_on=getdate())

	@frappe.whitelist(methods=["POST"])
	def close(self, result: str | None = None) -> None:
		"""Ends the counsellor's rights at once."""
		referral = self.to_decide("Accepted")
		referral.decide(status="Closed", result=result or referral.result, closed_on=getdate())

	def to_decide(self, status: str) -> Document:
		"""The referral as stored, if this user decides it and it stands where it should."""
		referral = frappe.get_doc("Support Referral", self.name)
		referral.check_permission("write")
		if not may_decide(referral):
			frappe.throw(
				_("The counsellor referred to decides, or the leading group."), frappe.PermissionError
			)
		if referral.status != status:
			frappe.throw(
				_("The referral is {0}.").format(frappe.bold(_(referral.status, context="Support Referral")))
			)
		return referral

	def decide(self, **values) -> None:
		self.update(values)
		self.flags.deciding = True
		self.save()


def may_decide(referral: Document) -> bool:
	"""The counsellor of an internal one; of one to a partner, the office that hears from the partner."""
	roles = set(frappe.get_roles())
	if "Bangfu Manager" in roles:
		return True
	if referral.kind == "Internal":
		return referral.counsellor == frappe.session.user
	return bool({"Bangfu Coordinator", "Class Teacher"} & roles)


def is_later(day, former) -> bool:
	"""Is `day` (None: without end) later than the former?"""
	return bool(former) and (not day or getdate(day) > getdate(former))
