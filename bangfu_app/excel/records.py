"""Checked rows → records: which row says the same as another, which record is stored already."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.model.meta import Meta

from bangfu_app.excel import values
from bangfu_app.excel.layout import Beside, Key, Layout
from bangfu_app.excel.masters import Missing
from bangfu_app.excel.rows import Row, beside
from bangfu_app.privacy import sealed_numbers, site_keys

LOOKUP_SIZE = 500  # keys per query


@dataclass(slots=True)
class Record:
	rows: list[Row]
	said: dict[str, Any]  # path → value, of the row or of the part of it that this record is
	values: dict[str, Any]
	existing: list[str] = field(default_factory=list)
	doc: Document | None = None
	name: str | None = None
	outcome: str = ""  # created, updated, unchanged, skipped
	only_new: bool = False  # says nothing of a record that is stored
	changes: dict[str, tuple] = field(default_factory=dict)  # field → stored, wanted; of the first rows
	keys: dict[tuple, tuple | None] = field(default_factory=dict)  # comparable, by fields; those asked for

	@property
	def first(self) -> Row:
		return self.rows[0]

	@property
	def is_faulty(self) -> bool:
		return any(row.faults for row in self.rows)

	def key(self, key: Key) -> tuple | None:
		"""As key_of, once: what a record says does not change."""
		if key.fields not in self.keys:
			self.keys[key.fields] = key_of(key, self.said)
		return self.keys[key.fields]

	def values_beside(self, declared: Beside) -> dict[str, Any]:
		"""What the first row says of the record beside."""
		said = ((beside(path), value) for path, value in self.said.items() if ":" in path)
		return {place[1]: plain(value) for place, value in said if place[0] == declared.doctype}


def records_of(layout: Layout, rows: list[Row], batch: Any) -> list[Record]:
	"""One record for each row or part of it, or for the rows that share the key where rows are lines of a table."""
	meta = frappe.get_meta(layout.doctype)
	if layout.split:
		parts = [(row, said) for row in rows for said in layout.split(row, batch)]
		return [Record([row], said, said, only_new=said.pop("only_new", False)) for row, said in parts]
	if not is_grouped(layout):
		return [Record([row], row.values, _values_of(meta, [row.values])) for row in rows]
	groups: dict[tuple, list[Row]] = {}
	for row in rows:
		groups.setdefault(key_of(layout.keys[0], row.values) or (row.number,), []).append(row)
	return [
		Record(group, group[0].values, _values_of(meta, [row.values for row in group]))
		for group in groups.values()
	]


def is_grouped(layout: Layout) -> bool:
	"""Are rows lines of a table?"""
	if layout.grouped:
		return True
	tables = {table.fieldname for table in frappe.get_meta(layout.doctype).get_table_fields()}
	return any(column.path.split(".")[0] in tables and not column.several for column in layout.columns)


def plain(value: Any) -> Any:
	"""A value as documents take it."""
	return float(value) if isinstance(value, Decimal) else value


def _values_of(meta: Meta, rows: list[dict[str, Any]]) -> dict[str, Any]:
	"""Field values of a record; a table is a list of rows."""
	fields: dict[str, Any] = {}
	for said in rows:
		line: dict[str, dict] = {}
		for path, value in said.items():
			head, _dot, tail = path.partition(".")
			docfield = meta.get_field(head)
			if not docfield or (tail and docfield.fieldtype == "Link") or "." in tail:
				continue
			value = plain(value)
			if isinstance(value, list):
				fields.setdefault(head, []).extend({tail: part} if tail else part for part in value)
			elif not tail:
				fields.setdefault(head, value)
			else:
				line.setdefault(head, {})[tail] = value
		for table, item in line.items():
			fields.setdefault(table, []).append(item)
	return fields


def key_of(key: Key, said: dict[str, Any]) -> tuple | None:
	"""Comparable key; None where a part of it is blank or faulty."""
	parts = []
	for name in key.fields:
		value = said.get(name)
		if value is None:
			return None
		parts.append(_comparable(value))
	return tuple(parts)


def _comparable(value: Any) -> Any:
	return value if isinstance(value, Missing) else values.key(str(value))


# ---------------------------------------------------------------- twice in the workbook


class Seen:
	"""The keys of the rows read so far; of each its row number, in a few bytes."""

	def __init__(self, layout: Layout):
		self.keys = () if layout.repeats or is_grouped(layout) else layout.keys
		self.unique = {key: is_unique(layout, key) for key in self.keys}
		self.first: dict[int, tuple] = {}

	def find_duplicates(self, records: list[Record]) -> None:
		"""A row that says again what an earlier row says; the first key that tells it is named."""
		for record in records:
			for key in self.keys:
				if (parts := record.key(key)) and self._is_told(key, parts, record):
					break

	def _is_told(self, key: Key, parts: tuple, record: Record) -> bool:
		row = record.first
		own = tuple(_known(record.said.get(name)) for name in key.unless)
		number, others = self.first.setdefault(hash((key.fields, parts)), (row.number, own))
		if number == row.number:
			return False
		differs = any(one and other and one != other for one, other in zip(own, others, strict=True))
		if differs and not self.unique[key]:
			return False
		said = key.reason() if key.reason else _("the same as row {0}").format(number)
		row.fault(None if key.reason else key.at or key.fields[-1], said)
		return True


def _known(value: Any) -> int | None:
	return None if value in (None, "") else hash(_comparable(value))


def _differ(key: Key, one: dict, other: dict) -> bool:
	return any(
		one.get(name) and other.get(name) and _comparable(one[name]) != _comparable(other[name])
		for name in key.unless
	)


def is_unique(layout: Layout, key: Key) -> bool:
	"""Does the database keep this key from being there twice?"""
	if key.fields == ("name",):
		return True
	column = column_of(layout.doctype, key.fields[0])
	return len(key.fields) == 1 and bool(frappe.get_meta(layout.doctype).get_field(column).unique)


# ---------------------------------------------------------------- stored already


def find_existing(layout: Layout, records: list[Record], were_any: Callable[[dict], bool]) -> None:
	"""The stored record of each, by the first key that finds one; few queries whatever the number of rows.

	`were_any` says whether there was a record of these values before the import: none of a new exam is looked for.
	"""
	seals = Seals.of(layout, records)
	for key in layout.keys:
		within = {name: records[0].said.get(name) for name in key.within} if records else {}
		within |= layout.of
		if within and not were_any(within):
			continue
		unique = is_unique(layout, key)
		wanted: dict[tuple, list[Record]] = {}
		for record in records:
			if record.existing and not unique:
				continue
			parts = record.key(key)
			if parts and Missing not in map(type, parts):
				wanted.setdefault(_stored_key(seals, key, record.said, parts), []).append(record)
		stored = _stored_records(layout.doctype, seals, key, within, list(wanted)) if wanted else {}
		for parts, same in wanted.items():
			_assign(layout, seals, key, same, stored.get(parts, []))
	for record in records:
		if not record.existing and record.first.masked:
			_refuse_mask_of_nothing(record)


def _refuse_mask_of_nothing(record: Record) -> None:
	"""A masked number says that the stored one stays; a new record has none."""
	for path in record.first.masked:
		record.first.fault(path, _("only a masked number; enter the whole one"))


def _assign(layout: Layout, seals: "Seals", key: Key, records: list[Record], stored: list[dict]) -> None:
	for record in records:
		if record.existing:
			_refuse_another_s(key, record, stored)
			continue
		if key.fields == ("name",) and not stored:
			record.first.fault("name", _("not in the system"))
			continue
		own = {name: seals.value(name, record.said.get(name)) for name in key.unless}
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


def _stored_records(
	doctype: str, seals: "Seals", key: Key, within: dict[str, Any], wanted: list[tuple]
) -> dict[tuple, list[dict]]:
	columns = [column_of(doctype, name) for name in key.fields]
	unless = {name: column_of(doctype, name) for name in key.unless}
	found: dict[tuple, list[dict]] = {}
	firsts = list(dict.fromkeys(parts[0] for parts in wanted))
	for row in _look_up(doctype, seals, columns, [*unless.values()], within, firsts):
		row = {column: seals.newest.get(value, value) for column, value in row.items()}
		parts = (str(row[columns[0]]), *(values.key(str(row[column] or "")) for column in columns[1:]))
		entry = {"name": row["name"], "unless": {name: row[column] for name, column in unless.items()}}
		found.setdefault(parts, []).append(entry)
	return found


def _look_up(
	doctype: str, seals: "Seals", columns: list[str], others: list[str], within: dict, firsts: list[str]
) -> Iterator[dict]:
	has_docstatus = frappe.get_meta(doctype).is_submittable
	for start in range(0, len(firsts), LOOKUP_SIZE):
		some = firsts[start : start + LOOKUP_SIZE]
		filters = [[name, "=", value] for name, value in within.items()]
		filters += [[columns[0], "in", seals.stored_forms(some)]]
		filters += [["docstatus", "<", 2]] if has_docstatus else []
		fields = list(dict.fromkeys(["name", *columns, *others]))
		yield from frappe.get_all(doctype, filters=filters, fields=fields, order_by="creation, name")


def _stored_key(seals: "Seals", key: Key, said: dict, parts: tuple) -> tuple:
	"""The key as `_stored_records` reads it: the first part as the database holds it."""
	first, *others = key.fields
	if seals.fields.isdisjoint(others):
		return (str(seals.value(first, said[first])), *parts[1:])
	sealed = (values.key(str(seals.value(name, said[name]))) for name in others)
	return (str(seals.value(first, said[first])), *sealed)


def column_of(doctype: str, fieldname: str) -> str:
	"""Where a field is looked up: a sealed number by its keyed hash (sealed_numbers.py)."""
	if fieldname in sealed_numbers.declared(doctype):
		return sealed_numbers.hash_field(fieldname)
	return fieldname


@dataclass
class Seals:
	"""Hashes of the numbers in a sheet. While the site's key is being changed a record may hold an older one."""

	fields: frozenset[str]
	hashes: dict[str, str] = field(default_factory=dict)  # number → its newest hash
	newest: dict[str, str] = field(default_factory=dict)  # each hash of a number → the newest of it
	older: dict[str, list[str]] = field(default_factory=dict)  # the newest hash → the others

	@classmethod
	def of(cls, layout: Layout, records: list[Record]) -> "Seals":
		seals = cls(frozenset(sealed_numbers.declared(layout.doctype)))
		for record in records if seals.fields else ():
			for name in seals.fields & record.said.keys():
				number = record.said[name]
				newest, *older = site_keys.hashes(number)
				seals.hashes[number] = newest
				if older:
					seals.older[newest] = older
					seals.newest.update(dict.fromkeys(older, newest))
		return seals

	def value(self, fieldname: str, value: Any) -> Any:
		"""As records hold it, with the newest hash."""
		return self.hashes[value] if value and fieldname in self.fields else value

	def stored_forms(self, wanted: list) -> list:
		"""These values and the older hashes of those that are sealed."""
		return [*wanted, *(old for one in wanted for old in self.older.get(one, ()))]
