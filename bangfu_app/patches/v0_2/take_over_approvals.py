import frappe

from bangfu_app.approvals.chain import approved_doctypes, chain_of
from bangfu_app.approvals.trail import steps_of, write_step
from bangfu_app.install import create_kanban_boards

NEW_BOARDS = ("Case Closures by Stage", "Subsidy Batches by Stage")


def execute() -> None:
	"""Records approved before there was a trail: what they hold now is what was approved."""
	for doctype in approved_doctypes():
		chain = chain_of(doctype)
		if not chain:
			continue
		for name in frappe.get_all(doctype, {"status": ["!=", chain.initial]}, pluck="name"):
			if not steps_of(doctype, name):
				write_step(frappe.get_doc(doctype, name), "Taken Over", "")
	create_kanban_boards(NEW_BOARDS)
