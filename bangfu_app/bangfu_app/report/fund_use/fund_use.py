"""What each fund holds: limit, donated, committed, paid, left (bangfu_app.money.funds); by month what came and went (M14)."""

from collections import defaultdict
from decimal import Decimal

import frappe
from frappe import _
from frappe.utils import cint, getdate
from pypika.queries import QueryBuilder

from bangfu_app.money import funds
from bangfu_app.report_parts import CHART_COLOURS, chosen, column, figure_card, month_of, months_through

FILTERS = ("from_date", "to_date", "source_type", "school", "fund", "by_month")
FIGURES = ("limit", "received", "committed", "paid", "left")
Flows = dict[tuple[str, str], Decimal]  # (fund, month) → yuan


def execute(filters: dict | None = None) -> tuple:
	filters = chosen(filters, FILTERS)
	found = funds_wanted(filters)
	now = funds.balances([fund.name for fund in found])
	rows = [as_row(fund, now[fund.name]) for fund in found]
	chart = get_chart(rows)
	if found and (cint(filters.by_month) or filters.fund):
		flows = {"received": donated_by_month(found, filters), "paid": paid_by_month(found, filters)}
		if filters.fund:
			chart = get_month_chart(flows, filters.fund)
		if cint(filters.by_month):
			rows = [line for row in rows for line in (row, *month_rows(row["fund"], flows))]
	return get_columns(), rows, None, chart, get_summary(rows)


def funds_wanted(filters: frappe._dict) -> list[frappe._dict]:
	"""Funds that the reader may read, of which a day lies in the period."""
	conditions = [["Aid Fund", "to_date", ">=", filters.from_date]] if filters.from_date else []
	if filters.to_date:
		conditions.append(["Aid Fund", "from_date", "<=", filters.to_date])
	for field, value in (
		("source_type", filters.source_type),
		("school", filters.school),
		("name", filters.fund),
	):
		if value:
			conditions.append(["Aid Fund", field, "=", value])
	fields = ["name", "source_type", "school", "from_date", "to_date"]
	return frappe.get_list(
		"Aid Fund", filters=conditions, fields=fields, order_by="from_date asc, name asc", limit_page_length=0
	)


def as_row(fund: frappe._dict, now: funds.FundBalance) -> dict:
	gone = now.committed + now.paid
	return {
		"fund": fund.name,
		"source_type": _(fund.source_type),
		"school": fund.school,
		"from_date": fund.from_date,
		"to_date": fund.to_date,
		**{name: float(getattr(now, name)) for name in FIGURES},
		"used": round(float(100 * gone / now.limit), 1) if now.limit else None,
		"indent": 0,
	}


def month_rows(fund: str, flows: dict[str, Flows]) -> list[dict]:
	"""Below its fund a row for each month in which money came or went."""
	months = sorted({month for (name, month) in {*flows["received"], *flows["paid"]} if name == fund})
	return [
		{
			"month": month,
			"received": float(flows["received"].get((fund, month), 0)),
			"paid": float(flows["paid"].get((fund, month), 0)),
			"indent": 1,
		}
		for month in months
	]


# ---------------------------------------------------------------- by month


def donated_by_month(found: list[frappe._dict], filters: frappe._dict) -> Flows:
	table = frappe.qb.DocType("Aid Donation")
	query = frappe.qb.from_(table).where((table.docstatus == 1) & (table.kind == "Money"))
	return by_month([(query, table.fund, table.donation_date, table.money_amount)], found, filters)


def paid_by_month(found: list[frappe._dict], filters: frappe._dict) -> Flows:
	"""Subsidies by the day the bank paid, spendings by theirs."""
	spending, batch = frappe.qb.DocType("Fund Spending"), frappe.qb.DocType("Subsidy Batch")
	row = frappe.qb.DocType("Subsidy Batch Row")
	spent = frappe.qb.from_(spending).where(spending.docstatus == 1)
	subsidies = frappe.qb.from_(row).join(batch).on(batch.name == row.parent)
	subsidies = subsidies.where((batch.docstatus == 1) & (row.status == "Paid"))
	sources = [
		(spent, spending.fund, spending.spent_on, spending.amount),
		(subsidies, batch.fund, row.paid_on, row.amount),
	]
	return by_month(sources, found, filters)


def by_month(
	sources: list[tuple[QueryBuilder, ...]], found: list[frappe._dict], filters: frappe._dict
) -> Flows:
	"""(fund, month) → sum, of the days asked for."""
	names, flows = [fund.name for fund in found], defaultdict(Decimal)
	for query, fund, day, amount in sources:
		query = query.where(fund.isin(names or [""]))
		if filters.from_date:
			query = query.where(day >= getdate(filters.from_date))
		if filters.to_date:
			query = query.where(day <= getdate(filters.to_date))
		for name, on, value in query.select(fund, day, amount).run():
			flows[name, month_of(getdate(on)) if on else "—"] += funds.money(value)
	return flows


# ---------------------------------------------------------------- shown


def get_columns() -> list[dict]:
	return [
		column(_("Fund"), "fund", "Link", 180, options="Aid Fund"),
		column(_("Month"), "month", width=90),
		column(_("Source Type"), "source_type", width=130),
		column(_("School"), "school", "Link", 140, options="School"),
		column(_("Limit"), "limit", "Currency", 120),
		column(_("Donated"), "received", "Currency", 120),
		column(_("Committed"), "committed", "Currency", 120),
		column(_("Paid Out"), "paid", "Currency", 120),
		column(_("Left"), "left", "Currency", 120),
		column(_("Used"), "used", "Percent", 80),
		column(_("From Date"), "from_date", "Date", 100),
		column(_("To Date"), "to_date", "Date", 100),
	]


def get_chart(rows: list[dict]) -> dict | None:
	if not rows:
		return None
	return {
		"data": {
			"labels": [row["fund"] for row in rows],
			"datasets": [
				{"name": label, "values": [row[name] for row in rows]}
				for label, name in (
					(_("Paid Out"), "paid"),
					(_("Committed"), "committed"),
					(_("Left"), "left"),
				)
			],
		},
		"type": "bar",
		"barOptions": {"stacked": 1},
		"fieldtype": "Currency",
		"colors": [*CHART_COLOURS, "#c9d3d6"],
	}


def get_month_chart(flows: dict[str, Flows], fund: str) -> dict | None:
	months = months_through({month for _name, month in {*flows["received"], *flows["paid"]} if month != "—"})
	if not months:
		return None
	return {
		"data": {
			"labels": months,
			"datasets": [
				{"name": label, "values": [float(flows[name].get((fund, month), 0)) for month in months]}
				for label, name in ((_("Donated"), "received"), (_("Paid Out"), "paid"))
			],
		},
		"type": "bar",
		"fieldtype": "Currency",
		"colors": CHART_COLOURS,
	}


def get_summary(rows: list[dict]) -> list[dict]:
	whole = [row for row in rows if not row["indent"]]

	def total(name: str) -> Decimal:
		return sum((funds.money(row[name]) for row in whole), Decimal(0))

	return [
		figure_card(_("Funds"), len(whole)),
		figure_card(_("Limit"), total("limit"), "Currency"),
		figure_card(_("Committed"), total("committed"), "Currency", "Orange"),
		figure_card(_("Paid Out"), total("paid"), "Currency", "Green"),
		figure_card(_("Left"), total("left"), "Currency", "Grey"),
	]
