"""How an import goes: sheets of any make, batches, kill and resume, modes, preview, template, and back by export."""

import io
from decimal import Decimal
from unittest.mock import patch

import frappe
import openpyxl
from frappe import _
from hypothesis import given
from hypothesis import strategies as st

from bangfu_app.bangfu_app.doctype.workbook_import import workbook_import
from bangfu_app.demo import county_exam
from bangfu_app.excel import batch_log, bulk, template
from bangfu_app.excel.importer import Cancelled, import_workbook
from bangfu_app.excel.layouts import LAYOUTS
from bangfu_app.excel.reading import WorkbookError
from bangfu_app.money import funds
from bangfu_app.privacy import export
from bangfu_app.tests import factories
from bangfu_app.tests.factories import id_number, make_exam, make_user
from bangfu_app.tests.test_excel import (
	DONATION,
	SCHOOL,
	SCHOOLS,
	SESSION,
	STUDENT,
	SUPPORTER,
	ExcelTestCase,
	book_of,
	counts,
	few,
	saved,
)


def students(count: int, **values) -> list[dict]:
	"""Rows of as many students, each with an own number and phone."""
	return [
		STUDENT | {"姓名": f"学生{n}", "学籍号": f"R{n:03}", "监护人电话": f"1380001{n:04}"} | values
		for n in range(count)
	]


class TestSheetsOfOffices(ExcelTestCase):
	def test_a_cell_merged_down_the_column_counts_for_each_row(self):
		book = openpyxl.load_workbook(io.BytesIO(book_of(*students(3))))
		page, place = book.active, list(STUDENT).index("学校") + 1
		for line in (4, 5):
			page.cell(line, place).value = None
		page.merge_cells(start_row=3, end_row=5, start_column=place, end_column=place)
		self.assertEqual(import_workbook(saved(book), "Students").throw_if_faulty().created, 3)
		page.unmerge_cells(start_row=3, end_row=5, start_column=place, end_column=place)
		self.assertEqual(list(import_workbook(saved(book), "Students").by_row()), [4, 5])

	def two_sheets(self) -> bytes:
		book = openpyxl.load_workbook(io.BytesIO(book_of(SUPPORTER, sheet="一组")))
		page = book.copy_worksheet(book.active)
		page.title = "二组"
		page["A3"], page["D3"], page["B3"] = "另一人", "13800000009", "神仙"
		return saved(book)

	def test_several_sheets_are_named_chosen_or_taken_together(self):
		content = self.two_sheets()
		with self.assertRaisesRegex(WorkbookError, "一组, 二组"):
			import_workbook(content, "Supporters")
		self.assertEqual(import_workbook(content, "Supporters", sheet="一组", check_only=True).created, 1)
		both = import_workbook(content, "Supporters", every_sheet=True, good_rows_only=True)
		self.assertEqual((both.by_row(), both.created), ({"二组!3": ["类别:not one of the options"]}, 1))
		rest = openpyxl.load_workbook(io.BytesIO(both.rest))
		self.assertEqual([page.max_row for page in rest], [1, 2])

	def test_a_check_gives_the_whole_workbook_back_with_its_faults_marked(self):
		content = book_of(SUPPORTER, SUPPORTER | {"姓名": "另一人", "类别": "神仙"})
		page = openpyxl.load_workbook(
			io.BytesIO(import_workbook(content, "Supporters", check_only=True).rest)
		).active
		before = openpyxl.load_workbook(io.BytesIO(content)).active
		self.assertEqual([[c.value for c in row] for row in page], [[c.value for c in row] for row in before])
		self.assertEqual(page["B4"].comment.text, "not one of the options")
		self.assertIsNone(page["B3"].comment)

	@few
	@given(st.sets(st.sampled_from(["类别", "可帮扶人数", "电话"])), st.permutations(list(SUPPORTER)))
	def test_any_faults_in_any_order_of_columns_are_all_told(self, bad: set, order: list):
		row = SUPPORTER | dict.fromkeys(bad, "不对")
		result = import_workbook(book_of({name: row[name] for name in order}), "Supporters", check_only=True)
		self.assertEqual({fault.column for fault in result.faults}, bad)

	def test_a_masked_number_leaves_the_stored_one(self):
		number = id_number("2014-05-13", "Female")
		import_workbook(book_of(STUDENT | {"身份证号": number}), "Students").throw_if_faulty()
		masked = STUDENT | {"身份证号": "999***********5427", "监护人电话": "138****0001"}
		result = import_workbook(book_of(masked), "Students").throw_if_faulty()
		self.assertEqual(counts(result), (0, 0, 1))
		result = import_workbook(book_of(masked | {"学籍号": "T999"}), "Students")
		self.assertEqual(
			result.by_row(),
			{3: [f"{name}:only a masked number; enter the whole one" for name in ("监护人电话", "身份证号")]},
		)


class TestModesAndPreview(ExcelTestCase):
	def test_modes(self):
		import_workbook(book_of(STUDENT), "Students").throw_if_faulty()
		rows = book_of(STUDENT | {"监护人": "他人"}, *students(1))
		only_new = import_workbook(rows, "Students", mode="Create Only", check_only=True)
		self.assertEqual((*counts(only_new), only_new.skipped), (1, 0, 0, 1))
		only_old = import_workbook(rows, "Students", mode="Update Only", check_only=True)
		self.assertEqual((*counts(only_old), only_old.skipped), (0, 1, 0, 1))
		self.assertEqual(counts(import_workbook(rows, "Students", check_only=True)), (1, 1, 0))

	def test_the_preview_shows_old_and_new(self):
		self.speak("zh")
		import_workbook(book_of(STUDENT), "Students").throw_if_faulty()
		changed = STUDENT | {"监护人": "他人", "困难类型": "单亲家庭", "监护人电话": "13800000002"}
		shown = import_workbook(book_of(changed, *students(1)), "Students", check_only=True).preview["rows"]
		self.assertEqual([row["outcome"] for row in shown], ["updated", "created"])
		self.assertEqual(shown[0]["cells"]["guardian_name"], {"value": "他人", "old": "测试家长"})
		self.assertEqual(shown[0]["cells"]["guardian_phone"], {"value": "138****0002", "old": "138****0001"})
		self.assertNotIn("old", shown[0]["cells"]["student_name"])
		self.assertIn("old", shown[0]["cells"]["needs.need_category"])
		self.assertEqual(shown[1]["cells"]["gender"], {"value": "女"})


class TestBatches(ExcelTestCase):
	"""A long workbook: kept batch by batch, checked whole before."""

	def setUp(self):
		super().setUp()
		frappe.db.set_single_value("Bangfu Settings", "import_batch_rows", 2)
		self.addCleanup(frappe.db.set_single_value, "Bangfu Settings", "import_batch_rows", 2000)
		self.commits = self.enterContext(patch.object(batch_log.frappe.db, "commit"))
		self.enterContext(patch.object(workbook_import.frappe.db, "rollback", self.rollback))
		self.rollback_all = False

	def enterContext(self, context):  # Python 3.10 has none
		entered = context.__enter__()
		self.addCleanup(context.__exit__, None, None, None)
		return entered

	@staticmethod
	def rollback(save_point: str | None = None, **_options) -> None:
		"""To a savepoint only: the test's own transaction stands for what is committed."""
		if save_point:
			frappe.db.sql(f"rollback to savepoint {save_point}")

	def make_import(self, rows: list[dict], layout: str = "Students", **values):
		file = {"doctype": "File", "file_name": "w.xlsx", "is_private": 1, "content": book_of(*rows)}
		values |= {
			"doctype": "Workbook Import",
			"layout": layout,
			"workbook": frappe.get_doc(file).insert().file_url,
		}
		return frappe.get_doc(values).insert()

	def imported(self) -> int:
		return frappe.db.count("Student File", {"student_no": ["like", "R%"]})

	def batches(self, doc) -> list[tuple]:
		doc.reload()
		return [(row.number, row.first_row, row.last_row, row.created, row.unchanged) for row in doc.batches]

	def test_each_batch_is_kept_and_logged(self):
		doc = self.make_import(students(5))
		doc.run_import()
		self.assertEqual(self.batches(doc), [(1, "3", "4", 2, 0), (2, "5", "6", 2, 0), (3, "7", "7", 1, 0)])
		self.assertEqual((doc.status, doc.created, self.imported()), ("Imported", 5, 5))

	def test_all_faults_are_told_before_the_first_batch(self):
		rows = students(5)
		rows[4]["性别"] = "不详"
		doc = self.make_import(rows)
		doc.run_import()
		self.assertEqual((self.batches(doc), doc.status, self.imported()), ([], "Faulty", 0))

	def test_killed_in_the_middle_of_a_batch_it_goes_on_where_it_was(self):
		doc = self.make_import(students(5))
		doc.check_workbook()
		doc.reload()
		real, calls = bulk.SetWriter.insert_rows, []

		def die(writer, rows):
			real(writer, rows)
			calls.append(rows)
			if len(calls) == 2:
				raise ZeroDivisionError("killed")

		with patch.object(bulk.SetWriter, "insert_rows", die):
			doc.run_import()
		self.assertEqual((self.batches(doc), self.imported()), ([(1, "3", "4", 2, 0)], 2))
		self.assertEqual(doc.status, "Failed")
		frappe.get_last_doc("Error Log", {"reference_name": doc.name}).delete()
		doc.run_import()
		self.assertEqual([row[3:] for row in self.batches(doc)], [(2, 0), (2, 0), (1, 0)])
		self.assertEqual((doc.status, doc.created, doc.unchanged, self.imported()), ("Imported", 5, 0, 5))

	def test_stopped_it_keeps_what_is_done(self):
		doc = self.make_import(students(5))
		doc.check_workbook()
		doc.reload()

		def stop(progress, done, total):
			if done > 2:
				raise Cancelled

		with patch.object(batch_log.Progress, "__call__", stop):
			doc.run_import()
		self.assertEqual((len(self.batches(doc)), doc.status, self.imported()), (1, "Interrupted", 2))
		doc.run_import()
		doc.reload()
		self.assertEqual((doc.status, doc.created), ("Imported", 5))

	def test_the_wish_to_stop_reaches_the_import(self):
		doc = self.make_import(students(3))
		progress = batch_log.Progress(doc)
		progress(1, 3)
		self.assertIn("1", doc.get_progress())
		doc.cancel_import()
		self.assertRaises(Cancelled, progress, 2, 3)

	def test_strangers_neither_stop_nor_follow_nor_fetch(self):
		doc = self.make_import(students(3))
		frappe.set_user(make_user("Bangfu Coordinator"))
		self.assertRaises(frappe.PermissionError, doc.cancel_import)
		self.assertRaises(frappe.PermissionError, doc.get_progress)
		frappe.set_user(make_user("Supporter"))
		self.assertRaises(frappe.PermissionError, workbook_import.download_template, "Students")

	def test_the_good_rows_of_a_long_workbook(self):
		rows = students(5)
		rows[1]["性别"] = "不详"
		doc = self.make_import(rows, good_rows_only=1)
		doc.run_import()
		doc.reload()
		self.assertEqual((doc.status, doc.created, doc.rows_faulty), ("Partly Imported", 4, 1))
		self.assertTrue(doc.rest_workbook)

	def test_one_run_at_a_time(self):
		doc = self.make_import(students(3))
		with (
			batch_log.alone(doc.name),
			patch.object(batch_log, "filelock", side_effect=batch_log.LockTimeoutError),
		):
			self.assertRaises(frappe.ValidationError, doc.run_import)


class TestExamScores(ExcelTestCase):
	def test_the_county_s_sheet_gives_the_scores_it_says(self):
		for school in {row["学校"] for row in county_exam.sheet()}:
			factories.make_school(school)
		exam = make_exam(*county_exam.SUBJECTS).name
		result = import_workbook(county_exam.WORKBOOK, "Exam Scores", exam=exam).throw_if_faulty()
		fields = [
			"subject",
			"candidate",
			"score",
			"absent",
			"school",
			"grade",
			"class_name",
			"candidate_name",
		]
		stored = {(r.subject, r.candidate): r for r in frappe.get_all("Exam Score", {"exam": exam}, fields)}
		self.assertEqual(result.created, len(stored))
		for row in county_exam.scores(exam):
			score = stored.pop((row["subject"], row["candidate"]))
			self.assertEqual({name: row[name] for name in fields}, dict(score))
		self.assertEqual(stored, {})
		again = import_workbook(county_exam.WORKBOOK, "Exam Scores", exam=exam)
		self.assertEqual(counts(again), (0, 0, result.created))

	SCORE = {
		"学校": SCHOOL,
		"年级": "四年级",
		"班级": "1班",
		"姓名": "考生",
		"学籍号": "E1",
		"语文": 90,
		"数学": "缺考",
	}

	def test_the_total_is_compared_unless_it_counts_other_subjects(self):
		exam = make_exam("语文", "数学").name
		wrong = book_of(self.SCORE | {"总分": 91})
		result = import_workbook(wrong, "Exam Scores", exam=exam)
		self.assertEqual(result.by_row(), {3: ["总分:the subjects make 90"]})
		result = import_workbook(wrong, "Exam Scores", exam=exam, ignore_total=1).throw_if_faulty()
		self.assertEqual((result.created, len(result.notices)), (2, 1))

	def test_a_sheet_for_each_grade(self):
		exam = make_exam("语文", "数学").name
		row = {name: value for name, value in self.SCORE.items() if name != "年级"}
		book = openpyxl.load_workbook(io.BytesIO(book_of(row, sheet="四年级")))
		page = book.copy_worksheet(book.active)
		page.title = "五年级"
		page["D3"] = "E2"
		import_workbook(saved(book), "Exam Scores", exam=exam).throw_if_faulty()
		grades = frappe.get_all("Exam Score", {"exam": exam}, pluck="grade", distinct=True, order_by="grade")
		self.assertEqual(grades, ["Grade 4", "Grade 5"])

	def test_marks_beyond_the_paper_and_other_subjects_are_faults_of_their_cells(self):
		exam = make_exam("语文", "数学").name
		result = import_workbook(book_of(self.SCORE | {"语文": 101, "数学": -1}), "Exam Scores", exam=exam)
		self.assertEqual([fault.column for fault in result.faults], ["语文", "数学"])

	def test_alerts_are_looked_for_after_scores_have_come_in(self):
		exam = make_exam("语文", "数学").name
		for check_only, book, asked in (
			(True, self.SCORE, 0),
			(False, self.SCORE, 1),
			(False, self.SCORE, 0),
			(False, self.SCORE | {"数学": 1}, 1),
		):
			with patch("frappe.enqueue") as enqueue:
				import_workbook(book_of(book), "Exam Scores", exam=exam, check_only=check_only)
			jobs = [call.args for call in enqueue.call_args_list if "find_alerts" in str(call)]
			self.assertEqual(len(jobs), asked)

	def test_a_changed_mark_changes_its_score_alone(self):
		exam = make_exam("语文", "数学").name
		import_workbook(book_of(self.SCORE), "Exam Scores", exam=exam).throw_if_faulty()
		result = import_workbook(book_of(self.SCORE | {"语文": None, "数学": 70}), "Exam Scores", exam=exam)
		self.assertEqual((result.by_row(), counts(result)), ({}, (0, 1, 1)))
		marks = frappe.get_all("Exam Score", {"exam": exam}, ["subject", "score", "absent"], order_by="score")
		self.assertEqual([tuple(row.values()) for row in marks], [("数学", 70, 0), ("语文", 90, 0)])


class TestOtherWorkbooks(ExcelTestCase):
	def test_classes_and_partners(self):
		row = {"学校": SCHOOL, "学年": "2025—2026学年", "年级": "四年级", "班级": "7班"}
		import_workbook(book_of(row), "Classes").throw_if_faulty()
		title = frappe.db.get_value("School Class", f"{SCHOOL}-2025-2026-G4-7班", "class_title")
		self.assertTrue(title)
		self.assertEqual(counts(import_workbook(book_of(row), "Classes")), (0, 0, 1))
		partner = {"名称": "测试基金会", "类型": "基金会", "电话": "13800000004"}
		import_workbook(book_of(partner), "Partners").throw_if_faulty()
		self.assertEqual(counts(import_workbook(book_of(partner), "Partners")), (0, 0, 1))

	def test_a_roster_by_rows_or_by_names_in_one_cell(self):
		names = [factories.make_student(student_name=name).name for name in ("名册甲", "名册乙", "名册丙")]
		session = {"日期": "2025-03-01", "类型": "活动", "主题": "名册", "时长(分钟)": 60}
		rows = [
			session | {"参加学生": "名册甲", "出勤": "出席"},
			session | {"参加学生": "名册乙", "出勤": "请假"},
		]
		self.assertEqual(
			counts(import_workbook(book_of(*rows), "Session Rosters").throw_if_faulty()), (1, 0, 0)
		)
		doc = frappe.get_doc("Support Session", {"theme": "名册"})
		self.assertEqual(
			[(row.student, row.state) for row in doc.attendance],
			[(names[0], "Attended"), (names[1], "Leave")],
		)
		self.assertEqual(counts(import_workbook(book_of(*rows), "Session Rosters")), (0, 0, 1))
		one_cell = session | {"参加学生": "名册甲、名册丙"}
		import_workbook(book_of(one_cell), "Session Rosters").throw_if_faulty()
		doc.reload()
		self.assertEqual([row.student for row in doc.attendance], names)
		result = import_workbook(book_of(session | {"参加学生": "无此人"}), "Session Rosters")
		self.assertEqual(result.by_row(), {3: ["参加学生:无此人 is not in the system"]})

	def test_a_survey_with_a_column_for_each_domain(self):
		student = factories.make_student(student_name="测评生")
		domain = factories.make_domain().name
		row = {"姓名": "测评生", "日期": "2025-03-01", "家访": "是", domain: 3}
		import_workbook(book_of(row), "Needs Surveys").throw_if_faulty()
		survey = frappe.get_doc("Needs Survey", {"student": student.name})
		self.assertEqual((survey.docstatus, [r.score for r in survey.scores]), (1, [3]))
		self.assertEqual(counts(import_workbook(book_of(row), "Needs Surveys")), (0, 0, 1))


class TestSurveyAnswers(ExcelTestCase):
	"""A column for each question of a template."""

	def setUp(self):
		super().setUp()
		self.domain, self.other = factories.make_domain().name, factories.make_domain("Other Domain").name
		self.student = factories.make_student(student_name="问卷生")
		questions = [
			{"question": "睡眠不好", "domain": self.domain, "answer_type": "Scale", "highest": 5},
			{"question": "有书桌(自己的)", "answer_type": "Yes/No", "reverse": 1, "cause": "Family"},
			{"question": "每周正餐", "answer_type": "Number", "highest": 21},
			{"question": "其他情况?", "answer_type": "Text"},
		]
		self.template = self.make_template(questions)

	def make_template(self, questions: list[dict], **values) -> str:
		template = factories.make_template(
			{self.domain: 1}, questions=[{"weight": 1, **row} for row in questions], **values
		)
		template.append("domains", {"domain": self.other, "weight": 1, "from_answers": 0})
		return template.save().name

	def row(self, **values) -> dict:
		said = {
			"姓名": "问卷生",
			"日期": "2025-03-01",
			"家访": "是",
			"1. 睡眠不好": 5,
			"有书桌(自己的)": "否",
		}
		return said | {"3. 每周正餐": 14, "4. 其他情况?": "很好"} | values

	def take(self, *rows: dict, template: str | None = None):
		return import_workbook(book_of(*rows), "Survey Answers", survey_template=template or self.template)

	def survey(self):
		return frappe.get_doc("Needs Survey", {"student": self.student.name})

	def test_answers_become_a_submitted_survey_with_scores_and_causes(self):
		self.take(self.row()).throw_if_faulty()
		survey = self.survey()
		self.assertEqual((survey.docstatus, survey.template), (1, self.template))
		self.assertEqual([row.answer for row in survey.answers], ["5", "否", "14", "很好"])
		self.assertEqual([(row.domain, row.score) for row in survey.scores], [(self.domain, 4)])
		self.assertEqual([row.cause for row in survey.causes], ["Family"])

	def test_the_same_workbook_twice_changes_nothing(self):
		row = self.row(**{self.other: 2})
		self.assertEqual(counts(self.take(row).throw_if_faulty()), (1, 0, 0))
		self.assertEqual(counts(self.take(row).throw_if_faulty()), (0, 0, 1))
		self.assertEqual(
			{row.domain: row.score for row in self.survey().scores}, {self.domain: 4, self.other: 2}
		)

	def test_what_is_submitted_is_not_overwritten(self):
		self.take(self.row()).throw_if_faulty()
		(fault,) = self.take(self.row(**{"3. 每周正餐": 7})).by_row().values()
		self.assertIn("submitted with other values", fault[0])

	def test_every_answer_that_does_not_fit_is_told_at_once(self):
		row = self.row(**{"1. 睡眠不好": 6, "有书桌(自己的)": "maybe", "3. 每周正餐": "=7+7"})
		(faults,) = self.take(row).by_row().values()
		self.assertEqual(len(faults), 3)
		self.assertIn("1.睡眠不好:not a number from 1 to 5", faults)
		self.assertIn("有书桌(自己的):not yes or no", faults)
		self.assertFalse(frappe.db.exists("Needs Survey", {"student": self.student.name}))

	def test_a_row_without_answers_is_a_fault(self):
		(faults,) = self.take({"姓名": "问卷生", "日期": "2025-03-01", "1. 睡眠不好": None}).by_row().values()
		self.assertEqual(faults, ["no answer to any question"])

	def test_the_template_has_a_column_for_each_question_and_imports_back(self):
		content = template.make(LAYOUTS["Survey Answers"], survey_template=self.template)
		book = openpyxl.load_workbook(io.BytesIO(content))
		page = book.worksheets[0]
		places = {cell.value.rstrip("*"): cell.column for cell in page[1] if cell.value}
		for heading, value in self.row(**{self.other: 2}).items():
			place = places.get(heading) or places[next(head for head in places if head.endswith(heading))]
			page.cell(3, place, value)
		self.assertEqual(counts(self.take_book(saved(book))), (1, 0, 0))
		lists = [str(rule.sqref) for rule in page.data_validations.dataValidation]
		letter = page.cell(1, places["1. 睡眠不好"]).column_letter
		self.assertTrue(any(place.startswith(f"{letter}2") for place in lists))

	def test_the_template_of_a_class_holds_the_students_whom_the_user_sees(self):
		teacher = factories.make_user("Class Teacher")
		own = factories.make_class(head_teacher=teacher).name
		other = factories.make_class().name
		factories.make_student(student_name="本班生", school_class=own, head_teacher=teacher)
		factories.make_student(student_name="外班生", school_class=other)

		def names(school_class: str) -> list[str]:
			with self.set_user(teacher):
				content = template.make(
					LAYOUTS["Survey Answers"], school_class, survey_template=self.template
				)
			page = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
			return [row[1] for row in page.iter_rows(min_row=3, values_only=True) if row[1]]

		self.assertEqual(names(own), ["本班生"])
		self.assertEqual(names(other), [])

	def take_book(self, content: bytes):
		return import_workbook(content, "Survey Answers", survey_template=self.template).throw_if_faulty()

	def test_a_screening_of_everyone_is_the_counsellor_s_and_keeps_no_answers(self):
		question = {"question": "情绪", "answer_type": "Scale", "highest": 5}
		screening = self.make_template([question], purpose="Screening of Everyone", cut_off=4)
		row = {"姓名": "问卷生", "日期": "2025-03-01", "家访": "是", "情绪": 2}
		with self.set_user(factories.make_user("Bangfu Coordinator")):
			(faults,) = self.take(row, template=screening).by_row().values()
			self.assertTrue(faults)
		self.assertEqual(counts(self.take(row, template=screening).throw_if_faulty()), (1, 0, 0))
		self.assertFalse(self.survey().answers)
		self.assertEqual(counts(self.take(row, template=screening).throw_if_faulty()), (0, 0, 1))


class TestTemplates(ExcelTestCase):
	def test_subjects_of_the_exam_and_domains_in_use_are_columns(self):
		exam = factories.make_exam("数学", "科学").name
		domain = factories.make_domain().name
		for name, options, headings in (
			("Exam Scores", {"exam": exam}, {"数学", "科学"}),
			("Needs Surveys", {}, {domain}),
		):
			with self.subTest(layout=name):
				content = template.make(LAYOUTS[name], **options)
				page = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
				self.assertLessEqual(headings, {cell.value for cell in page[1]})

	def test_each_template_holds_its_columns_and_imports_back_without_the_example(self):
		for layout in LAYOUTS.values():
			with self.subTest(layout.name):
				book = openpyxl.load_workbook(io.BytesIO(template.make(layout)))
				page, guide = book.worksheets[0], book["填写说明"]
				headings = [cell.value.rstrip("*") for cell in page[1] if cell.value]
				offered = [column.headings[0] for column in layout.columns if column.offered]
				self.assertEqual(headings[: len(offered)], offered)
				self.assertEqual([row[0].value for row in guide.iter_rows(min_row=2)], headings)

	def test_a_filled_template_is_taken(self):
		book = openpyxl.load_workbook(io.BytesIO(template.make(LAYOUTS["Students"])))
		page = book.worksheets[0]
		self.assertEqual(page.freeze_panes, "A2")
		places = {cell.value.rstrip("*"): cell.column for cell in page[1] if cell.value}
		for heading, value in STUDENT.items():
			page.cell(3, places[heading.removesuffix("")], value)
		result = import_workbook(saved(book), "Students").throw_if_faulty()
		self.assertEqual((result.rows_read, result.created), (1, 1))

	def test_drop_downs_required_marks_and_text_cells(self):
		page = openpyxl.load_workbook(io.BytesIO(template.make(LAYOUTS["Students"]))).worksheets[0]
		columns = {cell.value: cell.column_letter for cell in page[1] if cell.value}
		listed = {
			str(rule.sqref).split(":")[0].rstrip("0123456789")
			for rule in page.data_validations.dataValidation
		}
		self.assertIn(columns["性别*"], listed)
		self.assertIn(columns["学校*"], listed)
		self.assertEqual(page.column_dimensions[columns["身份证号"]].number_format, "@")

	def test_the_download(self):
		frappe.set_user(make_user("Bangfu Coordinator"))
		workbook_import.download_template("Supporters")
		self.assertTrue(frappe.response.filecontent.startswith(b"PK"))
		self.assertRaises(frappe.DoesNotExistError, workbook_import.download_template, "Nothing")


class TestBackAndForth(ExcelTestCase):
	"""What is exported in the columns of the import comes back as unchanged."""

	def exported(self, doctype: str, **filters) -> bytes:
		user = make_user("Bangfu Manager", "Bangfu Exporter")
		frappe.set_user(user)
		export.export_list(doctype, purpose="Round trip", filters=filters, as_import=1)
		frappe.set_user("Administrator")
		return frappe.response.filecontent

	def assertUnchanged(self, content: bytes, layout: str, count: int, **options) -> None:
		result = import_workbook(content, layout, **options)
		self.assertEqual((result.by_row(), counts(result)), ({}, (0, 0, count)))

	def test_students(self):
		first = STUDENT | {"身份证号": id_number("2014-05-13", "Female"), "困难类型": "单亲家庭、留守儿童"}
		nameless = STUDENT | {"姓名": "无号生", "学籍号": None, "监护人电话": "13800000005", "备注": "=1+1"}
		import_workbook(book_of(first, nameless | {"备注": "-x"}), "Students").throw_if_faulty()
		content = self.exported("Student File", school=SCHOOL)
		headings = [cell.value for cell in openpyxl.load_workbook(io.BytesIO(content)).active[1]]
		self.assertEqual(headings[:3], ["档案编号", "姓名", "性别"])
		self.assertIn("家庭年收入(元)", headings)
		self.assertNotIn(first["身份证号"], str(content))
		self.assertUnchanged(content, "Students", 2)

	def test_a_changed_cell_changes_its_file(self):
		import_workbook(book_of(STUDENT), "Students").throw_if_faulty()
		book = openpyxl.load_workbook(io.BytesIO(self.exported("Student File", school=SCHOOL)))
		places = {cell.value: cell.column for cell in book.active[1]}
		book.active.cell(2, places["监护人"], "改过的家长")
		self.assertEqual(counts(import_workbook(saved(book), "Students")), (0, 1, 0))

	def test_other_lists(self):
		import_workbook(book_of(SUPPORTER | {"擅长学科": None}), "Supporters").throw_if_faulty()
		self.assertUnchanged(self.exported("Supporter", supporter_name="测试帮扶人"), "Supporters", 1)
		import_workbook(book_of(SESSION, SESSION), "Sessions").throw_if_faulty()
		self.assertUnchanged(self.exported("Support Session", theme="测试活动"), "Sessions", 2)
		second = DONATION | {"物资": "测试文具", "单位": "套"}
		import_workbook(book_of(DONATION, second), "Donations").throw_if_faulty()
		self.assertUnchanged(self.exported("Aid Donation", donor="测试企业"), "Donations", 1)

	def test_donations_of_goods_and_of_money_side_by_side(self):
		fund = factories.make_fund(0, limit_by="Money Received").name
		money = {"日期": DONATION["日期"], "捐赠人": DONATION["捐赠人"], "资金": fund, "金额(元)": "1,000.50"}
		import_workbook(book_of(DONATION), "Donations").throw_if_faulty()
		rows = [money | {"流水号": "R1"}, money | {"流水号": "R2", "金额(元)": 20}]
		import_workbook(book_of(*rows), "Money Donations").throw_if_faulty()
		self.assertEqual(funds.balance(fund).limit, Decimal("1020.50"))
		content = self.exported("Aid Donation", donor=DONATION["捐赠人"])
		self.assertEqual(len(openpyxl.load_workbook(io.BytesIO(content)).worksheets), 2)
		for layout, count in (("Donations", 1), ("Money Donations", 2)):
			with self.subTest(layout=layout):
				self.assertUnchanged(content, layout, count, sheet=_(layout, context="Workbook Import"))

	def test_money_without_a_number_of_its_own_is_told_from_the_same_day_s(self):
		fund = factories.make_fund(0, limit_by="Money Received").name
		money = {"日期": "2025-03-01", "捐赠人": DONATION["捐赠人"], "资金": fund, "金额(元)": 100}
		import_workbook(book_of(money | {"捐赠人类型": "企业"}), "Money Donations").throw_if_faulty()
		self.assertEqual(counts(import_workbook(book_of(money), "Money Donations")), (0, 0, 1))
		(fault,) = import_workbook(book_of(money | {"金额(元)": 5}), "Money Donations").by_row().values()
		self.assertIn("submitted with other values", fault[0])
		self.assertEqual(funds.balance(fund).limit, 100)

	def test_money_of_no_amount_or_fund_is_told_by_its_column(self):
		money = {
			"日期": "2025-03-01",
			"捐赠人": "某人",
			"捐赠人类型": "个人",
			"资金": "没有的资金",
			"金额(元)": "很多",
		}
		(faults,) = import_workbook(book_of(money), "Money Donations").by_row().values()
		self.assertEqual(faults, ["资金:not in the system", "金额(元):not a number"])

	def test_scores(self):
		exam = make_exam("语文", "数学").name
		import_workbook(book_of(TestExamScores.SCORE), "Exam Scores", exam=exam).throw_if_faulty()
		self.assertUnchanged(self.exported("Exam Score", exam=exam), "Exam Scores", 2, exam=exam)

	def test_an_exporter_gets_what_may_be_read_alone(self):
		import_workbook(book_of(STUDENT, *students(1, 学校=SCHOOLS[1])), "Students").throw_if_faulty()
		frappe.set_user(make_user("Evaluator", "Bangfu Exporter", school=SCHOOL))
		export.export_list("Student File", purpose="Term report", as_import=1)
		page = openpyxl.load_workbook(io.BytesIO(frappe.response.filecontent)).active
		headings = [cell.value for cell in page[1]]
		self.assertEqual(page.max_row, 2)
		for closed in ("身份证号", "家庭年收入(元)", "残疾类型"):
			self.assertNotIn(closed, headings)
