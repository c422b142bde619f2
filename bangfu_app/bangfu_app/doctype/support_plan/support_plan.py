import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate

from bangfu_app.approvals.approved_document import ApprovedDocument
from bangfu_app.approvals.declaration import Approval
from bangfu_app.bangfu_app.doctype.student_file.student_file import require_in_support, require_same_student
from bangfu_app.mapping import get_mapped_doc


class SupportPlan(ApprovedDocument):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from bangfu_app.bangfu_app.doctype.plan_aid.plan_aid import PlanAid
		from bangfu_app.bangfu_app.doctype.plan_goal.plan_goal import PlanGoal
		from bangfu_app.bangfu_app.doctype.plan_measure.plan_measure import PlanMeasure

		agreed_on: DF.Date | None
		aid: DF.Table[PlanAid]
		closed_by: DF.Link | None
		from_date: DF.Date
		goals: DF.Table[PlanGoal]
		measures: DF.Table[PlanMeasure]
		needs_survey: DF.Link | None
		plan_kind: DF.Literal["Support Plan", "IEP"]
		previous_version: DF.Link | None
		programme: DF.Link | None
		resource_teacher: DF.Link | None
		revision_reason: DF.SmallText | None
		school: DF.Link | None
		status: DF.Literal[
			"Draft", "Agreed", "Department Review", "Active", "Completed", "Returned", "Superseded"
		]
		student: DF.Link
		student_agrees: DF.Check
		student_name: DF.Data | None
		supporter_agrees: DF.Check
		to_date: DF.Date
		version: DF.Int
	# end: auto-generated types

	approval = Approval(
		approved="Active",
		content=(
			"student",
			"plan_kind",
			"from_date",
			"to_date",
			"goals",
			"measures",
			"resource_teacher",
			"aid",
		),
		added=("aid",),
		binding=("Confirm Agreement",),
		ends=("Active", "Completed", "Superseded"),
		by_system=("Completed", "Superseded"),
	)

	def before_insert(self):
		self.version = self.last_version() + 1

	def validate(self):
		self.validate_from_to_dates("from_date", "to_date")
		require_same_student(self, "needs_survey", "previous_version")
		self.validate_goals()
		self.validate_aid()
		self.validate_special_needs()
		self.validate_agreement()
		if self.becomes("Active"):
			require_in_support(self.student, _("Support Plan"))

	def on_update(self):
		if self.becomes("Active"):
			self.supersede_others()

	def on_reopen(self, state: str) -> None:
		"""Both sides agreed to other goals and measures: they are asked again (P3)."""
		if state == "Draft":
			self.update({"student_agrees": 0, "supporter_agrees": 0, "agreed_on": None})

	def proposers(self) -> set[str]:
		"""The supporters whose plan it is do not approve it either."""
		supporters = {row.supporter for row in self.measures} | {self.resource_teacher}
		users = frappe.get_all("Supporter", {"name": ["in", list(supporters - {None})]}, pluck="user")
		return super().proposers() | (set(users) - {None})

	def becomes(self, status: str) -> bool:
		return self.status == status and self.has_value_changed("status")

	def last_version(self) -> int:
		return (
			frappe.db.get_value(
				"Support Plan",
				{"student": self.student, "plan_kind": self.plan_kind},
				"version",
				order_by="version desc",
			)
			or 0
		)

	def validate_goals(self) -> None:
		"""Staged goals, easy to hard (P3): steps are numbered, due dates lie within the plan."""
		for row in self.goals:
			row.step = row.step or row.idx
			if row.due and not getdate(self.from_date) <= getdate(row.due) <= getdate(self.to_date):
				frappe.throw(_("Row #{0}: the goal is due outside the time of the plan.").format(row.idx))

	def validate_aid(self) -> None:
		"""What goods are promised, and by when, lies within the plan."""
		for row in self.aid:
			if row.qty <= 0:
				frappe.throw(_("Row #{0}: the quantity must be more than 0.").format(row.idx))
			if row.due_by and not getdate(self.from_date) <= getdate(row.due_by) <= getdate(self.to_date):
				frappe.throw(_("Row #{0}: the goods are due outside the time of the plan.").format(row.idx))

	def validate_special_needs(self) -> None:
		"""An individual education plan has a resource teacher (P9)."""
		if self.plan_kind == "IEP" and not self.resource_teacher:
			frappe.throw(_("An IEP needs a resource teacher."))

	def validate_agreement(self) -> None:
		"""A plan is made by both sides (A4, P3)."""
		if not self.becomes("Agreed"):
			return
		if not (self.student_agrees and self.supporter_agrees):
			frappe.throw(_("The student or guardian and the supporter have to agree first."))
		self.agreed_on = self.agreed_on or getdate()

	def supersede_others(self) -> None:
		"""One active plan of a kind; an earlier version gives way to this one."""
		others = frappe.get_all(
			"Support Plan",
			{
				"student": self.student,
				"plan_kind": self.plan_kind,
				"status": "Active",
				"name": ["!=", self.name],
			},
			pluck="name",
		)
		for name in others:
			frappe.get_doc("Support Plan", name).set_state("Superseded")


@frappe.whitelist()
def make_new_version(source_name: str, target_doc: str | Document | None = None) -> Document:
	"""The next version: same goals and measures, to be revised, agreed and approved again (R2, E9)."""
	frappe.has_permission("Support Plan", "read", source_name, throw=True)

	def fill(source, target):
		target.previous_version = source.name

	return get_mapped_doc(
		"Support Plan",
		source_name,
		{"Support Plan": {"doctype": "Support Plan", "field_no_map": ["revision_reason"]}},
		target_doc,
		fill,
	)


@frappe.whitelist()
def make_pairing(source_name: str, target_doc: str | Document | None = None) -> Document:
	"""A pairing with the supporters of the plan's measures as its team."""
	frappe.has_permission("Support Plan", "read", source_name, throw=True)

	def add_team(source, target):
		target.plan = source.name
		for supporter in dict.fromkeys(row.supporter for row in source.measures if row.supporter):
			target.append("members", {"supporter": supporter, "member_role": "Volunteer"})

	return get_mapped_doc(
		"Support Plan",
		source_name,
		{"Support Plan": {"doctype": "Pairing", "field_no_map": ["status", "from_date", "to_date"]}},
		target_doc,
		add_team,
	)


@frappe.whitelist()
def make_support_session(source_name: str, target_doc: str | Document | None = None) -> Document:
	"""A session of this plan, filled in from its first measure."""
	frappe.has_permission("Support Plan", "read", source_name, throw=True)

	def fill(source, target):
		target.plan = source.name
		target.pairing = frappe.db.get_value("Pairing", {"student": source.student, "status": "Active"})
		target.append("attendance", {"student": source.student, "student_name": source.student_name})
		if source.measures:
			target.fill_from_measure(source.measures[0])

	return get_mapped_doc(
		"Support Plan",
		source_name,
		{"Support Plan": {"doctype": "Support Session", "field_no_map": ["status"]}},
		target_doc,
		fill,
	)


@frappe.whitelist()
def make_evaluation(source_name: str, target_doc: str | Document | None = None) -> Document:
	"""A term evaluation that sets the domains of the survey before against after."""
	frappe.has_permission("Support Plan", "read", source_name, throw=True)

	def add_domains(source, target):
		target.update({"purpose": "Term", "plan": source.name})
		scores = frappe.get_all(
			"Domain Score", {"parent": source.needs_survey}, ["domain", "score"], order_by="idx"
		)
		for row in scores:
			target.append("domain_results", {"domain": row.domain, "pre": row.score, "post": row.score})

	return get_mapped_doc(
		"Support Plan",
		source_name,
		{"Support Plan": {"doctype": "Support Evaluation"}},
		target_doc,
		add_domains,
	)
