"""Field levels hold in the lists of Frappe 15 as they do in those of Frappe 16 (X2).

Frappe 15 looks at levels only while it goes through the columns a list asks for, and misses some: the one after a
column it has just taken out, a `*` there, what a function holds further in, and all that a list is filtered, sorted
or grouped by. So ciphers and hashes of sealed numbers came out, or could be guessed letter by letter.
"""

import re
from collections.abc import Iterator

import frappe
from frappe import _
from frappe.model import get_permitted_fields
from frappe.model.db_query import DatabaseQuery

from bangfu_app.rights.surfaces import is_ours

_framework_rule = DatabaseQuery.apply_fieldlevel_read_permissions


def close_lists() -> None:
	"""Hook before each request and job: Frappe offers an app no place of its own in a list's query."""
	if int(frappe.__version__.split(".")[0]) < 16:
		DatabaseQuery.apply_fieldlevel_read_permissions = apply_levels


def apply_levels(query: DatabaseQuery) -> None:
	"""Take closed columns out of the list's columns; refuse a list of ours that uses one in any other way."""
	ours = list(filter(is_ours, doctypes_of(query)))
	if ours and not query.flags.ignore_permissions:
		refuse_closed(query, ours)
		# the framework walks through the list it shortens
		query.remove_field = lambda index: query.fields.__setitem__(index, None)
	_framework_rule(query)
	if not query.as_list:  # where rows are lists, each column keeps its place
		query.fields = [field for field in query.fields if field is not None]


def refuse_closed(query: DatabaseQuery, doctypes: list[str]) -> None:
	used = "\n".join(_used(query))
	for doctype in doctypes:
		for column in _closed(query, doctype):
			if re.search(rf"\b{column}\b", used, re.IGNORECASE):
				frappe.throw(
					_("You may not use the field {0} in a list.").format(column), frappe.PermissionError
				)


def doctypes_of(query: DatabaseQuery) -> set[str]:
	"""The list's own, those of child tables it joins, those it follows links to."""
	tables = {table.strip("`").removeprefix("tab") for table in query.tables}
	return {query.doctype, *tables, *(link.doctype for link in query.link_tables)}


def _closed(query: DatabaseQuery, doctype: str) -> set[str]:
	"""Columns on a level that the user does not have."""
	parent = query.parent_doctype if doctype == query.doctype else query.doctype
	levelled = {field.fieldname for field in frappe.get_meta(doctype).get_high_permlevel_fields()}
	return levelled and levelled - set(get_permitted_fields(doctype, parenttype=parent, ignore_virtual=True))


def _used(query: DatabaseQuery) -> Iterator[str]:
	"""Every part of the query but the plain columns."""
	yield from (field for field in query.fields if field and "(" in field)
	yield from (*query.conditions, *query.or_conditions, *query.grouped_or_conditions)
	yield from (str(query.order_by or ""), str(query.group_by or ""))
