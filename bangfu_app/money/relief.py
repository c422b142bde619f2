"""Temporary relief (M6): who decides, until when, who is told, and the batch of one that pays it."""

from datetime import datetime

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, get_datetime, now_datetime

from bangfu_app import todos
from bangfu_app.alerts.clock import due_by
from bangfu_app.approvals import actions
from bangfu_app.approvals.waiting import users_with

DECIDERS = "Bangfu Manager"
SUBMIT = "Submit for Review"
# hardship strikes before a file is approved too; a file that has ended gets no relief
ENDED = ("Declined", "Closed", "Archived")


def decide_by(scheme: str, asked_on: datetime | str) -> datetime:
	"""Hours on the wall clock, weekends included: the scheme's own, or those of Bangfu Settings."""
	own = frappe.get_cached_value("Subsidy Scheme", scheme, "decision_hours")
	hours = cint(own) or cint(frappe.db.get_single_value("Bangfu Settings", "relief_hours"))
	return due_by(asked_on, hours)


def may_decide(request: Document, user: str | None = None) -> bool:
	"""The leading group, but nobody of it who asked."""
	user = user or frappe.session.user
	return DECIDERS in frappe.get_roles(user) and user != request.owner


# ---------------------------------------------------------------- who is told


def tell_deciders(request: Document) -> None:
	"""A to-do for each who may decide; it names neither the student nor the hardship."""
	due = get_datetime(request.decide_by)
	for user in users_with({DECIDERS}):
		if may_decide(request, user):
			told = _("Relief request {0}: decide by {1}.").format(request.name, f"{due:%Y-%m-%d %H:%M}")
			todos.give_todo(request, user, DECIDERS, told, due.date())


def tell_finance(batch: Document) -> None:
	for user, role in users_with({"Bangfu Finance"}).items():
		if not frappe.has_permission("Subsidy Batch", "read", batch, user=user):
			continue
		todos.give_todo(batch, user, role, _("Relief was granted: check {0} today.").format(batch.name))


def escalate_overdue() -> int:
	"""Hourly job: requests nobody has decided in time are told again, to the office too, once. Returns how many."""
	overdue = {"status": "Waiting", "escalated": 0, "decide_by": ["<=", now_datetime()]}
	names = frappe.get_all("Relief Request", overdue, pluck="name", order_by="decide_by")
	for name in names:
		escalate(name)
	return len(names)


def escalate(name: str) -> None:
	request = frappe.get_doc("Relief Request", name, for_update=True)
	if request.status != "Waiting" or request.escalated:
		return
	request.db_set("escalated", 1)
	request.add_comment("Info", _("Nobody has decided in time."))
	for user in users_with({DECIDERS, "Bangfu Coordinator"}):
		if frappe.has_permission("Relief Request", "read", request, user=user):
			notify(request, user)


def notify(request: Document, user: str) -> None:
	frappe.get_doc(
		{
			"doctype": "Notification Log",
			"for_user": user,
			"type": "Alert",
			"subject": _("Relief request overdue"),
			"document_type": "Relief Request",
			"document_name": request.name,
		}
	).insert(ignore_permissions=True)  # hourly job, nobody is signed in


# ---------------------------------------------------------------- paid through a batch of one


def make_batch(request: Document) -> Document:
	"""The batch that pays what was granted, sent to finance; finance's check is its only approval."""
	scheme = frappe.get_cached_doc("Subsidy Scheme", request.scheme)
	batch = frappe.get_doc(
		{
			"doctype": "Subsidy Batch",
			"title": f"{scheme.neutral_name or scheme.name} {request.name}",
			"scheme": scheme.name,
			"fund": scheme.fund,
			"school": request.school,
			"relief_request": request.name,
			"rows": [{"student": request.student, "amount": request.amount_granted}],
		}
	).insert()
	actions.act("Subsidy Batch", batch.name, SUBMIT)
	batch.reload()
	if not todos.has_open_todo("Subsidy Batch", batch.name):
		tell_finance(batch)
	return batch
