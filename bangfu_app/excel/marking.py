"""The workbook given back: faulty cells marked, with the reason as comment. Calculates nothing."""

import io
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

from bangfu_app.excel.reading import Cells, Sheet
from bangfu_app.excel.rows import Fault
from bangfu_app.excel.values import is_plain

RED = PatternFill("solid", fgColor="FFFFC7CE")
YELLOW = PatternFill("solid", fgColor="FFFFEB9C")
BOLD = Font(bold=True)
WHOLE_ROWS = 20_000  # of a longer workbook only the faulty rows come back


def write_marked(sheets: list[Sheet], left: set[tuple[str, int]] | None, faults: Iterable[Fault]) -> bytes:
	"""The rows `left`, (sheet, number), under their headings; with None the whole workbook, rows where they were."""
	book = openpyxl.Workbook(write_only=True)
	by_row = defaultdict(list)
	for fault in faults:
		by_row[fault.sheet, fault.row].append(fault)
	if left is None and sum(sheet.claimed_rows for sheet in sheets) > WHOLE_ROWS:
		left = set(by_row)
	for sheet in sheets:
		_write_sheet(book, sheet, sheet.title if len(sheets) > 1 else "", left, by_row)
	stream = io.BytesIO()
	book.save(stream)
	return stream.getvalue()


def _write_sheet(book: Any, sheet: Sheet, title: str, left: set | None, by_row: dict) -> None:
	page = book.create_sheet(re.sub(r"[\\/*?:\[\]]", "", sheet.title)[:31] or "1")
	for column, heading in enumerate(sheet.headings, start=1):
		page.column_dimensions[get_column_letter(column)].width = max(12, 2 * len(heading))
	page.freeze_panes = f"A{sheet.heading_row + 1}" if left is None else "A2"
	for number, cells in _wanted(sheet, title, left):
		faults = by_row.get((title, number), [])
		page.append(_marked(page, cells, faults, bold=number == sheet.heading_row))


def _wanted(sheet: Sheet, title: str, left: set | None) -> Iterator[tuple[int, Cells]]:
	if left is None:
		yield from enumerate(sheet.read(), start=1)
		return
	yield sheet.heading_row, tuple(sheet.headings)
	yield from ((number, cells) for number, cells in sheet.rows() if (title, number) in left)


def _marked(page: Any, cells: Cells, faults: list[Fault], bold: bool) -> list:
	said: dict[int, list[str]] = defaultdict(list)
	for fault in faults:
		said[fault.index or 0].append(writable(fault.reason))
	whole_row = {fault.index or 0 for fault in faults} - {fault.index for fault in faults}
	width = max(len(cells), *(index + 1 for index in said), 0) if said else len(cells)
	row = [_cell(page, cells[index] if index < len(cells) else None, bold) for index in range(width)]
	for index, reasons in said.items():
		row[index].comment = Comment("\n".join(reasons), "Bangfu")
		row[index].fill = YELLOW if index in whole_row else RED
	return row


def _cell(page: Any, value: Any, bold: bool = False) -> WriteOnlyCell:
	value = writable(value)
	cell = WriteOnlyCell(page, value)
	if isinstance(value, str):
		cell.data_type = "s"  # what begins with = is no formula of ours
		cell.number_format = "@"
	if bold:
		cell.font = BOLD
	return cell


def writable(value: Any) -> Any:
	"""The value, or as text what a workbook cannot hold or would calculate."""
	if not is_plain(value):
		value = str(getattr(value, "text", None) or "")
	if isinstance(value, float) and not math.isfinite(value):
		value = str(value)
	return ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value
