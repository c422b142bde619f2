"""Every movement of goods and money: from whom, to whom, worth what, by which record and voucher (M1–M3, M14).

Students appear by their alias, never by name. What a reader may not read is not in it (bangfu_app.goods.aid_movements).
"""

from collections import defaultdict
from datetime import date
from decimal import Decimal

import frappe
from frappe import _
from frappe.utils import getdate

from bangfu_app.goods.aid_movements import movements, newest_day, total
from bangfu_app.report_parts import (
	CHART_COLOURS,
	chosen,
	column,
	figure_card,
	month_of,
	months_through,
	period_message,
)

FILTERS = ("from_date", "to_date", "kind", "item", "donor", "fund", "student", "school", "donation")


def execute(filters: dict | None = None) -> tuple:
	filters = chosen(filters, FILTERS)
	filters.update(period_of(filters))
	rows = movements(filters)
	labels = kind_labels()
	for row in rows:
		row.kind_label = labels[row.kind]
		row.alias = row.alias or row.student
	return get_columns(), rows, period_message(filters), get_chart(rows), get_summary(rows)


def period_of(filters: frappe._dict) -> dict[str, date | None]:
	"""The days asked for; of one gift or one student the whole way, else the calendar year of the newest movement."""
	first, last = filters.from_date, filters.to_date
	if first or last or filters.donation or filters.student:
		return {"from_date": first and getdate(first), "to_date": last and getdate(last)}
	year = getdate(newest_day()).year  # of today when nothing has moved yet
	return {"from_date": date(year, 1, 1), "to_date": date(year, 12, 31)}


def kind_labels() -> dict[str, str]:
	return {
		"Receipt": _("Receipt", context="Aid Ledger"),
		"Money Received": _("Money Received", context="Aid Ledger"),
		"Handed Out": _("Handed Out", context="Aid Ledger"),
		"Returned": _("Returned", context="Aid Ledger"),
		"Written Off": _("Written Off", context="Aid Ledger"),
		"Subsidy Paid": _("Subsidy Paid", context="Aid Ledger"),
		"Spending": _("Spending", context="Aid Ledger"),
	}


def get_columns() -> list[dict]:
	return [
		column(_("Date"), "date", "Date", 110),
		column(_("Kind"), "kind_label", width=110),
		column(_("Donor"), "donor", "Link", 150, options="Partner"),
		column(_("Donation"), "donation", "Link", 135, options="Aid Donation"),
		column(_("Item", context="Aid Item"), "item", "Link", 130, options="Aid Item"),
		column(_("Quantity"), "qty", "Float", 80),
		column(_("Unit"), "uom", width=55),
		column(_("Value In"), "value_in", "Currency", 110),
		column(_("Value Out"), "value_out", "Currency", 110),
		column(_("Student Alias"), "alias", width=130),
		column(_("Receiving Organisation"), "partner", "Link", 130, options="Partner"),
		column(_("School"), "school", "Link", 120, options="School"),
		column(_("Fund"), "fund", "Link", 120, options="Aid Fund"),
		column(_("Days to the Receiver"), "lead_days", "Int", 90),
		column(_("Record"), "document", "Dynamic Link", 140, options="document_type"),
		column(_("Voucher"), "voucher", "Dynamic Link", 140, options="voucher_type"),
		column(_("Occasion"), "note", width=180),
		column(_("Student"), "student", "Link", options="Student File", hidden=1),
		column(_("Record Type"), "document_type", hidden=1),
		column(_("Voucher Type"), "voucher_type", hidden=1),
	]


def get_chart(rows: list[frappe._dict]) -> dict | None:
	months = defaultdict(lambda: [Decimal(0), Decimal(0)])
	for row in rows:
		sums = months[month_of(getdate(row.date))]
		sums[0] += Decimal(str(row.value_in or 0))
		sums[1] += Decimal(str(row.value_out or 0))
	if not months:
		return None
	labels = months_through(months)
	values = [[float(months[label][place]) for label in labels] for place in (0, 1)]
	return {
		"data": {
			"labels": labels,
			"datasets": [
				{"name": _("Value In"), "values": values[0]},
				{"name": _("Value Out"), "values": values[1]},
			],
		},
		"type": "bar",
		"fieldtype": "Currency",
		"colors": CHART_COLOURS,
	}


def get_summary(rows: list[frappe._dict]) -> list[dict]:
	leads = [row.lead_days for row in rows if row.lead_days is not None]
	return [
		figure_card(_("Goods In"), total(rows, "value_in", money=False), "Currency"),
		figure_card(_("Goods Out"), total(rows, "value_out", money=False), "Currency", "Green"),
		figure_card(_("Money In"), total(rows, "value_in", money=True), "Currency"),
		figure_card(_("Money Out"), total(rows, "value_out", money=True), "Currency", "Green"),
		figure_card(_("Students Reached"), len({row.student for row in rows if row.student})),
		figure_card(
			_("Days to the Receiver"), round(sum(leads) / len(leads), 1) if leads else None, "Float", "Grey"
		),
	]
