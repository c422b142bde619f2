"""A workbook file → the rows of its sheets, as a stream. Nothing here knows what the columns mean."""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import frappe
from frappe import _
from openpyxl.utils.cell import range_boundaries

from bangfu_app.excel import sheet_xml
from bangfu_app.excel.sheet_xml import SheetPart
from bangfu_app.excel.values import is_blank, is_plain, key

MAX_COLUMNS = 200  # what stands further right is not read
LAST_ROW = 1_048_576  # of a spreadsheet; a file may claim any number
MAX_UNPACKED = 512 * 1024 * 1024  # bytes; a workbook is a zip file
MAX_MERGES = 100_000
HEADING_DEPTH = 30  # rows above the headings: titles, notes
MIN_HEADINGS = 2
PIECE = 1024 * 1024

Cells = tuple[Any, ...]


class WorkbookError(frappe.ValidationError):
	"""The workbook as a whole cannot be taken."""


@dataclass
class Sheet:
	"""A sheet that holds the wanted headings. `rows` may be read again and again."""

	title: str
	heading_row: int
	headings: list[str]
	read: Callable[[], Iterator[Cells]]
	claimed_rows: int = 0  # rows that the file has, blank ones and headings included
	limit: int = LAST_ROW

	def rows(self) -> Iterator[tuple[int, Cells]]:
		"""Number as the office sees it, and cells, of the rows below the headings that are not blank."""
		found = 0
		with unreadable_refused():
			for number, cells in islice(enumerate(self.read(), start=1), self.heading_row, None):
				if number > LAST_ROW:
					refuse_length(LAST_ROW)
				if cells.count(None) == len(cells) or all(is_blank(cell) for cell in cells):
					continue
				found += 1
				if found > self.limit:
					refuse_length(self.limit)
				yield number, cells

	def __post_init__(self):
		self.claimed_rows = max(0, self.claimed_rows - self.heading_row)


def refuse(message: str) -> None:
	frappe.throw(message, exc=WorkbookError, title=_("Workbook"))


def refuse_length(limit: int) -> None:
	refuse(_("The sheet has more than {0} rows. Divide it.").format(limit))


def read_sheets(
	content: bytes,
	score: Callable[[Iterable[str]], int],
	wanted: str | None = None,
	every: bool = False,
	limit: int = LAST_ROW,
) -> list[Sheet]:
	"""The sheets that hold the wanted headings. `score` says how many of a row's words are headings.

	`wanted` names one of several; with `every` all of them are parts of one list.
	"""
	with unreadable_refused():
		found = [_as_sheet(*part, score, limit) for part in _parts(content)]
	sheets = [sheet for sheet in found if sheet and wanted in (None, "", sheet.title)]
	if not sheets:
		refuse(
			_("No row with the expected column headings was found in the first {0} rows.").format(
				HEADING_DEPTH
			)
		)
	if len(sheets) > 1 and not every:
		titles = ", ".join(sheet.title for sheet in sheets)
		refuse(_("Several sheets hold these columns: {0}. Name one of them, or take all.").format(titles))
	return sheets


class unreadable_refused:
	"""openpyxl raises what it likes for a damaged file."""

	def __enter__(self) -> None:
		return None

	def __exit__(self, kind: type | None, error: Exception | None, _traceback: object) -> None:
		if error and isinstance(error, Exception) and not isinstance(error, frappe.ValidationError):
			refuse(_("The workbook cannot be read; it is damaged or of another kind."))


def _as_sheet(
	title: str,
	read: Callable[[], Iterator[Cells]],
	claimed: int,
	score: Callable[[Iterable[str]], int],
	limit: int,
) -> Sheet | None:
	top = list(islice(enumerate(read(), start=1), HEADING_DEPTH))
	scores = [score(str(cell) for cell in cells if not is_blank(cell)) for _number, cells in top]
	if max(scores, default=0) < MIN_HEADINGS:
		return None
	heading_row, cells = top[scores.index(max(scores))]
	return Sheet(title, heading_row, [_heading(cell) for cell in _trimmed(cells)], read, claimed, limit)


def _heading(cell: Any) -> str:
	return "" if is_blank(cell) or not is_plain(cell) else re.sub(r"\s+", "", str(cell))


def _trimmed(cells: Cells) -> Cells:
	"""Without the empty cells at the end."""
	end = len(cells)
	while end and cells[end - 1] is None:
		end -= 1
	return cells[:end]


def heading_keys(heading: str) -> tuple[str, str]:
	"""A heading as written, and without what stands in brackets: 家庭年收入(元) is 家庭年收入 too."""
	whole = key(heading)
	return whole, re.sub(r"\(.*?\)", "", whole)


# ---------------------------------------------------------------- files

Part = tuple[str, Callable[[], Iterator[Cells]], int]


def _parts(content: bytes) -> Iterator[Part]:
	"""Title, rows and the number of rows claimed, of each visible sheet."""
	if not content:
		refuse(_("The file is empty."))
	if content.startswith(b"PK"):
		return _parts_of_workbook(content)
	if content.startswith(b"\xd0\xcf\x11\xe0"):
		refuse(_("This is an old .xls or an encrypted workbook. Save it as .xlsx without a password."))
	words = _decoded(content)
	return iter([("CSV", lambda: _rows_of_csv(words), words.count("\n") + 1)])


def _parts_of_workbook(content: bytes) -> Iterator[Part]:
	archive = _safe_archive(content)
	for sheet in sheet_xml.visible_sheets(content):
		claimed, merges = _scan(archive, sheet.path)
		yield sheet.title, _reader(sheet, merges), claimed


def _reader(sheet: SheetPart, merges: list[tuple[int, ...]]) -> Callable[[], Iterator[Cells]]:
	def read() -> Iterator[Cells]:
		rows = sheet_xml.rows_of(sheet, MAX_COLUMNS)
		return map(_trimmed, _filled_down(rows, merges)) if merges else rows

	return read


def _safe_archive(content: bytes) -> zipfile.ZipFile:
	try:
		archive = zipfile.ZipFile(io.BytesIO(content))
	except zipfile.BadZipFile:
		refuse(_("The workbook cannot be read; it is damaged or of another kind."))
	parts = archive.infolist()
	if any(part.filename.lower().endswith("vbaproject.bin") for part in parts):
		refuse(_("The workbook holds macros. Save it as .xlsx without macros."))
	if sum(part.file_size for part in parts) > MAX_UNPACKED:
		refuse(_("The workbook is too large when unpacked."))
	if "xl/workbook.xml" not in {part.filename for part in parts}:
		refuse(_("Only .xlsx and .csv files can be imported."))
	return archive


def _scan(archive: zipfile.ZipFile, path: str) -> tuple[int, list[tuple[int, ...]]]:
	"""Rows of a sheet, and its cells merged over several rows: read-only openpyxl tells neither."""
	rows, tail = 0, b""
	with archive.open(path.lstrip("/")) as part:
		while piece := part.read(PIECE):
			rows += piece.count(b"<row ")
			tail = (tail + piece)[-PIECE:] if b"</sheetData>" not in tail else tail + piece
	merges = []
	for found in re.finditer(rb'<mergeCell [^>]*?ref="([A-Z]+\d+:[A-Z]+\d+)"', tail):
		left, top, _right, bottom = range_boundaries(found[1].decode())
		if bottom > top and left <= MAX_COLUMNS:
			merges.append((top, bottom, left - 1))
		if len(merges) > MAX_MERGES:
			refuse(_("The workbook has too many merged cells."))
	return rows, sorted(merges)


def _filled_down(rows: Iterable[Cells], merges: list[tuple[int, ...]]) -> Iterator[Cells]:
	"""A cell merged over several rows says the same for each of them; a row blank but for that stays blank."""
	waiting = iter(merges)
	following = next(waiting, None)
	active: list[tuple[int, int, Any]] = []  # last row, column, value
	for number, cells in enumerate(rows, start=1):
		active = [span for span in active if span[0] >= number]
		if active and cells.count(None) < len(cells):
			filled = list(cells)
			for _last, column, value in active:
				filled += [None] * (column + 1 - len(filled))
				filled[column] = value if filled[column] is None else filled[column]
			cells = tuple(filled)
		while following and following[0] == number:
			_top, bottom, column = following
			active.append((bottom, column, cells[column] if column < len(cells) else None))
			following = next(waiting, None)
		yield cells


def _decoded(content: bytes) -> str:
	"""UTF-8, or GB18030 as Chinese programs save it."""
	for encoding in ("utf-8-sig", "gb18030"):
		try:
			words = content.decode(encoding)
		except UnicodeDecodeError:
			continue
		if "\0" not in words:
			return words
	refuse(_("Only .xlsx and .csv files can be imported."))


def _rows_of_csv(words: str) -> Iterator[Cells]:
	"""Divided by commas, semicolons or tabs."""
	head = words[:2000]
	delimiter = max(",;\t", key=head.count)
	for row in csv.reader(io.StringIO(words, newline=""), delimiter=delimiter):
		yield _trimmed(tuple(cell or None for cell in row[:MAX_COLUMNS]))
