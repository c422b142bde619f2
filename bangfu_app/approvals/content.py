"""What an approval is bound to: a digest of the declared fields, and what has changed since, in words."""

import hashlib
import json
from typing import Any

from frappe import _
from frappe.model import no_value_fields
from frappe.model.document import Document
from frappe.utils import cint, cstr, flt, get_datetime, get_timedelta, getdate

from bangfu_app.approvals.chain import declaration_of


def digest_of(doc: Document) -> str:
	"""SHA-256 over the declared fields; equal content, equal digest, on every database."""
	declaration = declaration_of(doc.doctype)
	content = {name: plain_value(doc, name) for name in declaration.content}
	for name in declaration.added:
		if content[name] in ([], ""):
			del content[name]
	return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def changed_fields(before: Document, doc: Document) -> list[str]:
	"""Declared fields whose content differs, in the order of the declaration."""
	return [
		name
		for name in declaration_of(doc.doctype).content
		if plain_value(before, name) != plain_value(doc, name)
	]


def describe_changes(before: Document, doc: Document, names: list[str]) -> str:
	"""One line for each field: label, and old → new where that is short. A number shows as its mask."""
	return "\n".join(_describe(before, doc, doc.meta.get_field(name)) for name in names)


def labels_of(doc: Document, names: list[str]) -> str:
	return "、".join(_(doc.meta.get_label(name)) for name in names)


def _describe(before: Document, doc: Document, field: Any) -> str:
	label = _(field.label)
	if field.fieldtype in ("Table", "Table MultiSelect"):
		old, new = plain_value(before, field.fieldname), plain_value(doc, field.fieldname)
		gone, came = sum(row not in new for row in old), sum(row not in old for row in new)
		return _("{0}: {1} rows out, {2} rows in").format(label, gone, came)
	if field.fieldtype in ("Text Editor", "Small Text", "Text", "Long Text"):
		return _("{0}: rewritten").format(label)
	old, new = (d.get_formatted(field.fieldname) for d in (before, doc))
	return f"{label}: {old or '—'} → {new or '—'}"


def plain_value(doc: Document, fieldname: str) -> Any:
	"""The value in a form that does not depend on where it comes from: database, browser or workbook."""
	field = doc.meta.get_field(fieldname)
	value = doc.get(fieldname)
	if field.fieldtype in ("Table", "Table MultiSelect"):
		return [_plain_row(row) for row in value or []]
	return _plain(field.fieldtype, value)


def _plain_row(row: Document) -> dict[str, Any]:
	"""The fields that somebody entered; what is fetched or computed follows from them.

	What may be added after the submission, as a proof of payment, is no part of what was approved.
	"""
	return {
		field.fieldname: _plain(field.fieldtype, row.get(field.fieldname))
		for field in row.meta.fields
		if field.fieldtype not in no_value_fields
		and not (field.read_only or field.hidden or field.allow_on_submit)
	}


def _plain(fieldtype: str, value: Any) -> Any:
	if fieldtype in ("Int", "Check"):
		return cint(value)
	if fieldtype in ("Float", "Currency", "Percent"):
		return f"{flt(value, 6):g}"
	if value in (None, ""):
		return ""
	if fieldtype == "Date":
		return str(getdate(value))
	if fieldtype == "Datetime":
		return str(get_datetime(value).replace(microsecond=0))
	if fieldtype == "Time":
		return str(get_timedelta(value))
	return cstr(value).strip()
