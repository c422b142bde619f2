"""Many rows at once, past the controllers: what the caller has validated, with names, owner and times set here."""

import re
from datetime import date
from itertools import chain
from typing import Any

import frappe
from frappe.model.naming import getseries
from frappe.query_builder import Field
from frappe.utils import cint, now
from pypika.terms import Parameter, ValueWrapper

from bangfu_app import rendered

NAME_LENGTH = 10
VALUES_PER_QUERY = 20_000
PLAIN = re.compile(r"[\w .:@-]*")


def insert_rows(doctype: str, rows: list[dict]) -> list[str]:
	"""Insert new records; a row without `name` gets a hash. Returns the names."""
	common = new_record()
	rows = [{"name": hash_name(), **common, **row} for row in rows]
	write_rows(doctype, rows)
	return [row["name"] for row in rows]


def new_record() -> dict[str, Any]:
	"""What a draft of the session's user, made now, holds beside its own fields."""
	moment, user = now(), frappe.session.user
	return {
		"creation": moment,
		"modified": moment,
		"owner": user,
		"modified_by": user,
		"docstatus": 0,
		"idx": 0,
	}


def hash_name() -> str:
	return frappe.generate_hash(length=NAME_LENGTH)


def reserve_names(prefix: str, number: int, digits: int = 5) -> list[str]:
	"""So many names of a series ("AL-2025-"), taken at once: the series' row stays locked until the commit."""
	if not number:
		return []
	first = cint(getseries(prefix, digits))
	series = frappe.qb.DocType("Series")
	frappe.qb.update(series).set(series.current, first + number - 1).where(series.name == prefix).run()
	return [f"{prefix}{current:0{digits}d}" for current in range(first, first + number)]


def write_rows(doctype: str, rows: list[dict]) -> None:
	"""Whole rows into the table; what is no column of it is left out, "" in a unique column is NULL.

	Each value has its price: a column that no row fills gets the table's default, and what is the same for all
	rows stands once in the text of the statement. frappe.db.bulk_insert wraps every value in an object of its own.
	"""
	if not rows:
		return
	columns = _columns_of(doctype, rows)
	same = {name: values[0] for name, values in columns.items() if _is_literal(values)}
	different = {name: values for name, values in columns.items() if name not in same}
	terms = [ValueWrapper(same[name]) if name in same else Parameter("%s") for name in columns]
	into = frappe.qb.into(frappe.qb.DocType(doctype)).columns(*map(Field, columns))
	head, row = into.insert(*terms).get_sql().split(" VALUES ", 1)
	lines = list(zip(*different.values(), strict=True)) or [()] * len(rows)
	size = max(1, VALUES_PER_QUERY // max(1, len(different)))
	for start in range(0, len(lines), size):
		some = lines[start : start + size]
		rendered.run(f"{head} VALUES {','.join([row] * len(some))}", tuple(chain.from_iterable(some)))


def _columns_of(doctype: str, rows: list[dict]) -> dict[str, list]:
	"""Column → a value for each row, as the database takes it; without the blank columns."""
	meta, columns = frappe.get_meta(doctype), {}
	unique = {field.fieldname for field in meta.fields if field.unique}
	days = {field.fieldname for field in meta.fields if field.fieldtype in ("Date", "Datetime")}
	for name in meta.get_valid_columns():
		values = [row.get(name) for row in rows]
		if values.count(None) == len(values):
			continue
		if name in unique:
			values = [None if value == "" else value for value in values]
		if name in days:  # a moment is a date too
			values = [str(value) if isinstance(value, date) else value for value in values]
		columns[name] = values
	return columns


def _is_literal(values: list) -> bool:
	"""The same in all rows, and nothing that would need to be escaped?"""
	first = values[0]
	is_plain = type(first) is int or (type(first) is str and PLAIN.fullmatch(first))
	return bool(is_plain) and values.count(first) == len(values)
