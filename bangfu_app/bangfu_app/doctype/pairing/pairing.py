from collections import Counter
from datetime import date

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import add_days, getdate

from bangfu_app.bangfu_app.doctype.student_file.student_file import require_in_support, require_same_student
from bangfu_app.bangfu_app.doctype.supporter.supporter import count_active_students, refresh_active_students
from bangfu_app.mapping import get_mapped_doc
from bangfu_app.privacy.disclosure import require_reason

# 1+1+N: role of a member → the setting that holds its least number (T1)
TEAM = {
	"Lead Social Worker": "min_leads",
	"Fixed Teacher": "min_fixed_teachers",
	"Volunteer": "min_volunteers",
}


# ended so, nobody is asked for a handover note
ENDED_WITHOUT_HANDOVER = ("Case Closed", "Revoked")


class Pairing(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from bangfu_app.bangfu_app.doctype.pairing_member.pairing_member import PairingMember

		agreement: DF.Attach | None
		case_closure: DF.Link | None
		confidentiality_agreed: DF.Check
		end_reason: DF.Literal[
			"", "Goals Met", "Supporter Left", "Student Left", "Mismatch", "Case Closed", "Revoked", "Other"
		]
		end_reason_before_closure: DF.Data | None
		from_date: DF.Date
		handover_note: DF.SmallText | None
		kind: DF.Literal["One-to-one", "One-to-many", "Many-to-many"]
		match_reasons: DF.SmallText | None
		members: DF.Table[PairingMember]
		plan: DF.Link | None
		revoked_because: DF.SmallText | None
		school: DF.Link | None
		status: DF.Literal["Proposed", "Active", "Ended"]
		student: DF.Link
		student_consents: DF.Check
		student_name: DF.Data | None
		supporters_consent: DF.Check
		to_date: DF.Date | None
		to_date_before_closure: DF.Date | None
	# end: auto-generated types

	def onload(self):
		if self.status != "Ended":
			self.set_onload("handover", last_handover(self.student, self.name))

	def validate(self):
		self.validate_from_to_dates("from_date", "to_date")
		self.set_members()
		require_same_student(self, "plan")
		self.validate_status_change()
		if self.status == "Active" and (self.becomes("Active") or self.new_supporters()):
			self.validate_can_start()

	def on_update(self):
		before = self.get_doc_before_save()
		members = {row.supporter for row in self.members}
		refresh_active_students(members | {row.supporter for row in (before.members if before else [])})

	def on_trash(self):
		if self.status != "Proposed":
			frappe.throw(_("A pairing that was active is history: end it, do not delete it."))

	def becomes(self, status: str) -> bool:
		return self.status == status and self.has_value_changed("status")

	def new_supporters(self) -> set[str]:
		before = self.get_doc_before_save()
		return {row.supporter for row in self.members} - {
			row.supporter for row in (before.members if before else [])
		}

	def current_members(self) -> list[Document]:
		"""Those whose membership has not ended; the others are history and meet no check any more."""
		return [row for row in self.members if not row.to_date or getdate(row.to_date) >= getdate()]

	def set_members(self) -> None:
		seen = set()
		for row in self.members:
			row.from_date = row.from_date or self.from_date
			key = (row.supporter, row.member_role)
			if key in seen:
				frappe.throw(_("Row #{0}: {1} is in the team already.").format(row.idx, row.supporter_name))
			seen.add(key)

	def validate_status_change(self) -> None:
		"""Proposed → Active → Ended; an ended pairing stays history (peers: pairing history)."""
		before = self.get_doc_before_save()
		if before and before.status == "Ended" and self.status != "Ended":
			frappe.throw(_("An ended pairing is not opened again: make a new one."))
		if self.status == "Ended" and not (self.to_date and self.end_reason):
			frappe.throw(_("An ended pairing needs its last day and the reason."))
		if self.becomes("Ended") and not self.flags.last_day_is_over:
			self.require_handover_note()

	def require_handover_note(self) -> None:
		"""Whoever helps next is told where things stand, before the rights of this team end."""
		if self.end_reason not in ENDED_WITHOUT_HANDOVER and not (self.handover_note or "").strip():
			frappe.throw(
				_("Write a handover note first: what the next supporter should know."),
				title=_("Handover Note"),
			)

	def validate_can_start(self) -> None:
		require_in_support(self.student, _("Pairing"))
		self.validate_consent()
		self.validate_team()
		self.validate_supporters()

	def validate_consent(self) -> None:
		"""Both sides consent, secrecy is agreed (A4, T6)."""
		missing = [
			_(self.meta.get_label(fieldname))
			for fieldname in ("student_consents", "supporters_consent", "confidentiality_agreed")
			if not self.get(fieldname)
		]
		if missing:
			frappe.throw(_("Before the pairing starts: {0}").format("、".join(missing)), title=_("Consent"))

	def validate_team(self) -> None:
		settings = frappe.get_cached_doc("Bangfu Settings")
		have = Counter(row.member_role for row in self.current_members())
		short = [
			_("{0}: {1} of {2}").format(_(role), have[role], settings.get(setting))
			for role, setting in TEAM.items()
			if have[role] < (settings.get(setting) or 0)
		]
		if short:
			frappe.throw(_("The team is not complete. {0}").format("、".join(short)), title=_("1+1+N"))

	def validate_supporters(self) -> None:
		"""Active, under agreement, trained and with a free place (T6, T7, T15; capacity T2)."""
		settings = frappe.get_cached_doc("Bangfu Settings")
		taken = count_active_students([row.supporter for row in self.members])
		before = self.get_doc_before_save()
		counted = {row.supporter for row in before.members} if before and before.status == "Active" else set()
		for row in self.current_members():
			supporter = frappe.get_doc("Supporter", row.supporter)
			fault = None
			if supporter.status != "Active":
				fault = _("is not active")
			elif not supporter.agreement_covers(row.from_date):
				fault = _("has no agreement for {0}").format(frappe.format(row.from_date, "Date"))
			elif settings.require_training and not supporter.trained:
				fault = _("is not trained yet")
			elif row.supporter not in counted and taken[row.supporter] >= supporter.capacity:
				fault = _("has no free place ({0} of {1})").format(taken[row.supporter], supporter.capacity)
			if fault:
				frappe.throw(
					_("Row #{0}: {1} {2}.").format(row.idx, frappe.bold(supporter.supporter_name), fault),
					title=_("Supporter"),
				)

	@frappe.whitelist()
	def activate(self) -> None:
		"""Start the pairing, after all checks. As stored: what the browser sent is not trusted."""
		self.load_from_db()
		self.check_permission("write")
		self.status = "Active"
		self.save()

	@frappe.whitelist(methods=["POST"])
	def end(self, reason: str, to_date: str | date | None = None, handover_note: str | None = None) -> None:
		"""End the pairing, as stored, with its last day, the reason and a handover note (T8).

		With a last day that is not over yet it stays active until that night.
		"""
		self.load_from_db()
		self.check_permission("write")
		to_date = getdate(to_date)
		self.update({"end_reason": reason, "to_date": to_date})
		self.handover_note = handover_note or self.handover_note
		self.require_handover_note()
		if self.status != "Active" or to_date < getdate():
			self.status = "Ended"
		self.save()

	@frappe.whitelist(methods=["POST"])
	def revoke(self, reason: str) -> None:
		"""Take the rights of the team away at once."""
		self.load_from_db()
		self.check_permission("write")
		because = require_reason(reason)
		last_day = max(getdate(), getdate(self.from_date))
		self.update(
			{"status": "Ended", "end_reason": "Revoked", "to_date": last_day, "revoked_because": because}
		)
		self.save()

	def end_by_closure(self, closure: Document) -> None:
		"""System step of an approved closure."""
		self.db_set(
			{
				"status": "Ended",
				"end_reason": "Case Closed",
				"to_date": closure.closure_date,
				"case_closure": closure.name,
				"to_date_before_closure": self.to_date,
				"end_reason_before_closure": self.end_reason,
			}
		)
		self.on_update()

	def resume(self) -> None:
		"""Exact inverse of `end_by_closure`, when the closure is revoked."""
		self.db_set(
			{
				"status": "Active",
				"end_reason": self.end_reason_before_closure,
				"to_date": self.to_date_before_closure,
				"case_closure": None,
				"to_date_before_closure": None,
				"end_reason_before_closure": None,
			}
		)
		self.on_update()


def last_handover(student: str, but: str | None = None) -> str | None:
	"""The handover note of the student's pairing that ended last."""
	return frappe.db.get_value(
		"Pairing",
		{"student": student, "status": "Ended", "handover_note": ["is", "set"], "name": ["!=", but or ""]},
		"handover_note",
		order_by="to_date desc, creation desc",
	)


def end_expired_pairings() -> None:
	"""The night a pairing's last day is over, it ends; members who left free their place. Called daily from hooks."""
	# "is set" first: Frappe compares an empty date as the smallest one
	expired = frappe.get_all(
		"Pairing",
		[["status", "=", "Active"], ["to_date", "is", "set"], ["to_date", "<", getdate()]],
		["name", "end_reason"],
	)
	for row in expired:
		pairing = frappe.get_doc("Pairing", row.name)
		pairing.update({"status": "Ended", "end_reason": row.end_reason or "Other"})
		pairing.flags.last_day_is_over = True
		# system job: nobody is signed in
		pairing.save(ignore_permissions=True)
	left = [["to_date", "is", "set"], ["to_date", "<", getdate()], ["to_date", ">=", add_days(getdate(), -7)]]
	refresh_active_students(frappe.get_all("Pairing Member", left, pluck="supporter"))


@frappe.whitelist()
def make_support_session(source_name: str, target_doc: str | Document | None = None) -> Document:
	"""A session of this pairing with its team and the student on the roster."""
	frappe.has_permission("Pairing", "read", source_name, throw=True)

	def fill(source, target):
		target.pairing = source.name
		target.append("attendance", {"student": source.student, "student_name": source.student_name})
		for row in source.members:
			target.append("supporters", {"supporter": row.supporter, "supporter_name": row.supporter_name})
		if source.plan:
			plan = frappe.get_cached_doc("Support Plan", source.plan)
			if plan.measures:
				target.fill_from_measure(plan.measures[0])

	return get_mapped_doc(
		"Pairing",
		source_name,
		{"Pairing": {"doctype": "Support Session", "field_no_map": ["status"]}},
		target_doc,
		fill,
	)
