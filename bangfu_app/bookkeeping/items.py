"""Aid Item ↔ Item, and one batch for each lot, so that ERPNext values an issue at exactly what its lot is worth.

A lot is one line of an Aid Donation (aid_stock.py). Donor → donation → batch is written on the batch; who received the
goods stands in the app alone: ERPNext's users see no student.
"""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_link_to_form
from frappe.utils.nestedset import get_root_of

ITEM_GROUP = "Aid Goods"


def item_of(aid_item: str) -> str:
	"""The Item of an Aid Item; made where none is set, if Bangfu Settings says so."""
	# two donations at once of the same new item: the second waits for the first
	mapped = frappe.db.get_value("Aid Item", aid_item, "erpnext_item", for_update=True)
	if mapped and frappe.db.exists("Item", mapped):
		return mapped
	if not frappe.get_cached_doc("Bangfu Settings").get("create_erpnext_items"):
		frappe.throw(
			_("No Item of ERPNext is set in the aid item {0}.").format(
				get_link_to_form("Aid Item", aid_item)
			),
			title=_("Bookkeeping"),
		)
	item = create_item(frappe.get_doc("Aid Item", aid_item))
	frappe.db.set_value("Aid Item", aid_item, "erpnext_item", item)
	return item


def create_item(aid_item: Document) -> str:
	"""A stock item with batches. Whoever posts need no right on Items: the office said that items are made."""
	if frappe.db.exists("Item", aid_item.name):
		frappe.throw(
			_(
				"ERPNext has an Item {0} already. Choose it in the aid item {1}, or rename one of them."
			).format(frappe.bold(aid_item.name), get_link_to_form("Aid Item", aid_item.name)),
			title=_("Bookkeeping"),
		)
	item = frappe.get_doc(
		{
			"doctype": "Item",
			"item_code": aid_item.name,
			"item_name": aid_item.item_name,
			"item_group": item_group(),
			"stock_uom": unit(aid_item.uom),
			"is_stock_item": 1,
			"has_batch_no": 1,
			"create_new_batch": 0,
			"is_purchase_item": 0,
			"is_sales_item": 0,
			"include_item_in_manufacturing": 0,
		}
	)
	item.flags.ignore_permissions = True
	return item.insert(set_name=aid_item.name).name


def item_group() -> str:
	chosen = frappe.get_cached_doc("Bangfu Settings").get("erpnext_item_group")
	if chosen and frappe.db.exists("Item Group", chosen):
		return chosen
	name = _(ITEM_GROUP)
	if not frappe.db.exists("Item Group", name):
		group = {
			"doctype": "Item Group",
			"item_group_name": name,
			"parent_item_group": get_root_of("Item Group"),
		}
		frappe.get_doc(group).insert(ignore_permissions=True)  # as create_item
	return name


def unit(name: str) -> str:
	if not frappe.db.exists("UOM", name):
		frappe.get_doc({"doctype": "UOM", "uom_name": name}).insert(ignore_permissions=True)  # as create_item
	return name


def has_batches(item: str) -> bool:
	return bool(frappe.get_cached_value("Item", item, "has_batch_no"))


def batch_of(donation: str, line: int, item: str) -> str | None:
	"""The batch of a donation's line, made with the first posting. None where the office's own item has no batches."""
	if not has_batches(item):
		return None
	name = f"{donation}-L{line}"
	if not frappe.db.exists("Batch", name):
		batch = {
			"doctype": "Batch",
			"batch_id": name,
			"item": item,
			"reference_doctype": "Aid Donation",
			"reference_name": donation,
		}
		frappe.get_doc(batch).insert(ignore_permissions=True)  # as create_item
	return name
