"""Stock of donated goods (domain §6): received − handed out + back in stock − written off, by lot, never below zero.

A lot is one line of a submitted Aid Donation. Every line that moves goods points at its lot, so each donor's
goods are traced to students. Nothing is stored twice: what is left is always read from the documents.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import frappe
from frappe import _
from frappe.utils import flt, getdate

from bangfu_app.amounts import cents
from bangfu_app.goods import restriction

BACK_IN_STOCK = "Back in Stock"


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
	handed_out: Decimal = Decimal(0)
	returned: Decimal = Decimal(0)
	written_off: Decimal = Decimal(0)
	restriction: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Portion:
	"""`qty` taken from `lot` for the wanted line number `line` (0-based)."""

	line: int
	lot: Lot
	qty: Decimal


def value_of(qty: float | Decimal, unit_value: float | Decimal | None) -> Decimal:
	"""Worth of a quantity, to the cent."""
	return cents(Decimal(str(qty)) * Decimal(str(unit_value or 0)))


def lead_days(donated: date | str, handed_over: date | str) -> int:
	"""Days from the receipt of a gift to the hands it is for (M3)."""
	return (getdate(handed_over) - getdate(donated)).days


class NotEnoughStock(frappe.ValidationError):
	pass


# ---------------------------------------------------------------- what is there


def wait_in_line() -> None:
	"""Whoever moves goods waits here until the one before has committed; hold it before any locking read.

	One row for all items: locks on the lines of two items may meet in one gap of an index and end in a deadlock.
	An update that changes nothing is a row lock on MariaDB and the write lock on SQLite, which has no other.
	"""
	table = frappe.qb.DocType("DocType")
	frappe.qb.update(table).set(table.name, table.name).where(table.name == "Aid Item").run()


def lots(items: Sequence[str] | None = None, lock: bool = False) -> list[Lot]:
	"""Lots of the items (None: all), oldest donation first, with what is left of each.

	`lock` holds the rows until the transaction ends and reads their newest committed state, so that two
	distributions at once cannot take the same goods.
	"""
	if lock:
		wait_in_line()
	donation = frappe.qb.DocType("Aid Donation")
	line = frappe.qb.DocType("Aid Donation Item")
	query = (
		frappe.qb.from_(line)
		.join(donation)
		.on(line.parent == donation.name)
		.where(donation.docstatus == 1)
		.select(line.name, line.item, line.qty, line.unit_value)
		.select(donation.name.as_("donation"), donation.donor, donation.donation_date)
		.select(*(donation[name] for name in restriction.FIELDS))
		.orderby(donation.donation_date)
		.orderby(donation.name)
		.orderby(line.idx)
	)
	if items is not None:
		query = query.where(line.item.isin(list(items) or [""]))
	rows = (query.for_update() if lock else query).run(as_dict=True)
	names = [row.name for row in rows]
	handed_out = moved("Aid Distribution Item", names, lock)
	returned = moved("Aid Return Item", names, lock, outcome=BACK_IN_STOCK)
	written_off = moved("Aid Write Off Item", names, lock)
	return [as_lot(row, handed_out[row.name], returned[row.name], written_off[row.name]) for row in rows]


def as_lot(row: frappe._dict, handed_out: Decimal, returned: Decimal, written_off: Decimal) -> Lot:
	received = Decimal(str(row.qty))
	return Lot(
		name=row.name,
		item=row.item,
		donation=row.donation,
		donor=row.donor,
		donation_date=row.donation_date,
		received=received,
		left=received - handed_out + returned - written_off,
		unit_value=Decimal(str(row.unit_value or 0)),
		handed_out=handed_out,
		returned=returned,
		written_off=written_off,
		restriction={name: row[name] for name in restriction.FIELDS if row[name]},
	)


def moved(
	child: str, names: Sequence[str], lock: bool, by: str = "donation_line", **only
) -> dict[str, Decimal]:
	"""Quantity of the submitted lines of this table that point at each of the names by the field `by`."""
	sums: dict[str, Decimal] = defaultdict(Decimal)
	if not names:
		return sums
	line = frappe.qb.DocType(child)
	query = (
		frappe.qb.from_(line)
		.where((line.docstatus == 1) & line[by].isin(list(names) or [""]))
		.select(line[by], line.qty)
	)
	for name, value in only.items():
		query = query.where(line[name] == value)
	for name, qty in (query.for_update() if lock else query).run():
		sums[name] += Decimal(str(qty))
	return sums


def documents_at(child: str, names: Sequence[str], by: str = "donation_line") -> list[str]:
	"""Submitted documents with a line at one of the names; a locking read, one being submitted now counts too."""
	if not names:
		return []
	line = frappe.qb.DocType(child)
	query = (
		frappe.qb.from_(line)
		.where((line.docstatus == 1) & line[by].isin(list(names) or [""]))
		.select(line.parent)
		.for_update()
	)
	return sorted(set(query.run(pluck=True)))


# ---------------------------------------------------------------- first in, first out


def first_in_first_out(
	wanted: Iterable[tuple[str, str | None, Decimal]],
	available: Iterable[Lot],
	suits: Callable[[int, Lot], bool] = lambda line, lot: True,
) -> tuple[list[Portion], dict[str, Decimal]]:
	"""Portion the wanted lines (item, donation or None, quantity) out of the lots, oldest first.

	`suits` says whether a lot may serve a line. Lines that name a donation come before those that leave the choice
	open, and lines with fewer lots to choose from before others, which could take the only goods these may have.
	Returns the portions in order of line, and what is missing by item (empty when all can be served).
	"""
	wanted, available = list(wanted), list(available)
	choice = [
		[
			lot
			for lot in available
			if lot.item == item and donation in (None, "", lot.donation) and suits(number, lot)
		]
		for number, (item, donation, _qty) in enumerate(wanted)
	]
	left = {lot.name: lot.left for lot in available}
	portions: list[Portion] = []
	missing: dict[str, Decimal] = {}
	for number in sorted(range(len(wanted)), key=lambda number: (not wanted[number][1], len(choice[number]))):
		item, _donation, qty = wanted[number]
		for lot in choice[number]:
			if qty > 0 and left[lot.name] > 0:
				take = min(qty, left[lot.name])
				left[lot.name] -= take
				qty -= take
				portions.append(Portion(number, lot, take))
		if qty > 0:
			missing[item] = missing.get(item, Decimal(0)) + qty
	return sorted(portions, key=lambda portion: portion.line), missing


def throw_missing(missing: dict[str, Decimal], available: Iterable[Lot]) -> None:
	"""Tell every item that is short, with what is there for these receivers and what is asked for."""
	have: dict[str, Decimal] = defaultdict(Decimal)
	for lot in available:
		have[lot.item] += lot.left
	frappe.throw(
		[
			_("{0}: {1} more needed, {2} in stock.").format(frappe.bold(item), flt(qty), flt(have[item]))
			+ (
				" " + _("Some of it is meant for others, or was given on a later day.")
				if have[item] >= qty
				else ""
			)
			for item, qty in missing.items()
		],
		exc=NotEnoughStock,
		title=_("Not Enough in Stock"),
		as_list=True,
	)


@frappe.whitelist()
def value_in_stock(filters: str | list | None = None) -> dict:
	"""Number card: value of all goods that are left."""
	frappe.has_permission("Aid Donation", "read", throw=True)
	value = sum((value_of(lot.left, lot.unit_value) for lot in lots()), Decimal(0))
	return {"value": float(value), "fieldtype": "Currency", "route": ["query-report", "Aid Stock"]}
