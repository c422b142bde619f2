"""Donated goods by item and donor: received, handed out, back, written off, left, what they are worth, how soon given."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

import frappe
from frappe import _
from frappe.utils import flt, fmt_money, getdate

from bangfu_app.goods.aid_stock import Lot, lead_days, lots, value_of
from bangfu_app.report_parts import CHART_COLOURS, chosen, column, figure_card

FILTERS = ("item", "donor", "from_date", "to_date")


def execute(filters: dict | None = None) -> tuple:
	filters = chosen(filters, FILTERS)
	found = [lot for lot in lots([filters.item] if filters.item else None) if is_wanted(lot, filters)]
	given, units = hand_overs(found), units_of_items()
	groups = defaultdict(list)
	for lot in found:
		groups[lot.item, lot.donor].append(lot)
	rows = [as_row(group, given, units) for _key, group in sorted(groups.items())]
	return get_columns(), rows, None, get_chart(rows), get_summary(rows)


def is_wanted(lot: Lot, filters: frappe._dict) -> bool:
	return (
		filters.donor in (None, lot.donor)
		and (not filters.from_date or lot.donation_date >= getdate(filters.from_date))
		and (not filters.to_date or lot.donation_date <= getdate(filters.to_date))
	)


def hand_overs(found: list[Lot]) -> dict[str, list[date]]:
	"""The days on which goods of each lot came into hands: as signed for, else as distributed."""
	days = defaultdict(list)
	if not found:
		return days
	line = frappe.qb.DocType("Aid Distribution Item")
	distribution = frappe.qb.DocType("Aid Distribution")
	rows = (
		frappe.qb.from_(line)
		.join(distribution)
		.on(distribution.name == line.parent)
		.where((distribution.docstatus == 1) & line.donation_line.isin([lot.name for lot in found]))
		.select(line.donation_line, line.received_on, distribution.distribution_date)
	).run()
	for lot, received_on, distributed_on in rows:
		days[lot].append(getdate(received_on or distributed_on))
	return days


def units_of_items() -> dict[str, str]:
	return dict(frappe.get_all("Aid Item", fields=["name", "uom"], as_list=True))


def as_row(group: list[Lot], given: dict[str, list[date]], units: dict[str, str]) -> dict:
	def total(name: str) -> Decimal:
		return sum((getattr(lot, name) for lot in group), Decimal(0))

	def value(name: str) -> Decimal:
		return sum((value_of(getattr(lot, name), lot.unit_value) for lot in group), Decimal(0))

	# what students keep is the rest, so that the parts are the whole to the cent
	kept = value("received") - value("left") - value("written_off")
	leads = [lead_days(lot.donation_date, day) for lot in group for day in given[lot.name]]
	return {
		"item": group[0].item,
		"donor": group[0].donor,
		"uom": units.get(group[0].item),
		"received": float(total("received")),
		"distributed": float(total("handed_out")),
		"returned": float(total("returned")),
		"written_off": float(total("written_off")),
		"balance": float(total("left")),
		"unit_values": " / ".join(fmt_money(price) for price in sorted({lot.unit_value for lot in group})),
		"value_received": float(value("received")),
		"value_distributed": float(kept),
		"value_written_off": float(value("written_off")),
		"value_left": float(value("left")),
		"last_distribution": max((day for lot in group for day in given[lot.name]), default=None),
		"lead_days": flt(sum(leads) / len(leads), 1) if leads else None,
	}


def get_columns() -> list[dict]:
	return [
		column(_("Item", context="Aid Item"), "item", "Link", 160, options="Aid Item"),
		column(_("Donor"), "donor", "Link", 180, options="Partner"),
		column(_("Unit"), "uom", width=60),
		column(_("Received"), "received", "Float", 90),
		column(_("Distributed"), "distributed", "Float", 90),
		column(_("Back in Stock"), "returned", "Float", 90),
		column(_("Written Off"), "written_off", "Float", 90),
		column(_("Balance"), "balance", "Float", 90),
		column(_("Unit Value"), "unit_values", width=120, align="right"),
		column(_("Value Received"), "value_received", "Currency", 120),
		column(_("Value Distributed"), "value_distributed", "Currency", 120),
		column(_("Value Written Off"), "value_written_off", "Currency", 120),
		column(_("Value Left"), "value_left", "Currency", 120),
		column(_("Last Distribution"), "last_distribution", "Date", 120),
		column(_("Days to the Receiver"), "lead_days", "Float", 110),
	]


def get_chart(rows: list[dict]) -> dict | None:
	if not rows:
		return None
	totals = defaultdict(lambda: [0, 0])
	for row in rows:
		totals[row["item"]][0] += row["received"]
		totals[row["item"]][1] += row["distributed"]
	received, distributed = zip(*totals.values(), strict=True)
	return {
		"data": {
			"labels": list(totals),
			"datasets": [
				{"name": _("Received"), "values": received},
				{"name": _("Distributed"), "values": distributed},
			],
		},
		"type": "bar",
		"fieldtype": "Float",
		"colors": CHART_COLOURS,
	}


def get_summary(rows: list[dict]) -> list[dict]:
	def total(fieldname: str) -> Decimal:
		return sum((Decimal(str(row[fieldname])) for row in rows), Decimal(0))

	return [
		figure_card(_("Donors"), len({row["donor"] for row in rows})),
		figure_card(_("Value Received"), total("value_received"), "Currency"),
		figure_card(_("Value Distributed"), total("value_distributed"), "Currency", "Green"),
		figure_card(_("Value Left"), total("value_left"), "Currency", "Grey"),
	]
