"""What was handed out and is still out: a return takes from it, a loan is open as long as something is out."""

from collections.abc import Sequence
from decimal import Decimal

import frappe
from frappe.query_builder import Criterion
from frappe.utils import getdate, nowdate

from bangfu_app.goods import aid_stock
from bangfu_app.rights.criteria import restrict


def still_out(lines: Sequence[str], lock: bool = False) -> dict[str, Decimal]:
	"""Pieces of each submitted distribution line that did not come back, get lost or wear out.

	With `lock` the newest committed state, held until the transaction ends.
	"""
	if not lines:
		return {}
	if lock:
		aid_stock.wait_in_line()
	line = frappe.qb.DocType("Aid Distribution Item")
	query = (
		frappe.qb.from_(line)
		.where((line.docstatus == 1) & line.name.isin(list(lines) or [""]))
		.select(line.name, line.qty)
	)
	given = (query.for_update() if lock else query).run()
	back = aid_stock.moved("Aid Return Item", lines, lock, by="distribution_line")
	return {name: Decimal(str(qty)) - back[name] for name, qty in given}


def open_loans(criterion: Criterion | None = None, restricted: bool = False) -> list[frappe._dict]:
	"""Loans of which something is out, by due day: line, distribution, student, partner, item, out, due_back.

	`criterion` narrows the lines; `restricted` to what the reader may read.
	"""
	line = frappe.qb.DocType("Aid Distribution Item")
	distribution = frappe.qb.DocType("Aid Distribution")
	query = (
		frappe.qb.from_(line)
		.join(distribution)
		.on(distribution.name == line.parent)
		.where((line.docstatus == 1) & (line.transfer == "Loan"))
		.select(
			line.name.as_("line"),
			distribution.name.as_("distribution"),
			line.student,
			line.partner,
			line.item,
			line.due_back,
		)
		.orderby(line.due_back)
		.orderby(distribution.name)
		.orderby(line.idx)
	)
	if criterion is not None:
		query = query.where(criterion)
	rows = (restrict(query, "Aid Distribution") if restricted else query).run(as_dict=True)
	out = still_out([row.line for row in rows])
	for row in rows:
		row.out = out[row.line]
	return [row for row in rows if row.out > 0]


def loans_of(student: str) -> list[frappe._dict]:
	"""Open loans of one student."""
	return open_loans(frappe.qb.DocType("Aid Distribution Item").student == student)


def overdue_loans() -> list[frappe._dict]:
	"""Loans past their day, of the distributions that the reader may read."""
	line = frappe.qb.DocType("Aid Distribution Item")
	return open_loans(line.due_back < getdate(nowdate()), restricted=True)


@frappe.whitelist()
def count_overdue(filters: str | list | None = None) -> dict:
	"""Number card: loans past their day of which something is still out (M10)."""
	frappe.has_permission("Aid Distribution", "read", throw=True)
	late = overdue_loans()
	return {
		"value": len(late),
		"fieldtype": "Int",
		"route": ["List", "Aid Distribution", "List"],
		"route_options": {"name": ["in", sorted({row.distribution for row in late})]},
	}
