import frappe


def execute():
	frappe.db.set_default("probe_one_patched", 1 + int(frappe.db.get_default("probe_one_patched") or 0))
