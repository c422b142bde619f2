"""Is there an ERPNext on this site, and is it to keep the books of the app?"""

import frappe
from frappe import _

# who keeps the books, and who sets them up
BOOKKEEPERS = {"Bangfu Finance", "Bangfu Manager", "System Manager"}
ERPNEXT = "erpnext"


def installed() -> bool:
	return ERPNEXT in frappe.get_installed_apps()


def is_on() -> bool:
	"""Do submitted documents go into ERPNext's books? Bangfu Settings → Bookkeeping."""
	return installed() and bool(frappe.get_cached_doc("Bangfu Settings").get("post_to_erpnext"))


def require_bookkeeper() -> None:
	"""As frappe.only_for, which lets everybody pass while tests run."""
	if not BOOKKEEPERS & set(frappe.get_roles()):
		frappe.throw(_("Not permitted"), exc=frappe.PermissionError)
