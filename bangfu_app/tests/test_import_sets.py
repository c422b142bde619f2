"""Records written by sets (excel/bulk.py) are what documents would be."""

from datetime import date
from unittest.mock import patch

import frappe
from hypothesis import given, settings
from hypothesis import strategies as st

from bangfu_app.excel import bulk
from bangfu_app.excel.importer import import_workbook
from bangfu_app.privacy import sealed_numbers
from bangfu_app.tests.factories import id_number, make_exam, make_user
from bangfu_app.tests.test_excel import SCHOOL, SCHOOLS, STUDENT, ExcelTestCase, book_of, counts

few = settings(max_examples=12, deadline=None, database=None)
# what two records of the same row differ in: whose they are, and what is random
OWN = {"name", "creation", "modified", "id_number_cipher", "guardian_phone_cipher", "parent", "student"}

student_rows = st.lists(
	st.fixed_dictionaries(
		{
			"姓名": st.sampled_from(["张三", " 李  四 ", "<b>王五</b>", "赵" * 150, None]),
			"性别": st.sampled_from(["男", "女", "不详"]),
			"出生日期": st.dates(date(2008, 1, 1), date(2030, 1, 1)),
			"身份证号": st.sampled_from(["good", "other gender", "bad digit", None]),
			"学校": st.sampled_from([*SCHOOLS[:2], "没有的学校"]),
			"年级": st.sampled_from(["四年级", "初一", None]),
			"班级": st.sampled_from(["1班", "2班", None]),
			"困难类型": st.sampled_from(["留守儿童", "单亲家庭、留守儿童", "单亲家庭、单亲家庭", None]),
			"家庭年收入(元)": st.sampled_from([None, 0, "12,000", "很少"]),
			"是否低保": st.sampled_from(["是", "否", None]),
			"监护人电话": st.sampled_from(["13800000001", "0579-82345678", "123", None]),
			"来源": st.sampled_from(["教师推荐", "网格员"]),
			"备注": st.sampled_from(["x" * 200, "a < b", None]),
		}
	),
	min_size=1,
	max_size=4,
)


def with_numbers(rows: list[dict]) -> list[dict]:
	"""An identity number as the row wants it, another student number for each."""
	for number, row in enumerate(rows):
		gender = "Male" if row["性别"] == "男" else "Female"
		other = "Male" if gender == "Female" else "Female"
		wanted = {"good": gender, "other gender": other, "bad digit": gender}.get(row["身份证号"])
		digits = id_number(str(row["出生日期"]), wanted) if wanted else None
		if row["身份证号"] == "bad digit":
			digits = digits[:-1] + ("0" if digits[-1] != "0" else "1")
		row |= {"身份证号": digits, "学籍号": f"EQ{number}"}
	return rows


def stored(doctype: str, filters: dict) -> list[dict]:
	"""Field values of the records and of their tables, in the order of the rows."""
	records = []
	for name in frappe.get_all(doctype, filters, pluck="name", order_by="name"):
		doc = frappe.get_doc(doctype, name).as_dict(no_nulls=False, convert_dates_to_str=True)
		for table in frappe.get_meta(doctype).get_table_fields():
			doc[table.fieldname] = [
				{key: value for key, value in line.items() if key not in OWN} for line in doc[table.fieldname]
			]
		records.append({key: value for key, value in doc.items() if key not in OWN})
	return records


class TestSetsAndDocuments(ExcelTestCase):
	def both_ways(self, content: bytes, layout: str, look, **options) -> tuple:
		"""What comes of the good rows, by sets and by documents: faulty rows, counts, records."""
		outcomes = []
		for by_sets in (True, False):
			frappe.db.savepoint("way")
			with patch.object(bulk, "is_possible", return_value=by_sets):
				result = import_workbook(content, layout, good_rows_only=True, **options)
			outcomes.append((sorted(result.by_row()), counts(result), look()))
			frappe.db.rollback(save_point="way")
			frappe.clear_document_cache("School Class")
		return tuple(outcomes)

	@few
	@given(student_rows)
	def test_students_are_taken_or_refused_alike_and_stored_alike(self, rows: list[dict]):
		content = book_of(*with_numbers(rows))

		def look() -> list:
			names = frappe.get_all("Student File", {"student_no": ["like", "EQ%"]}, pluck="name")
			return [
				stored("Student File", {"name": ["in", names or [""]]}),
				stored("Student Circumstances", {"student": ["in", names or [""]]}),
			]

		for user in ("Administrator", self.coordinator()):
			frappe.set_user(user)
			by_sets, by_documents = self.both_ways(content, "Students", look)
			self.assertEqual(by_sets, by_documents)
		frappe.set_user("Administrator")

	def coordinator(self) -> str:
		if not hasattr(type(self), "user_of_school"):
			type(self).user_of_school = make_user("Bangfu Coordinator", school=SCHOOL)
		return self.user_of_school

	@few
	@given(
		st.lists(
			st.tuples(
				st.sampled_from(["1", "2", "3", None]),
				st.sampled_from(["语文", "数学", "体育"]),
				st.one_of(st.none(), st.just("缺考"), st.integers(-1, 120), st.sampled_from([55.5, "许多"])),
				st.sampled_from(SCHOOLS[:2]),
			),
			min_size=1,
			max_size=6,
		)
	)
	def test_scores_are_taken_or_refused_alike_and_stored_alike(self, papers: list[tuple]):
		exam = self.exam()
		rows = [
			{
				"学校": school,
				"年级": "四年级",
				"班级": "1班",
				"姓名": "考生",
				"学籍号": no,
				"学科": subject,
				"成绩": mark,
			}
			for no, subject, mark, school in papers
		]
		look = lambda: stored_scores(exam)  # noqa: E731
		by_sets, by_documents = self.both_ways(book_of(*rows), "Exam Scores", look, exam=exam)
		self.assertEqual(by_sets, by_documents)

	def exam(self) -> str:
		if not frappe.db.exists("Exam", getattr(type(self), "exam_name", None)):
			type(self).exam_name = make_exam("语文", "数学").name
		return self.exam_name

	def test_what_an_office_hangs_on_a_record_sends_it_the_way_of_documents(self):
		self.assertTrue(bulk.is_possible("Student File"))
		for doctype, values in {
			"Notification": {
				"document_type": "Student File",
				"event": "New",
				"subject": "x",
				"channel": "Email",
			},
			"Assignment Rule": {
				"document_type": "Student File",
				"description": "x",
				"assign_condition": "True",
				"rule": "Round Robin",
				"assignment_days": [{"day": "Monday"}],
				"users": [{"user": "Administrator"}],
			},
		}.items():
			frappe.db.savepoint("hung")
			frappe.get_doc({"doctype": doctype, "name": "hung", "enabled": 1, **values}).insert()
			self.assertFalse(bulk.is_possible("Student File"), doctype)
			frappe.db.rollback(save_point="hung")

	def test_each_hook_of_ours_on_insert_is_answered_for(self):
		"""A new hook on one of these DocTypes has to be done by sets too: by Layout.follow, or seen not to matter."""
		answered = {
			"bangfu_app.privacy.sealed_numbers.seal_all",  # plain_rows.seal
			"bangfu_app.rights.surfaces.require_private_attachments",  # no workbook has an attachment
			"bangfu_app.scores.exam_scores.follow_student",  # follow
			"bangfu_app.completeness.follow",  # follow
			"bangfu_app.enrolment.follow_school",  # a new file has no records yet
		}
		hooks = frappe.get_doc_hooks()
		for doctype in ("Student File", "Student Circumstances", "Exam Score", "School Class"):
			for event in bulk.EVENTS:
				handlers = hooks.get(doctype, {}).get(event, []) + hooks.get("*", {}).get(event, [])
				ours = {handler for handler in handlers if handler.startswith("bangfu_app.")}
				self.assertLessEqual(ours, answered, f"{doctype} {event}")

	def test_who_is_like_a_stored_file_or_another_row_needs_a_reason(self):
		import_workbook(book_of(STUDENT | {"监护人电话": "13800000001"}), "Students").throw_if_faulty()
		alike = STUDENT | {"姓名": "测 试 笙", "学籍号": None, "监护人电话": None}
		other = alike | {"姓名": "章玮"}
		content = book_of(alike, other, other | {"姓名": "张伟"})
		sets, documents = self.both_ways(content, "Students", lambda: frappe.db.count("Student File"))
		self.assertEqual(sets, documents)
		self.assertEqual(sets[0], [3, 5])
		explained = alike | {"不是同一人的理由": "Twins are called alike"}
		import_workbook(book_of(explained), "Students").throw_if_faulty()
		self.assertEqual(frappe.db.count("Duplicate Pair", {"decision_reason": "Twins are called alike"}), 1)

	def test_text_with_markup_goes_by_documents(self):
		import_workbook(book_of(STUDENT | {"备注": "<script>x</script>好"}), "Students").throw_if_faulty()
		self.assertNotIn("<script", frappe.db.get_value("Student File", {"student_no": "T001"}, "notes"))

	def test_names_follow_on_the_series(self):
		rows = [STUDENT | {"学籍号": f"N{n}", "监护人电话": f"1380000{n:04}"} for n in range(5)]
		import_workbook(book_of(*rows), "Students").throw_if_faulty()
		names = frappe.get_all("Student File", {"student_no": ["like", "N%"]}, pluck="name", order_by="name")
		numbers = [int(name[-5:]) for name in names]
		self.assertEqual(numbers, list(range(numbers[0], numbers[0] + 5)))
		more = STUDENT | {"学籍号": "N9", "监护人电话": "13800009999"}
		with patch.object(bulk, "is_possible", return_value=False):
			import_workbook(book_of(more), "Students").throw_if_faulty()
		self.assertEqual(int(frappe.db.get_value("Student File", {"student_no": "N9"})[-5:]), numbers[-1] + 1)

	def test_what_the_database_refuses_finds_its_row(self):
		"""Somebody else was faster: the number is there when the set is written."""
		other = STUDENT | {"姓名": "另一生", "学籍号": "T002", "监护人电话": "13800000007"}
		real = bulk.SetWriter.insert

		def too_late(writer, made, refused):
			clear = {"name": None, "id_number": None, "guardian_phone": None, "doctype": "Student File"}
			frappe.get_doc({**made[1][1], **clear}).insert()
			return real(writer, made, refused)

		with patch.object(bulk.SetWriter, "insert", too_late):
			result = import_workbook(book_of(STUDENT, other), "Students", good_rows_only=True)
		self.assertEqual(result.created + len(result.by_row()), 2)
		self.assertTrue(frappe.db.exists("Student File", {"student_no": "T001"}))

	def test_numbers_are_sealed(self):
		number = id_number("2014-05-13", "Female")
		import_workbook(book_of(STUDENT | {"身份证号": number}), "Students").throw_if_faulty()
		file = frappe.get_doc("Student File", {"student_no": "T001"})
		self.assertEqual(sealed_numbers.unseal(file, "id_number"), number)
		self.assertNotIn(number, str(frappe.db.get_value("Student File", file.name, "*")))

	def test_scores_wait_for_a_file_and_find_it(self):
		exam = self.exam()
		score = {"学校": SCHOOL, "年级": "四年级", "姓名": "测试生", "学籍号": "T001", "语文": 90}
		import_workbook(book_of(score), "Exam Scores", exam=exam).throw_if_faulty()
		self.assertFalse(frappe.db.get_value("Exam Score", {"student_no": "T001"}, "student"))
		import_workbook(book_of(STUDENT), "Students").throw_if_faulty()
		found = frappe.db.get_value("Exam Score", {"student_no": "T001"}, "student")
		self.assertEqual(found, frappe.db.get_value("Student File", {"student_no": "T001"}))


def stored_scores(exam: str) -> list[dict]:
	rows = frappe.get_all("Exam Score", {"exam": exam}, ["*"], order_by="candidate, subject")
	return [{key: value for key, value in row.items() if key not in OWN - {"student"}} for row in rows]
