"""What an import would do, shown before it is done: the first rows as they will be stored, old → new."""

from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr, format_date

from bangfu_app.excel.layout import Layout
from bangfu_app.excel.masters import Missing
from bangfu_app.excel.records import Record
from bangfu_app.excel.rows import field_of
from bangfu_app.privacy.sealed_numbers import declared

FIRST = 10  # rows shown in any case
CHANGED = 20  # rows that change a record, shown beside them


class Preview:
	def __init__(self, layout: Layout):
		self.layout = layout
		self.rows: list[dict] = []
		self.changed = 0
		self.paths: dict[str, str] = {}  # path → heading

	def take(self, records: list[Record]) -> None:
		for record in records:
			is_change = record.outcome == "updated" and self.changed < CHANGED
			if len(self.rows) >= FIRST + CHANGED or not (len(self.rows) < FIRST or is_change):
				continue
			self.changed += is_change
			self.rows.append(self._row(record))

	def _row(self, record: Record) -> dict:
		row, cells = record.first, {}
		said = row.values if self.layout.split else record.said
		for path, value in said.items():
			if path not in row.columns:
				continue
			self.paths.setdefault(path, row.columns[path].heading)
			cells[path] = {"value": self._shown(path, value)}
			head, _dot, tail = path.partition(".")
			if head in record.changes and not (tail and not isinstance(record.changes[head][0], list)):
				cells[path]["old"] = self._shown(path, _stored(record.changes[head][0], tail)) or "—"
		place = f"{row.sheet}!{row.number}" if row.sheet else row.number
		return {"row": place, "outcome": "faulty" if record.is_faulty else record.outcome, "cells": cells}

	def _shown(self, path: str, value: Any) -> str:
		docfield, owner = field_of(self.layout.doctype, path)
		if isinstance(value, list):
			return "、".join(self._shown(path, part) for part in value)
		if isinstance(value, Missing):
			return next(iter(value.values.values()))
		if docfield and docfield.fieldname in declared(owner) and value:
			kind = declared(owner)[docfield.fieldname]
			return cstr(value) if "*" in cstr(value) else kind.mask(kind.normalise(cstr(value)))
		if docfield and docfield.fieldtype == "Check":
			return _("Yes") if value else _("No")
		if docfield and docfield.fieldtype == "Select":
			return _(value, context=owner) if value else ""
		if isinstance(value, date):
			return format_date(value)
		return f"{value:g}" if isinstance(value, float) else cstr(value)

	def as_dict(self) -> dict:
		columns = [{"path": path, "heading": heading} for path, heading in self.paths.items()]
		return {"columns": columns, "rows": self.rows} if self.rows else {}


def _stored(value: Any, tail: str) -> Any:
	"""Of a table, the column that the cell holds."""
	if not isinstance(value, list):
		return value
	return [row.get(tail) for row in value] if tail else frappe.as_json(len(value))
