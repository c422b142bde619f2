"""Records → the rows of their layout's workbook, in its Chinese headings, so that the importer takes them back."""

from collections import defaultdict
from typing import Any

import frappe
from frappe.utils import getdate

from bangfu_app.excel.layout import Column, Layout
from bangfu_app.excel.layouts import LAYOUTS
from bangfu_app.excel.records import is_grouped
from bangfu_app.excel.rows import beside, field_of
from bangfu_app.excel.template import chinese_option

CHUNK = 1_000  # names per query


def layouts_of(doctype: str) -> list[Layout]:
	"""The layouts that take back a list of this DocType: each the records that it is declared for."""
	return [layout for layout in LAYOUTS.values() if layout.doctype == doctype and layout.exported]


def of_layout(layout: Layout, names: list[str]) -> list[str]:
	"""Those of the names that this layout takes, in their order."""
	if not layout.of:
		return names
	found = set()
	for start in range(0, len(names), CHUNK):
		some = {"name": ["in", names[start : start + CHUNK]], **layout.of}
		found |= set(frappe.get_all(layout.doctype, some, pluck="name"))
	return [name for name in names if name in found]


def table(layout: Layout, names: list[str]) -> tuple[list[dict], list[dict]]:
	"""Columns and rows as export.py writes them; the names are those that the user may read."""
	columns = [column for column in layout.columns if _is_stored(layout, column)]
	columns = [column for column in columns if _may_read(layout, column)]
	rows = []
	for start in range(0, len(names), CHUNK):
		some = names[start : start + CHUNK]
		records = _Records(layout, some, columns)
		rows += [row for name in some for row in records.rows_of(name)]
	return [{"fieldname": column.path, "label": column.headings[0]} for column in columns], rows


def _is_stored(layout: Layout, column: Column) -> bool:
	return bool(column.path == "name" or column.shown or field_of(layout.doctype, column.path)[0])


def _may_read(layout: Layout, column: Column) -> bool:
	if column.shown:
		return True
	if place := beside(column.path):
		return bool(frappe.has_permission(place[0], "read"))
	head = column.path.split(".")[0]
	permitted = set(frappe.get_meta(layout.doctype).get_permitted_fieldnames(user=frappe.session.user))
	tables = {table.fieldname for table in frappe.get_meta(layout.doctype).get_table_fields()}
	return head == "name" or head in permitted | tables


class _Records:
	"""Some records with their tables and what stands beside them, read by sets."""

	def __init__(self, layout: Layout, names: list[str], columns: list[Column]):
		self.layout, self.columns = layout, columns
		self.meta = frappe.get_meta(layout.doctype)
		found = frappe.get_all(layout.doctype, {"name": ["in", names]}, ["*"])
		self.rows = {row.name: row for row in found}
		self.lines = {field.fieldname: self._lines(field, names) for field in self.meta.get_table_fields()}
		self.beside = self._beside(names) if layout.beside else {}

	def _lines(self, table: Any, names: list[str]) -> dict[str, list[dict]]:
		lines = defaultdict(list)
		filters = {"parent": ["in", names], "parenttype": self.layout.doctype, "parentfield": table.fieldname}
		for line in frappe.get_all(table.options, filters, ["*"], order_by="idx"):
			lines[line.parent].append(line)
		return lines

	def _beside(self, names: list[str]) -> dict[str, dict]:
		"""The newest record beside each, as far as the user may read it."""
		declared, newest = self.layout.beside, {}
		if frappe.has_permission(declared.doctype, "read"):
			filters = {declared.link: ["in", names]}
			for row in frappe.get_list(
				declared.doctype, filters, ["*"], order_by=declared.newest, limit_page_length=0
			):
				newest.setdefault(row[declared.link], row)
		return newest

	def rows_of(self, name: str) -> list[dict]:
		"""One, or one for each line of the table whose lines are rows."""
		record = self.rows[name]
		if not is_grouped(self.layout):
			return [{column.path: self._cell(column, record, None) for column in self.columns}]
		tables = [column.path.split(".")[0] for column in self.columns if "." in column.path]
		table = next(head for head in tables if head in self.lines)
		return [
			{column.path: self._cell(column, record, line) for column in self.columns}
			for line in self.lines[table][name]
		]

	def _cell(self, column: Column, record: dict, line: dict | None) -> Any:
		if column.shown:
			return column.shown(record)
		if place := beside(column.path):
			return self._word(column.path, (self.beside.get(record["name"]) or {}).get(place[1]))
		head, _dot, tail = column.path.partition(".")
		if head in self.lines and column.several:
			return "、".join(
				str(self._word(column.path, row[tail])) for row in self.lines[head][record["name"]]
			)
		if head in self.lines:
			return self._follow(column.path, line, head, tail)
		return self._follow(column.path, record, "", column.path)

	def _follow(self, path: str, row: dict | None, prefix: str, rest: str) -> Any:
		"""A field of the row, or of the record that it links to."""
		field, _dot, further = rest.partition(".")
		value = (row or {}).get(field)
		if not further:
			return self._word(path, value)
		link = field_of(self.layout.doctype, f"{prefix}.{field}" if prefix else field)[0]
		return self._word(path, value and frappe.get_cached_value(link.options, value, further))

	def _word(self, path: str, value: Any) -> Any:
		docfield, owner = field_of(self.layout.doctype, path)
		if value in (None, "") or not docfield:
			return value
		if docfield.fieldtype == "Select":
			return chinese_option(value, owner)
		if docfield.fieldtype == "Check":
			return "是" if value else "否"
		return getdate(value) if docfield.fieldtype == "Date" else value
