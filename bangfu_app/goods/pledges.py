"""What donors promise (M13): the deliveries that a rhythm brings, which donation kept which, and who is late."""

from collections.abc import Iterable
from datetime import date

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import add_months, formatdate, getdate

from bangfu_app.todos import close_todos, give_todo, has_open_todo

# months from one delivery to the next
MONTHS = {"Once": 0, "Monthly": 1, "Quarterly": 3, "Half-yearly": 6, "Yearly": 12}
# a slip of the pen in the year must not make thousands of rows
MOST_DELIVERIES = 600
# who sees to a pledge; a to-do carries the role for which it is given
ROLES = ("Bangfu Coordinator", "Bangfu Finance", "Bangfu Manager")


def due_dates(frequency: str, from_date: date, to_date: date | None) -> list[date]:
	"""Days of the deliveries, the first on `from_date`, none after `to_date`.

	Each is counted from the first one: from the 31st on, every month's last day.
	"""
	months, days = MONTHS[frequency], [from_date]
	if not months:
		return days
	while len(days) <= MOST_DELIVERIES:
		day = add_months(from_date, months * len(days))
		if to_date is None or day > to_date:
			break
		days.append(day)
	return days


def days_to_come(days: Iterable[date], received: Iterable[date]) -> list[date]:
	"""Of the days of a new rhythm those after the last delivery received: what lies before is history."""
	last = max(received, default=None)
	return [day for day in days if last is None or day > last]


# ---------------------------------------------------------------- a donation keeps a pledge


def check(donation: Document, method: str | None = None) -> None:
	"""A donation keeps a pledge of its own donor and kind. Called from hooks."""
	if not donation.pledge:
		return
	pledge = frappe.get_doc("Aid Pledge", donation.pledge)
	pledge.check_permission("read")
	if (pledge.donor, pledge.kind) != (donation.donor, donation.kind or "Goods"):
		frappe.throw(
			_("Pledge {0} is of another donor or kind: choose one of {1}.").format(
				pledge.name, frappe.bold(donation.donor)
			),
			title=_("Pledge"),
		)


def deliver(donation: Document, method: str | None = None) -> None:
	"""The oldest delivery expected is received by this donation. Called from hooks, on submit."""
	if not donation.pledge:
		return
	pledge = frappe.get_doc("Aid Pledge", donation.pledge, for_update=True)
	row = pledge.next_expected()
	if not row:
		frappe.throw(
			_("Pledge {0} expects no delivery any more. Take the pledge out of the donation.").format(
				pledge.name
			),
			title=_("Pledge"),
		)
	row.update({"status": "Received", "donation": donation.name})
	pledge.book()


def take_back(donation: Document, method: str | None = None) -> None:
	"""Exact inverse of `deliver`. Called from hooks, on cancel."""
	if not donation.pledge:
		return
	pledge = frappe.get_doc("Aid Pledge", donation.pledge, for_update=True)
	for row in pledge.deliveries:
		if row.donation == donation.name:
			row.update({"status": "Expected", "donation": None})
	pledge.book()


# ---------------------------------------------------------------- late ones


def remind_late(day: date | str | None = None) -> list[str]:
	"""Pledges with a delivery overdue: a to-do for who entered them. Called daily from hooks."""
	late = frappe.get_all(
		"Aid Pledge",
		{"status": "Open", "next_due": ["<", getdate(day)]},
		["name", "owner", "next_due"],
		order_by="next_due",
	)
	reminded = []
	for row in late:
		role = next((role for role in ROLES if role in frappe.get_roles(row.owner)), None)
		if role and not has_open_todo("Aid Pledge", row.name):
			words = _("Pledge {0}: the delivery due on {1} is late.").format(
				row.name, formatdate(row.next_due)
			)
			give_todo(frappe.get_doc("Aid Pledge", row.name), row.owner, role, words, row.next_due)
			reminded.append(row.name)
	return reminded


def forget_late(pledge: Document) -> None:
	"""Nothing is late any more: the to-do is done."""
	if pledge.status != "Open" or not pledge.next_due or getdate(pledge.next_due) >= getdate():
		close_todos("Aid Pledge", pledge.name)
