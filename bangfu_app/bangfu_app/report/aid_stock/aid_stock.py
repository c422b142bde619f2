"""Donated goods by item and donor: received, distributed, left, and what they are worth (bangfu_app.aid_stock)."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

import frappe
from frappe import _
from frappe.query_builder.functions import Max
from frappe.utils import fmt_money, getdate

from bangfu_app.aid_stock import Lot, lots, value_of
from bangfu_app.report_parts import CHART_COLOURS, chosen, column, figure_card

FILTERS = ("item", "donor", "from_date", "to_date")


def execute(filters: dict | None = None) -> tuple:
	filters = chosen(filters, FILTERS)
	found = [lot for lot in lots([filters.item] if filters.item else None) if is_wanted(lot, filters)]
	last, units = last_distributed(found), units_of_items()
	groups = defaultdict(list)
	for lot in found:
		groups[lot.item, lot.donor].append(lot)
	rows = [as_row(group, last, units) for _key, group in sorted(groups.items())]
	return get_columns(), rows, None, get_chart(rows), get_summary(rows)


def is_wanted(lot: Lot, filters: frappe._dict) -> bool:
	return (
		filters.donor in (None, lot.donor)
		and (not filters.from_date or lot.donation_date >= getdate(filters.from_date))
		and (not filters.to_date or lot.donation_date <= getdate(filters.to_date))
	)


def last_distributed(found: list[Lot]) -> dict[str, date]:
	"""Day on which goods of each lot were last given out."""
	if not found:
		return {}
	line = frappe.qb.DocType("Aid Distribution Item")
	distribution = frappe.qb.DocType("Aid Distribution")
	rows = (
		frappe.qb.from_(line)
		.join(distribution)
		.on(distribution.name == line.parent)
		.where((distribution.docstatus == 1) & line.donation_line.isin([lot.name for lot in found]))
		.groupby(line.donation_line)
		.select(line.donation_line, Max(distribution.distribution_date))
	).run()
	return {lot: getdate(day) for lot, day in rows}  # SQLite gives the greatest date as text


def units_of_items() -> dict[str, str]:
	return dict(frappe.get_all("Aid Item", fields=["name", "uom"], as_list=True))


def as_row(group: list[Lot], last: dict[str, date], units: dict[str, str]) -> dict:
	received = sum((lot.received for lot in group), Decimal(0))
	left = sum((lot.left for lot in group), Decimal(0))
	value_received = sum((value_of(lot.received, lot.unit_value) for lot in group), Decimal(0))
	value_left = sum((value_of(lot.left, lot.unit_value) for lot in group), Decimal(0))
	return {
		"item": group[0].item,
		"donor": group[0].donor,
		"uom": units.get(group[0].item),
		"received": float(received),
		"distributed": float(received - left),
		"balance": float(left),
		"unit_values": " / ".join(fmt_money(value) for value in sorted({lot.unit_value for lot in group})),
		"value_received": float(value_received),
		"value_distributed": float(value_received - value_left),
		"value_left": float(value_left),
		"last_distribution": max((last[lot.name] for lot in group if lot.name in last), default=None),
	}


def get_columns() -> list[dict]:
	return [
		column(_("Item", context="Aid Item"), "item", "Link", 160, options="Aid Item"),
		column(_("Donor"), "donor", "Link", 180, options="Partner"),
		column(_("Unit"), "uom", width=60),
		column(_("Received"), "received", "Float", 90),
		column(_("Distributed"), "distributed", "Float", 90),
		column(_("Balance"), "balance", "Float", 90),
		column(_("Unit Value"), "unit_values", width=120, align="right"),
		column(_("Value Received"), "value_received", "Currency", 120),
		column(_("Value Distributed"), "value_distributed", "Currency", 120),
		column(_("Value Left"), "value_left", "Currency", 120),
		column(_("Last Distribution"), "last_distribution", "Date", 120),
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
