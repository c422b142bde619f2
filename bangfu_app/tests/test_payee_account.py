"""Where a student's money goes: sealed, one active account each, changes confirmed by somebody else (M4)."""

import io

import frappe
import openpyxl

from bangfu_app.excel.importer import import_workbook
from bangfu_app.money import payee_accounts
from bangfu_app.persons.merging import refuse_conflicts
from bangfu_app.privacy import export, unmasking
from bangfu_app.tests import BangfuTestCase, factories

NUMBER = "6228481234567890128"


class PayeeTestCase(BangfuTestCase):
	def setUp(self):
		super().setUp()
		self.school = factories.make_school(f"School {factories.serial()}").name
		self.teacher = factories.make_user("Class Teacher")
		self.student = factories.make_student(school=self.school, head_teacher=self.teacher)

	def stored(self, name: str) -> frappe._dict:
		return frappe.db.get_value("Payee Account", name, "*", as_dict=True)


class TestPayee(PayeeTestCase):
	def test_an_own_account_stands_in_the_student_s_name(self):
		account = factories.make_payee_account(self.student.name, relation="Student", payee_name="")
		self.assertEqual(account.payee_name, self.student.student_name)
		with self.assertRaisesRegex(frappe.ValidationError, self.student.student_name):
			factories.make_payee_account(self.student.name, relation="Student", payee_name="Somebody Else")

	def test_a_guardian_has_a_name(self):
		values = {"relation": "Guardian", "payee_name": ""}
		self.assertRaises(frappe.MandatoryError, factories.make_payee_account, self.student.name, **values)

	def test_a_number_that_is_none_is_refused(self):
		for number in ("123", "62284812345678901x", "1" * 33):
			with self.subTest(number=number), self.assertRaises(frappe.ValidationError):
				factories.make_payee_account(self.student.name, account=number)

	def test_the_number_is_sealed(self):
		account = factories.make_payee_account(self.student.name, account=NUMBER)
		self.assertEqual(account.account, "*" * 15 + "0128")
		self.assertNotIn(NUMBER, str(self.stored(account.name)))

	def test_the_newest_is_the_active_one_and_the_former_says_why_it_is_not(self):
		former = factories.make_payee_account(self.student.name)
		account = factories.make_payee_account(self.student.name)
		other = factories.make_payee_account(factories.make_student(school=self.school).name)
		self.assertEqual([self.stored(a.name).active for a in (former, account, other)], [0, 1, 1])
		said = frappe.get_all("Comment", {"reference_name": former.name}, pluck="content")
		self.assertIn(account.name, "".join(said))
		found = payee_accounts.active_accounts([self.student.name])
		self.assertEqual(found[self.student.name].name, account.name)

	def test_an_account_made_active_again_takes_its_place_back(self):
		former, account = (factories.make_payee_account(self.student.name) for _ in range(2))
		former.reload()
		former.active = 1
		former.save()
		self.assertEqual([self.stored(a.name).active for a in (former, account)], [1, 0])

	def test_two_files_with_an_active_account_each_are_not_merged(self):
		other = factories.make_student(school=self.school)
		for file in (self.student, other):
			factories.make_payee_account(file.name)
		merge = frappe.new_doc("Student Merge", kept_file=self.student.name, merged_file=other.name)
		with self.assertRaisesRegex(frappe.ValidationError, "payee account"):
			refuse_conflicts(merge)


class TestFourEyes(PayeeTestCase):
	def setUp(self):
		super().setUp()
		self.finance = factories.make_user("Bangfu Finance")
		self.other = factories.make_user("Bangfu Finance")
		self.account = factories.make_payee_account(self.student.name)

	def change(self, user: str, **values) -> None:
		with self.set_user(user):
			account = frappe.get_doc("Payee Account", self.account.name)
			account.update(values)
			account.save()

	def confirm(self, user: str) -> None:
		with self.set_user(user):
			frappe.get_doc("Payee Account", self.account.name).confirm()

	def test_who_changed_it_does_not_confirm_it(self):
		self.change(self.finance, account=factories.bank_number())
		self.assertRaises(frappe.PermissionError, self.confirm, self.finance)
		self.confirm(self.other)
		stored = self.stored(self.account.name)
		self.assertEqual((stored.changed_by, stored.confirmed_by), (self.finance, self.other))

	def test_a_second_change_does_not_free_the_first_one_s_author(self):
		self.change(self.finance, account=factories.bank_number())
		self.change(self.other, bank_name="Another Branch")
		for user in (self.finance, self.other):
			self.assertRaises(frappe.PermissionError, self.confirm, user)
		self.confirm(self.teacher)

	def test_who_entered_the_number_before_confirms_the_one_that_took_its_place(self):
		with self.set_user(self.other):
			self.account = factories.make_payee_account(self.student.name)
		self.change(self.finance, account=factories.bank_number())
		self.confirm(self.other)

	def test_a_change_after_the_confirmation_waits_again(self):
		self.confirm(self.other)
		self.change(self.finance, notes="Called the bank")
		self.assertTrue(self.stored(self.account.name).confirmed_on)
		for values in (
			{"account": factories.bank_number()},
			{"payee_name": "Aunt"},
			{"bank_name": "New Bank"},
		):
			with self.subTest(changed=next(iter(values))):
				self.confirm_if_needed()
				self.change(self.finance, **values)
				self.assertFalse(self.stored(self.account.name).confirmed_on)

	def confirm_if_needed(self):
		if not self.stored(self.account.name).confirmed_on:
			self.confirm(self.other)

	def test_nobody_writes_the_stamps(self):
		self.change(self.finance, confirmed_by=self.other, confirmed_on="2025-01-01", changed_by=self.other)
		stored = self.stored(self.account.name)
		self.assertEqual((stored.confirmed_by, stored.changed_by), (None, "Administrator"))

	def test_without_a_change_there_is_nothing_to_confirm(self):
		self.confirm(self.other)
		self.assertRaises(frappe.ValidationError, self.confirm, self.teacher)


class TestRights(PayeeTestCase):
	def test_finance_is_shown_the_number_and_finds_by_it_the_teacher_is_not(self):
		account = factories.make_payee_account(self.student.name, account=NUMBER)
		with self.set_user(factories.make_user("Bangfu Finance")):
			shown = unmasking.show_number("Payee Account", account.name, "account", "Call the bank")
			(found,) = unmasking.find_by_number("Payee Account", NUMBER)
		self.assertEqual((shown, found["name"]), (NUMBER, account.name))
		with self.set_user(self.teacher):
			self.assertEqual(frappe.get_list("Payee Account", pluck="account"), [account.account])
			asked = ("Payee Account", account.name, "account", "No reason")
			self.assertRaises(frappe.PermissionError, unmasking.show_number, *asked)
			self.assertRaises(frappe.PermissionError, unmasking.find_by_number, "Payee Account", NUMBER)

	def test_a_teacher_who_supports_a_student_of_another_class_has_no_part_in_the_account(self):
		account = factories.make_payee_account(self.student.name)
		helper = factories.make_user("Class Teacher", "Supporter")
		team = factories.make_team()
		supporter = frappe.get_doc("Supporter", team[-1]["supporter"])
		supporter.user = helper
		supporter.save()
		factories.make_pairing(self.student.name, members=team)
		with self.set_user(helper):
			self.assertTrue(frappe.has_permission("Student File", "read", self.student.name))
			self.assertFalse(frappe.has_permission("Payee Account", "read", account.name))
			self.assertEqual(frappe.get_list("Payee Account"), [])
			self.assertRaises(frappe.PermissionError, self.enter_as_user)

	def enter_as_user(self):
		values = {"relation": "Guardian", "payee_name": "Helper", "bank_name": "Bank", "account": NUMBER}
		frappe.get_doc({"doctype": "Payee Account", "student": self.student.name, **values}).insert()


def book_of(*rows: dict) -> bytes:
	book = openpyxl.Workbook()
	headings = list(dict.fromkeys(heading for row in rows for heading in row))
	book.active.append(headings)
	for row in rows:
		book.active.append([row.get(heading) for heading in headings])
	stream = io.BytesIO()
	book.save(stream)
	return stream.getvalue()


class TestExcel(PayeeTestCase):
	def setUp(self):
		super().setUp()
		self.one = factories.make_student(
			school=self.school,
			student_name="张小明",
			student_no="G2025000001",
			id_number=factories.id_number(),
		)
		self.two = factories.make_student(
			school=self.school, student_name="张小明", student_no="G2025000002", birth_date="2013-05-05"
		)
		self.row = {
			"姓名": "张小明",
			"学籍号": "G2025000001",
			"户名": "张大山",
			"开户行": "农业银行",
			"账号": NUMBER,
		}

	def imported(self, *rows: dict):
		return import_workbook(book_of(*rows), "Payee Accounts")

	def assertFault(self, said: str, *rows: dict):
		faults = [str(fault) for fault in self.imported(*rows).faults]
		self.assertTrue(any(said in fault for fault in faults), faults)

	def test_namesakes_are_told_apart_by_number_or_date_of_birth(self):
		second = {
			**self.row,
			"学籍号": None,
			"出生日期": "2013-05-05",
			"户名": None,
			"账号": factories.bank_number(),
		}
		result = self.imported(self.row, second).throw_if_faulty()
		self.assertEqual(result.created, 2)
		accounts = payee_accounts.active_accounts([self.one.name, self.two.name])
		self.assertEqual(accounts[self.one.name].payee_name, "张大山")
		relation = frappe.db.get_value("Payee Account", accounts[self.two.name].name, "relation")
		self.assertEqual((accounts[self.two.name].payee_name, relation), ("张小明", "Student"))
		self.assertFault("several students", {**self.row, "学籍号": None})

	def test_the_same_list_twice_changes_nothing(self):
		self.imported(self.row).throw_if_faulty()
		result = self.imported(self.row)
		self.assertEqual((result.created, result.updated, result.unchanged), (0, 0, 1))

	def test_another_number_is_another_account(self):
		self.imported(self.row).throw_if_faulty()
		self.imported({**self.row, "账号": factories.bank_number()}).throw_if_faulty()
		active = frappe.get_all(
			"Payee Account", {"student": self.one.name}, pluck="active", order_by="creation"
		)
		self.assertEqual(active, [0, 1])

	def test_a_rounded_number_is_told(self):
		self.assertFault("last digits", {**self.row, "账号": int(NUMBER)})
		self.assertFault("8 to 32 digits", {**self.row, "账号": "12"})

	def test_finance_imports_for_students_it_may_only_choose_and_not_by_identity_number(self):
		number = {**self.row, "学籍号": None, "身份证号": factories.id_number()}
		with self.set_user(factories.make_user("Bangfu Finance")):
			self.imported({**self.row, "身份证号": number["身份证号"]}).throw_if_faulty()
			self.assertFault("no right", number)

	def test_a_teacher_finds_the_own_class_only(self):
		with self.set_user(self.teacher):
			self.assertFault("not in the system", self.row)

	def test_what_is_exported_comes_back_masked_and_unchanged(self):
		self.imported(self.row).throw_if_faulty()
		with self.set_user(factories.make_user("Bangfu Finance", "Bangfu Exporter")):
			filters = {"student": self.one.name}
			export.export_list("Payee Account", purpose="Check with the school", filters=filters, as_import=1)
			content = frappe.response.filecontent
			cells = [cell.value for cell in openpyxl.load_workbook(io.BytesIO(content)).active[2]]
			self.assertIn("*" * 15 + NUMBER[-4:], cells)
			self.assertNotIn(NUMBER, str(cells))
			result = import_workbook(content, "Payee Accounts").throw_if_faulty()
		self.assertEqual(result.unchanged, 1)
