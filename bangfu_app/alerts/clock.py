"""The clock of an alert: hours on the wall clock, weekends included (D12, domain §6)."""

from datetime import datetime

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import add_to_date, get_datetime, now_datetime

from bangfu_app.approvals.waiting import users_with
from bangfu_app.bulk import insert_rows

# steps by which somebody has begun to help; to have read it is none
FIRST_STEPS = ("Contacted", "Visited", "Talked", "Safety Plan", "Referred")


def due_by(raised_on: datetime | str, hours: int) -> datetime:
	return add_to_date(get_datetime(raised_on), hours=hours)


def escalates_on(raised_on: datetime | str, hours: int) -> datetime | None:
	"""None: it does not."""
	return due_by(raised_on, hours) if hours else None


def minutes_left(alert: Document | dict, now: datetime | None = None) -> int | None:
	"""Until the first step is due, negative when overdue; None once it was taken, or the alert has ended."""
	if alert.get("first_step_on") or alert.get("status") == "Ended" or not alert.get("due_by"):
		return None
	return int((get_datetime(alert.get("due_by")) - (now or now_datetime())).total_seconds() // 60)


def hours_to_first_step(alert: dict) -> float | None:
	if not alert.get("first_step_on"):
		return None
	return (get_datetime(alert["first_step_on"]) - get_datetime(alert["raised_on"])).total_seconds() / 3600


# ---------------------------------------------------------------- escalation


def escalate_overdue() -> int:
	"""Hourly job: alerts without a first step when their rule says so go to its role, once. Returns how many."""
	names = frappe.get_all(
		"Student Alert",
		{
			"status": ["in", ("Open", "Acknowledged")],
			"escalated": 0,
			"first_step_on": ["is", "not set"],
			"escalate_on": ["<=", now_datetime()],
		},
		pluck="name",
		order_by="escalate_on",
	)
	for name in names:
		escalate(name)
	return len(names)


def escalate(name: str) -> None:
	"""The role hears of it; the one who handles it stays the same."""
	alert = frappe.get_doc("Student Alert", name, for_update=True)
	if alert.escalated or alert.first_step_on or not alert.escalate_on:
		return
	role = frappe.get_cached_value("Alert Rule", alert.rule, "escalate_role") if alert.rule else None
	alert.escalated = 1
	alert.add_row("Escalated", _("No first step in time: now with {0}.").format(_(role or "Bangfu Manager")))
	alert.flags.by_step = True
	alert.save(ignore_permissions=True)  # hourly job, nobody is signed in
	readers = [
		user
		for user in users_with({role or "Bangfu Manager"})
		if frappe.has_permission("Student Alert", "read", alert, user=user)
	]
	tell(alert.name, readers)


def tell(name: str, users: list[str]) -> None:
	"""A to-do and a notice for each: what kind of record, no name and no reason (surfaces.py)."""
	insert_rows("ToDo", [to_do(name, user) for user in users])
	for user in users:
		frappe.get_doc(
			{
				"doctype": "Notification Log",
				"for_user": user,
				"type": "Alert",
				"subject": _("Student Alert"),
				"document_type": "Student Alert",
				"document_name": name,
			}
		).insert(ignore_permissions=True)  # a notice is written by the system


def to_do(name: str, user: str) -> dict:
	"""Values of a to-do about an alert; without a student's name, to-dos obey no right of ours."""
	return {
		"status": "Open",
		"priority": "High",
		"allocated_to": user,
		"assigned_by": frappe.session.user,
		"reference_type": "Student Alert",
		"reference_name": name,
		"description": _("Student alert {0}: take the first step.").format(name),
		"date": frappe.utils.today(),
	}


def close_to_dos(name: str) -> None:
	todo = frappe.qb.DocType("ToDo")
	about = (todo.reference_type == "Student Alert") & (todo.reference_name == name)
	frappe.qb.update(todo).set(todo.status, "Closed").where(about & (todo.status == "Open")).run()
