"""Showing a sealed number in clear, one at a time, by a right of its own; and finding records by a number (X2)."""

import frappe
from frappe import _
from frappe.model.base_document import BaseDocument
from frappe.model.document import Document

from bangfu_app.privacy import disclosure, sealed_numbers
from bangfu_app.privacy.number_kinds import NumberKind

# who sees which numbers of a record that is open to them anyway; an office changes it in Bangfu Settings
DEFAULT_RIGHTS = (
	("Bangfu Manager", "Identity Number"),
	("Bangfu Manager", "Phone"),
	("Bangfu Coordinator", "Identity Number"),
	("Bangfu Coordinator", "Phone"),
	("Class Teacher", "Phone"),
	("Bangfu Finance", "Bank Account"),
)


@frappe.whitelist(methods=["POST"])
def show_number(doctype: str, name: str, fieldname: str, reason: str, row: str | None = None) -> str | None:
	"""The number in clear, after it was logged why. `row`: name of the row of a table that holds the field."""
	if not frappe.db.exists("DocType", doctype):
		frappe.throw(_("The request cannot be read."), exc=frappe.DoesNotExistError)
	doc = frappe.get_doc(doctype, name)
	doc.check_permission("read")
	holder = _holder(doc, row)
	kind = sealed_numbers.declared(holder.doctype).get(fieldname)
	if not kind or not may_show(doc, holder, fieldname, kind):
		_refuse()
	disclosure.log(
		"Number",
		doctype,
		name,
		student=name if doctype == "Student File" else doc.get("student"),
		reference_field=f"{holder.parentfield}.{fieldname}" if row else fieldname,
		reason=disclosure.require_reason(reason),
	)
	return sealed_numbers.unseal(holder, fieldname)


@frappe.whitelist(methods=["POST"])
def find_by_number(doctype: str, number: str) -> list[dict[str, str]]:
	"""Records among those the user may read that hold exactly this number, as name and title.

	Only by the right to see such numbers: else whoever sees a mask could try the digits behind it. By POST,
	so that no number stands in the log of a web server.
	"""
	if not frappe.has_permission(doctype, "read"):
		_refuse()
	fields = searchable_fields(doctype)
	if not fields:
		_refuse()
	names = {name for owner, fieldname in fields for name in sealed_numbers.find(owner, fieldname, number)}
	if not names:
		return []
	title = frappe.get_meta(doctype).get_title_field()
	filters = {"name": ["in", sorted(names)]}
	found = frappe.get_list(doctype, filters=filters, fields=["name", title], order_by="name", limit=20)
	return [{"name": record["name"], "title": record.get(title) or record["name"]} for record in found]


def searchable_fields(doctype: str) -> list[tuple[str, str]]:
	"""(DocType, field) of the sealed fields that the user may have shown, of the record and of its tables."""
	blank = frappe.new_doc(doctype)
	owners = [doctype, *(table.options for table in frappe.get_meta(doctype).get_table_fields())]
	return [
		(owner, fieldname)
		for owner in owners
		for fieldname, kind in sealed_numbers.declared(owner).items()
		if may_show(blank, frappe.new_doc(owner), fieldname, kind)
	]


def may_show(doc: Document, holder: BaseDocument, fieldname: str, kind: NumberKind) -> bool:
	"""The unmask right for this kind, and the field itself open to the user."""
	docfield = holder.meta.get_field(fieldname)
	return kind.name in shown_kinds() and bool(doc.has_permlevel_access_to(fieldname, docfield, "read"))


def shown_kinds(user: str | None = None) -> set[str]:
	"""Kinds of number that the user has the right to see in clear."""
	roles = set(frappe.get_roles(user or frappe.session.user))
	settings = frappe.get_cached_doc("Bangfu Settings")
	return {row.number_kind for row in settings.unmask_rights if row.role in roles}


def shown_fields() -> dict[str, list[str]]:
	"""For the desk: sealed fields by DocType that get a button; the server decides again."""
	kinds = shown_kinds()
	fields = {
		doctype: [fieldname for fieldname, kind in declared.items() if kind.name in kinds]
		for doctype, declared in (sealed_numbers.all_declared() if kinds else {}).items()
	}
	return {doctype: names for doctype, names in fields.items() if names}


def add_default_rights() -> None:
	"""Install step and patch: the office's own rows stay."""
	settings = frappe.get_doc("Bangfu Settings")
	if settings.unmask_rights:
		return
	for role, kind in DEFAULT_RIGHTS:
		settings.append("unmask_rights", {"role": role, "number_kind": kind})
	settings.flags.ignore_mandatory = True
	settings.save(ignore_permissions=True)  # install step, nobody is signed in


def _holder(doc: Document, row: str | None) -> BaseDocument:
	"""The document, or that row of its tables."""
	if not row:
		return doc
	rows = [child for table in doc.meta.get_table_fields() for child in doc.get(table.fieldname)]
	return next((child for child in rows if child.name == row), None) or _refuse()


def _refuse() -> None:
	frappe.throw(
		_("You have no right to see such numbers."), exc=frappe.PermissionError, title=_("Not Permitted")
	)
