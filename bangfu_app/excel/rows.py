"""Rows of a sheet → checked rows, by a layout. Nothing is written here."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import frappe
from frappe import _

from bangfu_app.excel import values
from bangfu_app.excel.layout import Column, Layout
from bangfu_app.excel.masters import CHINESE, Masters, Missing, choices_of
from bangfu_app.excel.reading import Cells, Sheet, heading_keys
from bangfu_app.privacy import sealed_numbers
from bangfu_app.privacy.number_kinds import MASK

REMEMBERED = 5_000  # cells of a column that are not parsed again

PARSERS = {
	"Date": values.calendar_date,
	"Int": values.whole_number,
	"Float": values.number,
	"Currency": values.number,
	"Percent": values.number,
	"Check": values.yes_no,
}
# a word of a few is parsed once; a name or a number is not worth remembering
REPEATED = ("Select", "Link", "Check", "Date", "Table")


@dataclass(frozen=True, slots=True)
class Fault:
	row: int
	column: str  # the heading as the sheet has it; "" for the whole row
	reason: str
	index: int | None = None  # place of the column in the sheet
	sheet: str = ""  # where several sheets are read

	@property
	def place(self) -> int | str:
		return f"{self.sheet}!{self.row}" if self.sheet else self.row

	def __str__(self) -> str:
		return f"{self.column}:{self.reason}" if self.column else self.reason

	def as_dict(self) -> dict:
		return {"row": self.place, "column": self.column, "reason": self.reason}


@dataclass(slots=True)
class Bound:
	"""A column of the layout at its place in the sheet."""

	column: Column
	parse: Callable[[Any], Any]
	required: bool
	heading: str
	index: int | None = None
	sealed: bool = False
	known: dict | None = None  # cells parsed already, where words come again and again


@dataclass(slots=True)
class Row:
	number: int
	columns: dict[str, Bound]
	values: dict[str, Any] = field(default_factory=dict)  # path → value; blank cells are not there
	faults: list[Fault] = field(default_factory=list)
	sheet: str = ""
	masked: dict[str, str] = field(default_factory=dict)  # path → a number of which only the mask is given

	def fault(self, path: str | None, reason: str) -> None:
		bound = self.columns.get(path)
		heading, index = (bound.heading, bound.index) if bound else ("", None)
		fault = Fault(self.number, heading, reason, index, self.sheet)
		if fault not in self.faults:
			self.faults.append(fault)


class RowReader:
	"""Reads the rows of one layout; knows the fields, the options and the masters."""

	def __init__(self, layout: Layout, masters: Masters, spread: tuple[Column, ...] = ()):
		self.layout = layout
		self.masters = masters
		self.sheet_title = ""  # told where several sheets are read
		self.page = ""
		self.declared = (*layout.columns, *spread)
		self.columns = {column.path: self._bind(column) for column in self.declared}
		self.paths = self._paths_by_heading()
		self.described = [path for path in self.columns if self._master_path(path)]

	def _bind(self, column: Column) -> Bound:
		docfield, owner = field_of(self.layout.doctype, column.path)
		required = self._is_required(column) if column.required is None else column.required
		bound = Bound(column, self._parser(column, docfield, owner), required, column.headings[0])
		bound.sealed = bool(docfield) and docfield.fieldname in sealed_numbers.declared(owner)
		bound.known = {} if not docfield or docfield.fieldtype in REPEATED else None
		return bound

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
		elif not docfield:
			parse = values.text
		elif docfield.fieldtype == "Select":
			parse = values.option(choices_of(docfield.options, owner, column.words))
		elif docfield.fieldtype == "Link":
			parse = self._link_parser(column, docfield.options)
		elif docfield.options == "Phone":
			parse = values.phone
		else:
			parse = PARSERS.get(docfield.fieldtype, values.text)
		if docfield and docfield.non_negative and not column.parse:
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
			for column in self.declared:
				for heading in column.headings:
					paths.setdefault(heading_keys(heading)[place], column.path)
		for column in self.declared:
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

	def find_columns(self, sheet: Sheet, title: str = "") -> list[Fault]:
		"""Put each column at its place; faults of the heading row. `title` where several sheets are read."""
		faults = []
		self.sheet_title, self.page = title, sheet.title
		for bound in self.columns.values():
			bound.index, bound.heading = None, bound.column.headings[0]
		for index, heading in enumerate(sheet.headings):
			bound = self.columns.get(self.path_of(heading) if heading else None)
			if bound and bound.index is not None:
				faults.append(self._heading_fault(sheet, heading, _("this column appears twice"), index))
			elif bound:
				bound.index, bound.heading = index, heading
		for bound in self.columns.values():
			if bound.required and bound.index is None:
				faults.append(self._heading_fault(sheet, bound.heading, _("this column is missing")))
		return faults

	def _heading_fault(self, sheet: Sheet, heading: str, reason: str, index: int | None = None) -> Fault:
		return Fault(sheet.heading_row, heading, reason, index, self.sheet_title)

	# ------------------------------------------------------------ rows

	def read(self, number: int, cells: Cells) -> Row:
		row = Row(number, self.columns, sheet=self.sheet_title)
		for path, bound in self.columns.items():
			cell = cells[bound.index] if bound.index is not None and bound.index < len(cells) else None
			if cell is not None and not values.is_blank(cell):
				self._take(row, path, bound, cell)
			elif bound.required:
				row.fault(path, _("required"))
		if self.described:
			self._describe_masters(row)
		return row

	def _take(self, row: Row, path: str, bound: Bound, cell: Any) -> None:
		if bound.known is not None and isinstance(cell, str) and cell in bound.known:
			row.values[path] = bound.known[cell]
			return
		if bound.sealed and isinstance(cell, str) and MASK in cell:
			row.masked[path] = values.text(cell)
			return
		try:
			values.refuse_formula(cell)
			row.values[path] = value = bound.parse(cell)
		except values.CellFault as fault:
			row.fault(path, str(fault))
			return
		if bound.known is not None and isinstance(cell, str) and len(bound.known) < REMEMBERED:
			if Missing not in map(type, value if isinstance(value, list) else [value]):
				bound.known[cell] = value

	def _describe_masters(self, row: Row) -> None:
		"""Give a missing master the fields that the row says of it."""
		faulty = {fault.index for fault in row.faults}
		for path in self.described:
			bound = self.columns[path]
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
