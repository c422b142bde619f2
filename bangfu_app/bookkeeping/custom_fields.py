"""Links to ERPNext's records: Custom Fields that exist as long as both apps are on the site.

Made by whichever app arrives second and taken out by whichever leaves first. The columns stay in the database, so that
an ERPNext that comes back finds what was set, with posting turned off.
"""

import frappe
from frappe.custom.doctype.custom_field.custom_field import create_custom_fields

from bangfu_app.bookkeeping import presence

APPS = ("bangfu_app", presence.ERPNEXT)

LABELS = {
	"bookkeeping_section": "Bookkeeping in ERPNext",
	"post_to_erpnext": "Post to ERPNext",
	"create_erpnext_items": "Create Missing Items",
	"erpnext_item_group": "Item Group of Created Items",
	"bookkeeping_companies": "Companies",
	"company": "Company",
	"donation_income_account": "Donation Income Account",
	"aid_expense_account": "Aid Expense Account",
	"write_off_account": "Write-off Account",
	"bank_account": "Bank or Cash Account",
	"warehouse": "Warehouse",
	"cost_center": "Cost Centre",
	"erpnext_item": "Item in ERPNext",
	"bangfu_document_type": "Aid Record Type",
	"bangfu_document": "Aid Record",
}
DESCRIPTIONS = {
	"post_to_erpnext": "Donations, distributions, returns, write-offs, payments and spendings make their Stock Entry or Journal Entry as they are submitted",
	"create_erpnext_items": "An aid item without an Item gets one, with batches, at its first donation",
}


def follow_apps(app_name: str | None = None) -> None:
	"""Hooks after_app_install and after_migrate."""
	if app_name in (None, *APPS) and presence.installed():
		create_custom_fields(get_fields(), ignore_validate=True)
		# a single record that is there already gets no defaults
		if "create_erpnext_items" not in frappe.db.get_singles_dict("Bangfu Settings"):
			frappe.db.set_single_value("Bangfu Settings", "create_erpnext_items", 1)


def leave(app_name: str) -> None:
	"""Hook before_app_uninstall."""
	if app_name not in APPS:
		return
	# an ERPNext that comes back has to be set up before anything is posted again
	frappe.db.set_single_value("Bangfu Settings", "post_to_erpnext", 0)
	for doctype, fields in get_fields().items():
		names = [field["fieldname"] for field in fields]
		# rows alone: the controller would ask for rights and for the form of a DocType that is leaving
		frappe.db.delete("Custom Field", {"dt": doctype, "fieldname": ["in", names]})
		frappe.clear_cache(doctype=doctype)


def get_fields() -> dict[str, list[dict]]:
	"""Fields by DocType, as create_custom_fields takes them."""
	return {
		"Bangfu Settings": [
			field("bookkeeping_section", "Section Break", insert_after="approval_bands"),
			field("post_to_erpnext", "Check", insert_after="bookkeeping_section"),
			field("bookkeeping_column", "Column Break", insert_after="post_to_erpnext"),
			field("create_erpnext_items", "Check", default="1", insert_after="bookkeeping_column"),
			link("erpnext_item_group", "Item Group", insert_after="create_erpnext_items"),
			field("bookkeeping_companies_section", "Section Break", insert_after="erpnext_item_group"),
			field(
				"bookkeeping_companies",
				"Table",
				options="Bookkeeping Company",
				insert_after="bookkeeping_companies_section",
			),
		],
		"Bookkeeping Company": [
			link("company", "Company", insert_after="is_default", reqd=1, in_list_view=1),
			*(
				link(name, "Account", insert_after=after, in_list_view=1)
				for name, after in (
					("donation_income_account", "company"),
					("aid_expense_account", "donation_income_account"),
					("write_off_account", "aid_expense_account"),
					("bank_account", "write_off_account"),
				)
			),
			link("warehouse", "Warehouse", insert_after="bank_account", in_list_view=1),
			link("cost_center", "Cost Center", insert_after="warehouse"),
		],
		"School": [link("company", "Company", insert_after="coordinator")],
		"Service Point": [link("warehouse", "Warehouse", insert_after="school")],
		"Aid Item": [link("erpnext_item", "Item", insert_after="uom")],
		"Aid Fund": [link("cost_center", "Cost Center", insert_after="school")],
		"Stock Entry": marks("remarks"),
		"Journal Entry": marks("user_remark"),
	}


def marks(after: str) -> list[dict]:
	"""On a voucher: the document it was made for. Data, not a link: Frappe would offer to cancel the voucher first."""
	shown = {"read_only": 1, "no_copy": 1, "in_standard_filter": 1, "print_hide": 1, "translatable": 0}
	return [
		field("bangfu_document_type", "Data", insert_after=after, **shown),
		field("bangfu_document", "Data", insert_after="bangfu_document_type", search_index=1, **shown),
	]


def link(fieldname: str, doctype: str, **more) -> dict:
	"""Who sees which record of ours does not follow from ERPNext's User Permissions."""
	return field(fieldname, "Link", options=doctype, ignore_user_permissions=1, **more)


def field(fieldname: str, fieldtype: str, **more) -> dict:
	return {
		"fieldname": fieldname,
		"fieldtype": fieldtype,
		"label": LABELS.get(fieldname, ""),
		"description": DESCRIPTIONS.get(fieldname, ""),
		**more,
	}
