"""What a workbook says that the stored record does not."""

from typing import Any

from frappe.model.document import Document
from frappe.utils import cstr, flt, getdate

from bangfu_app import identity


def differences(doc: Document, values: dict) -> dict:
	"""The fields in which the workbook says something else than the record; what it leaves blank is no difference."""
	changes = {}
	for name, value in values.items():
		if isinstance(value, list):
			rows = _merged_rows(doc.get(name), value)
			if rows is not None:
				changes[name] = rows
		elif not _same(doc, name, value):
			changes[name] = value
	return changes


def _merged_rows(stored: list[Document], wanted: list[dict]) -> list | None:
	"""The wanted lines, as stored where they are there already; None where nothing differs."""
	left, rows = list(stored), []
	for line in wanted:
		like = next(
			(row for row in left if all(_same(row, name, value) for name, value in line.items())), None
		)
		if like:
			left.remove(like)
		rows.append(like or line)
	return rows if left or any(isinstance(row, dict) for row in rows) else None


def _same(doc: Document, name: str, value: Any) -> bool:
	stored = doc.get(name)
	if doc.meta.has_field(f"{name}_hash"):
		return doc.get(f"{name}_hash") == identity.keyed_hash(value)
	fieldtype = doc.meta.get_field(name).fieldtype
	if fieldtype in ("Int", "Float", "Currency", "Percent", "Check"):
		return flt(stored, 9) == flt(value, 9)
	if fieldtype == "Date":
		return bool(stored) and getdate(stored) == getdate(value)
	return cstr(stored) == cstr(value)
