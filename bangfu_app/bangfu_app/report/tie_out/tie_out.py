"""Tie-out: the app's documents against ERPNext's ledgers, by document, item, fund or account; 0 when all is well."""

import frappe
from frappe import _

from bangfu_app.bookkeeping import presence, tie_out
from bangfu_app.report_parts import chosen, column, figure_card

FILTERS = ("view", "from_date", "to_date", "company", "only_differences")


def execute(filters: dict | None = None) -> tuple:
	filters = chosen(filters, FILTERS)
	if not presence.installed():
		message = _("ERPNext is not on this site: nothing is posted, and there is nothing to compare.")
		return get_document_columns(), [], message, None, get_summary([])
	lines = tie_out.lines(filters.from_date, filters.to_date, filters.company)
	summary = get_summary(lines)
	totals = get_totals(filters, lines)
	if totals is not None:
		rows = [row_of_total(total) for total in totals if total.difference or not filters.only_differences]
		return get_total_columns(filters.view), rows, get_message(lines), None, summary
	rows = [row_of_line(line) for line in lines if not (filters.only_differences and line.is_healthy)]
	return get_document_columns(), rows, get_message(lines), None, summary


def get_totals(filters: frappe._dict, lines: list[tie_out.Line]) -> list[tie_out.Total] | None:
	if filters.view == "Item":
		return tie_out.by_item(filters.from_date, filters.to_date)
	if filters.view == "Fund":
		return tie_out.by_fund(lines)
	return tie_out.by_account(lines) if filters.view == "Account" else None


def row_of_line(line: tie_out.Line) -> dict:
	return {
		"reference_doctype": line.doctype,
		"reference_name": line.name,
		"posting_date": line.day,
		"state": _(line.state),
		"company": ", ".join(sorted({voucher.company for voucher in line.vouchers})),
		"voucher_type": line.vouchers[0].doctype if line.vouchers else None,
		"voucher_no": line.vouchers[0].name if line.vouchers else None,
		**figures(line),
		"note": line.note or (", ".join(voucher.name for voucher in line.vouchers[1:])),
	}


def row_of_total(total: tie_out.Total) -> dict:
	return {"key": total.key, "reference_doctype": total.doctype, "company": total.company, **figures(total)}


def figures(one: tie_out.Line | tie_out.Total) -> dict:
	return {
		"value": float(one.value),
		"stock_ledger": None if one.stock is None else float(one.stock),
		"general_ledger": None if one.general is None else float(one.general),
		"rounding": float(one.rounding),
		"difference": float(one.difference),
	}


def get_document_columns() -> list[dict]:
	return [
		column(_("Record Type"), "reference_doctype", width=130),
		column(_("Record"), "reference_name", "Dynamic Link", 150, options="reference_doctype"),
		column(_("Posting Date"), "posting_date", "Date"),
		column(_("Status"), "state", width=100),
		*figure_columns(),
		column(_("Voucher Type"), "voucher_type", width=110),
		column(_("Voucher No"), "voucher_no", "Dynamic Link", 170, options="voucher_type"),
		column(_("Company"), "company", width=140),
		column(_("Note"), "note", width=300),
	]


def get_total_columns(view: str) -> list[dict]:
	labels = {"Item": _("Item", context="Aid Item"), "Fund": _("Fund"), "Account": _("Account")}
	# no link to an account: Frappe refuses the report to who has no role of ERPNext
	links = {"Item": "Aid Item", "Fund": "Aid Fund"}
	link = {"fieldtype": "Link", "options": links[view]} if view in links else {}
	return [
		column(labels[view], "key", width=220, **link),
		column(_("Record Type"), "reference_doctype", width=130),
		*figure_columns(),
	]


def figure_columns() -> list[dict]:
	return [
		column(_("Our Value"), "value", "Currency", 120),
		column(_("Stock Ledger"), "stock_ledger", "Currency", 120),
		column(_("General Ledger"), "general_ledger", "Currency", 120),
		column(_("Rounding"), "rounding", "Currency", 90),
		column(_("Difference"), "difference", "Currency", 110),
	]


def get_message(lines: list[tie_out.Line]) -> str | None:
	if not presence.is_on():
		return _("Posting to ERPNext is off: what is submitted now waits in the backlog.")
	if any(line.state in (tie_out.NOT_POSTED, tie_out.GONE) for line in lines):
		return _("Not everything is in ERPNext's books: Post Backlog.")
	return None


def get_summary(lines: list[tie_out.Line]) -> list[dict]:
	def count(*states: str) -> int:
		return sum(line.state in states for line in lines)

	off = sum(1 for line in lines if not line.is_healthy)
	waiting = count(tie_out.NOT_POSTED, tie_out.GONE)
	return [
		figure_card(_("In the Books"), count(tie_out.POSTED), indicator="Green"),
		figure_card(_("Not Posted"), waiting, indicator="Orange" if waiting else "Green"),
		figure_card(_("Do Not Tie Out"), off, indicator="Red" if off else "Green"),
		figure_card(
			_("Difference"),
			sum((abs(line.difference) for line in lines), tie_out.ZERO),
			"Currency",
			"Red" if off else "Green",
		),
	]
