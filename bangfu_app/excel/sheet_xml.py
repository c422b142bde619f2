"""The rows of a sheet straight from its XML, as a stream: the values openpyxl gives, at a fraction of its time.

openpyxl builds an element, a dict and often a cell object for each cell, and most of an import was waiting for
them. Of the workbook itself (shared strings, formats, the order of sheets) openpyxl stays the reader; only that its
read-only sheets, to learn their size, parse a whole sheet that does not say it.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from xml.parsers import expat

from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils.cell import column_index_from_string
from openpyxl.utils.datetime import from_excel, from_ISO8601

PIECE = 64 * 1024
NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main "
ROW, CELL, VALUE, FORMULA = (NAMESPACE + name for name in ("row", "c", "v", "f"))
INLINE, TEXT, PHONETIC = (NAMESPACE + name for name in ("is", "t", "rPh"))
DIGITS = "0123456789"

Cells = tuple[Any, ...]


@dataclass(frozen=True)
class SheetPart:
	title: str
	path: str  # in the archive
	book: ExcelReader


def visible_sheets(content: bytes) -> list[SheetPart]:
	"""In the order of the workbook; sheets of charts are none."""
	book = ExcelReader(io.BytesIO(content), read_only=True, keep_links=False)
	book.read_manifest()
	book.read_strings()
	book.read_workbook()
	apply_stylesheet(book.archive, book.wb)
	return [
		SheetPart(sheet.name, relation.target, book)
		for sheet, relation in book.parser.find_sheets()
		if relation.target in book.valid_files
		and "chartsheet" not in relation.Type
		and sheet.state == "visible"
	]


def rows_of(sheet: SheetPart, max_columns: int) -> Iterator[Cells]:
	"""Values of each row, without empty cells at the end; () for a missing row.

	A formula is given as text that begins with "=".
	"""
	found = SheetRows(sheet, max_columns)
	parser = expat.ParserCreate(namespace_separator=" ")
	parser.buffer_text = True
	parser.StartElementHandler = found.start
	parser.EndElementHandler = found.end
	parser.CharacterDataHandler = found.characters
	parser.StartDoctypeDeclHandler = found.refuse_doctype  # entities that grow
	following = 1
	with sheet.book.archive.open(sheet.path) as source:
		is_last = False
		while not is_last:
			piece = source.read(PIECE)
			is_last = not piece
			parser.Parse(piece, is_last)
			for number, cells in found.take():
				for _missing in range(following, number):
					yield ()
				if number >= following:  # a number that comes twice counts once
					yield cells
				following = max(following, number + 1)


class SheetRows:
	"""What the parser says, put together to rows."""

	def __init__(self, sheet: SheetPart, max_columns: int):
		book = sheet.book.wb
		self.words = sheet.book.shared_strings
		self.epoch = book.epoch
		self.dates = {str(style) for style in book._date_formats}
		self.spans = {str(style) for style in book._timedelta_formats}
		self.max_columns = max_columns
		self.columns: dict[str, int] = {}  # letters → place from 0
		self.rows: list[tuple[int, Cells]] = []
		self.cells: list[Any] = []
		self.number = 0
		self.place = -1  # of the cell
		self.cell: dict[str, str] = {}
		self.text = ""
		self.value: str | None = None
		self.inline: str | None = None
		self.formula: str | None = None
		self.is_phonetic = False

	def take(self) -> list[tuple[int, Cells]]:
		"""The rows that are complete."""
		rows, self.rows = self.rows, []
		return rows

	def refuse_doctype(self, *_said: Any) -> None:
		raise ValueError("a sheet declares no document type")

	# ------------------------------------------------------------ what the parser calls

	def start(self, name: str, attributes: dict[str, str]) -> None:
		if name == CELL:
			self.cell = attributes
			self.value = self.inline = self.formula = None
		elif name == ROW:
			self.number = int(attributes.get("r") or self.number + 1)
			self.cells, self.place = [], -1
		elif name == INLINE:
			self.inline = ""
		elif name == PHONETIC:
			self.is_phonetic = True
		self.text = ""

	def characters(self, text: str) -> None:
		self.text += text

	def end(self, name: str) -> None:
		if name == VALUE:
			self.value = self.text
		elif name == CELL:
			self.keep_cell()
		elif name == TEXT:
			if self.inline is not None and not self.is_phonetic:
				self.inline += self.text
		elif name == ROW:
			self.rows.append((self.number, tuple(self.cells)))
		elif name == FORMULA:
			self.formula = "=" + (self.text.strip() or "?")
		elif name == PHONETIC:
			self.is_phonetic = False

	# ------------------------------------------------------------ a cell

	def keep_cell(self) -> None:
		where = self.cell.get("r")
		self.place = place = self.place_of(where) if where else self.place + 1
		value = self.formula or self.meaning()
		if value is None or place >= self.max_columns:
			return
		missing = place - len(self.cells)
		if missing >= 0:
			if missing:
				self.cells += [None] * missing
			self.cells.append(value)
		else:
			self.cells[place] = value

	def place_of(self, where: str) -> int:
		letters = where.rstrip(DIGITS)
		place = self.columns.get(letters)
		if place is None:
			place = self.columns[letters] = column_index_from_string(letters) - 1
		return place

	def meaning(self) -> Any:
		"""The value by the type and the format of the cell."""
		kind, value = self.cell.get("t", "n"), self.value
		if kind == "inlineStr":
			return self.inline
		if not value:
			return None
		if kind == "n":
			return self.number_of(value)
		if kind == "s":
			return self.words[int(value)]
		if kind == "b":
			return bool(int(value))
		return from_ISO8601(value) if kind == "d" else value

	def number_of(self, value: str) -> Any:
		figure = float(value) if "." in value or "E" in value or "e" in value else int(value)
		style = self.cell.get("s")
		if style not in self.dates:
			return figure
		try:
			return from_excel(figure, self.epoch, timedelta=style in self.spans)
		except (OverflowError, ValueError):  # no such day
			return "#VALUE!"
