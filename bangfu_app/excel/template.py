"""The empty workbook of a layout: drop-downs, required marks, an example row, a sheet that explains each column.

Chinese whoever asks for it: it goes to the schools. It imports back; the example row is skipped.
"""

import io
from types import SimpleNamespace
from typing import Any

import frappe
import openpyxl
from frappe import _
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation

from bangfu_app.excel.layout import Layout
from bangfu_app.excel.masters import CHINESE, Masters
from bangfu_app.excel.reading import Cells
from bangfu_app.excel.rows import Bound, RowReader, field_of
from bangfu_app.excel.values import key
from bangfu_app.privacy import sealed_numbers

EXAMPLE = "示例行,导入时跳过"
ROWS = 2_000  # rows with drop-downs
CHOICES = 500  # of a drop-down
GREY = PatternFill("solid", fgColor="FFF2F2F2")
HEAD = PatternFill("solid", fgColor="FFDDEBF7")
NEEDED = PatternFill("solid", fgColor="FFFCE4D6")
LINE = Border(bottom=Side(style="thin", color="FF9E9E9E"))
BOLD, RED, FAINT = Font(bold=True), Font(bold=True, color="FFC00000"), Font(italic=True, color="FF808080")
# by the type of the field: format in words, number format, example
TYPES = {
	"Date": ("日期,如 2012-01-25 或 2012年1月25日", "yyyy-mm-dd", "2012-01-25"),
	"Int": ("整数", "0", 3),
	"Float": ("数字", "General", 80),
	"Currency": ("金额(元)", "0.00", 20000),
	"Percent": ("百分数", "0%", 0.5),
	"Check": ("是 或 否", "@", "是"),
}
TEXT = ("文本", "@", "")


def is_example(cells: Cells) -> bool:
	"""The template's example row, if it was left in."""
	last: Any = cells[-1] if cells else None
	return isinstance(last, str) and key(last) == key(EXAMPLE)


def make(layout: Layout, school_class: str | None = None, **options: str | None) -> bytes:
	"""`options` as those of the import: a column for each subject of the exam, each question of the survey template.

	With a class, a row for each of its students whom the user sees.
	"""
	spread = layout.spread(SimpleNamespace(options=options)) if layout.spread else ()
	reader = RowReader(layout, Masters(), spread)
	columns = [bound for bound in reader.columns.values() if bound.column.offered]
	book = openpyxl.Workbook()
	page, options, guide = book.active, book.create_sheet("选项"), book.create_sheet("填写说明")
	page.title = _(layout.name, CHINESE, "Workbook Import")
	options.sheet_state = "hidden"
	for place, bound in enumerate(columns, start=1):
		_write_column(page, options, place, bound, layout)
	_write_example_note(page, len(columns) + 1)
	for line, student in enumerate(_students_of(school_class) if school_class else (), start=3):
		_write_student(page, line, columns, student)
	page.freeze_panes = "A2"
	page.row_dimensions[1].height = 24
	_write_guide(guide, columns, layout)
	stream = io.BytesIO()
	book.save(stream)
	return stream.getvalue()


def _write_column(page: Any, options: Any, place: int, bound: Bound, layout: Layout) -> None:
	letter, (_words, number_format, _example) = get_column_letter(place), _kind(bound, layout)
	head = page.cell(1, place, bound.heading + ("*" if bound.required else ""))
	head.font, head.fill = (RED, NEEDED) if bound.required else (BOLD, HEAD)
	head.border, head.alignment = LINE, Alignment(horizontal="center", vertical="center")
	page.column_dimensions[letter].width = max(10, 2.4 * len(bound.heading) + 4)
	page.column_dimensions[letter].number_format = number_format
	example = page.cell(2, place, _example_of(bound, layout))
	example.font, example.fill, example.number_format = FAINT, GREY, number_format
	words = choices(bound, layout)
	if words and not bound.column.several:
		_write_choices(page, options, place, words)


def _write_choices(page: Any, options: Any, place: int, words: list[str]) -> None:
	letter = get_column_letter(place)
	for line, word in enumerate(words, start=1):
		options.cell(line, place, word)
	source = f"{quote_sheetname(options.title)}!${letter}$1:${letter}${len(words)}"
	rule = DataValidation(type="list", formula1=source, allow_blank=True, showErrorMessage=False)
	rule.add(f"{letter}2:{letter}{ROWS}")
	page.add_data_validation(rule)


def _write_example_note(page: Any, place: int) -> None:
	note = page.cell(2, place, EXAMPLE)
	note.font, note.fill = FAINT, GREY
	page.column_dimensions[get_column_letter(place)].width = 20


def _students_of(school_class: str) -> list[dict]:
	"""By the paths that hold a student: of surveys, and of rosters."""
	in_support = {"school_class": school_class, "status": "In Support"}
	fields = ["student_no", "student_no as numbers", "student_name", "student_name as names"]
	return frappe.get_list("Student File", in_support, fields, order_by="student_name", limit_page_length=0)


def _write_student(page: Any, line: int, columns: list[Bound], student: dict) -> None:
	for place, bound in enumerate(columns, start=1):
		if bound.column.path in student:
			page.cell(line, place, student[bound.column.path])


def _write_guide(guide: Any, columns: list[Bound], layout: Layout) -> None:
	guide.append(["列", "必填", "格式", "可填内容", "也认得的列名"])
	for bound in columns:
		words = choices(bound, layout)
		told = "、".join(words[:40]) + (" …" if len(words) > 40 else "")
		several = "可填多项,用、隔开;" if bound.column.several else ""
		made = ";没有的会自动新建" if bound.column.make else ""
		guide.append(
			[
				bound.heading,
				"是" if bound.required else "",
				_kind(bound, layout)[0],
				several + told + made + bound.column.hint,
				"、".join(bound.column.headings[1:]),
			]
		)
	for letter, width in zip("ABCDE", (18, 8, 30, 70, 40), strict=True):
		guide.column_dimensions[letter].width = width
	for row in guide.iter_rows():
		for cell in row:
			cell.alignment = Alignment(wrap_text=True, vertical="top")
	for cell in guide[1]:
		cell.font, cell.fill = BOLD, HEAD
	guide.freeze_panes = "A2"


# ---------------------------------------------------------------- what a column takes


def _kind(bound: Bound, layout: Layout) -> tuple[str, str, Any]:
	docfield, owner = field_of(layout.doctype, bound.column.path)
	if not docfield:
		return TEXT
	if docfield.fieldname in sealed_numbers.declared(owner):
		return ("文本(先把单元格设为文本,再填号码)", "@", "")
	return TYPES.get(docfield.fieldtype, TEXT)


def choices(bound: Bound, layout: Layout) -> list[str]:
	"""The words of a drop-down, in Chinese: options of a Select, yes and no, records of a master."""
	if bound.column.choices:
		return list(bound.column.choices)
	docfield, owner = field_of(layout.doctype, bound.column.path)
	if not docfield or bound.column.parse:
		return []
	if docfield.fieldtype == "Select":
		return [chinese_option(option, owner) for option in (docfield.options or "").split("\n") if option]
	if docfield.fieldtype == "Check":
		return ["是", "否"]
	if docfield.fieldtype == "Link" and docfield.options != "Student File":
		names = frappe.get_list(docfield.options, pluck="name", limit_page_length=CHOICES, order_by="name")
		return [_(name, CHINESE) for name in names]
	return []


def chinese_option(option: str, doctype: str) -> str:
	in_context = _(option, CHINESE, doctype)
	return in_context if in_context != option else _(option, CHINESE)


def _example_of(bound: Bound, layout: Layout) -> Any:
	if bound.column.example is not None:
		return bound.column.example
	words = choices(bound, layout)
	return words[0] if words else _kind(bound, layout)[2]
