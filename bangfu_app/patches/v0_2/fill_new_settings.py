import frappe


def execute() -> None:
	"""Settings that are new get their defaults, which a migrate gives no Single. First: what follows reads them."""
	settings = frappe.get_doc("Bangfu Settings")
	stored = frappe.db.get_singles_dict("Bangfu Settings")
	new = {
		field.fieldname: field.default
		for field in settings.meta.fields
		if field.default and field.fieldname not in stored
	}
	if new:
		settings.db_set(new)
