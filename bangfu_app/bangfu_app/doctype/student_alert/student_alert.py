import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import now_datetime

from bangfu_app.alerts import clock, raising
from bangfu_app.bangfu_app.doctype.student_file.student_file import require_same_student
from bangfu_app.privacy import disclosure

# what people enter as a step; the others are the system's
STEPS = ("Acknowledged", *clock.FIRST_STEPS)
# set by the steps alone
BY_STEP = (
	"status",
	"rule",
	"cause",
	"assigned_to",
	"due_by",
	"escalated",
	"raised_on",
	"raised_by",
	"end_reason",
	"outcome",
	"ended_on",
	"acknowledged_on",
	"first_step_on",
	"escalate_on",
	"open_key",
)


class StudentAlert(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from bangfu_app.bangfu_app.doctype.alert_step.alert_step import AlertStep

		acknowledged_on: DF.Datetime | None
		assigned_to: DF.Link | None
		cause: DF.Data | None
		concern: DF.Literal["", "Learning", "Attendance", "Well-being", "Safety", "Family", "Health", "Other"]
		confidential_record: DF.Link | None
		due_by: DF.Datetime | None
		end_reason: DF.Literal["", "Settled", "Taken into a Plan", "No Grounds", "Student Left"]
		ended_on: DF.Datetime | None
		escalate_on: DF.Datetime | None
		escalated: DF.Check
		first_step_on: DF.Datetime | None
		kind: DF.Literal["Academic Warning", "Dropout Risk", "Crisis", "Difficulty"]
		level: DF.Literal["Warning", "Crisis"]
		observation: DF.SmallText | None
		open_key: DF.Data | None
		outcome: DF.SmallText | None
		raised_by: DF.Link | None
		raised_on: DF.Datetime | None
		rule: DF.Link | None
		school: DF.Link | None
		status: DF.Literal["Open", "Acknowledged", "In Progress", "Ended"]
		steps: DF.Table[AlertStep]
		student: DF.Link
		student_name: DF.Data | None
	# end: auto-generated types

	"""Somebody has to look after this student, by when, and what was done until it ended (I13, D12)."""

	def onload(self):
		self.set_onload("minutes_left", clock.minutes_left(self))

	def before_insert(self):
		"""By a rule (flags.rule, flags.signs), else by hand; nothing of the course is taken from the sender."""
		self.update(dict.fromkeys(BY_STEP))
		self.set("steps", [])
		rule = self.flags.rule or raising.rule_by_hand(self.kind, self.level)
		self.update(raising.born_with(rule, self.kind, None if self.flags.rule else self.level))
		files = raising.files_for(None, [self.student])
		self.assigned_to = raising.handlers_for(rule, files).get(self.student)
		self.set_open_key()
		for sign in self.flags.signs or []:
			self.add_row(
				"Evidence" if self.steps else "Raised", sign.evidence, raising.evidence_key(rule, sign)
			)
		if not self.steps:
			self.add_row("Raised", None)

	def validate(self):
		self.validate_course()
		self.validate_words()
		self.validate_record()

	def after_insert(self):
		if self.assigned_to:
			clock.tell(self.name, [self.assigned_to])

	def on_trash(self):
		clock.close_to_dos(self.name)

	def set_open_key(self) -> None:
		"""One open alert for one cause. Who may not see the open one gets an own one, and so learns nothing of it."""
		key = raising.open_key(self.student, self.cause)
		existing = frappe.db.get_value("Student Alert", {"open_key": key})
		if existing and not self.flags.rule and not frappe.has_permission("Student Alert", "read", existing):
			key = f"{key}:{frappe.session.user}"
			existing = frappe.db.get_value("Student Alert", {"open_key": key})
		if existing:
			frappe.throw(
				_("Alert {0} of this cause is open already: add a step there.").format(existing),
				exc=frappe.DuplicateEntryError,
				title=_("Student Alert"),
			)
		self.open_key = key

	def validate_course(self) -> None:
		"""The course is written by steps, so that no time in it can be put right later."""
		before = self.get_doc_before_save()
		if not before or self.flags.by_step:
			return
		rows = [
			[(row.name, row.action, str(row.at), row.note) for row in doc.steps] for doc in (before, self)
		]
		if rows[0] != rows[1] or any(
			str(before.get(key) or "") != str(self.get(key) or "") for key in (*BY_STEP, "level")
		):
			frappe.throw(_("Use Step, Hand Over or End."), title=_("Student Alert"))

	def validate_words(self) -> None:
		"""What is said in a crisis is said in a confidential record; here stands which concern it is."""
		if self.kind == "Crisis" and self.observation:
			frappe.throw(
				_("Write it into a confidential record; a crisis alert names the concern alone."),
				title=_("Observation"),
			)
		if self.is_new() and not self.flags.rule and not self.concern:
			frappe.throw(_("Choose the concern."), exc=frappe.MandatoryError, title=_("Concern"))

	def validate_record(self) -> None:
		"""Linked by who may read it, and of the same student."""
		require_same_student(self, "confidential_record")
		if self.confidential_record and self.has_value_changed("confidential_record"):
			frappe.has_permission("Confidential Record", "read", self.confidential_record, throw=True)

	def add_row(self, action: str, note: str | None, evidence_key: str | None = None) -> None:
		row = {"at": now_datetime(), "user": frappe.session.user, "action": action, "note": note}
		self.append("steps", {**row, "evidence_key": evidence_key})

	# ---------------------------------------------------------------- steps

	@frappe.whitelist(methods=["POST"])
	def add_step(self, action: str, note: str | None = None) -> None:
		alert = self.to_act()
		if action not in STEPS:
			frappe.throw(_("{0} is no step.").format(action), title=_("Step"))
		alert.take_step(action, note)

	@frappe.whitelist(methods=["POST"])
	def hand_over(self, user: str, note: str | None = None) -> None:
		"""To another who may act on it; a counsellor gets to see it by this."""
		alert = self.to_act()
		alert.assigned_to = user
		alert.add_row("Handed Over", note or user)
		alert.save_step()
		if not frappe.has_permission("Student Alert", "write", alert.name, user=user):
			frappe.throw(_("{0} may not act on this alert.").format(user), title=_("Hand Over"))
		clock.close_to_dos(alert.name)
		clock.tell(alert.name, [user])

	@frappe.whitelist(methods=["POST"])
	def end(self, reason: str, outcome: str) -> None:
		alert = self.to_act()
		outcome = disclosure.require_reason(outcome)
		if reason not in alert.meta.get_field("end_reason").options.split("\n")[1:]:
			frappe.throw(_("Choose the reason of the end."), title=_("End"))
		if alert.level == "Crisis" and not alert.first_step_on and reason != "No Grounds":
			frappe.throw(_("A crisis ends after a step was taken: contact, visit, talk …"), title=_("End"))
		alert.update({"end_reason": reason, "outcome": outcome, "ended_on": now_datetime(), "open_key": None})
		alert.status = "Ended"
		alert.add_row("Ended", outcome)
		alert.save_step()
		clock.close_to_dos(alert.name)

	def to_act(self) -> "StudentAlert":
		"""The alert as stored and locked, if this user may act on it and it has not ended."""
		alert = frappe.get_doc("Student Alert", self.name, for_update=True)
		alert.check_permission("write")
		if alert.status == "Ended":
			frappe.throw(_("The alert has ended."), title=_("Student Alert"))
		return alert

	def take_step(self, action: str, note: str | None) -> None:
		"""First steps stop the clock; to have read it does not."""
		moment = now_datetime()
		self.acknowledged_on = self.acknowledged_on or moment
		if action in clock.FIRST_STEPS:
			self.first_step_on = self.first_step_on or moment
			self.status = "In Progress"
		elif self.status == "Open":
			self.status = "Acknowledged"
		self.add_row(action, note)
		self.save_step()

	def save_step(self) -> None:
		self.flags.by_step = True
		self.save()
