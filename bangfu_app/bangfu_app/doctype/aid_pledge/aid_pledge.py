from datetime import date

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate

from bangfu_app.goods import pledges
from bangfu_app.mapping import get_mapped_doc

# a change of one of these makes the deliveries to come anew
RHYTHM = ("frequency", "from_date", "to_date", "qty", "amount", "kind")


class AidPledge(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from bangfu_app.bangfu_app.doctype.pledge_delivery.pledge_delivery import PledgeDelivery

		amount: DF.Currency
		deliveries: DF.Table[PledgeDelivery]
		donor: DF.Link
		end_reason: DF.Data | None
		frequency: DF.Literal["Once", "Monthly", "Quarterly", "Half-yearly", "Yearly"]
		from_date: DF.Date
		fund: DF.Link | None
		item: DF.Link | None
		kind: DF.Literal["Goods", "Money"]
		next_due: DF.Date | None
		notes: DF.SmallText | None
		pledged_on: DF.Date
		qty: DF.Float
		school: DF.Link | None
		status: DF.Literal["Open", "Fulfilled", "Ended"]
		to_date: DF.Date | None
		unit_value: DF.Currency
	# end: auto-generated types

	"""A donor's promise of goods or money, once or in a rhythm (M13); donations keep it, delivery by delivery."""

	def validate(self):
		self.validate_rhythm()
		self.validate_promise()
		if not self.flags.booking:
			self.keep_booked()
			self.plan_deliveries()
		self.set_status()

	def on_update(self):
		pledges.forget_late(self)

	def on_trash(self):
		if any(row.status == "Received" for row in self.deliveries):
			frappe.throw(_("Deliveries of this pledge were received: end it instead."), title=_("Aid Pledge"))

	def validate_rhythm(self) -> None:
		if self.frequency == "Once":
			self.to_date = None
		elif not self.to_date:
			frappe.throw(_("A recurring pledge needs its last day."), title=_("To Date"))
		self.validate_from_to_dates("from_date", "to_date")

	def validate_promise(self) -> None:
		"""Goods with item and quantity, or money; what belongs to the other kind is blanked."""
		if self.kind == "Money":
			self.update({"item": None, "qty": 0, "unit_value": 0})
			if not self.amount or self.amount <= 0:
				frappe.throw(_("Say how much money each delivery brings."), title=_("Aid Pledge"))
			return
		self.update({"amount": 0, "fund": None})
		if not self.item or not self.qty or self.qty <= 0:
			frappe.throw(_("Say which item and how much of it each delivery brings."), title=_("Item"))

	def keep_booked(self) -> None:
		"""What was received is written by the donations alone; nobody deletes or edits it here."""
		before = self.get_doc_before_save()
		stored = {row.name: row for row in before.deliveries} if before else {}
		received = {name for name, row in stored.items() if row.status == "Received"}
		if received - {row.name for row in self.deliveries}:
			frappe.throw(_("A delivery that was received stays: cancel its donation."), title=_("Aid Pledge"))
		if received and any(self.has_value_changed(key) for key in ("donor", "kind")):
			frappe.throw(
				_("Donor and kind stay once a delivery was received: make another pledge."),
				title=_("Aid Pledge"),
			)
		for row in self.deliveries:
			old = stored.get(row.name)
			row.update({"status": old.status, "donation": old.donation} if old else {"donation": None})
			if old and old.status == "Received":
				row.update({key: old.get(key) for key in ("due_on", "qty", "amount")})
			elif not old:
				row.status = "Expected"

	def plan_deliveries(self) -> None:
		"""A new rhythm makes the deliveries after the last one received anew; without one they stay as edited."""
		if self.deliveries and not any(self.has_value_changed(key) for key in RHYTHM):
			return
		received = [getdate(row.due_on) for row in self.deliveries if row.status == "Received"]
		last = max(received, default=None)
		kept = [row for row in self.deliveries if last and getdate(row.due_on) <= last]
		days = pledges.due_dates(
			self.frequency, getdate(self.from_date), self.to_date and getdate(self.to_date)
		)
		if len(days) > pledges.MOST_DELIVERIES:
			frappe.throw(_("These are too many deliveries: check the dates."), title=_("To Date"))
		self.set("deliveries", kept)
		for day in pledges.days_to_come(days, received):
			row = {"due_on": day, "qty": self.qty, "amount": self.amount, "status": "Expected"}
			self.append("deliveries", row)

	def set_status(self) -> None:
		"""Ended by people, with a reason; fulfilled when all is received, and open again when it is not."""
		ended = self.status == "Ended"
		if ended and not self.end_reason:
			frappe.throw(_("Say why the pledge ends."), title=_("End Reason"))
		for number, row in enumerate(sorted(self.deliveries, key=lambda row: getdate(row.due_on)), 1):
			row.idx = number
			if row.status != "Received":
				row.status = "Cancelled" if ended else "Expected"
		self.deliveries.sort(key=lambda row: row.idx)
		expected = self.next_expected()
		if not ended:
			self.end_reason = None
			self.status = "Open" if expected else "Fulfilled"
		self.next_due = expected.due_on if expected else None

	def next_expected(self) -> Document | None:
		expected = [row for row in self.deliveries if row.status == "Expected"]
		return min(expected, key=lambda row: getdate(row.due_on), default=None)

	def book(self) -> None:
		"""Step of a donation: the deliveries as it leaves them."""
		self.flags.booking = True
		self.save()


@frappe.whitelist()
def make_donation(source_name: str, target_doc: str | Document | None = None) -> Document:
	"""The donation that keeps the next delivery expected."""
	frappe.has_permission("Aid Pledge", "read", source_name, throw=True)

	def fill(source, target):
		row = source.next_expected()
		if not row:
			frappe.throw(_("This pledge expects no delivery any more."), title=_("Aid Pledge"))
		target.pledge = source.name
		if source.kind == "Money":
			target.update({"fund": source.fund, "money_amount": row.amount})
		else:
			line = {"item": source.item, "qty": row.qty, "unit_value": source.unit_value}
			uom = frappe.get_cached_value("Aid Item", source.item, "uom")
			target.append("items", {**line, "uom": uom})

	return get_mapped_doc(
		"Aid Pledge",
		source_name,
		{"Aid Pledge": {"doctype": "Aid Donation", "field_no_map": ["notes", "status", "fund"]}},
		target_doc,
		fill,
	)


@frappe.whitelist()
def get_events(start: date | str, end: date | str, filters: str | list | dict | None = None) -> list[dict]:
	"""Calendar: each delivery of the pledges that the user reads."""
	frappe.has_permission("Aid Pledge", "read", throw=True)
	filters = frappe.parse_json(filters) if isinstance(filters, str) else filters
	readable = {
		row.name: row
		for row in frappe.get_list("Aid Pledge", filters=filters or [], fields=["name", "donor", "item"])
	}
	rows = frappe.get_all(
		"Pledge Delivery",
		{"parent": ["in", list(readable)], "due_on": ["between", [getdate(start), getdate(end)]]},
		["parent", "due_on", "status"],
		order_by="due_on, parent, idx",
	)
	return [
		{
			"name": row.parent,
			"starts_on": row.due_on,
			"ends_on": row.due_on,
			"all_day": 1,
			"title": " ".join(filter(None, (readable[row.parent].donor, readable[row.parent].item))),
			"status": row.status,
		}
		for row in rows
	]
