from decimal import Decimal

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate

from bangfu_app.amounts import cents
from bangfu_app.bangfu_app.doctype.student_file.student_file import require_in_support
from bangfu_app.privacy import disclosure

# written by the steps alone
BY_STEP = ("status", "decided_on", "decision_note", "donation", "distribution")
# what the foundation was asked for
ASKED = ("student", "item", "qty", "foundation", "applied_on")


class DeviceApplication(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		amount: DF.Currency
		applied_on: DF.Date | None
		decided_on: DF.Date | None
		decision_note: DF.SmallText | None
		distribution: DF.Link | None
		donation: DF.Link | None
		foundation: DF.Link
		item: DF.Link
		paper: DF.Attach | None
		qty: DF.Int
		reason: DF.SmallText | None
		school: DF.Link | None
		status: DF.Literal["Draft", "Applied", "Granted", "Refused", "In Custody", "Returned"]
		student: DF.Link
		student_name: DF.Data | None
	# end: auto-generated types

	"""An assistive device asked of a foundation for one student: decision, donation, loan, return (M9).

	The state moves by apply, grant and refuse; from the loan on it follows the goods (devices.py).
	"""

	def validate(self):
		self.validate_course()
		if self.qty <= 0:
			frappe.throw(_("The quantity must be more than 0."), title=_("Quantity"))
		if self.is_new():
			require_in_support(self.student, _("Device Application"))

	def on_trash(self):
		if self.status != "Draft":
			frappe.throw(_("What was applied for is not deleted."), title=_("Device Application"))

	def validate_course(self) -> None:
		before = self.get_doc_before_save()
		if self.flags.by_step:
			return
		stored = before or frappe._dict(status="Draft")
		if any(str(stored.get(key) or "") != str(self.get(key) or "") for key in BY_STEP):
			frappe.throw(_("Use Apply, Grant or Refuse."), title=_("Device Application"))
		if before and before.status != "Draft" and any(self.has_value_changed(key) for key in ASKED):
			frappe.throw(
				_("The foundation was asked already: what was asked for stays. Make another application."),
				title=_("Device Application"),
			)

	# ---------------------------------------------------------------- steps

	@frappe.whitelist(methods=["POST"])
	def apply(self, applied_on: str | None = None) -> None:
		"""Sent to the foundation, today or on a day before."""
		application = self.to_act("Draft")
		require_in_support(application.student, _("Device Application"))
		day = getdate(applied_on or application.applied_on)
		if day > getdate():
			frappe.throw(_("The day lies in the future."), title=_("Applied On"))
		application.save_step(status="Applied", applied_on=day)

	@frappe.whitelist(methods=["POST"])
	def grant(self, decided_on: str | None = None, note: str | None = None) -> None:
		application = self.to_act("Applied")
		application.decide("Granted", decided_on, note)

	@frappe.whitelist(methods=["POST"])
	def refuse(self, note: str, decided_on: str | None = None) -> None:
		application = self.to_act("Applied")
		application.decide("Refused", decided_on, disclosure.require_reason(note))

	@frappe.whitelist(methods=["POST"])
	def make_donation(self) -> str:
		"""Draft of the foundation's donation; its name."""
		application = self.to_act("Granted")
		frappe.has_permission("Aid Donation", "create", throw=True)
		if (
			application.donation
			and frappe.db.get_value("Aid Donation", application.donation, "docstatus") != 2
		):
			frappe.throw(_("There is a donation already: {0}").format(application.donation))
		value = cents(Decimal(str(application.amount or 0)) / Decimal(str(application.qty)))
		line = {"item": application.item, "qty": application.qty, "unit_value": value}
		donation = {"doctype": "Aid Donation", "donor": application.foundation, "kind": "Goods"}
		donation = frappe.get_doc({**donation, "items": [line]}).insert()
		application.save_step(donation=donation.name)
		return donation.name

	@frappe.whitelist(methods=["POST"])
	def make_distribution(self, due_back: str) -> str:
		"""Draft of the loan to the student, out of that donation; its name."""
		application = self.to_act("Granted")
		frappe.has_permission("Aid Distribution", "create", throw=True)
		if frappe.db.get_value("Aid Donation", application.donation, "docstatus") != 1:
			frappe.throw(_("Make and submit the donation first."), title=_("Donation"))
		taken = application.distribution
		if taken and frappe.db.get_value("Aid Distribution", taken, "docstatus") != 2:
			frappe.throw(_("There is a distribution already: {0}").format(taken))
		line = {"student": application.student, "item": application.item, "qty": application.qty}
		line |= {"donation": application.donation, "transfer": "Loan", "due_back": getdate(due_back)}
		# the words say nothing of a device: the list of distributions is read by who reads no health
		distribution = {"doctype": "Aid Distribution", "purpose": _("Loan to a student"), "items": [line]}
		distribution = frappe.get_doc(distribution).insert()
		application.save_step(distribution=distribution.name)
		return distribution.name

	def to_act(self, status: str) -> "DeviceApplication":
		"""The application as stored and locked, if this user may write it and it stands where it should."""
		application = frappe.get_doc("Device Application", self.name, for_update=True)
		application.check_permission("write")
		if application.status != status:
			frappe.throw(
				_("The application is {0}.").format(
					frappe.bold(_(application.status, context="Device Application"))
				),
				title=_("Device Application"),
			)
		return application

	def decide(self, status: str, decided_on: str | None, note: str | None) -> None:
		day = getdate(decided_on)
		if not getdate(self.applied_on) <= day <= getdate():
			frappe.throw(
				_("The decision comes after the application, and not in the future."), title=_("Decision")
			)
		self.save_step(status=status, decided_on=day, decision_note=note)

	def save_step(self, **values) -> None:
		self.update(values)
		self.flags.by_step = True
		self.save()
