import frappe


def seen(doc, method=None):
	doc.seen_by += ", probe_two"


def before_uninstall():
	frappe.delete_doc("Role", "Probe Auditor", force=True)


@frappe.whitelist()
def double(number: int):
	return number * 2
