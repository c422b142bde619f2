"""For a donor: what was given, and what became of it (M3, M13). It leaves the office: no student is named, and no
count of few students is shown (bangfu_app.privacy.small_cells)."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

import frappe
from frappe import _
from frappe.utils import flt
from pypika.queries import QueryBuilder

from bangfu_app.goods.aid_stock import value_of
from bangfu_app.money import funds
from bangfu_app.privacy.export import PERSON_COUNTS, small_cell_size
from bangfu_app.privacy.small_cells import HIDDEN, hide_small_counts
from bangfu_app.report_parts import CHART_COLOURS, chosen, column, figure_card, period_message

FILTERS = ("donor", "from_date", "to_date")
BACK = "Back in Stock"
Quantities = dict[str, Decimal]


def execute(filters: dict | None = None) -> tuple:
	filters = chosen(filters, FILTERS)
	donations = donations_wanted(filters)
	goods = goods_rows([row for row in donations if row.kind != "Money"])
	money = money_rows([row for row in donations if row.kind == "Money"])
	rows = sorted(goods + money, key=lambda row: (row["donation_date"], row["donation"], row["idx"]))
	students = students_reached([row["line"] for row in goods])
	rows = hide_small_counts(rows, PERSON_COUNTS["Donor Statement"], small_cell_size())
	message = period_message(filters) if filters.from_date or filters.to_date else None
	return get_columns(), rows, message, get_chart(rows), get_summary(rows, students)


def donations_wanted(filters: frappe._dict) -> list[frappe._dict]:
	"""Submitted donations that the reader may read."""
	conditions = [["Aid Donation", "docstatus", "=", 1]]
	for field, operator, value in (
		("donor", "=", filters.donor),
		("donation_date", ">=", filters.from_date),
		("donation_date", "<=", filters.to_date),
	):
		if value:
			conditions.append(["Aid Donation", field, operator, value])
	fields = ["name", "donor", "donation_date", "kind", "fund", "money_amount", "total_value"]
	return frappe.get_list("Aid Donation", filters=conditions, fields=fields, limit_page_length=0)


# ---------------------------------------------------------------- goods


def goods_rows(donations: list[frappe._dict]) -> list[dict]:
	"""A row for each line: received = students + partners − back in stock + written off + left."""
	by_name = {row.name: row for row in donations}
	lines = lines_of(list(by_name))
	names = [line.name for line in lines]
	to_students, to_partners, persons = handed_out(names)
	back, lost = returned(names)
	written_off = moved("Aid Write Off Item", names)
	rows = []
	for line in lines:
		received, name = number(line.qty), line.name
		left = received - to_students[name] - to_partners[name] + back[name] - written_off[name]
		quantities = {
			"qty": received,
			"to_students": to_students[name],
			"to_partners": to_partners[name],
			"returned": back[name],
			"lost": lost[name],
			"written_off": written_off[name],
			"left": left,
		}
		rows.append(
			{
				**common(by_name[line.parent], line.idx),
				"line": name,
				"item": line.item,
				"uom": line.uom,
				"unit_value": flt(line.unit_value),
				"value": float(value_of(line.qty, line.unit_value)),
				"value_left": float(value_of(left, line.unit_value)),
				"students": len(persons[name]),
				**{key: float(value) for key, value in quantities.items()},
			}
		)
	return rows


def lines_of(donations: Sequence[str]) -> list[frappe._dict]:
	if not donations:
		return []
	line = frappe.qb.DocType("Aid Donation Item")
	query = (
		frappe.qb.from_(line).where(line.parent.isin(list(donations) or [""])).orderby(line.parent, line.idx)
	)
	return query.select(line.name, line.parent, line.idx, line.item, line.uom, line.qty, line.unit_value).run(
		as_dict=True
	)


def handed_out(lines: Sequence[str]) -> tuple[Quantities, Quantities, dict[str, set[str]]]:
	"""To students, to partners, and who the students are: for counting alone."""
	to_students, to_partners, persons = defaultdict(Decimal), defaultdict(Decimal), defaultdict(set)
	row = frappe.qb.DocType("Aid Distribution Item")
	for line, student, qty in of_lines("Aid Distribution Item", lines, row.student, row.qty):
		(to_students if student else to_partners)[line] += number(qty)
		if student:
			persons[line].add(student)
	return to_students, to_partners, persons


def returned(lines: Sequence[str]) -> tuple[Quantities, Quantities]:
	"""Back in stock, and lost or worn out with who had it."""
	back, lost = defaultdict(Decimal), defaultdict(Decimal)
	row = frappe.qb.DocType("Aid Return Item")
	for line, outcome, qty in of_lines("Aid Return Item", lines, row.outcome, row.qty):
		(back if outcome == BACK else lost)[line] += number(qty)
	return back, lost


def moved(doctype: str, lines: Sequence[str]) -> Quantities:
	total = defaultdict(Decimal)
	for line, qty in of_lines(doctype, lines, frappe.qb.DocType(doctype).qty):
		total[line] += number(qty)
	return total


def of_lines(doctype: str, lines: Sequence[str], *fields) -> Sequence[tuple]:
	"""Submitted movements of these donated lines: the line, and the fields."""
	if not lines:
		return ()
	row = frappe.qb.DocType(doctype)
	query: QueryBuilder = frappe.qb.from_(row)
	query = query.where((row.docstatus == 1) & row.donation_line.isin(list(lines) or [""]))
	return query.select(row.donation_line, *fields).run()


def number(qty: float | None) -> Decimal:
	return Decimal(str(qty or 0))


def students_reached(lines: Sequence[str]) -> int:
	"""Students who were given something of these lines, each once."""
	return len(set().union(*handed_out(lines)[2].values()))


# ---------------------------------------------------------------- money


def money_rows(donations: list[frappe._dict]) -> list[dict]:
	"""What came into a fund is not to be told apart in it: the fund's use says what became of it."""
	now = funds.balances(sorted({row.fund for row in donations}))
	return [
		{
			**common(row, 0),
			"fund": row.fund,
			"value": float(funds.money(row.money_amount)),
			"fund_committed": percent(now[row.fund].committed, now[row.fund].limit),
			"fund_paid": percent(now[row.fund].paid, now[row.fund].limit),
		}
		for row in donations
	]


def percent(part: Decimal, whole: Decimal) -> float | None:
	return round(float(100 * part / whole), 1) if whole else None


def common(donation: frappe._dict, idx: int) -> dict:
	return {
		"donor": donation.donor,
		"donation": donation.name,
		"donation_date": donation.donation_date,
		"kind": _(donation.kind),
		"idx": idx,
	}


# ---------------------------------------------------------------- shown


def get_columns() -> list[dict]:
	return [
		column(_("Date"), "donation_date", "Date", 100),
		column(_("Donor"), "donor", "Link", 150, options="Partner"),
		column(_("Donation"), "donation", "Link", 140, options="Aid Donation"),
		column(_("Kind"), "kind", width=70),
		column(_("Item", context="Aid Item"), "item", "Link", 140, options="Aid Item"),
		column(_("Unit"), "uom", width=60),
		column(_("Quantity"), "qty", "Float", 80),
		column(_("Unit Value"), "unit_value", "Currency", 90),
		column(_("Amount"), "value", "Currency", 110),
		column(_("To Students"), "to_students", "Float", 90),
		column(_("Students Reached"), "students", width=80, align="right"),
		column(_("To Partners"), "to_partners", "Float", 90),
		column(_("Back in Stock"), "returned", "Float", 90),
		column(_("Lost or Worn Out"), "lost", "Float", 90),
		column(_("Written Off"), "written_off", "Float", 90),
		column(_("Left"), "left", "Float", 80),
		column(_("Value Left"), "value_left", "Currency", 110),
		column(_("Fund"), "fund", "Link", 150, options="Aid Fund"),
		column(_("Fund Committed"), "fund_committed", "Percent", 100),
		column(_("Fund Paid"), "fund_paid", "Percent", 100),
	]


def get_chart(rows: list[dict]) -> dict | None:
	"""Pieces of each item: with students, with partners, gone, left."""
	totals: dict[str, list[float]] = {}
	for row in rows:
		if row.get("item"):
			total = totals.setdefault(row["item"], [0.0] * 4)
			net = row["to_students"] - row["returned"]
			for place, value in enumerate((net, row["to_partners"], row["written_off"], row["left"])):
				total[place] += value
	if not totals:
		return None
	names = (_("To Students"), _("To Partners"), _("Written Off"), _("Left"))
	return {
		"data": {
			"labels": list(totals),
			"datasets": [
				{"name": name, "values": [values[place] for values in totals.values()]}
				for place, name in enumerate(names)
			],
		},
		"type": "bar",
		"barOptions": {"stacked": 1},
		"fieldtype": "Float",
		"colors": [*CHART_COLOURS, "#b5483a", "#c9d3d6"],
	}


def get_summary(rows: list[dict], students: int) -> list[dict]:
	def total(wanted: bool) -> Decimal:
		return sum((funds.money(row["value"]) for row in rows if bool(row.get("item")) is wanted), Decimal(0))

	return [
		figure_card(_("Donations"), len({row["donation"] for row in rows})),
		figure_card(_("Value of Goods"), total(True), "Currency"),
		figure_card(_("Money"), total(False), "Currency", "Green"),
		figure_card(_("Students Reached"), HIDDEN if 0 < students < small_cell_size() else students),
	]
