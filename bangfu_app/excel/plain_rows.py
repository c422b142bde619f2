"""What Frappe does to a document before it is inserted, done to plain rows: defaults, field levels, fetched
values, mandatory fields, lengths, names, sealed numbers. Once per DocType what it can do once.
"""

from typing import Any

import frappe
from frappe import _
from frappe.model import display_fieldtypes
from frappe.model.base_document import get_controller
from frappe.model.naming import NamingSeries

from bangfu_app.bulk import hash_name, new_record, reserve_names, write_rows
from bangfu_app.privacy import sealed_numbers


class Lookup:
	"""Values of other records by name, each read once; what this import has written is known to it."""

	def __init__(self):
		self.rows: dict[tuple[str, str], dict] = {}
		self.values: dict[tuple[str, str, str], Any] = {}

	def __call__(self, doctype: str, name: str, fieldname: str) -> Any:
		row = self.rows.get((doctype, name))
		if row is not None and fieldname in row:
			return row[fieldname]
		place = (doctype, name, fieldname)
		if place not in self.values:
			self.values[place] = frappe.get_cached_value(doctype, name, fieldname)
		return self.values[place]

	def learn(self, doctype: str, names: set[str]) -> None:
		"""Read those not known yet in one query."""
		unknown = sorted(name for name in names if (doctype, name) not in self.rows)
		for row in frappe.get_all(doctype, {"name": ["in", unknown]}, ["*"]) if unknown else []:
			self.know(doctype, row)

	def know(self, doctype: str, row: dict) -> None:
		self.rows[doctype, row["name"]] = row

	def forget(self, doctype: str) -> None:
		self.rows = {place: row for place, row in self.rows.items() if place[0] != doctype}


class PlainRows:
	"""Makes the plain rows of one DocType, and of its tables."""

	def __init__(self, doctype: str, value_of: Lookup, parent: str | None = None):
		self.doctype = doctype
		self.value_of = value_of
		self.meta = frappe.get_meta(doctype)
		self.template = dict(frappe.new_doc(doctype, as_dict=True))
		self.fetched = self._fetched()
		self.mandatory = [
			f.fieldname for f in self.meta.get("fields", {"reqd": 1}) if f.fieldtype not in display_fieldtypes
		]
		self.limits = self._limits()
		self.sealed = sealed_numbers.declared(doctype)
		self.closed = [] if parent else self._closed_fields()
		self.tables = {
			table.fieldname: PlainRows(table.options, value_of, doctype)
			for table in self.meta.get_table_fields()
			if not getattr(table, "is_virtual", 0)
		}

	def _fetched(self) -> list[tuple[str, str, str, str, bool]]:
		"""Link, its DocType, what is fetched, into which field, only into a blank one?"""
		return [
			(
				link.fieldname,
				link.options,
				target.fetch_from.split(".")[-1],
				target.fieldname,
				target.fetch_if_empty,
			)
			for link in self.meta.get_link_fields()
			for target in self.meta.get_fields_to_fetch(link.fieldname)
		]

	def _limits(self) -> list[tuple[str, int]]:
		"""Characters that a column of the database holds."""
		types = {
			field.fieldname: frappe.db.type_map.get(field.fieldtype, ("", "")) for field in self.meta.fields
		}
		return [
			(field.fieldname, int(field.length or types[field.fieldname][1] or 140))
			for field in self.meta.fields
			if types[field.fieldname][0] == "varchar"
		]

	def _closed_fields(self) -> list[str]:
		"""Fields on levels that the user may not write: they keep their defaults."""
		if frappe.session.user == "Administrator":
			return []
		open_levels = set(self.meta.get_permlevel_access("write"))
		return [
			field.fieldname
			for field in self.meta.get_high_permlevel_fields()
			if field.permlevel not in open_levels
		]

	def learn_links(self, many: list[dict[str, Any]]) -> None:
		"""Read the records that these values link to."""
		for link in self.meta.get_link_fields():
			named = {values.get(link.fieldname) for values in many} - {None, ""}
			self.value_of.learn(link.options, {name for name in named if isinstance(name, str)})
		for name, maker in self.tables.items():
			maker.learn_links([line for values in many for line in values.get(name) or ()])

	# ------------------------------------------------------------ one row

	def make(self, values: dict[str, Any]) -> frappe._dict:
		"""A row as a new document would be, before its own rules. Throws as the document would."""
		row = frappe._dict(self.template)
		row.update({name: value for name, value in values.items() if value is not None})
		for name, maker in self.tables.items():
			row[name] = [maker.make(line) for line in values.get(name) or ()]
		for name in self.closed:
			row[name] = self.template.get(name)
		self._fetch(row)
		return row

	def _fetch(self, row: frappe._dict) -> None:
		for link, doctype, source, target, only_blank in self.fetched:
			if row.get(link) and not (only_blank and row.get(target)):
				row[target] = self.value_of(doctype, row[link], source)

	def check(self, row: frappe._dict) -> None:
		"""Mandatory fields and lengths, of the row and of its tables."""
		for fieldname in self.mandatory:
			if row.get(fieldname) in (None, "", []):
				label = _(self.meta.get_label(fieldname), context=self.doctype)
				frappe.throw(_("{0}: required").format(label))
		for fieldname, limit in self.limits:
			value = row.get(fieldname)
			if value and len(value if type(value) is str else str(value)) > limit:
				label = _(self.meta.get_label(fieldname), context=self.doctype)
				frappe.throw(_("{0}: longer than {1} characters").format(label, limit))
		for name, maker in self.tables.items():
			for line in row[name]:
				maker.check(line)

	def seal(self, row: frappe._dict) -> None:
		for fieldname, kind in self.sealed.items():
			sealed_numbers.seal(row, fieldname, kind, None)
		for name, maker in self.tables.items():
			for line in row[name] if maker.sealed else ():
				maker.seal(line)

	# ------------------------------------------------------------ many rows

	def name(self, rows: list[frappe._dict]) -> None:
		"""Names as Frappe gives them; those of a series are reserved at once, under its lock."""
		autoname = self.meta.autoname or "hash"
		own = getattr(frappe.get_module(_module_of(self.doctype)), "name_of", None)
		if own:
			names = [own(row) for row in rows]
		elif autoname.startswith("field:"):
			names = [row[autoname[6:]] for row in rows]
		elif "#" in autoname:
			names = reserve_names(NamingSeries(autoname).get_prefix(), len(rows), autoname.count("#"))
		else:
			names = [hash_name() for _row in rows]
		for row, name in zip(rows, names, strict=True):
			row.name = name

	def insert(self, rows: list[frappe._dict]) -> None:
		"""Into the database, with the rows of their tables."""
		common = new_record()
		for row in rows:
			row.update(common)
		write_rows(self.doctype, rows)
		for name, maker in self.tables.items():
			lines = [line for row in rows for line in self._placed(row, name)]
			if lines:
				maker.name(lines)
				maker.insert_lines(lines, common)

	def insert_lines(self, lines: list[frappe._dict], common: dict[str, Any]) -> None:
		for line in lines:
			line.update(common | {"idx": line.idx})
		write_rows(self.doctype, lines)

	def _placed(self, row: frappe._dict, table: str) -> list[frappe._dict]:
		for idx, line in enumerate(row[table], start=1):
			line.update({"parent": row.name, "parenttype": self.doctype, "parentfield": table, "idx": idx})
		return row[table]


def _module_of(doctype: str) -> str:
	"""The module of the DocType's controller."""
	return get_controller(doctype).__module__
