import frappe

from bangfu_app.install import create_kanban_boards

BOARDS = ("Case Closures by Stage", "Subsidy Batches by Stage")


def execute() -> None:
	"""What a migrate does not bring to sites of before: defaults of settings that are new, boards of new workflows."""
	settings = frappe.get_doc("Bangfu Settings")
	stored = frappe.db.get_singles_dict("Bangfu Settings")
	new = {
		field.fieldname: field.default
		for field in settings.meta.fields
		if field.default and field.fieldname not in stored
	}
	if new:
		settings.db_set(new)
	create_kanban_boards(BOARDS)
