import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import fmt_money, get_datetime, now_datetime

from bangfu_app import todos
from bangfu_app.money import relief
from bangfu_app.money.subsidy_rules import FREE, money
from bangfu_app.privacy.disclosure import require_reason

# written by a decision alone
DECISION = ("status", "amount_granted", "decided_by", "decided_on", "decision_note", "batch", "escalated")
# what was decided on stays as it was asked
ASKED = ("student", "scheme", "asked_on", "amount_asked", "reason", "paper")


class ReliefRequest(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		amount_asked: DF.Currency
		amount_granted: DF.Currency
		asked_on: DF.Datetime
		batch: DF.Link | None
		decide_by: DF.Datetime | None
		decided_by: DF.Link | None
		decided_on: DF.Datetime | None
		decision_note: DF.SmallText | None
		escalated: DF.Check
		paper: DF.Attach | None
		reason: DF.SmallText
		scheme: DF.Link
		school: DF.Link | None
		status: DF.Literal["Waiting", "Granted", "Refused"]
		student: DF.Link
		student_name: DF.Data | None
	# end: auto-generated types

	"""A student in sudden hardship: asked for, decided within hours, paid through a batch of one (M6)."""

	def onload(self):
		self.set_onload("may_decide", self.status == "Waiting" and relief.may_decide(self))
		self.set_onload("may_pay_again", self.may_pay_again() and relief.may_decide(self))

	def validate(self):
		self.validate_decision()
		self.validate_asked()
		if self.status == "Waiting":
			self.validate_scheme()
			self.validate_student()
			self.validate_amount()
			self.decide_by = relief.decide_by(self.scheme, self.asked_on)

	def after_insert(self):
		relief.tell_deciders(self)

	def on_trash(self):
		if self.status != "Waiting":
			frappe.throw(_("{0} was decided: it is history and is not deleted.").format(self.name))
		todos.close_todos(self.doctype, self.name)

	def validate_decision(self) -> None:
		"""Grant and Refuse decide, no other way does."""
		if self.flags.deciding:
			return
		before = self.get_doc_before_save()
		if not before:
			self.update(dict.fromkeys(DECISION) | {"status": "Waiting", "amount_granted": 0, "escalated": 0})
		elif any(self.has_value_changed(fieldname) for fieldname in DECISION):
			frappe.throw(_("Use Grant or Refuse."), title=_("Relief Request"))

	def validate_asked(self) -> None:
		before = self.get_doc_before_save()
		if not before:
			if get_datetime(self.asked_on) > now_datetime():
				frappe.throw(_("The request cannot lie in the future."), title=_("Asked On"))
			return
		fixed = ASKED if before.status != "Waiting" else ("student", "asked_on")
		if any(self.has_value_changed(fieldname) for fieldname in fixed):
			frappe.throw(_("What was asked stays as it is: make another request."), title=_("Relief Request"))

	def validate_scheme(self) -> None:
		scheme = frappe.get_cached_doc("Subsidy Scheme", self.scheme)
		if scheme.kind != "Temporary Relief" or scheme.amount_rule != FREE or not scheme.enabled:
			frappe.throw(
				_("Choose an enabled scheme of temporary relief whose amount is decided each time."),
				title=_("Scheme"),
			)

	def validate_student(self) -> None:
		status = frappe.db.get_value("Student File", self.student, "status")
		if status in relief.ENDED:
			frappe.throw(
				_("The file is {0}: no relief is paid for it.").format(
					frappe.bold(_(status, context="Student File"))
				),
				title=_("Student"),
			)

	def validate_amount(self) -> None:
		if money(self.amount_asked) <= 0:
			frappe.throw(_("The amount asked for must be more than 0."), title=_("Amount Asked"))

	def may_pay_again(self) -> bool:
		"""Granted, and its batch was revoked."""
		return self.status == "Granted" and frappe.db.get_value("Subsidy Batch", self.batch, "docstatus") == 2

	@frappe.whitelist(methods=["POST"])
	def grant(self, amount: float, note: str | None = None) -> str:
		"""Returns the batch that pays it."""
		request = self.to_decide()
		granted = money(amount)
		if granted <= 0:
			frappe.throw(_("The amount granted must be more than 0."), title=_("Grant"))
		if granted > money(request.amount_asked) and not (note or "").strip():
			frappe.throw(
				_("More than the {0} asked for: say why.").format(fmt_money(request.amount_asked)),
				title=_("Grant"),
			)
		request.decide("Granted", note, amount_granted=granted)
		return request.pay()

	@frappe.whitelist(methods=["POST"])
	def refuse(self, note: str) -> None:
		request = self.to_decide()
		request.decide("Refused", require_reason(note))

	@frappe.whitelist(methods=["POST"])
	def pay_again(self) -> str:
		"""Another batch when the first was revoked."""
		request = self.stored()
		if not request.may_pay_again():
			frappe.throw(_("The relief is on its way already."), title=_("Relief Request"))
		return request.pay()

	def stored(self) -> Document:
		"""The request as stored, if this user decides on relief."""
		request = frappe.get_doc("Relief Request", self.name, for_update=True)
		request.check_permission("write")
		if not relief.may_decide(request):
			frappe.throw(
				_("The leading group decides, and nobody on a request of their own."), frappe.PermissionError
			)
		return request

	def to_decide(self) -> Document:
		request = self.stored()
		if request.status != "Waiting":
			frappe.throw(
				_("The request was decided already: {0}.").format(
					frappe.bold(_(request.status, context="Relief Request"))
				),
				title=_("Relief Request"),
			)
		return request

	def decide(self, status: str, note: str | None, **values) -> None:
		self.update(
			{
				"status": status,
				"decision_note": (note or "").strip() or None,
				"decided_by": frappe.session.user,
				"decided_on": now_datetime(),
				**values,
			}
		)
		self.flags.deciding = True
		self.save()
		todos.close_todos(self.doctype, self.name)

	def pay(self) -> str:
		batch = relief.make_batch(self)
		self.db_set("batch", batch.name)
		return batch.name
