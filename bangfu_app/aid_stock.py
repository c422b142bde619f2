"""Stock of donated goods (domain §6): received − distributed, per donation line, never below zero.

A lot is one line of a submitted Aid Donation. Every distributed line points at its lot, so each donor's
goods are traced to students. Nothing is stored twice: what is left is always read from the documents.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import frappe
from frappe import _
from frappe.utils import flt


@dataclass
class Lot:
	name: str
	item: str
	donation: str
	donor: str
	donation_date: date
	received: Decimal
	left: Decimal
	unit_value: Decimal


@dataclass(frozen=True)
class Portion:
	"""`qty` taken from `lot` for the wanted line number `line` (0-based)."""

	line: int
	lot: Lot
	qty: Decimal


def cents(value: Decimal) -> Decimal:
	"""Money to the cent, each line by itself: the sum of what is shown is the total shown."""
	return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def value_of(qty: float | Decimal, unit_value: float | Decimal | None) -> Decimal:
	"""Worth of a quantity, to the cent."""
	return cents(Decimal(str(qty)) * Decimal(str(unit_value or 0)))


class NotEnoughStock(frappe.ValidationError):
	pass


def lots(items: Sequence[str] | None = None, lock: bool = False) -> list[Lot]:
	"""Lots of the items (None: all), oldest donation first, with what is left of each.

	`lock` holds the rows until the transaction ends and reads their newest committed state, so that two
	distributions at once cannot take the same goods.
	"""
	donation = frappe.qb.DocType("Aid Donation")
	line = frappe.qb.DocType("Aid Donation Item")
	query = (
		frappe.qb.from_(line)
		.join(donation)
		.on(line.parent == donation.name)
		.where(donation.docstatus == 1)
		.select(
			line.name,
			line.item,
			line.qty,
			line.unit_value,
			donation.name.as_("donation"),
			donation.donor,
			donation.donation_date,
		)
		.orderby(donation.donation_date)
		.orderby(donation.name)
		.orderby(line.idx)
	)
	if items is not None:
		query = query.where(line.item.isin(list(items)))
	rows = (query.for_update() if lock else query).run(as_dict=True)
	taken = distributed([row.name for row in rows], lock)
	return [
		Lot(
			name=row.name,
			item=row.item,
			donation=row.donation,
			donor=row.donor,
			donation_date=row.donation_date,
			received=Decimal(str(row.qty)),
			left=Decimal(str(row.qty)) - taken.get(row.name, Decimal(0)),
			unit_value=Decimal(str(row.unit_value or 0)),
		)
		for row in rows
	]


def distributed(lot_names: Sequence[str], lock: bool = False) -> dict[str, Decimal]:
	"""Quantity taken from each lot by submitted distributions."""
	if not lot_names:
		return {}
	line = frappe.qb.DocType("Aid Distribution Item")
	query = (
		frappe.qb.from_(line)
		.where((line.docstatus == 1) & line.donation_line.isin(list(lot_names)))
		.select(line.donation_line, line.qty)
	)
	taken: dict[str, Decimal] = {}
	for lot, qty in (query.for_update() if lock else query).run():
		taken[lot] = taken.get(lot, Decimal(0)) + Decimal(str(qty))
	return taken


def distributions_of(lot_names: Sequence[str]) -> list[str]:
	"""Submitted distributions that took from these lots; a locking read, one being submitted now counts too."""
	line = frappe.qb.DocType("Aid Distribution Item")
	query = (
		frappe.qb.from_(line)
		.where((line.docstatus == 1) & line.donation_line.isin(list(lot_names)))
		.select(line.parent)
		.for_update()
	)
	return sorted(set(query.run(pluck=True)))


def first_in_first_out(
	wanted: Iterable[tuple[str, str | None, Decimal]], available: Iterable[Lot]
) -> tuple[list[Portion], dict[str, Decimal]]:
	"""Portion the wanted lines (item, donation or None, quantity) out of the lots, oldest first.

	Lines that name a donation are served before those that leave the choice open.
	Returns the portions in order of line, and what is missing by item (empty when all can be served).
	"""
	available = list(available)
	left = {lot.name: lot.left for lot in available}
	portions: list[Portion] = []
	missing: dict[str, Decimal] = {}
	for number, (item, donation, qty) in sorted(enumerate(wanted), key=lambda line: not line[1][1]):
		for lot in available:
			if qty <= 0:
				break
			if lot.item == item and donation in (None, "", lot.donation) and left[lot.name] > 0:
				take = min(qty, left[lot.name])
				left[lot.name] -= take
				qty -= take
				portions.append(Portion(number, lot, take))
		if qty > 0:
			missing[item] = missing.get(item, Decimal(0)) + qty
	return sorted(portions, key=lambda portion: portion.line), missing


@frappe.whitelist()
def value_in_stock(filters: str | list | None = None) -> dict:
	"""Number card: value of all goods that are left."""
	frappe.has_permission("Aid Donation", "read", throw=True)
	value = sum((value_of(lot.left, lot.unit_value) for lot in lots()), Decimal(0))
	return {"value": float(value), "fieldtype": "Currency", "route": ["query-report", "Aid Stock"]}


def throw_missing(missing: dict[str, Decimal], available: Iterable[Lot]) -> None:
	"""Tell every item that is short, with what is there and what is asked for."""
	have: dict[str, Decimal] = {}
	for lot in available:
		have[lot.item] = have.get(lot.item, Decimal(0)) + lot.left
	frappe.throw(
		[
			_("{0}: {1} more needed, {2} in stock.").format(
				frappe.bold(item), flt(qty), flt(have.get(item, 0))
			)
			for item, qty in missing.items()
		],
		exc=NotEnoughStock,
		title=_("Not Enough in Stock"),
		as_list=True,
	)
