"""Lines that take goods out of stock: each is pointed at the lots it takes from (Aid Distribution, Aid Write Off)."""

from collections.abc import Callable
from decimal import Decimal

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_link_to_form, getdate

from bangfu_app.goods import aid_stock
from bangfu_app.goods.aid_stock import Lot


class GoodsDocument(Document):
	"""A record whose submission or cancellation moves goods: it stands in line before Frappe locks its own rows.

	Otherwise the one in front could wait for the rows of one behind it, a deadlock.
	"""

	def check_if_latest(self):
		if self.docstatus != 0:
			aid_stock.wait_in_line()
		super().check_if_latest()


def validate_quantities(doc: Document) -> None:
	for row in doc.items:
		if row.qty <= 0:
			frappe.throw(_("Row #{0}: the quantity must be more than 0.").format(row.idx))


def set_values(doc: Document) -> None:
	"""Each line to the cent; the total is the sum of what the lines show."""
	for row in doc.items:
		row.amount = aid_stock.value_of(row.qty, row.unit_value)
	doc.total_value = sum((row.amount for row in doc.items), Decimal(0))


def take_from_lots(
	doc: Document,
	day: str,
	copied: tuple[str, ...],
	refuse: Callable[[Document, Lot], str | None] = lambda row, lot: None,
) -> None:
	"""Point each line at the lot its goods come from; a line that needs several lots is split.

	`refuse` says why a lot may not serve a line. `copied` are the fields that the parts of a split line share.
	No goods leave before the day they came.
	"""
	available = aid_stock.lots(sorted({row.item for row in doc.items}), lock=True)
	lines = list(doc.items)
	refuse_chosen(lines, available, day, refuse)

	def suits(number: int, lot: Lot) -> bool:
		return getdate(lot.donation_date) <= getdate(day) and not refuse(lines[number], lot)

	wanted = [(row.item, row.donation, Decimal(str(row.qty))) for row in lines]
	portions, missing = aid_stock.first_in_first_out(wanted, available, suits)
	if missing:
		aid_stock.throw_missing(missing, available)
	doc.set("items", [])
	placed = set()
	for portion in portions:
		line = lines[portion.line]
		# the first portion keeps the row as the user entered it, the others are new rows after it
		part = line if portion.line not in placed else {name: line.get(name) for name in copied}
		row = doc.append("items", part)
		placed.add(portion.line)
		row.idx = len(doc.items)
		row.update(
			{
				"qty": float(portion.qty),
				"donation": portion.lot.donation,
				"donation_line": portion.lot.name,
				"donor": portion.lot.donor,
				"unit_value": portion.lot.unit_value,
			}
		)


def refuse_chosen(
	lines: list[Document], available: list[Lot], day: str, refuse: Callable[[Document, Lot], str | None]
) -> None:
	"""A donation that the user chose and that may not serve the line, with the reason and what to do."""
	for row in lines:
		for lot in available if row.donation else ():
			if lot.donation != row.donation or lot.item != row.item:
				continue
			link = get_link_to_form("Aid Donation", lot.donation)
			if getdate(lot.donation_date) > getdate(day):
				frappe.throw(
					_(
						"Row #{0}: {1} was given on a later day. Correct the date or choose another donation."
					).format(row.idx, link)
				)
			if reason := refuse(row, lot):
				frappe.throw(
					_(
						"Row #{0}: {1} may not go to {2} ({3}). Choose another donation, or leave it blank."
					).format(
						row.idx,
						link,
						row.get("student_name") or row.get("student") or row.get("partner"),
						reason,
					),
					title=_("Not Meant for This Receiver"),
				)


def throw_held(message: str, held_by: dict[str, list[str]]) -> None:
	"""A cancellation that other documents hold up: {0} of the message names them. Corrections are by reversal."""
	links = [get_link_to_form(doctype, name) for doctype, names in held_by.items() for name in names]
	if links:
		frappe.throw(message.format(", ".join(links)), title=_("Held by Other Records"))
