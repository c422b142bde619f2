"""Rows of a sheet → checked rows → records, by a layout. Nothing is written here."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.model.meta import Meta

from bangfu_app import identity
from bangfu_app.excel import values
from bangfu_app.excel.layouts import Column, Key, Layout
from bangfu_app.excel.masters import CHINESE, Masters, Missing, choices_of
from bangfu_app.excel.workbook import Sheet, heading_keys

LOOKUP_SIZE = 500  # keys per query

PARSERS = {
	"Date": values.calendar_date,
	"Int": values.whole_number,
	"Float": values.number,
	"Currency": values.number,
	"Percent": values.number,
	"Check": values.yes_no,
}


@dataclass(frozen=True)
class Fault:
	row: int
	column: str  # the heading as the sheet has it; "" for the whole row
	reason: str
	index: int | None = None  # place of the column in the sheet

	def __str__(self) -> str:
		return f"{self.column}:{self.reason}" if self.column else self.reason

	def as_dict(self) -> dict:
		return {"row": self.row, "column": self.column, "reason": self.reason}


@dataclass
class Bound:
	"""A column of the layout at its place in the sheet."""

	column: Column
	parse: Callable[[Any], Any]
	required: bool
	heading: str
	index: int | None = None


@dataclass
class Row:
	number: int
	columns: dict[str, Bound]
	values: dict[str, Any] = field(default_factory=dict)  # path → value; blank cells are not there
	faults: list[Fault] = field(default_factory=list)

	def fault(self, path: str | None, reason: str) -> None:
		bound = self.columns.get(path)
		self.faults.append(
			Fault(self.number, bound.heading if bound else "", reason, bound.index if bound else None)
		)


@dataclass
class Record:
	rows: list[Row]
	values: dict[str, Any]
	existing: list[str] = field(default_factory=list)
	doc: Document | None = None
	outcome: str = ""

	@property
	def first(self) -> Row:
		return self.rows[0]

	@property
	def is_faulty(self) -> bool:
		return any(row.faults for row in self.rows)

	def values_beside(self, doctype: str) -> dict[str, Any]:
		"""What the first row says of the record of this DocType beside."""
		said = ((beside(path), value) for path, value in self.first.values.items())
		return {place[1]: plain(value) for place, value in said if place and place[0] == doctype}


class RowReader:
	"""Reads the rows of one layout; knows the fields, the options and the masters."""

	def __init__(self, layout: Layout, masters: Masters):
		self.layout = layout
		self.masters = masters
		self.columns = {column.path: self._bind(column) for column in layout.columns}
		self.paths = self._paths_by_heading()

	def _bind(self, column: Column) -> Bound:
		docfield, owner = field_of(self.layout.doctype, column.path)
		required = self._is_required(column) if column.required is None else column.required
		return Bound(column, self._parser(column, docfield, owner), required, column.headings[0])

	def _is_required(self, column: Column) -> bool:
		"""As a form asks for it. A field of a missing master is asked for when it turns out to be missing."""
		path = column.path.split(".")
		fields = [field_of(self.layout.doctype, ".".join(path[: end + 1]))[0] for end in range(len(path))]
		if None in fields or self._master_path(column.path):
			return False
		return all(field.reqd and not field.default for field in fields)

	def _master_path(self, path: str) -> str | None:
		"""The link whose master this path describes."""
		parent = path.rpartition(".")[0]
		docfield = field_of(self.layout.doctype, parent)[0] if parent else None
		return parent if docfield and docfield.fieldtype == "Link" else None

	def _parser(self, column: Column, docfield: Any, owner: str) -> Callable[[Any], Any]:
		if column.parse:
			parse = column.parse
		elif docfield.fieldtype == "Select":
			parse = values.option(choices_of(docfield.options, owner, column.words))
		elif docfield.fieldtype == "Link":
			parse = self._link_parser(column, docfield.options)
		elif docfield.options == "Phone":
			parse = values.phone
		else:
			parse = PARSERS.get(docfield.fieldtype, values.text)
		if docfield and docfield.non_negative:
			parse = values.not_negative(parse)
		return values.each(parse) if column.several else parse

	def _link_parser(self, column: Column, doctype: str) -> Callable[[Any], str | Missing]:
		words = {values.key(word): english for word, english in column.words.items()}

		def parse(cell: Any) -> str | Missing:
			word = values.name(cell)
			for candidate in (word, words.get(values.key(word))):
				if candidate and (found := self.masters.find(doctype, candidate)):
					return found
			if column.make and self.masters.may_make(doctype):
				return self.masters.named(doctype, word)
			raise values.CellFault(_("not one of the options") if column.closed else _("not in the system"))

		return parse

	# ------------------------------------------------------------ headings

	def _paths_by_heading(self) -> dict[str, str]:
		"""Comparable heading → path; the layout's own headings before labels."""
		paths = {}
		for place in (0, 1):
			for column in self.layout.columns:
				for heading in column.headings:
					paths.setdefault(heading_keys(heading)[place], column.path)
		for column in self.layout.columns:
			docfield, owner = field_of(self.layout.doctype, column.path)
			if docfield:
				paths.setdefault(values.key(docfield.label), column.path)
				paths.setdefault(values.key(_(docfield.label, CHINESE, owner)), column.path)
		return paths

	def path_of(self, heading: str) -> str | None:
		whole, bare = heading_keys(heading)
		return self.paths.get(whole) or self.paths.get(bare)

	def score(self, words: Iterable[str]) -> int:
		return len({self.path_of(word) for word in words} - {None})

	def find_columns(self, sheet: Sheet) -> list[Fault]:
		"""Put each column at its place; faults of the heading row."""
		faults = []
		for index, heading in enumerate(sheet.headings):
			bound = self.columns.get(self.path_of(heading) if heading else None)
			if bound and bound.index is not None:
				faults.append(Fault(sheet.heading_row, heading, _("this column appears twice"), index))
			elif bound:
				bound.index, bound.heading = index, heading
		for bound in self.columns.values():
			if bound.required and bound.index is None:
				faults.append(Fault(sheet.heading_row, bound.heading, _("this column is missing")))
		return faults

	# ------------------------------------------------------------ rows

	def read(self, number: int, cells: tuple) -> Row:
		row = Row(number, self.columns)
		for path, bound in self.columns.items():
			cell = cells[bound.index] if bound.index is not None and bound.index < len(cells) else None
			if not values.is_blank(cell):
				self._take(row, path, bound, cell)
			elif bound.required:
				row.fault(path, _("required"))
		self._describe_masters(row)
		return row

	def _take(self, row: Row, path: str, bound: Bound, cell: Any) -> None:
		try:
			values.refuse_formula(cell)
			row.values[path] = bound.parse(cell)
		except values.CellFault as fault:
			row.fault(path, str(fault))

	def _describe_masters(self, row: Row) -> None:
		"""Give a missing master the fields that the row says of it."""
		faulty = {fault.index for fault in row.faults}
		for path, bound in self.columns.items():
			master = row.values.get(self._master_path(path))
			if not isinstance(master, Missing):
				continue
			if path in row.values:
				master.values[path.rpartition(".")[2]] = row.values[path]
			elif field_of(self.layout.doctype, path)[0].reqd and bound.index not in faulty:
				row.fault(path, _("required"))


def field_of(doctype: str, path: str) -> tuple[Any, str]:
	"""The field at the end of a path and the DocType it belongs to; no field where the path is not stored."""
	doctype, path = beside(path) or (doctype, path)
	docfield, owner = None, doctype
	for part in path.split("."):
		owner = docfield.options if docfield else doctype
		docfield = frappe.get_meta(owner).get_field(part)
		if not docfield:
			return None, owner
	return docfield, owner


def beside(path: str) -> tuple[str, str] | None:
	"""DocType and field of a path that leads to a record beside."""
	doctype, colon, fieldname = path.partition(":")
	return (doctype, fieldname) if colon else None


# ---------------------------------------------------------------- records


def records_of(layout: Layout, rows: list[Row]) -> list[Record]:
	"""One record for each row, or for the rows that share the key where rows are lines of a table."""
	meta = frappe.get_meta(layout.doctype)
	if not is_grouped(layout):
		return [Record([row], _values_of(layout, meta, [row])) for row in rows]
	groups: dict[tuple, list[Row]] = {}
	for row in rows:
		groups.setdefault(key_of(layout.keys[0], row) or (row.number,), []).append(row)
	return [Record(group, _values_of(layout, meta, group)) for group in groups.values()]


def is_grouped(layout: Layout) -> bool:
	"""Are rows lines of a table?"""
	tables = {table.fieldname for table in frappe.get_meta(layout.doctype).get_table_fields()}
	return any(column.path.split(".")[0] in tables and not column.several for column in layout.columns)


def plain(value: Any) -> Any:
	"""A value as documents take it."""
	return float(value) if isinstance(value, Decimal) else value


def _values_of(layout: Layout, meta: Meta, rows: list[Row]) -> dict[str, Any]:
	"""Field values of a record; a table is a list of rows."""
	fields: dict[str, Any] = {}
	for row in rows:
		line: dict[str, dict] = {}
		for path, value in row.values.items():
			head, _dot, tail = path.partition(".")
			docfield = meta.get_field(head)
			if not docfield or (tail and docfield.fieldtype == "Link") or "." in tail:
				continue
			value = plain(value)
			if not tail:
				fields.setdefault(head, value)
			elif isinstance(value, list):
				fields[head] = [{tail: part} for part in value]
			else:
				line.setdefault(head, {})[tail] = value
		for table, item in line.items():
			fields.setdefault(table, []).append(item)
	return fields


def key_of(key: Key, row: Row) -> tuple | None:
	"""Comparable key of a row; None where a part of it is blank or faulty."""
	parts = tuple(row.values.get(name) for name in key.fields)
	return None if None in parts else tuple(_comparable(part) for part in parts)


def _comparable(value: Any) -> Any:
	return value if isinstance(value, Missing) else values.key(str(value))


def find_duplicates(layout: Layout, rows: list[Row]) -> None:
	"""A row that says again what an earlier row says; the first key that tells it is named."""
	if layout.repeats or is_grouped(layout):
		return
	first: dict[tuple, Row] = {}
	for row in rows:
		for key in layout.keys:
			if not (parts := key_of(key, row)):
				continue
			earlier = first.setdefault((key, parts), row)
			if earlier is row:
				continue
			if is_unique(layout, key) or not _differ(key, earlier.values, row.values):
				said = key.reason() if key.reason else _("the same as row {0}").format(earlier.number)
				row.fault(None if key.reason else key.fields[-1], said)
				break


def _differ(key: Key, one: dict, other: dict) -> bool:
	return any(
		one.get(name) and other.get(name) and _comparable(one[name]) != _comparable(other[name])
		for name in key.unless
	)


def is_unique(layout: Layout, key: Key) -> bool:
	"""Does the database keep this key from being there twice?"""
	column = _sealed(layout.doctype, key.fields[0])[0]
	return len(key.fields) == 1 and bool(frappe.get_meta(layout.doctype).get_field(column).unique)


def find_existing(layout: Layout, records: list[Record]) -> None:
	"""The stored record of each, by the first key that finds one; few queries whatever the number of rows."""
	for key in layout.keys:
		unique = is_unique(layout, key)
		wanted: dict[tuple, list[Record]] = {}
		for record in records:
			parts = key_of(key, record.first)
			if record.existing and not unique:
				continue
			if parts and not any(isinstance(part, Missing) for part in parts):
				wanted.setdefault(_stored_key(layout.doctype, key, record.first.values), []).append(record)
		stored = _stored_records(layout.doctype, key, list(wanted))
		for parts, same in wanted.items():
			_assign(layout, key, same, stored.get(parts, []))


def _assign(layout: Layout, key: Key, records: list[Record], stored: list[dict]) -> None:
	for record in records:
		if record.existing:
			_refuse_another_s(key, record, stored)
			continue
		own = {name: _sealed(layout.doctype, name, record.first.values.get(name))[1] for name in key.unless}
		fitting = [row for row in stored if not _differ(key, own, row["unless"])]
		record.existing = [row["name"] for row in fitting]
		if is_unique(layout, key):
			_refuse_another_s(key, record, stored)
		if layout.repeats and fitting:
			record.existing = record.existing[:1]
			stored = [row for row in stored if row is not fitting[0]]


def _refuse_another_s(key: Key, record: Record, stored: list[dict]) -> None:
	"""A unique number that a record other than the row's own has: mistyped, here or there."""
	if any(row["name"] not in record.existing for row in stored):
		record.first.fault(key.fields[0], _("already belongs to another record"))


def _stored_records(doctype: str, key: Key, wanted: list[tuple]) -> dict[tuple, list[dict]]:
	columns = [_sealed(doctype, name)[0] for name in key.fields]
	unless = {name: _sealed(doctype, name)[0] for name in key.unless}
	found: dict[tuple, list[dict]] = {}
	for start in range(0, len(wanted), LOOKUP_SIZE):
		firsts = list({parts[0] for parts in wanted[start : start + LOOKUP_SIZE]})
		for row in frappe.get_all(
			doctype,
			filters=[[columns[0], "in", firsts], ["docstatus", "<", 2]],
			fields=["name", *dict.fromkeys([*columns, *unless.values()])],
			order_by="creation, name",
		):
			parts = (str(row[columns[0]]), *(values.key(str(row[column] or "")) for column in columns[1:]))
			entry = {"name": row.name, "unless": {name: row[column] for name, column in unless.items()}}
			found.setdefault(parts, []).append(entry)
	return found


def _stored_key(doctype: str, key: Key, row_values: dict) -> tuple:
	"""The key as `_stored_records` reads it: the first part as the database holds it."""
	first, *others = (_sealed(doctype, name, row_values[name])[1] for name in key.fields)
	return (str(first), *(values.key(str(part)) for part in others))


def _sealed(doctype: str, fieldname: str, value: Any = None) -> tuple[str, Any]:
	"""A sealed number is found by its keyed hash (identity.py)."""
	if not frappe.get_meta(doctype).has_field(f"{fieldname}_hash"):
		return fieldname, value
	return f"{fieldname}_hash", identity.keyed_hash(value) if value else None
