"""The way of a device that a foundation gives (M9): which donation it came by, in whose custody it is.

The application points at its donation and its distribution, not they at it: who keeps goods and books learns nothing of
a student's health. For the same reason the states that follow from goods are set whoever moves these.
"""

from collections.abc import Iterable
from decimal import Decimal

import frappe
from frappe.model.document import Document

LINKS = {"Aid Donation": "donation", "Aid Distribution": "distribution"}
# from the decision on, the state follows from the goods
MOVING = ("Granted", "In Custody", "Returned")


def follow_donation(donation: Document, method: str | None = None) -> None:
	"""An amended donation is the device's in the place of the cancelled one. Called from hooks."""
	hand_on(donation)


def follow_distribution(distribution: Document, method: str | None = None) -> None:
	"""Lent by it, the device is in custody; cancelled, it is not. Called from hooks, on submit and cancel."""
	hand_on(distribution)
	refresh([distribution.name])


def follow_return(aid_return: Document, method: str | None = None) -> None:
	"""Back from the student: returned. Called from hooks, on submit and cancel."""
	refresh({row.distribution for row in aid_return.items})


def let_go(doc: Document, method: str | None = None) -> None:
	"""A draft that is deleted holds no application. Called from hooks."""
	link = LINKS[doc.doctype]
	for name in frappe.get_all("Device Application", {link: doc.name}, pluck="name"):
		frappe.db.set_value("Device Application", name, link, None)


def hand_on(doc: Document) -> None:
	link = LINKS[doc.doctype]
	if doc.amended_from and doc.docstatus == 1:
		for name in frappe.get_all("Device Application", {link: doc.amended_from}, pluck="name"):
			frappe.db.set_value("Device Application", name, link, doc.name)


def refresh(distributions: Iterable[str]) -> None:
	"""State of the applications of these distributions, as the submitted documents say."""
	filters = {"distribution": ["in", sorted(distributions)], "status": ["in", MOVING]}
	fields = ["name", "status", "student", "item", "distribution"]
	for device in frappe.get_all("Device Application", filters, fields):
		state = state_of(device)
		if state != device.status:
			application = frappe.get_doc("Device Application", device.name)
			application.db_set("status", state, notify=True)
			application.add_comment("Label", frappe._(state, context="Device Application"))


def state_of(device: frappe._dict) -> str:
	"""Granted until it is lent; in custody until all of it is back or gone."""
	of_device = {"student": device.student, "item": device.item, "docstatus": 1}
	lent = _sum("Aid Distribution Item", {**of_device, "parent": device.distribution, "transfer": "Loan"})
	if not lent:
		return "Granted"
	back = _sum("Aid Return Item", {**of_device, "distribution": device.distribution})
	return "In Custody" if back < lent else "Returned"


def _sum(child: str, filters: dict) -> Decimal:
	return sum((Decimal(str(qty)) for qty in frappe.get_all(child, filters, pluck="qty")), Decimal(0))
