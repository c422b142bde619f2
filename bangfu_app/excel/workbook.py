"""A workbook file ↔ the rows of its sheet. Nothing here knows what the columns mean."""

import csv
import io
import math
import re
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

import frappe
import openpyxl
from frappe import _
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

from bangfu_app.excel.values import is_blank, is_plain, key

MAX_ROWS = 10_000
MAX_COLUMNS = 200  # what stands further right is not read
LAST_ROW = 1_048_576  # of a spreadsheet; a file may claim any number
MAX_UNPACKED = 256 * 1024 * 1024  # bytes; a workbook is a zip file
HEADING_DEPTH = 30  # rows above the headings: titles, notes
MIN_HEADINGS = 2
RED = PatternFill("solid", fgColor="FFFFC7CE")
YELLOW = PatternFill("solid", fgColor="FFFFEB9C")


class WorkbookError(frappe.ValidationError):
	"""The workbook as a whole cannot be taken."""


@dataclass
class Sheet:
	title: str
	heading_row: int
	headings: list[str]
	rows: list[tuple[int, tuple]]  # row number as the office sees it, cells


def read_sheet(content: bytes, score: Callable[[Iterable[str]], int]) -> Sheet:
	"""The sheet that holds the wanted headings. `score` says how many of a row's words are headings."""
	found = _find(content, score)
	if not found:
		refuse(
			_("No row with the expected column headings was found in the first {0} rows.").format(
				HEADING_DEPTH
			)
		)
	if len(found) > 1:
		titles = ", ".join(sheet.title for sheet in found)
		refuse(_("Several sheets hold these columns: {0}. Leave one of them in the workbook.").format(titles))
	if not found[0].rows:
		refuse(_("There are no rows below the column headings."))
	return found[0]


def refuse(message: str) -> None:
	frappe.throw(message, exc=WorkbookError, title=_("Workbook"))


def _find(content: bytes, score: Callable[[Iterable[str]], int]) -> list[Sheet]:
	try:
		sheets = [_as_sheet(title, rows, score) for title, rows in _sheets(content)]
	except frappe.ValidationError:
		raise
	except Exception:  # openpyxl raises what it likes for a damaged file
		refuse(_("The workbook cannot be read; it is damaged or of another kind."))
	return [sheet for sheet in sheets if sheet]


def _as_sheet(title: str, rows: Iterator[tuple], score: Callable[[Iterable[str]], int]) -> Sheet | None:
	numbered = enumerate(rows, start=1)
	top = [row for row in _first(numbered, HEADING_DEPTH) if any(not is_blank(cell) for cell in row[1])]
	scores = [score(str(cell) for cell in cells if not is_blank(cell)) for _number, cells in top]
	if max(scores, default=0) < MIN_HEADINGS:
		return None
	place = scores.index(max(scores))
	heading_row, cells = top[place]
	headings = [_heading(cell) for cell in _trimmed(cells)]
	body = []
	for number, cells in chain(top[place + 1 :], numbered):
		if number > LAST_ROW:
			refuse(_("The sheet has more than {0} rows. Divide it.").format(LAST_ROW))
		if cells.count(None) < len(cells) and any(not is_blank(cell) for cell in cells):
			body.append((number, _trimmed(cells)))
		if len(body) > MAX_ROWS:
			refuse(_("The sheet has more than {0} rows. Divide it.").format(MAX_ROWS))
	return Sheet(title, heading_row, headings, body)


def _heading(cell: Any) -> str:
	return "" if is_blank(cell) or not is_plain(cell) else re.sub(r"\s+", "", str(cell))


def _trimmed(cells: tuple) -> tuple:
	"""Without the empty cells at the end."""
	end = len(cells)
	while end and cells[end - 1] is None:
		end -= 1
	return cells[:end]


def _first(rows: Iterator, count: int) -> list:
	return [row for _place, row in zip(range(count), rows, strict=False)]


# ---------------------------------------------------------------- files


def _sheets(content: bytes) -> Iterator[tuple[str, Iterator[tuple]]]:
	if not content:
		refuse(_("The file is empty."))
	if content.startswith(b"PK"):
		return _sheets_of_workbook(content)
	if content.startswith(b"\xd0\xcf\x11\xe0"):
		refuse(_("This is an old .xls or an encrypted workbook. Save it as .xlsx without a password."))
	return iter([("CSV", _rows_of_csv(content))])


def _sheets_of_workbook(content: bytes) -> Iterator[tuple[str, Iterator[tuple]]]:
	_refuse_dangerous(content)
	book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False)
	for sheet in book.worksheets:
		if sheet.sheet_state == "visible":
			sheet.reset_dimensions()  # some programs write a wrong one
			yield sheet.title, sheet.iter_rows(max_col=MAX_COLUMNS, values_only=True)
	book.close()


def _refuse_dangerous(content: bytes) -> None:
	try:
		parts = zipfile.ZipFile(io.BytesIO(content)).infolist()
	except zipfile.BadZipFile:
		refuse(_("The workbook cannot be read; it is damaged or of another kind."))
	if any(part.filename.lower().endswith("vbaproject.bin") for part in parts):
		refuse(_("The workbook holds macros. Save it as .xlsx without macros."))
	if sum(part.file_size for part in parts) > MAX_UNPACKED:
		refuse(_("The workbook is too large when unpacked."))
	if "xl/workbook.xml" not in {part.filename for part in parts}:
		refuse(_("Only .xlsx and .csv files can be imported."))


def _rows_of_csv(content: bytes) -> Iterator[tuple]:
	"""UTF-8, or GB18030 as Chinese programs save it; divided by commas, semicolons or tabs."""
	for encoding in ("utf-8-sig", "gb18030"):
		try:
			words = content.decode(encoding)
			break
		except UnicodeDecodeError:
			continue
	else:
		refuse(_("Only .xlsx and .csv files can be imported."))
	if "\0" in words:
		refuse(_("Only .xlsx and .csv files can be imported."))
	head = words[:2000]
	delimiter = max(",;\t", key=head.count)
	for row in csv.reader(io.StringIO(words, newline=""), delimiter=delimiter):
		yield tuple(cell or None for cell in row[:MAX_COLUMNS])


# ---------------------------------------------------------------- the workbook of the rest


def write_rest(sheet: Sheet, rows: set[int], faults: Iterable[Any]) -> bytes:
	"""The rows that were not imported, under their own headings; faulty cells red, with the reason as comment."""
	book = openpyxl.Workbook()
	page = book.active
	page.title = re.sub(r"[\\/*?:\[\]]", "", sheet.title)[:31] or "1"
	_write_row(page, 1, tuple(sheet.headings))
	for cell in page[1]:
		cell.font = Font(bold=True)
		page.column_dimensions[get_column_letter(cell.column)].width = max(12, 2 * len(str(cell.value or "")))
	page.freeze_panes = "A2"
	by_row = defaultdict(list)
	for fault in faults:
		by_row[fault.row].append(fault)
	for line, (number, cells) in enumerate((row for row in sheet.rows if row[0] in rows), start=2):
		_write_row(page, line, cells)
		for fault in by_row[number]:
			_mark(page.cell(line, (fault.index or 0) + 1), fault)
	stream = io.BytesIO()
	book.save(stream)
	return stream.getvalue()


def _write_row(page: Any, line: int, cells: tuple) -> None:
	for column, value in enumerate(map(_writable, cells), start=1):
		cell = page.cell(line, column, value)
		if isinstance(value, str):
			cell.data_type = "s"  # what begins with = is no formula of ours
			cell.number_format = "@"


def _writable(value: Any) -> Any:
	"""The value, or as text what a workbook cannot hold or would calculate."""
	if not is_plain(value):
		value = str(getattr(value, "text", None) or "")
	if isinstance(value, float) and not math.isfinite(value):
		value = str(value)
	return ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value


def _mark(cell: Any, fault: Any) -> None:
	"""Red for a faulty cell, yellow for the first cell of a row that is faulty as a whole."""
	said = f"{cell.comment.text}\n" if cell.comment else ""
	cell.comment = Comment(said + _writable(fault.reason), "Bangfu")
	if fault.index is not None:
		cell.fill = RED
	elif cell.fill != RED:
		cell.fill = YELLOW


def heading_keys(heading: str) -> tuple[str, str]:
	"""A heading as written, and without what stands in brackets: 家庭年收入(元) is 家庭年收入 too."""
	whole = key(heading)
	return whole, re.sub(r"\(.*?\)", "", whole)
