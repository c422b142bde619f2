"""Exports: a right of its own, logged, defused and, on demand, anonymous (export.py)."""

from io import BytesIO
from unittest.mock import patch

import frappe
from frappe.desk.reportview import export_query
from frappe.utils import add_days
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from bangfu_app import dossier
from bangfu_app.excel.importer import import_workbook
from bangfu_app.excel.row_rules import current_school_year
from bangfu_app.privacy import export, small_cells
from bangfu_app.tests import BangfuTestCase, factories

# reports whose rows are students
NAMING = {
	"Access to Students",
	"Aid Due",
	"Aid Ledger",
	"Coverage Gap",
	"Subsidy Register",
	"Support Ledger",
	"Waiting for My Approval",
}


class ExportTestCase(BangfuTestCase):
	def setUp(self):
		super().setUp()
		self.user = factories.make_user("Bangfu Coordinator", "Bangfu Exporter")

	def exported(self, doctype: str = "Student File", user: str | None = None, **values) -> list[tuple]:
		with self.set_user(user or self.user):
			export.export_list(doctype, **({"purpose": "Term report"} | values))
		return self.rows_given()

	def rows_given(self) -> list[tuple]:
		book = load_workbook(BytesIO(frappe.response.pop("filecontent")))
		return list(book.active.values)


class TestRight(ExportTestCase):
	def test_it_needs_the_role_beside_the_right_to_read(self):
		factories.make_student("Draft")
		for roles in (("Bangfu Manager",), ("Bangfu Exporter",)):
			with self.assertRaises(frappe.PermissionError):
				self.exported(user=factories.make_user(*roles))

	def test_it_needs_a_purpose(self):
		self.assertRaises(frappe.ValidationError, self.exported, purpose=" ")

	def test_rows_are_those_of_the_list(self):
		teacher = factories.make_user("Class Teacher", "Bangfu Exporter")
		mine = factories.make_student("Draft", head_teacher=teacher)
		factories.make_student("Draft")
		self.assertEqual([row[0] for row in self.exported(user=teacher)[1:]], [mine.name])

	def test_frappes_own_export_says_no(self):
		with self.set_user(self.user):
			frappe.form_dict.update(
				{"doctype": "Student File", "fields": '["name"]', "file_format_type": "CSV"}
			)
			self.assertRaises(frappe.PermissionError, export_query)

	def test_it_is_logged(self):
		factories.make_student("Draft", student_name="Secret Child")
		self.exported(filters={"student_name": "Secret Child"})
		log = frappe.get_last_doc("Disclosure Log")
		self.assertEqual((log.kind, log.reference_doctype, log.row_count), ("Export", "Student File", 1))
		self.assertEqual((log.user, log.reason), (self.user, "Term report"))
		self.assertRegex(log.file_name, r"^export-\d{8}-\d{6}-\w{4}\.xlsx$")
		self.assertEqual(frappe.response.pop("filename"), log.file_name)

	def test_what_goes_to_a_partner_holds_only_those_who_consent(self):
		rows = [{"student": student} for student in ("SF-1", self.consenting(), None)]
		kept = export.of_consenting(rows, "student")
		self.assertEqual(kept, rows[1:])
		columns = [{"fieldname": "who", "options": "Student File"}]
		self.assertEqual(export.student_column(columns), "who")

	def test_both_ways_ask_for_consent_when_there_is_a_recipient(self):
		consenting, other = self.consenting(), factories.make_student("School Review").name
		rows = self.exported(recipient="Light Foundation")
		self.assertEqual([row[0] for row in rows[1:]], [consenting])
		self.assertEqual(frappe.get_last_doc("Disclosure Log").recipient, "Light Foundation")
		with self.set_user(factories.make_user("Bangfu Manager", "Bangfu Exporter")):
			for recipient, told in ((None, True), ("Light Foundation", False)):
				export.export_report("Waiting for My Approval", "Term report", recipient=recipient)
				self.assertEqual(other in str(self.rows_given()), told)

	def test_a_report_asks_for_role_and_purpose_too(self):
		for roles, purpose in ((("Bangfu Manager",), "Term report"), (("Bangfu Exporter",), "Term report")):
			with self.set_user(factories.make_user(*roles)):
				self.assertRaises(frappe.PermissionError, export.export_report, "Student Statistics", purpose)
		with self.set_user(self.user):
			self.assertRaisesRegex(
				frappe.ValidationError, "reason", export.export_report, "Student Statistics", " "
			)

	def consenting(self) -> str:
		student = factories.make_student("Draft").name
		factories.make_consent(student, "Partner Sharing")
		return student

	def test_children_without_a_known_consent_do_not_go_to_a_partner_by_name(self):
		factories.make_score(factories.make_exam(), 50)
		partner = factories.make_partner().name
		self.assertRaises(frappe.PermissionError, self.exported, "Exam Score", recipient=partner)
		self.assertRaises(frappe.PermissionError, self.exported, recipient=partner, as_import=1)
		for row in self.exported("Exam Score", recipient=partner, anonymous=1):
			self.assertFalse([cell for cell in row if str(cell).startswith("Pupil")])

	def test_other_apps_lists_are_not_exported_here(self):
		self.assertRaises(frappe.PermissionError, self.exported, "User")


class TestCells(ExportTestCase):
	def test_formulas_are_text(self):
		factories.make_student("Draft", student_name="=1+1", strengths="@x", talents="-3")
		rows = self.exported(fields=["student_name", "strengths", "talents"])
		self.assertEqual(set(rows[1][1:]), {"'=1+1", "'@x", "'-3"})

	def test_a_list_has_its_title(self):
		file = factories.make_student("Draft")
		self.assertIn(file.student_name, self.exported()[1])

	def test_numbers_are_numbers(self):
		self.assertEqual(export.shown(-3.5, {"fieldtype": "Float"}), -3.5)

	def test_what_is_sealed_stays_sealed(self):
		file = factories.make_student("Draft", id_number=factories.id_number())
		fields = ["id_number", "id_number_cipher", "id_number_hash"]
		rows = self.exported(fields=fields)
		self.assertEqual(list(rows[1]), [file.name, file.id_number])
		self.assertIn("*", file.id_number)


class TestAnonymous(ExportTestCase):
	FIELDS = ("student_name", "alias", "gender", "birth_date", "address", "guardian_phone", "grade", "school")

	def make_students(self, number: int, **values) -> None:
		school_class = factories.make_class().name
		for index in range(number):
			# pupils of one class may be called alike: their student numbers differ
			student_no = f"{school_class[-8:]}-{index}"
			factories.make_student("Draft", school_class=school_class, student_no=student_no, **values)

	def test_no_person_is_in_it(self):
		self.make_students(5, student_name="Secret Child", alias=None, address="Secret Street 1")
		rows = self.exported(anonymous=1, fields=list(self.FIELDS))
		text = str(rows)
		for secret in ("Secret", "SF-", "2013-02-21"):
			self.assertNotIn(secret, text)
		self.assertIn(2013, rows[1])
		self.assertEqual(len({row[0] for row in rows[1:]}), 5)

	def test_a_combination_that_few_share_is_hidden(self):
		self.make_students(7)
		self.make_students(5, stage="Senior Secondary")
		self.make_students(1, gender="Female")
		rows = self.exported(anonymous=1, fields=["gender", "grade", "stage"])
		hidden = [row[1:] for row in rows[1:]].count(("*", "*", "*"))
		# the one that is alone, and the next few: alone among the shown it would be known
		self.assertEqual(hidden, 6)

	def test_the_size_is_a_setting(self):
		frappe.db.set_single_value("Bangfu Settings", "small_cell_size", 2)
		frappe.clear_document_cache("Bangfu Settings")
		self.make_students(2)
		self.assertNotIn("*", str(self.exported(anonymous=1, fields=["gender"])))

	def test_a_report_that_does_not_say_whom_it_is_about_stays_in_the_office(self):
		for way in ({"anonymous": 1}, {"recipient": "Education Office"}):
			with self.set_user(self.user), patch.object(export, "OPEN_REPORTS", set()):
				self.assertRaises(
					frappe.PermissionError, export.export_report, "Aid Stock", "Term report", **way
				)

	def test_every_report_that_counts_persons_is_known(self):
		"""A report of ours names students in a column, counts them in known columns, or concerns goods."""
		for report in frappe.get_all("Report", {"module": "Bangfu App"}, pluck="name"):
			if report not in {*export.PERSON_COUNTS, *export.OPEN_REPORTS}:
				with self.subTest(report=report):
					self.assertIn(report, NAMING)

	def test_a_report_is_exported(self):
		factories.make_student("Draft")
		with self.set_user(self.user):
			export.export_report("Student Statistics", "Term report", anonymous=1)
		self.assertIn("*", str(self.rows_given()))
		self.assertEqual(frappe.get_last_doc("Disclosure Log").reference_name, "Student Statistics")

	def test_a_report_that_names_persons_is_a_list_of_aliases(self):
		file = factories.make_student("School Review", student_name="Secret Child")
		with self.set_user(factories.make_user("Bangfu Manager", "Bangfu Exporter")):
			for report in ("Waiting for My Approval", "Support Ledger"):
				export.export_report(report, "Term report", anonymous=1)
				text = str(self.rows_given())
				self.assertNotIn("Secret Child", text)
				self.assertNotIn(file.name, text)


COUNTS = export.PERSON_COUNTS["Student Statistics"]
CELLS = st.lists(st.tuples(*(st.integers(0, 12) for _ in range(4))), min_size=1, max_size=7)


class TestSmallCells(BangfuTestCase):
	def printed(self, cells: list[tuple], size: int = 5) -> tuple[list[dict], list[dict]]:
		"""Rows of (waiting, in support, closed, rest), and what is printed of them."""
		rows = [
			{"total": sum(row), **dict(zip(COUNTS.parts, row[:3], strict=True)), "rest": row[3]}
			for row in cells
		]
		return rows, small_cells.hide_small_counts(rows, COUNTS, size)

	def test_the_total_goes_with_its_part_and_the_next_smallest_with_both(self):
		_rows, printed = self.printed([(2, 10, 0, 0), (7, 20, 6, 0), (9, 30, 8, 0)])
		self.assertEqual([row["waiting"] for row in printed], ["*", "*", 9])
		self.assertEqual([row["total"] for row in printed], ["*", "*", 47])
		self.assertEqual([row["in_support"] for row in printed], [10, 20, 30])

	def test_what_total_and_parts_leave_is_a_count_too(self):
		_rows, printed = self.printed([(6, 10, 7, 1), (6, 10, 7, 8)])
		self.assertEqual([row["total"] for row in printed], ["*", "*"])

	@given(CELLS, st.integers(2, 6))
	def test_no_small_count_is_printed(self, cells, size):
		for row in self.printed(cells, size)[1]:
			for name in (*COUNTS.parts, "total"):
				self.assertFalse(row[name] != "*" and 0 < row[name] < size, row)

	@given(CELLS, st.integers(2, 6))
	def test_no_hidden_count_follows_from_the_total_of_its_row(self, cells, size):
		rows, printed = self.printed(cells, size)
		for row, shown in zip(rows, printed, strict=True):
			if shown["total"] == "*":
				continue
			self.assertNotIn("*", [shown[name] for name in COUNTS.parts])
			self.assertFalse(0 < row["rest"] < size, "total less parts is a count")

	@given(CELLS, st.integers(2, 6))
	def test_no_hidden_count_follows_from_the_total_of_its_column(self, cells, size):
		rows, printed = self.printed(cells, size)
		for name in COUNTS.parts:
			hidden = [row[name] for row, shown in zip(rows, printed, strict=True) if shown[name] == "*"]
			total = sum(row[name] for row in rows)
			left = total - sum(shown[name] for shown in printed if shown[name] != "*")
			# a reader knows that each is 1 at least; nothing more can be hidden where all are
			if not hidden or total < size or len(hidden) == len(rows):
				continue
			for _count in hidden:
				most = left - (len(hidden) - 1)
				self.assertGreater(most, 1, "it could only be 1")
			self.assertGreaterEqual(left, size, "so few are hidden that they are named")

	@given(CELLS, st.integers(2, 6))
	def test_what_is_not_hidden_is_the_count(self, cells, size):
		for row, shown in zip(*self.printed(cells, size), strict=True):
			for name in (*COUNTS.parts, "total"):
				self.assertIn(shown[name], ("*", row[name]))


class TestDossier(ExportTestCase):
	"""The dossier of one student as a workbook."""

	def setUp(self):
		super().setUp()
		self.student = factories.make_student(student_name="=1+1").name

	def book(self, user: str | None = None, student: str | None = None) -> dict[str, list[tuple]]:
		with self.set_user(user or self.user):
			export.export_dossier(student or self.student, "Handover to the next school")
		book = load_workbook(BytesIO(frappe.response.pop("filecontent")))
		return {page.title: list(page.values) for page in book}

	def test_it_needs_the_role_beside_the_right_to_the_file(self):
		for roles in (
			("Bangfu Manager",),
			("Supporter", "Bangfu Exporter"),
			("Bangfu Finance", "Bangfu Exporter"),
		):
			with self.subTest(roles=roles), self.assertRaises(frappe.PermissionError):
				self.book(factories.make_user(*roles))

	def test_it_is_logged_under_the_student(self):
		self.book()
		log = frappe.get_last_doc("Disclosure Log")
		self.assertEqual((log.reference_name, log.user), (self.student, self.user))
		self.assertEqual((log.kind, log.reason), ("Export", "Handover to the next school"))
		self.assertNotIn(self.student, frappe.response.pop("filename"))

	def test_each_part_has_its_sheet_and_nothing_calculates(self):
		factories.make_survey(self.student)
		session = factories.make_session([self.student])
		book = self.book()
		self.assertEqual(next(iter(book)), "Student")
		self.assertIn("'=1+1", book["Student"][1])
		self.assertIn(session.theme, {value for row in book["Support Session"] for value in row})
		self.assertEqual(len(book["Needs Survey"]), 1 + len(frappe.get_last_doc("Needs Survey").scores))
		self.assertNotIn("Pairing", book)

	def test_who_may_not_read_the_family_s_income_gets_none(self):
		factories.make_circumstances(self.student, annual_income=7777)
		supporter = factories.make_user("Supporter", "Bangfu Exporter")
		team = factories.make_team()
		team[2]["supporter"] = factories.make_supporter(user=supporter).name
		factories.make_pairing(self.student, members=team)
		for user, sees in ((self.user, True), (supporter, False)):
			with self.subTest(user=user):
				told = {value for rows in self.book(user).values() for row in rows for value in row}
				self.assertEqual(7777 in told, sees)

	def test_all_sessions_are_listed(self):
		number = dossier.SESSIONS_LISTED + 2
		for day in range(number):
			factories.make_session([self.student], session_date=add_days("2025-03-01", day))
		self.assertEqual(len(self.book()["Support Session"]), 1 + number)

	def test_the_import_of_students_takes_it_back_unchanged(self):
		of_this_year = factories.make_class(school_year=current_school_year()).name
		student = factories.make_student(student_name="回导生", school_class=of_this_year).name
		with self.set_user(self.user):
			export.export_dossier(student, "Check")
		content = frappe.response.pop("filecontent")
		result = import_workbook(content, "Students").throw_if_faulty()
		self.assertEqual((result.created, result.updated, result.unchanged), (0, 0, 1))
