"""Phones that are in clear on sites of before: sealed, and taken out of versions and deleted documents."""

import frappe
from frappe.model.document import Document

from bangfu_app.privacy import sealed_numbers
from bangfu_app.privacy.number_kinds import NumberKind
from bangfu_app.privacy.unmasking import add_default_rights

BATCH = 500


def execute() -> None:
	declared = sealed_numbers.all_declared()
	for doctype, fields in declared.items():
		for fieldname, kind in fields.items():
			while rows := plain_rows(doctype, fieldname):
				seal_rows(doctype, fieldname, kind, rows)
				commit_outside_tests()
	clean_copies([doctype for doctype in declared if not frappe.get_meta(doctype).istable])
	add_default_rights()


def plain_rows(doctype: str, fieldname: str) -> list[dict]:
	"""A number without cipher is one in clear; what is sealed falls out, so that the next batch is the next."""
	table = frappe.qb.DocType(doctype)
	cipher = table[sealed_numbers.cipher_field(fieldname)]
	number = table[fieldname]
	query = frappe.qb.from_(table).select(table.name, number.as_("number"))
	query = query.where(number.isnotnull() & (number != "") & (cipher.isnull() | (cipher == "")))
	return query.limit(BATCH).run(as_dict=True)


def seal_rows(doctype: str, fieldname: str, kind: NumberKind, rows: list[dict]) -> None:
	"""As it stands, sound or not: an office corrects it in the form."""
	for row in rows:
		values = sealed_numbers.sealed_values(fieldname, kind, kind.normalise(row.number))
		frappe.db.set_value(doctype, row.name, values, update_modified=False)


def clean_copies(doctypes: list[str]) -> None:
	for version in frappe.get_all(
		"Version", {"ref_doctype": ["in", doctypes]}, ["name", "ref_doctype", "data"]
	):
		data = frappe.parse_json(version.data or "{}")
		if sealed_numbers.hide_in_changes(version.ref_doctype, data):
			hidden = frappe.as_json(data, indent=None, separators=(",", ":"))
			frappe.db.set_value("Version", version.name, "data", hidden, update_modified=False)
	for copy in frappe.get_all("Deleted Document", {"deleted_doctype": ["in", doctypes]}, ["name", "data"]):
		doc: Document = frappe.get_doc(frappe.parse_json(copy.data))
		sealed_numbers.forget(doc)
		frappe.db.set_value("Deleted Document", copy.name, "data", doc.as_json(), update_modified=False)


def commit_outside_tests() -> None:
	"""A batch that is sealed stays sealed, and no transaction grows with the site."""
	if not frappe.flags.in_test:
		frappe.db.commit()
