import io
import json
import random
import zipfile
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from unittest.mock import patch

import frappe
import openpyxl
from frappe import _
from frappe.utils import CallbackManager, add_days, getdate
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula

from bangfu_app.attainment import as_percent
from bangfu_app.bangfu_app.doctype.supporter.supporter import Supporter
from bangfu_app.bangfu_app.doctype.workbook_import import workbook_import
from bangfu_app.commands import _import_as
from bangfu_app.excel import importer, reading, sheet_xml, values
from bangfu_app.excel.importer import ImportResult, import_workbook
from bangfu_app.excel.layouts import LAYOUTS
from bangfu_app.excel.masters import Masters
from bangfu_app.excel.reading import WorkbookError
from bangfu_app.excel.rows import RowReader
from bangfu_app.privacy import sealed_numbers
from bangfu_app.tests import BangfuTestCase
from bangfu_app.tests.factories import (
	id_number,
	make_need_category,
	make_programme,
	make_school,
	make_student,
	make_user,
)

COMMUNITY = Path(frappe.get_app_path("bangfu_app", "demo", "community_2025"))
EXPECTED = json.loads((COMMUNITY / "expected.json").read_text(encoding="utf-8"))
SCHOOLS = ("阳光社区第一小学", "阳光社区实验初级中学", "阳光高级中学")
SCHOOL = SCHOOLS[0]
few = settings(max_examples=15, deadline=None, database=None)

STUDENT = {
	"姓名": "测试生",
	"性别": "女",
	"出生日期": "2014-05-13",
	"学籍号": "T001",
	"学校": SCHOOL,
	"年级": "四年级",
	"班级": "9班",
	"困难类型": "留守儿童",
	"家庭年收入(元)": 20000,
	"监护人": "测试家长",
	"监护人电话": "13800000001",
	"来源": "教师推荐",
}
SUPPORTER = {"姓名": "测试帮扶人", "类别": "退休教师", "可帮扶人数": 3, "电话": "13800000002"}
DONATION = {
	"日期": "2025-03-01",
	"捐赠人": "测试企业",
	"捐赠人类型": "企业",
	"物资": "测试书包",
	"单位": "个",
	"数量": 5,
	"单价(元)": 20,
}
SESSION = {
	"日期": "2025-03-01",
	"类型": "活动",
	"主题": "测试活动",
	"时长(分钟)": 60,
	"地点": "测试地点",
	"参加人数": 7,
}
INDICATOR = {
	"指标": "测试指标",
	"维度": "学业",
	"单位": "%",
	"方向": "越高越好",
	"基线": 0,
	"目标": 0.5,
	"年末": None,
}


def book_of(*rows: dict, title: str = "登记表", sheet: str = "表") -> bytes:
	"""A workbook with a title row; the headings are those of the first row, in its order."""
	book = openpyxl.Workbook()
	page = book.active
	page.title = sheet
	headings = list(rows[0])
	page.append([title])
	page.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(headings))
	page.append(headings)
	for row in rows:
		page.append([row.get(heading) for heading in headings])
	return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
	stream = io.BytesIO()
	book.save(stream)
	return stream.getvalue()


def counts(result: ImportResult) -> tuple[int, int, int]:
	return result.created, result.updated, result.unchanged


class ExcelTestCase(BangfuTestCase):
	def setUp(self):
		super().setUp()
		self.speak("en")
		for school in SCHOOLS:
			make_school(school)
		for english in ("Left-behind Child", "Single-parent Family"):
			if not Masters().find("Need Category", english):
				make_need_category(english)

	def speak(self, language: str) -> None:
		before = frappe.local.lang
		frappe.local.lang = language
		self.addCleanup(lambda: setattr(frappe.local, "lang", before))

	def assertFaults(self, result: ImportResult, faults: dict[int, list[str]]) -> None:
		self.assertEqual(result.by_row(), faults)
		self.assertFalse(result.is_written)


class TestCommunityWorkbooks(ExcelTestCase):
	"""The workbooks as the office hands them over."""

	def load(self, file: str, layout: str, **options) -> ImportResult:
		result = import_workbook(COMMUNITY / file, layout, **options).throw_if_faulty()
		again = import_workbook(COMMUNITY / file, layout, **options)
		self.assertEqual(counts(again), (0, 0, result.created))
		return result

	def test_students(self):
		before = frappe.db.count("Student File")
		result = self.load("students.xlsx", "Students")
		self.assertEqual(result.created, EXPECTED["students"])
		self.assertEqual(frappe.db.count("Student File") - before, EXPECTED["students"])
		files = frappe.get_all("Student File", {"school": ["in", SCHOOLS]}, ["name", "stage"])
		stages = {"Compulsory Education": "义务教育", "Senior Secondary": "高中"}
		for stage, chinese in stages.items():
			self.assertEqual(sum(row.stage == stage for row in files), EXPECTED["stage"][chinese])
		disabled = {"student": ["in", [row.name for row in files]], "disability": ["is", "set"]}
		self.assertEqual(frappe.db.count("Student Circumstances", disabled), EXPECTED["disabled"])

	def test_a_student_arrives_with_class_needs_and_sealed_number(self):
		self.load("students.xlsx", "Students")
		file = frappe.get_doc("Student File", {"student_no": "G2025000130"})
		self.assertEqual((file.student_name, file.gender, file.grade), ("黄艳", "Female", "Grade 8"))
		self.assertEqual(getdate(file.birth_date), date(2012, 1, 25))
		self.assertEqual(file.id_number, "999***********5427")
		self.assertEqual(frappe.db.get_value("School Class", file.school_class, "class_name"), "3班")
		self.assertEqual(len(file.needs), 3)
		self.assertEqual((file.guardian_relation, file.source), ("Grandfather", "Grid Worker"))

	def test_circumstances_are_a_dated_record_beside_the_file(self):
		self.load("students.xlsx", "Students")
		student = frappe.db.get_value("Student File", {"student_no": "G2025000130"})
		first = frappe.get_doc("Student Circumstances", {"student": student})
		self.assertEqual(
			(first.annual_income, first.poverty_registered, first.minimum_living, first.disability),
			(10000, 1, 0, "Physical"),
		)
		sheet = openpyxl.load_workbook(COMMUNITY / "students.xlsx")
		row = next(row for row in sheet.active.iter_rows(min_row=3) if row[4].value == "G2025000130")
		row[11].value = 26000
		self.assertEqual(counts(import_workbook(saved(sheet), "Students")), (0, 1, EXPECTED["students"] - 1))
		records = frappe.get_all(
			"Student Circumstances", {"student": student}, ["annual_income", "disability"]
		)
		self.assertEqual(len(records), 2)
		self.assertEqual(
			sorted((row.annual_income, row.disability) for row in records),
			[(10000, "Physical"), (26000, "Physical")],
		)

	def test_supporters(self):
		self.assertEqual(self.load("supporters.xlsx", "Supporters").created, EXPECTED["supporters"])
		teacher = frappe.get_doc("Supporter", {"supporter_name": "刘若曦"})
		self.assertEqual(
			(teacher.supporter_kind, teacher.temperament), ("School Teacher", "Rigorous and Careful")
		)
		self.assertEqual(
			[row.subject for row in teacher.subjects], [Masters().find("School Subject", "数学")]
		)
		self.assertEqual(getdate(teacher.agreement_to), date(2025, 6, 30))

	def test_donations_are_submitted_and_keep_their_worth(self):
		self.load("donations.xlsx", "Donations")
		for item, expected in EXPECTED["donations"].items():
			lines = frappe.get_all("Aid Donation Item", {"item": item, "docstatus": 1}, ["qty", "amount"])
			self.assertEqual(sum(line.qty for line in lines), expected["qty"])
			self.assertEqual(
				sum(Decimal(str(line.amount)) for line in lines), Decimal(str(expected["value"]))
			)
		self.assertEqual(frappe.db.get_value("Partner", "希望公益基金会", "partner_type"), "Foundation")
		self.assertEqual(frappe.db.get_value("Aid Item", "电动轮椅", "uom"), "台")

	def test_sessions(self):
		before = {row.name for row in frappe.get_all("Support Session")}
		self.load("sessions.xlsx", "Sessions")
		kinds = {
			"Individual Counselling": "个别心理咨询",
			"Group Counselling": "团体心理辅导",
			"Activity": "活动",
			"Parent School": "家长学堂",
			"Interest Course": "兴趣课程",
		}
		for kind, chinese in kinds.items():
			sessions = frappe.get_all(
				"Support Session",
				{"session_kind": kind, "status": "Held", "name": ["not in", before or [""]]},
				["attended"],
			)
			found = {"times": len(sessions), "attendances": sum(row.attended for row in sessions)}
			self.assertEqual(found, EXPECTED["sessions"][chinese])

	def test_indicators_give_targets_and_a_submitted_evaluation(self):
		programme = make_programme().name
		self.load("indicators.xlsx", "Indicators", programme=programme, evaluated_on="2025-12-31")
		evaluation = frappe.get_doc("Support Evaluation", {"programme": programme})
		self.assertEqual((evaluation.docstatus, evaluation.purpose), (1, "Annual"))
		for row, expected in zip(evaluation.indicator_results, EXPECTED["indicators"], strict=True):
			self.assertEqual(row.indicator, expected["indicator"])
			for name in ("attainment", "gap_closed"):
				figure = expected[name]
				self.assertEqual(row.get(name), as_percent(None if figure is None else Decimal(str(figure))))
			self.assertEqual(row.met, {True: "Met", False: "Not Met", None: ""}[expected["met"]])
		targets = {row.indicator: row for row in frappe.get_doc("Support Programme", programme).targets}
		self.assertEqual(targets["学业成绩平均提升"].has_baseline, 0)
		self.assertEqual(targets["家长教育能力提升率"].has_target, 0)

	def test_a_dirty_workbook_gives_exactly_its_faults(self):
		self.speak("zh")
		before = frappe.db.count("Student File")
		result = import_workbook(COMMUNITY / "students_dirty.xlsx", "Students")
		self.assertFaults(result, {int(row): said for row, said in EXPECTED["dirty"]["faults"].items()})
		self.assertEqual(result.rows_read, EXPECTED["dirty"]["rows"])
		self.assertEqual(frappe.db.count("Student File"), before)

	def test_the_good_rows_of_a_dirty_workbook(self):
		result = import_workbook(COMMUNITY / "students_dirty.xlsx", "Students", good_rows_only=True)
		faulty = len(EXPECTED["dirty"]["faults"])
		self.assertEqual((result.created, result.rows_faulty), (EXPECTED["dirty"]["rows"] - faulty, faulty))
		self.assertTrue(
			frappe.db.exists("Student File", {"student_name": "黄海涛"}), "spaces in the name are left out"
		)
		self.assertTrue(
			sealed_numbers.find("Student File", "guardian_phone", "18256229846"), "full-width digits"
		)


class TestSheets(ExcelTestCase):
	"""What a workbook may look like."""

	@few
	@given(st.randoms(use_true_random=False))
	def test_columns_in_any_order(self, rng: random.Random):
		headings = list(STUDENT)
		rng.shuffle(headings)
		result = import_workbook(
			book_of({name: STUDENT[name] for name in headings}), "Students", check_only=True
		)
		self.assertEqual((result.by_row(), counts(result)), ({}, (1, 0, 0)))

	def test_headings_with_spaces_stars_and_other_words(self):
		row = {
			" 姓 名 ": "张三",
			"类 别*": "专业社工",
			"可帮扶人数(人)": 2,
			"联系电话": "13800000003",
			"座右铭": "勤",
		}
		result = import_workbook(book_of(row), "Supporters").throw_if_faulty()
		self.assertEqual((result.created, result.ignored_headings), (1, ["座右铭"]))

	def test_english_headings_and_options(self):
		label = frappe.get_meta("Supporter").get_label
		row = {
			label("supporter_name"): "Li Si",
			label("supporter_kind"): "Social Worker",
			label("capacity"): 2,
			label("phone"): "13800000004",
		}
		import_workbook(book_of(row), "Supporters").throw_if_faulty()
		self.assertEqual(
			frappe.db.get_value("Supporter", {"supporter_name": "Li Si"}, "supporter_kind"), "Social Worker"
		)

	def test_csv_as_chinese_programs_save_it(self):
		text = "帮扶人员登记表\n姓名,类别,可帮扶人数,电话\n王五,专业社工,6,13800000005\n"
		for encoding in ("gb18030", "utf-8-sig"):
			result = import_workbook(text.encode(encoding), "Supporters", check_only=True)
			self.assertEqual((result.by_row(), result.created), ({}, 1))

	def test_a_missing_or_double_column_is_said_once(self):
		without = {name: value for name, value in SUPPORTER.items() if name != "类别"}
		result = import_workbook(book_of(without, without), "Supporters")
		self.assertFaults(result, {2: ["类别:this column is missing"]})
		result = import_workbook(book_of(SUPPORTER | {"手机号": "13800000002"}), "Supporters")
		self.assertFaults(result, {2: ["手机号:this column appears twice"]})

	def test_files_that_cannot_be_taken(self):
		book = openpyxl.load_workbook(io.BytesIO(book_of(SUPPORTER)))
		book.copy_worksheet(book.active)
		with_macros = io.BytesIO(book_of(SUPPORTER))
		with zipfile.ZipFile(with_macros, "a") as parts:
			parts.writestr("xl/vbaProject.bin", b"macro")
		other_zip = io.BytesIO()
		with zipfile.ZipFile(other_zip, "w") as parts:
			parts.writestr("letter.txt", "dear")
		for content in (
			b"",
			b"PK damaged",
			b"\xd0\xcf\x11\xe0 old",
			b"\x00\x01\x02",
			b"\xff\xff\xff",
			saved(book),
			with_macros.getvalue(),
			other_zip.getvalue(),
			book_of({"甲": 1, "乙": 2}),
			book_of(SUPPORTER)[:-200],
		):
			with self.subTest(content[:12]), self.assertRaises(WorkbookError):
				import_workbook(content, "Supporters")

	def test_limits(self):
		content = book_of(SUPPORTER, SUPPORTER, SUPPORTER)
		for module, limit in ((importer, {"MAX_DOCUMENT_ROWS": 2}), (reading, {"MAX_UNPACKED": 1000})):
			with patch.multiple(module, **limit), self.assertRaises(WorkbookError):
				import_workbook(content, "Supporters")

	def test_a_formula_is_refused_in_its_cell(self):
		result = import_workbook(book_of(SUPPORTER | {"可帮扶人数": "=1+1"}), "Supporters")
		self.assertFaults(result, {3: ["可帮扶人数:a formula; paste it as a value"]})

	def test_a_formula_of_another_kind_is_refused_in_its_cell(self):
		for formula in (ArrayFormula("C3", "=1+1"), DataTableFormula("C3:C3", r1="A1")):
			book = openpyxl.load_workbook(io.BytesIO(book_of(SUPPORTER)))
			book.active["C3"] = formula
			result = import_workbook(saved(book), "Supporters")
			self.assertFaults(result, {3: ["可帮扶人数:a formula; paste it as a value"]})

	def test_a_cell_far_to_the_right_takes_no_room(self):
		book = openpyxl.load_workbook(io.BytesIO(book_of(SUPPORTER, SUPPORTER)))
		for row in (3, 4):
			book.active.cell(row, 16384, "x")
		(sheet,) = reading.read_sheets(saved(book), RowReader(LAYOUTS["Supporters"], Masters()).score)
		self.assertEqual([len(cells) for _number, cells in sheet.rows()], [4, 4])
		self.assertEqual(len(sheet.headings), 4)

	def test_rows_are_those_that_openpyxl_gives(self):
		"""Of every kind of cell, in strings of the sheet's own and shared ones, with rows and cells missing."""
		cells = [
			"字",
			1,
			2.5,
			True,
			date(2012, 1, 20),
			datetime(2012, 1, 20, 8, 30),
			timedelta(hours=30),
			" x\n&<",
		]
		book = openpyxl.Workbook()
		for row in (1, 2, 5):
			for place, value in enumerate(cells, start=1):
				book.active.cell(row, place * row, value)
		shared = saved(book)
		book = openpyxl.Workbook(write_only=True)
		page = book.create_sheet()
		for row in (cells, [], [None, *cells, None]):
			page.append(row)
		for content in (shared, saved(book)):
			(part,) = sheet_xml.visible_sheets(content)
			own = list(sheet_xml.rows_of(part, 30))
			sheet = openpyxl.load_workbook(io.BytesIO(content), read_only=True).worksheets[0]
			sheet.reset_dimensions()
			theirs = [reading._trimmed(row) for row in sheet.iter_rows(max_col=30, values_only=True)]
			self.assertEqual(own, theirs)
			self.assertEqual([list(map(type, row)) for row in own], [list(map(type, row)) for row in theirs])

	def test_a_row_number_that_no_spreadsheet_has_is_refused(self):
		source = io.BytesIO(book_of(SUPPORTER, SUPPORTER))
		with_far_row = io.BytesIO()
		with zipfile.ZipFile(source) as parts, zipfile.ZipFile(with_far_row, "w") as copy:
			for part in parts.namelist():
				copy.writestr(part, parts.read(part).replace(b'<row r="4"', b'<row r="400000000000"'))
		with patch.object(reading, "LAST_ROW", 1000), self.assertRaises(WorkbookError):
			import_workbook(with_far_row.getvalue(), "Supporters")

	def test_the_rest_calculates_nothing(self):
		danger = '=HYPERLINK("http://example.com","x")'
		for value in (danger, ArrayFormula("D4", danger)):
			bad = SUPPORTER | {"类别": "神仙", danger: value}
			book = openpyxl.load_workbook(io.BytesIO(book_of(bad)))
			result = import_workbook(saved(book), "Supporters", good_rows_only=True)
			page = openpyxl.load_workbook(io.BytesIO(result.rest)).active
			self.assertEqual([page["E1"].data_type, page["E2"].data_type], ["s", "s"])
			self.assertEqual((page["E1"].value, page["E2"].value), (danger, danger))

	def test_control_characters_do_not_stop_the_rest(self):
		text = "姓名,类别,可帮扶人数,备注\n王五,专业社工,6,好\n赵六,神\x0b仙,6,a\x07b\n"
		result = import_workbook(text.encode(), "Supporters", good_rows_only=True)
		self.assertEqual((result.created, result.rows_faulty), (1, 1))
		page = openpyxl.load_workbook(io.BytesIO(result.rest)).active
		self.assertEqual((page["B2"].value, page["D2"].value), ("神仙", "ab"))


class TestCells(ExcelTestCase):
	@few
	@given(st.dates(date(1950, 1, 1), date(2099, 12, 31)))
	def test_any_form_of_a_date(self, day: date):
		forms = (
			datetime(day.year, day.month, day.day),
			day,
			f"{day:%Y/%m/%d}",
			f"{day.year}年{day.month}月{day.day}日",
			f" {day.year}.{day.month}.{day.day} ",
			f"'{day.isoformat()}",
			int(f"{day:%Y%m%d}"),
			(day - date(1899, 12, 30)).days,
		)
		for form in forms:
			self.assertEqual(values.calendar_date(form), day, repr(form))

	@few
	@given(st.integers(13000000000, 19999999999), st.sampled_from(["plain", "dash", "wide", "+86", "number"]))
	def test_any_form_of_a_phone(self, number: int, form: str):
		plain = str(number)
		typed = {
			"plain": f" {plain} ",
			"dash": f"{plain[:3]}-{plain[3:7]}-{plain[7:]}",
			"wide": "".join(chr(ord(digit) + 0xFEE0) for digit in plain),
			"+86": f"+86 {plain}",
			"number": float(number),
		}[form]
		self.assertEqual(values.phone(typed), plain)

	@few
	@given(st.one_of(st.text(), st.floats(), st.integers(), st.booleans(), st.none(), st.datetimes()))
	def test_a_cell_gives_a_value_or_a_fault_and_nothing_else(self, cell):
		for parse in (
			values.calendar_date,
			values.number,
			values.whole_number,
			values.yes_no,
			values.phone,
			values.identity_number,
		):
			try:
				parse(cell)
			except values.CellFault as fault:
				self.assertTrue(str(fault))

	def test_numbers_as_people_type_them(self):
		for typed, figure in (
			("12,000", 12000),
			("¥3.50", "3.5"),
			("35%", "0.35"),
			("44000元", 44000),
			("12", 12),
		):
			self.assertEqual(values.number(typed), Decimal(figure))
		for typed in ("一万二", "1.2.3", "", "nan", True):
			self.assertRaises(values.CellFault, values.number, typed)

	def test_numbers_that_no_field_can_hold(self):
		for typed in ("1e400", "-1e400", "1e999999", 1e300, 100_000_000_000, "100000000000"):
			with self.assertRaisesRegex(values.CellFault, "the number is too large"):
				values.number(typed)
		self.assertEqual(values.number("99,999,999,999"), 99_999_999_999)
		for typed in (2**31, -(2**31), "2147483648", "1e999999"):
			with self.assertRaisesRegex(values.CellFault, "the number is too large"):
				values.whole_number(typed)
		self.assertEqual(values.whole_number(2**31 - 1), 2**31 - 1)

	def test_identity_number_typed_as_a_number_has_lost_digits(self):
		self.assertRaises(values.CellFault, values.identity_number, 9.99001201302219e17)

	def test_a_category_is_found_in_the_other_language(self):
		english, chinese = "Single-parent Family", "单亲家庭"
		stored = Masters().find("Need Category", english)
		frappe.db.delete("Need Category", {"name": stored})
		for name, word in ((english, chinese), (chinese, english)):
			doc = make_need_category(name)
			self.assertEqual(Masters().find("Need Category", word), name)
			doc.delete()


class TestRecords(ExcelTestCase):
	"""What becomes of the rows."""

	def test_one_faulty_row_writes_nothing(self):
		bad = SUPPORTER | {"姓名": "另一人", "类别": "神仙"}
		before = frappe.db.count("Supporter")
		self.assertFaults(
			import_workbook(book_of(SUPPORTER, bad), "Supporters"), {4: ["类别:not one of the options"]}
		)
		self.assertEqual(frappe.db.count("Supporter"), before)

	def test_masters_made_for_a_refused_workbook_are_gone(self):
		bad = DONATION | {"日期": "2025-03-02", "数量": 0}
		import_workbook(book_of(DONATION, bad), "Donations")
		self.assertFalse(frappe.db.exists("Partner", "测试企业"))
		self.assertFalse(frappe.db.exists("Aid Item", "测试书包"))

	def test_the_rest_comes_back_marked_and_imports_once_corrected(self):
		bad = SUPPORTER | {"姓名": "另一人", "类别": "神仙", "电话": "13800000009"}
		result = import_workbook(book_of(SUPPORTER, bad), "Supporters", good_rows_only=True)
		self.assertEqual((result.created, result.is_written), (1, True))
		rest = openpyxl.load_workbook(io.BytesIO(result.rest))
		self.assertEqual([cell.value for cell in rest.active[1]], list(SUPPORTER))
		self.assertEqual(rest.active.max_row, 2)
		cell = rest.active.cell(2, 2)
		self.assertEqual((cell.value, cell.comment.text), ("神仙", "not one of the options"))
		self.assertEqual(cell.fill.fgColor.rgb, "FFFFC7CE")
		cell.value = "专业社工"
		again = import_workbook(saved(rest), "Supporters")
		self.assertEqual((again.by_row(), counts(again)), ({}, (1, 0, 0)))

	def test_a_check_writes_nothing_and_tells_what_would_be(self):
		before = frappe.db.count("Supporter")
		result = import_workbook(book_of(SUPPORTER), "Supporters", check_only=True)
		self.assertEqual((counts(result), result.is_written), ((1, 0, 0), False))
		self.assertEqual(frappe.db.count("Supporter"), before)

	def test_a_check_lets_nothing_out(self):
		"""What a record wants done after the commit happens for what is kept alone."""
		told = []

		def tell(supporter):
			frappe.db.after_commit.add(lambda: told.append(supporter.supporter_name))

		with (
			patch.object(Supporter, "on_update", tell, create=True),
			patch.object(frappe.db, "after_commit", CallbackManager()),
		):
			import_workbook(book_of(SUPPORTER), "Supporters", check_only=True)
			frappe.db.after_commit.run()
			self.assertEqual(told, [])
			import_workbook(book_of(SUPPORTER), "Supporters")
			frappe.db.after_commit.run()
			self.assertEqual(told, ["测试帮扶人"])

	def test_only_real_differences_change_a_record(self):
		other = STUDENT | {"姓名": "另一生", "学籍号": "T002", "监护人电话": "13800000007"}
		import_workbook(book_of(STUDENT, other), "Students").throw_if_faulty()
		result = import_workbook(book_of(STUDENT | {"困难类型": "单亲家庭、留守儿童"}, other), "Students")
		self.assertEqual(counts(result), (0, 1, 1))
		file = frappe.get_doc("Student File", {"student_no": "T001"})
		self.assertEqual(len(file.needs), 2)

	def test_a_blank_cell_leaves_what_the_record_says(self):
		import_workbook(book_of(STUDENT), "Students").throw_if_faulty()
		result = import_workbook(book_of(STUDENT | {"家庭年收入(元)": None, "监护人": None}), "Students")
		self.assertEqual(counts(result), (0, 0, 1))
		self.assertEqual(
			frappe.db.get_value("Student File", {"student_no": "T001"}, "guardian_name"), "测试家长"
		)

	def test_a_student_is_known_by_number_identity_or_name_and_phone(self):
		number = id_number("2014-05-13", "Female")
		import_workbook(book_of(STUDENT | {"身份证号": number}), "Students").throw_if_faulty()
		for row in (
			STUDENT | {"身份证号": number, "学籍号": None},
			STUDENT | {"身份证号": None},
			STUDENT | {"身份证号": None, "学籍号": None},
		):
			result = import_workbook(book_of(row), "Students")
			self.assertEqual((result.by_row(), counts(result)), ({}, (0, 0, 1)))
		twin = STUDENT | {"身份证号": id_number("2014-05-13", "Female"), "学籍号": "T003"}
		self.assertEqual(counts(import_workbook(book_of(twin), "Students")), (1, 0, 0))

	def test_another_child_s_student_number_changes_no_file(self):
		own, others = (id_number("2014-05-13", "Female") for _child in range(2))
		stored = STUDENT | {"身份证号": others}
		import_workbook(book_of(stored), "Students").throw_if_faulty()
		mistyped = STUDENT | {"姓名": "另一生", "身份证号": own, "监护人电话": "13800000007"}
		fault = {3: ["学籍号:already belongs to another record"]}
		self.assertFaults(import_workbook(book_of(mistyped), "Students"), fault)
		self.assertEqual(
			frappe.db.get_value("Student File", {"student_no": "T001"}, "student_name"), "测试生"
		)
		import_workbook(book_of(mistyped | {"学籍号": "T002"}), "Students").throw_if_faulty()
		self.assertFaults(import_workbook(book_of(mistyped), "Students"), fault)
		twice = import_workbook(book_of(stored | {"学籍号": "T9"}, mistyped | {"学籍号": "T9"}), "Students")
		self.assertFaults(twice, {4: ["学籍号:the same as row 3"]})

	def test_new_circumstances_do_not_end_with_the_old_ones(self):
		import_workbook(book_of(STUDENT), "Students").throw_if_faulty()
		student = frappe.db.get_value("Student File", {"student_no": "T001"})
		first = frappe.get_doc("Student Circumstances", {"student": student})
		first.valid_until = add_days(getdate(), 30)
		first.save()
		import_workbook(book_of(STUDENT | {"家庭年收入(元)": 30000}), "Students").throw_if_faulty()
		said = {"student": student, "name": ["!=", first.name]}
		second = frappe.get_doc("Student Circumstances", said)
		self.assertEqual((second.annual_income, second.valid_until), (30000, None))

	def test_what_the_database_cannot_hold_is_a_fault_of_the_row(self):
		def refuse(supporter):
			if supporter.supporter_name == "另一人":
				raise frappe.db.DataError(1264, "Out of range value for column 'capacity'")

		other = SUPPORTER | {"姓名": "另一人"}
		with patch.object(Supporter, "before_insert", refuse, create=True):
			result = import_workbook(book_of(SUPPORTER, other), "Supporters")
		self.assertFaults(result, {4: ["a value is too long or too large for its field"]})

	def test_what_the_record_itself_refuses_is_a_fault_of_the_row(self):
		tomorrow = add_days(getdate(), 1)
		result = import_workbook(book_of(SESSION, SESSION | {"日期": tomorrow}), "Sessions")
		self.assertFaults(result, {4: ["A session of a day to come cannot have been held: choose Planned."]})
		self.assertFalse(frappe.db.exists("Support Session", {"theme": "测试活动"}))

	def test_equal_sessions_of_a_day_are_several(self):
		content = book_of(SESSION, SESSION)
		self.assertEqual(import_workbook(content, "Sessions").created, 2)
		self.assertEqual(counts(import_workbook(content, "Sessions")), (0, 0, 2))
		self.assertEqual(counts(import_workbook(book_of(SESSION, SESSION, SESSION), "Sessions")), (1, 0, 2))

	def test_a_session_with_a_roster_keeps_its_count(self):
		import_workbook(book_of(SESSION), "Sessions").throw_if_faulty()
		session = frappe.get_doc("Support Session", {"theme": "测试活动"})
		session.append("attendance", {"student": make_student().name})
		session.save()
		self.assertEqual(counts(import_workbook(book_of(SESSION), "Sessions")), (0, 0, 1))

	def test_rows_of_one_day_and_donor_are_one_donation(self):
		second = DONATION | {"物资": "测试文具", "单位": "套", "数量": 2}
		content = book_of(DONATION, second)
		self.assertEqual(counts(import_workbook(content, "Donations")), (1, 0, 0))
		donation = frappe.get_doc("Aid Donation", {"donor": "测试企业"})
		self.assertEqual([row.item for row in donation.items], ["测试书包", "测试文具"])
		self.assertEqual(counts(import_workbook(content, "Donations")), (0, 0, 1))

	def test_a_submitted_donation_is_not_changed_by_a_workbook(self):
		import_workbook(book_of(DONATION), "Donations").throw_if_faulty()
		result = import_workbook(book_of(DONATION | {"数量": 6}), "Donations")
		self.assertEqual((result.rows_faulty, result.is_written), (1, False))

	def test_the_rest_holds_all_rows_of_a_record_that_was_left_out(self):
		second = DONATION | {"物资": "测试文具", "数量": "许多"}
		third = DONATION | {"捐赠人": "另一企业"}
		result = import_workbook(book_of(DONATION, second, third), "Donations", good_rows_only=True)
		self.assertEqual((result.created, result.rows_faulty), (1, 1))
		self.assertEqual(openpyxl.load_workbook(io.BytesIO(result.rest)).active.max_row, 3)

	def test_a_new_donor_needs_a_type_and_a_known_one_does_not(self):
		untyped = DONATION | {"捐赠人类型": None}
		self.assertFaults(import_workbook(book_of(untyped), "Donations"), {3: ["捐赠人类型:required"]})
		import_workbook(book_of(DONATION), "Donations").throw_if_faulty()
		self.assertEqual(import_workbook(book_of(untyped | {"日期": "2025-04-01"}), "Donations").created, 1)

	def test_blank_and_zero_of_an_indicator(self):
		options = {"programme": make_programme().name, "evaluated_on": "2025-12-31"}
		import_workbook(book_of(INDICATOR), "Indicators", **options).throw_if_faulty()
		row = frappe.get_doc("Support Evaluation", {"programme": options["programme"]}).indicator_results[0]
		self.assertEqual((row.has_baseline, row.baseline, row.has_actual), (1, 0, 0))

	def test_an_evaluation_waits_for_the_lines_left_out(self):
		options = {"programme": make_programme().name, "evaluated_on": "2025-12-31"}
		bad = INDICATOR | {"指标": "另一指标", "年末": "很好"}
		import_workbook(book_of(INDICATOR, bad), "Indicators", good_rows_only=True, **options)
		evaluation = frappe.get_doc("Support Evaluation", {"programme": options["programme"]})
		self.assertEqual(evaluation.docstatus, 0)
		import_workbook(book_of(bad | {"年末": 0.6}), "Indicators", **options).throw_if_faulty()
		evaluation.reload()
		self.assertEqual((evaluation.docstatus, len(evaluation.indicator_results)), (1, 2))

	def test_another_result_for_a_submitted_evaluation_is_refused(self):
		options = {"programme": make_programme().name, "evaluated_on": "2025-12-31"}
		import_workbook(book_of(INDICATOR | {"年末": 0.4}), "Indicators", **options).throw_if_faulty()
		result = import_workbook(book_of(INDICATOR | {"年末": 0.6}), "Indicators", **options)
		self.assertEqual((list(result.by_row()), result.is_written), ([3], False))

	def test_indicators_ask_for_their_programme(self):
		self.assertRaises(WorkbookError, import_workbook, book_of(INDICATOR), "Indicators")


class TestRights(ExcelTestCase):
	def test_who_may_not_create_is_refused(self):
		frappe.set_user(make_user("Supporter"))
		self.assertRaises(frappe.PermissionError, import_workbook, book_of(STUDENT), "Students")

	def test_each_row_is_bound_by_the_rights_of_its_user(self):
		user = make_user("Bangfu Coordinator", school=SCHOOL)
		other = STUDENT | {"学籍号": "T002", "姓名": "另一生", "学校": SCHOOLS[1], "年级": "七年级"}
		frappe.set_user(user)
		result = import_workbook(book_of(STUDENT, other), "Students")
		self.assertEqual((list(result.by_row()), result.is_written), ([4], False))

	def test_a_stranger_s_record_is_not_changed(self):
		import_workbook(book_of(STUDENT | {"学校": SCHOOLS[1]}), "Students").throw_if_faulty()
		frappe.set_user(make_user("Bangfu Coordinator", school=SCHOOL))
		result = import_workbook(book_of(STUDENT | {"监护人": "他人"}), "Students")
		self.assertFaults(result, {3: ["you are not allowed to create or change this record"]})

	def test_who_may_not_make_a_master_hears_that_it_is_missing(self):
		frappe.set_user(make_user("Supporter"))
		result = import_workbook(book_of(SESSION), "Sessions")
		self.assertFaults(result, {3: ["地点:not in the system"]})

	def test_a_finance_officer_imports_donations(self):
		frappe.set_user(make_user("Bangfu Finance"))
		self.assertEqual(import_workbook(book_of(DONATION), "Donations").created, 1)


class TestWorkbookImport(ExcelTestCase):
	"""The form."""

	def attach(self, content: bytes, name: str = "workbook.xlsx", private: int = 1) -> str:
		"""Frappe takes the file from the disk again when the class is rolled back."""
		values = {"doctype": "File", "file_name": name, "is_private": private, "content": content}
		return frappe.get_doc(values).insert().file_url

	@staticmethod
	def discard(path: Path) -> None:
		"""The rollback moves a file that was made private back to where it came from."""
		frappe.db.rollback()
		path.unlink(missing_ok=True)

	def make_import(self, *rows: dict, layout: str = "Supporters", **values):
		return frappe.get_doc(
			{
				"doctype": "Workbook Import",
				"layout": layout,
				"workbook": self.attach(book_of(*rows)),
				**values,
			}
		).insert()

	def test_check_then_import(self):
		frappe.set_user(make_user("Bangfu Coordinator"))
		doc = self.make_import(SUPPORTER)
		doc.check_workbook()
		doc.reload()
		self.assertEqual((doc.status, doc.created), ("Ready", 1))
		self.assertFalse(frappe.db.exists("Supporter", {"supporter_name": "测试帮扶人"}))
		doc.run_import()
		doc.reload()
		self.assertEqual((doc.status, doc.created), ("Imported", 1))
		self.assertTrue(frappe.db.exists("Supporter", {"supporter_name": "测试帮扶人"}))

	def test_the_workbook_is_deleted_once_all_is_imported(self):
		frappe.set_user(make_user("Bangfu Coordinator"))
		doc = self.make_import(SUPPORTER, SUPPORTER | {"姓名": "另一人", "类别": "神仙"})
		doc.run_import()
		doc.reload()
		self.assertEqual(doc.status, "Faulty")
		faulty = doc.get_file()
		doc.workbook = self.attach(book_of(SUPPORTER), "corrected.xlsx")
		doc.save()
		doc.check_workbook()
		path = Path(doc.get_file().get_full_path())
		self.assertTrue(path.exists())
		frappe.set_user(make_user("Bangfu Manager"))
		doc.run_import()
		doc.reload()
		self.assertEqual((doc.status, doc.created, doc.workbook), ("Imported", 1, None))
		self.assertFalse(path.exists())
		attached = {"attached_to_name": doc.name, "name": ["!=", faulty.name]}
		self.assertFalse(frappe.db.exists("File", attached))
		self.assertRaises(frappe.ValidationError, doc.run_import)

	def test_an_import_and_its_files_are_its_owner_s_and_the_manager_s(self):
		frappe.set_user(make_user("Bangfu Coordinator"))
		doc = self.make_import(SUPPORTER, SUPPORTER | {"姓名": "另一人", "类别": "神仙"}, good_rows_only=1)
		doc.run_import()
		doc.reload()
		urls = (doc.workbook, doc.rest_workbook)
		files = [frappe.get_doc("File", {"file_url": url}) for url in urls]
		self.assertTrue(doc.has_permission("write"))
		for role, sees in (
			("Bangfu Coordinator", False),
			("Bangfu Finance", False),
			("Bangfu Manager", True),
		):
			with self.subTest(role):
				frappe.set_user(make_user(role))
				listed = frappe.get_list("Workbook Import", {"name": doc.name})
				self.assertEqual(bool(listed), sees)
				self.assertEqual(doc.has_permission("read"), sees)
				self.assertEqual([file.has_permission("read") for file in files], [sees, sees])
				if not sees:
					self.assertRaises(frappe.PermissionError, doc.run_import)

	def test_only_what_the_user_may_write_can_be_chosen(self):
		frappe.set_user(make_user("Bangfu Finance"))
		self.make_import(DONATION, layout="Donations")
		self.assertRaises(frappe.PermissionError, self.make_import, STUDENT, layout="Students")

	def test_an_unforeseen_error_is_logged_without_the_cells(self):
		doc = self.make_import(SUPPORTER)

		def break_down(*args, **options):
			secret = "T" + "987654321"  # noqa: F841
			raise ZeroDivisionError("broken")

		runs = (doc.run_import, lambda: workbook_import.run_in_background(doc.name, False))
		for run in runs:
			with (
				patch.object(workbook_import, "import_workbook", break_down),
				patch.object(frappe.db, "rollback"),
			):
				run()
			doc.reload()
			self.assertEqual(doc.status, "Failed")
			log = frappe.get_last_doc("Error Log", {"reference_name": doc.name})
			self.assertIn("ZeroDivisionError", log.error)
			self.assertNotIn("T987654321", log.error)
			log.delete()

	def test_faults_are_kept_and_the_rest_is_a_private_file(self):
		doc = self.make_import(
			SUPPORTER, SUPPORTER | {"姓名": "另一人", "可帮扶人数": "三"}, good_rows_only=1
		)
		doc.run_import()
		doc.reload()
		self.assertEqual((doc.status, doc.rows_read, doc.rows_faulty), ("Partly Imported", 2, 1))
		self.assertEqual(
			frappe.parse_json(doc.faults)["rows"],
			[{"row": 4, "column": "可帮扶人数", "reason": "not a number"}],
		)
		rest = frappe.get_doc("File", {"file_url": doc.rest_workbook})
		self.assertEqual((rest.is_private, rest.attached_to_name), (1, doc.name))

	def test_another_workbook_forgets_the_result(self):
		doc = self.make_import(SUPPORTER | {"类别": "神仙"})
		doc.check_workbook()
		doc.reload()
		self.assertEqual((doc.status, doc.rows_faulty), ("Faulty", 1))
		doc.workbook = self.attach(book_of(SUPPORTER | {"电话": "13800000008"}), "other.xlsx")
		doc.save()
		self.assertEqual((doc.status, doc.rows_faulty, doc.faults), ("Draft", 0, None))

	def test_the_workbook_becomes_private(self):
		doc = self.make_import(SUPPORTER)
		doc.workbook = self.attach(book_of(SUPPORTER, SUPPORTER), "public.xlsx", private=0)
		self.assertTrue(doc.workbook.startswith("/files/"))
		self.addClassCleanup(self.discard, Path(frappe.get_site_path("public", doc.workbook.lstrip("/"))))
		doc.save()
		self.assertTrue(doc.workbook.startswith("/private/files/"))
		self.assertEqual(frappe.db.get_value("Workbook Import", doc.name, "workbook"), doc.workbook)
		self.assertEqual(len(doc.read_file()), len(book_of(SUPPORTER, SUPPORTER)))

	def test_the_address_of_another_s_file_gives_no_right_to_it(self):
		url = self.attach(book_of(SUPPORTER))
		frappe.set_user(make_user("Bangfu Coordinator"))
		doc = frappe.get_doc({"doctype": "Workbook Import", "layout": "Supporters", "workbook": url})
		self.assertRaises(frappe.ValidationError, doc.insert)

	def test_other_kinds_of_file_are_refused(self):
		for name in ("workbook.xlsm", "workbook.xls", "letter.docx"):
			doc = frappe.get_doc(
				{"doctype": "Workbook Import", "layout": "Supporters", "workbook": f"/private/files/{name}"}
			)
			self.assertRaises(frappe.ValidationError, doc.insert)

	def test_who_may_not_write_the_import_cannot_run_it(self):
		doc = self.make_import(SUPPORTER)
		frappe.set_user(make_user("Supporter"))
		self.assertRaises(frappe.PermissionError, doc.run_import)

	def test_a_long_workbook_runs_in_the_background(self):
		doc = self.make_import(SUPPORTER, SUPPORTER | {"姓名": "另一人"})
		frappe.db.set_single_value("Bangfu Settings", "import_background_rows", 1)
		self.addCleanup(frappe.db.set_single_value, "Bangfu Settings", "import_background_rows", 200)
		with patch("frappe.enqueue") as enqueue:
			doc.run_import()
			doc.reload()
			self.assertEqual(doc.status, "In Progress")
			job = enqueue.call_args
			with patch("frappe.publish_progress") as progress:
				job.args[0](name=job.kwargs["name"], check_only=job.kwargs["check_only"])
		self.assertEqual([call.args[0] for call in progress.call_args_list], [50, 100])
		doc.reload()
		self.assertEqual((doc.status, doc.created), ("Imported", 2))

	def test_a_damaged_workbook_fails_in_the_background_with_its_reason(self):
		doc = self.make_import(SUPPORTER)
		with patch.object(type(doc), "read_file", return_value=b"PK damaged"):
			workbook_import.run_in_background(doc.name, check_only=False)
		doc.reload()
		self.assertEqual(doc.status, "Failed")
		reason = frappe.parse_json(doc.faults)["rows"][0]["reason"]
		self.assertEqual(reason, _("The workbook cannot be read; it is damaged or of another kind."))


class TestCommand(ExcelTestCase):
	OPTIONS = {"good_rows_only": False, "check_only": False, "programme": None, "evaluated_on": None}

	def test_the_command_imports_by_the_rights_of_its_user(self):
		user = make_user("Bangfu Coordinator")
		faulty = _import_as(user, COMMUNITY / "supporters.xlsx", "Supporters", self.OPTIONS)
		self.assertFalse(faulty)
		self.assertEqual(frappe.db.count("Supporter", {"owner": user}), EXPECTED["supporters"])

	def test_faults_are_told_by_the_exit(self):
		self.assertTrue(
			_import_as("Administrator", COMMUNITY / "students_dirty.xlsx", "Students", self.OPTIONS)
		)
