"""What a workbook says that the stored record does not. Records here are documents or plain rows alike."""

from typing import Any

import frappe
from frappe.model.meta import Meta
from frappe.utils import cstr, flt, getdate

from bangfu_app.privacy import sealed_numbers

NUMBERS = ("Int", "Float", "Currency", "Percent", "Check")


def differences(doctype: str, stored: Any, values: dict) -> dict:
	"""The fields in which the workbook says something else than the record; what it leaves blank is no difference."""
	changes, meta = {}, frappe.get_meta(doctype)
	sealed = sealed_numbers.declared(doctype)
	for name, value in values.items():
		if isinstance(value, list):
			rows = _merged_rows(meta.get_field(name).options, stored.get(name), value)
			if rows is not None:
				changes[name] = rows
		elif not _same(meta, sealed, stored, name, value):
			changes[name] = value
	return changes


def _merged_rows(doctype: str, stored: list, wanted: list[dict]) -> list | None:
	"""The wanted lines, as stored where they are there already; None where nothing differs."""
	left, rows, known, meta = list(stored or []), [], 0, frappe.get_meta(doctype)
	sealed = sealed_numbers.declared(doctype)
	for line in wanted:
		like = next(
			(
				row
				for row in left
				if all(_same(meta, sealed, row, name, value) for name, value in line.items())
			),
			None,
		)
		if like:
			left.remove(like)
			known += 1
		rows.append(like or line)
	return rows if left or known < len(rows) else None


def _same(meta: Meta, sealed: dict, row: Any, name: str, value: Any) -> bool:
	stored = row.get(name)
	if name in sealed:
		return sealed_numbers.is_same(meta.name, row, name, value)
	if stored == value:
		return True
	fieldtype = meta.get_field(name).fieldtype
	if fieldtype in NUMBERS:
		return flt(stored, 9) == flt(value, 9)
	if fieldtype == "Date":
		return bool(stored) and getdate(stored) == getdate(value)
	return cstr(stored) == cstr(value)
