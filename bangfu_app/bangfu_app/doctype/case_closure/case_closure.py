import frappe
from frappe import _

from bangfu_app.approvals.approved_document import ApprovedDocument
from bangfu_app.approvals.declaration import Approval
from bangfu_app.bangfu_app.doctype.student_file.student_file import require_in_support, require_same_student
from bangfu_app.bangfu_app.doctype.support_plan.support_plan import make_new_version
from bangfu_app.goods.aid_returns import loans_of

NEW_PLAN = "New situation needs a new plan"
# C1 ④: an interview note; ⑤ and ⑧: a paper
NEEDS_INTERVIEW = ("Declines further support",)
NEEDS_PAPER = ("Left school", "Transferred")


class CaseClosure(ApprovedDocument):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from bangfu_app.bangfu_app.doctype.closure_open_item.closure_open_item import ClosureOpenItem

		amended_from: DF.Link | None
		closure_date: DF.Date
		follow_up_years: DF.Int
		interview_note: DF.SmallText | None
		new_plan: DF.Link | None
		open_items: DF.Table[ClosureOpenItem]
		paper: DF.Attach | None
		plan: DF.Link | None
		reason: DF.Literal[
			"Goals met",
			"Goals mostly met and can go on alone",
			"New situation needs a new plan",
			"Declines further support",
			"Left school",
			"Circumstances improved",
			"Graduated",
			"Transferred",
		]
		school: DF.Link | None
		status: DF.Literal[
			"Draft",
			"Department Review",
			"Leading Group Review",
			"Approved",
			"Returned",
			"Rejected",
			"Revoked",
		]
		student: DF.Link
		student_name: DF.Data | None
		summary: DF.TextEditor
	# end: auto-generated types

	approval = Approval(
		approved="Approved",
		content=(
			"student",
			"plan",
			"closure_date",
			"reason",
			"interview_note",
			"paper",
			"summary",
			"open_items",
			"follow_up_years",
		),
		ends=("Approved", "Rejected", "Revoked"),
	)

	def validate(self):
		self.validate_reason()
		require_same_student(self, "plan")
		if self.is_new():
			require_in_support(self.student, _("Case Closure"))
		self.find_open_items()

	def before_submit(self):
		require_in_support(self.student, _("Case Closure"))
		self.validate_open_items()

	def on_submit(self):
		if self.reason == NEW_PLAN:
			self.start_new_plan()
		else:
			self.close_case()

	def on_cancel(self):
		if self.reason == NEW_PLAN:
			self.withdraw_new_plan()
		else:
			self.reopen_case()

	def validate_reason(self) -> None:
		"""What each closing reason has to bring with it (C1, C3)."""
		if self.reason in NEEDS_INTERVIEW and not self.interview_note:
			frappe.throw(_("This reason needs the note of the interview."), title=_("Interview Note"))
		if self.reason in NEEDS_PAPER and not self.paper:
			frappe.throw(_("This reason needs a paper: the certificate or proof."), title=_("Paper"))
		if self.reason == NEW_PLAN and not self.plan:
			frappe.throw(_("Choose the plan that is to be revised."))

	def find_open_items(self) -> None:
		"""List what is open. A row stays when its item is settled meanwhile, so that settling changes nothing approved."""
		if self.reason == NEW_PLAN:
			self.set("open_items", [])
			return
		# two loans of one distribution are two items
		listed = {(row.reference_name, row.item) for row in self.open_items}
		still_open = {(name, item): doctype for doctype, name, item in open_items_of(self.student)}
		for row in self.open_items:
			row.settled = int((row.reference_name, row.item) not in still_open)
		for (name, item), doctype in still_open.items():
			if (name, item) not in listed:
				self.append(
					"open_items", {"reference_doctype": doctype, "reference_name": name, "item": item}
				)

	def validate_open_items(self) -> None:
		"""A closure needs no open items, or a reason for each (domain §4.5)."""
		unsettled = [row for row in self.open_items if not (row.reason or row.settled)]
		if unsettled:
			frappe.throw(
				[
					_("Row #{0}: {1} {2} – settle it or give a reason.").format(
						row.idx, row.item, row.reference_name
					)
					for row in unsettled
				],
				title=_("Open Items"),
				as_list=True,
			)

	def close_case(self) -> None:
		for name in frappe.get_all("Pairing", {"student": self.student, "status": "Active"}, pluck="name"):
			frappe.get_doc("Pairing", name).end_by_closure(self)
		for name in frappe.get_all(
			"Support Plan", {"student": self.student, "status": "Active"}, pluck="name"
		):
			frappe.get_doc("Support Plan", name).set_state("Completed", closed_by=self.name)
		frappe.get_doc("Student File", self.student).close(self)

	def reopen_case(self) -> None:
		"""Exact inverse of `close_case`: only what this closure ended comes back."""
		frappe.get_doc("Student File", self.student).reopen()
		for name in frappe.get_all("Support Plan", {"closed_by": self.name}, pluck="name"):
			frappe.get_doc("Support Plan", name).set_state("Active", closed_by=None)
		for name in frappe.get_all("Pairing", {"case_closure": self.name}, pluck="name"):
			frappe.get_doc("Pairing", name).resume()

	def start_new_plan(self) -> None:
		"""C1 ③: support goes on with a new version of the plan instead of ending."""
		plan = make_new_version(self.plan)
		plan.revision_reason = _("Case closure {0}").format(self.name)
		plan.insert()
		self.db_set("new_plan", plan.name)

	def withdraw_new_plan(self) -> None:
		"""Exact inverse of `start_new_plan`, possible while the new version is a draft."""
		status = frappe.db.get_value("Support Plan", self.new_plan, "status")
		if status != "Draft":
			frappe.throw(_("The new plan {0} is {1} already.").format(self.new_plan, frappe.bold(_(status))))
		new_plan = self.new_plan
		self.db_set("new_plan", None)
		frappe.delete_doc("Support Plan", new_plan)


def open_items_of(student: str) -> list[tuple[str, str, str]]:
	"""(DocType, name, what is open) of a student: loans out, unsigned records, planned sessions, unpaid aid, alerts."""
	loans = sorted(loans_of(student), key=lambda loan: loan.distribution)
	found = [("Aid Distribution", loan.distribution, _("On loan: {0}").format(loan.item)) for loan in loans]
	# a screening of everyone is the counsellor's and holds up nothing
	drafts = {"Needs Survey": {"confidential": 0}, "Support Evaluation": {}}
	for doctype, only in drafts.items():
		filters = {"student": student, "docstatus": 0, **only}
		for name in frappe.get_all(doctype, filters, pluck="name", order_by="name"):
			found.append((doctype, name, _("Not submitted: {0}").format(_(doctype))))
	session = frappe.qb.DocType("Support Session")
	attendance = frappe.qb.DocType("Session Attendance")
	planned = (
		frappe.qb.from_(session)
		.join(attendance)
		.on(attendance.parent == session.name)
		.where((attendance.student == student) & (session.status == "Planned"))
		.select(session.name, session.session_kind)
		.orderby(session.name)
	).run()
	found += [("Support Session", name, _("Still planned: {0}").format(_(kind))) for name, kind in planned]
	found += unpaid_of(student)
	# no kind: who closes a case need not know which alert it is
	open_alerts = {"student": student, "status": ["!=", "Ended"]}
	for name in frappe.get_all("Student Alert", open_alerts, pluck="name", order_by="name"):
		found.append(("Student Alert", name, _("Alert not ended")))
	# no kind: the reason of an application is the student's health
	applied = {"student": student, "status": ["in", ["Applied", "Granted"]]}
	for name in frappe.get_all("Device Application", applied, pluck="name", order_by="name"):
		found.append(("Device Application", name, _("Device not decided or not handed over")))
	return found


def unpaid_of(student: str) -> list[tuple[str, str, str]]:
	"""Subsidies that were approved and have not arrived."""
	row, batch = frappe.qb.DocType("Subsidy Batch Row"), frappe.qb.DocType("Subsidy Batch")
	rows = (
		frappe.qb.from_(row)
		.join(batch)
		.on(batch.name == row.parent)
		.where((row.student == student) & (batch.docstatus == 1))
		.where(row.status.isin(["Due", "In Bank File", "Failed"]))
		.orderby(batch.name)
		.select(batch.name, batch.scheme)
	).run()
	return [("Subsidy Batch", name, _("Not paid yet: {0}").format(scheme)) for name, scheme in rows]
