"""Numbers that are kept encrypted, found by a keyed hash and shown masked (domain §5, X2).

A controller, of a child table too, declares them in one line, and its JSON has `f_cipher` and `f_hash` beside each,
on a permission level that no role has:

	class Supporter(SealedDocument):
		sealed_numbers = {"phone": PHONE}

A sealed field `f` holds only the masked text. Hooks seal it after the record's own `validate`, take it out of
versions and of deleted documents: they are called for the DocTypes in `_NUMBERED` of hooks.py.
key_rotation.py finds it by the same line. Cipher and hash leave the server neither with a document
(SealedDocument) nor in a list (field_levels.py).
"""

from collections.abc import Iterator
from typing import ClassVar

import frappe
from frappe import _
from frappe.model.base_document import BaseDocument, get_controller
from frappe.model.document import Document

from bangfu_app.privacy import site_keys
from bangfu_app.privacy.number_kinds import MASK, NumberKind

LEVEL = 9  # permission level of ciphers and hashes


def declared(doctype: str) -> dict[str, NumberKind]:
	return getattr(get_controller(doctype), "sealed_numbers", {})


def all_declared() -> dict[str, dict[str, NumberKind]]:
	"""Sealed fields of every DocType of this site, child tables included."""
	doctypes = frappe.get_all("DocField", {"fieldname": ["like", "%_cipher"]}, pluck="parent", distinct=True)
	return {doctype: declared(doctype) for doctype in sorted(doctypes) if declared(doctype)}


class SealedDocument(Document):
	"""A document as Frappe sends it: without cipher and hash, and without masks on a level the user does not have.

	Frappe filters by level what a form or GET loads, not what an insert, a change or a method answers with.
	"""

	sealed_numbers: ClassVar[dict[str, NumberKind]] = {}

	def as_dict(self, *args, **kwargs) -> dict:
		values = super().as_dict(*args, **kwargs)
		for fieldname in self.sealed_numbers:
			values.pop(cipher_field(fieldname), None)
			values.pop(hash_field(fieldname), None)
			if not self._may_see_mask(fieldname):
				values.pop(fieldname, None)
		return values

	def _may_see_mask(self, fieldname: str) -> bool:
		field = self.meta.get_field(fieldname)
		return not field.permlevel or self.has_permlevel_access_to(fieldname, field, "read")


def cipher_field(fieldname: str) -> str:
	return f"{fieldname}_cipher"


def hash_field(fieldname: str) -> str:
	return f"{fieldname}_hash"


def sealed_rows(doc: Document) -> Iterator[tuple[BaseDocument, dict[str, NumberKind]]]:
	"""The document and the rows of its tables that have sealed fields."""
	rows = [doc]
	for table in doc.meta.get_table_fields():
		rows += doc.get(table.fieldname) or []
	for row in rows:
		if fields := getattr(row, "sealed_numbers", None):
			yield row, fields


# ---------------------------------------------------------------- seal and unseal


def seal_all(doc: Document, method: str | None = None) -> None:
	"""Hook, after the record's own validate: nothing sealed is stored in clear."""
	for row, fields in sealed_rows(doc):
		before = _before(doc, row)
		for fieldname, kind in fields.items():
			seal(row, fieldname, kind, before)


def seal(
	row: BaseDocument | frappe._dict, fieldname: str, kind: NumberKind, before: BaseDocument | None
) -> None:
	"""Replace a number just entered by its mask; keep cipher and hash. A masked text means "unchanged"."""
	number = kind.normalise(row.get(fieldname))
	masked = before.get(fieldname) if before else None
	if MASK in number:
		if not masked or kind.normalise(masked) != number:
			frappe.throw(_("Enter the whole number; only a masked one was given."), title=_("Masked Number"))
		columns = (fieldname, cipher_field(fieldname), hash_field(fieldname))
		row.update({column: before.get(column) for column in columns})
		return
	if number and (fault := kind.fault_of(number)):
		label = _(frappe.get_meta(row.doctype).get_label(fieldname), context=row.doctype)
		frappe.throw(_("Number in {0}: {1}").format(label, _(fault)), title=_(kind.name))
	row.update(sealed_values(fieldname, kind, number))


def sealed_values(fieldname: str, kind: NumberKind, number: str) -> dict[str, str | None]:
	"""What is stored of a normalised number: mask, cipher and hash."""
	return {
		fieldname: kind.mask(number) if number else None,
		cipher_field(fieldname): site_keys.encrypt(number) if number else None,
		hash_field(fieldname): site_keys.hashes(number)[0] if number else None,
	}


def unseal(row: BaseDocument, fieldname: str) -> str | None:
	"""The number in clear. The caller answers for the right to see it (unmasking.py)."""
	cipher = row.get(cipher_field(fieldname))
	return site_keys.decrypt(cipher) if cipher else None


def _before(doc: Document, row: BaseDocument) -> BaseDocument | None:
	"""The document or row as it is stored; what a browser sends as cipher is never taken."""
	before = doc.get_doc_before_save()
	if row is doc or not before:
		return before
	return next((old for old in before.get(row.parentfield) or [] if old.name == row.name), None)


def is_same(doctype: str, row: BaseDocument | dict, fieldname: str, number: str) -> bool:
	"""Is this the number that the record holds?"""
	normalised = declared(doctype)[fieldname].normalise(number)
	return row.get(hash_field(fieldname)) in site_keys.hashes(normalised)


def find(doctype: str, fieldname: str, number: str) -> list[str]:
	"""Names of the records, or of the parents of the rows, that hold this number; knows no rights."""
	normalised = declared(doctype)[fieldname].normalise(number)
	name = "parent" if frappe.get_meta(doctype).istable else "name"
	column = hash_field(fieldname)
	found = frappe.get_all(doctype, {column: ["in", site_keys.hashes(normalised)]}, pluck=name)
	return list(dict.fromkeys(found))


# ---------------------------------------------------------------- what nobody reads


def refuse_level(right: Document, method: str | None = None) -> None:
	"""Hook: no role is given the level of ciphers and hashes."""
	if right.permlevel != LEVEL:
		return
	tables = [table.options for table in frappe.get_meta(right.parent).get_table_fields()]
	if any(declared(doctype) for doctype in (right.parent, *tables)):
		frappe.throw(_("Level {0} of {1} stays closed: encrypted numbers.").format(LEVEL, _(right.parent)))


# ---------------------------------------------------------------- where Frappe copies records to


def forget(doc: Document, method: str | None = None) -> None:
	"""Hook of a deletion: the copy in Deleted Document keeps no number, and can be restored without."""
	for row, fields in sealed_rows(doc):
		for fieldname in fields:
			row.update(dict.fromkeys((fieldname, cipher_field(fieldname), hash_field(fieldname))))


def hide_in_version(version: Document, method: str | None = None) -> None:
	"""Hook: a version tells that a number was changed, not to what, for it obeys no field level."""
	data = frappe.parse_json(version.data or "{}")
	if hide_in_changes(version.ref_doctype, data):
		version.data = frappe.as_json(data, indent=None, separators=(",", ":"))


def hide_in_changes(doctype: str, data: dict) -> bool:
	"""Take numbers out of the changes that Version keeps of a document and of its rows. Was there any?"""
	rows = (data.get("added") or []) + (data.get("removed") or [])
	told = {change[0] for change in (data.get("row_changed") or []) + rows}
	tables = {
		table.fieldname: declared(table.options)
		for table in frappe.get_meta(doctype).get_table_fields()
		if table.fieldname in told
	}
	own = declared(doctype)
	if not own and not any(tables.values()):
		return False
	data["changed"] = _hidden_changes(data.get("changed") or [], own)
	for change in data.get("row_changed") or []:
		if change[0] in tables:
			change[3] = _hidden_changes(change[3], tables[change[0]])
	for table, row in rows:
		for fieldname in tables.get(table, ()):
			row.update({fieldname: row.get(fieldname) and "***"})
			row.pop(cipher_field(fieldname), None)
			row.pop(hash_field(fieldname), None)
	return True


def _hidden_changes(changes: list, fields: dict[str, NumberKind]) -> list:
	"""[field, old, new] each; a number whose mask stays the same is changed too."""
	names = {column: f for f in fields for column in (f, cipher_field(f), hash_field(f))}
	numbers = dict.fromkeys(names[change[0]] for change in changes if change[0] in names)
	return [change for change in changes if change[0] not in names] + [[f, "***", "***"] for f in numbers]
