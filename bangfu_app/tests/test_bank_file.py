"""The bank's file out and its result back: in any layout and order, whole or not at all (M4)."""

import errno
import io
import random
from pathlib import Path
from unittest.mock import patch

import frappe
import openpyxl
from frappe.core.doctype.file.utils import find_file_by_url
from frappe.utils import getdate
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bangfu_app.money import bank_file, bank_layouts, bank_result
from bangfu_app.privacy import sealed_numbers
from bangfu_app.tests import factories
from bangfu_app.tests.test_subsidy_payment import PaymentTestCase

CARD = "6228481234567890128"


class BankTestCase(PaymentTestCase):
	def setUp(self):
		super().setUp()
		self.layout = factories.make_bank_layout()
		self.payment = self.pay(submit=False, layout=self.layout.name)

	def make(self, **values):
		with self.set_user(self.finance):
			url = frappe.get_doc("Subsidy Payment", self.payment.name).make_bank_file()
		self.payment.reload()
		return url

	def content(self) -> bytes:
		file = frappe.get_doc("File", {"file_url": self.payment.bank_file})
		return Path(file.get_full_path()).read_bytes()

	def table(self) -> list[list]:
		rows = openpyxl.load_workbook(io.BytesIO(self.content())).active.iter_rows(values_only=True)
		return [list(row) for row in rows]

	def numbers(self) -> list[str]:
		return [sealed_numbers.unseal(account, "account") for account in self.accounts]

	def answered(self, *results: tuple) -> list[list]:
		"""The file with what the bank writes into the last four columns; (word, reason, day, reference) each."""
		head, *rows = self.table()
		return [head, *([*row[:-4], *result] for row, result in zip(rows, results, strict=True))]

	def read(self, content: bytes, name: str = "result.xlsx") -> int:
		file = frappe.get_doc(
			{
				"doctype": "File",
				"file_name": name,
				"attached_to_doctype": "Subsidy Payment",
				"attached_to_name": self.payment.name,
				"is_private": 1,
				"content": content,
			}
		).insert()
		try:
			return frappe.get_doc("Subsidy Payment", self.payment.name).read_result(file.file_url)
		finally:
			self.payment.reload()

	def results(self) -> list[tuple]:
		return [(row.result, row.paid_on, row.reason, row.bank_reference) for row in self.payment.rows]

	def assertFaults(self, table: list[list], *said: str) -> None:
		before = self.results()
		with self.assertRaises(frappe.ValidationError) as caught:
			self.read(saved(table))
		for words in said:
			self.assertIn(words, str(caught.exception))
		self.assertEqual(self.results(), before)
		frappe.clear_messages()


def saved(table: list[list]) -> bytes:
	book = openpyxl.Workbook()
	for row in table:
		book.active.append(row)
	stream = io.BytesIO()
	book.save(stream)
	return stream.getvalue()


GOOD = ("成功", None, "2025-09-01", "T1")
BAD = ("失败", "账号不存在", None, None)


class TestLayout(BankTestCase):
	def test_there_is_one_to_start_with_and_the_office_s_own_stay(self):
		name = next(iter(frappe.get_all("Bank File Layout", pluck="name", order_by="creation")))
		holds = [row.holds for row in frappe.get_doc("Bank File Layout", name).columns]
		self.assertLessEqual(set(bank_layouts.NEEDED), set(holds))
		before = frappe.db.count("Bank File Layout")
		bank_layouts.create_default()
		self.assertEqual(frappe.db.count("Bank File Layout"), before)

	def test_what_brings_results_home_must_be_there(self):
		columns = [column for column in bank_layouts.DEFAULT if column[1] not in ("Row Reference", "Amount")]
		self.assertThrows("Amount, Row Reference", factories.make_bank_layout, *columns)

	def test_nothing_is_said_twice(self):
		for more in (("另一账号", "Account"), ("金额 ", "Fixed Text")):
			with self.subTest(more=more), self.assertRaises(frappe.ValidationError):
				factories.make_bank_layout(*bank_layouts.DEFAULT, more)
		self.assertThrows("paid and failed", factories.make_bank_layout, paid_words="OK,失败")

	def test_of_several_layouts_one_is_chosen(self):
		self.payment.db_set("layout", None)
		self.assertRaises(frappe.MandatoryError, self.make)


class TestFileOut(BankTestCase):
	def test_accounts_are_text_amounts_numbers_and_nothing_calculates(self):
		self.make()
		page = openpyxl.load_workbook(io.BytesIO(self.content())).active
		headings = [cell.value for cell in page[1]]
		self.assertEqual(headings, [heading for heading, _holds in bank_layouts.DEFAULT])
		for row, number in zip(page.iter_rows(min_row=2), self.numbers(), strict=True):
			cells = dict(zip(headings, row, strict=True))
			self.assertEqual((cells["账号"].value, cells["账号"].data_type), (number, "s"))
			self.assertEqual((cells["金额"].value, cells["金额"].data_type), (500, "n"))
			self.assertEqual(cells["用途"].value, "Study Grant")
			self.assertNotIn("f", {cell.data_type for cell in row})

	def test_the_office_s_layout(self):
		columns = (("收款人", "Payee"), ("卡号", "Account"), ("实发", "Amount"), ("币种", "Fixed Text"))
		layout = factories.make_bank_layout(
			*columns, ("附言", "Row Reference"), title_row="代发清单", total_row=1
		)
		layout.columns[3].fixed_text = "人民币"
		layout.save()
		self.payment.db_set("layout", layout.name)
		self.make()
		table = self.table()
		self.assertEqual((table[0][0], table[1]), ("代发清单", ["收款人", "卡号", "实发", "币种", "附言"]))
		self.assertEqual(table[2][3:], ["人民币", f"{self.payment.name}-0001"])
		self.assertEqual(table[-1], ["合计", None, 1500, None, None])

	def test_a_name_that_looks_like_a_formula_is_text(self):
		account = self.accounts[0]
		frappe.db.set_value("Payee Account", account.name, "payee_name", "=1+1")
		self.make()
		page = openpyxl.load_workbook(io.BytesIO(self.content())).active
		self.assertEqual((page["B2"].value, page["B2"].data_type), ("'=1+1", "s"))

	def test_it_tells_no_need_and_not_the_scheme_s_own_name(self):
		self.make()
		need = factories.make_need_category().name
		written = str(self.table())
		for word in (need, self.scheme, frappe.db.get_value("Subsidy Batch", self.batch, "title")):
			self.assertNotIn(word, written)

	def test_a_scheme_without_a_neutral_name_gets_a_neutral_one(self):
		frappe.db.set_value("Subsidy Scheme", self.scheme, "neutral_name", None)
		frappe.clear_document_cache("Subsidy Scheme", self.scheme)
		self.assertNotIn(self.scheme, bank_file.remark(self.payment))

	def test_it_is_private_and_logged(self):
		url = self.make()
		self.assertTrue(url.startswith("/private/files/"))
		log = frappe.get_last_doc("Disclosure Log", {"reference_name": self.payment.name})
		self.assertEqual((log.user, log.kind, log.row_count), (self.finance, "Export", 3))

	def test_made_again_it_takes_the_place_of_the_former(self):
		former = self.make()
		former_path = Path(frappe.get_doc("File", {"file_url": former}).get_full_path())
		self.layout.update({"title_row": "Second"})
		self.layout.save()
		again = self.make()
		self.assertNotEqual(former, again)
		self.assertFalse(frappe.db.exists("File", {"file_url": former}) or former_path.exists())
		self.assertEqual(self.table()[0][0], "Second")

	def test_made_twice_alike_it_is_there_once(self):
		self.make()
		self.make()
		attached = {"attached_to_name": self.payment.name, "attached_to_field": "bank_file"}
		self.assertEqual(frappe.db.count("File", attached), 1)
		self.assertTrue(self.content())

	def test_a_full_disk_leaves_nothing_half_done(self):
		before = frappe.db.count("File")
		folder = Path(frappe.get_site_path("private", "files"))
		listed = set(folder.iterdir())
		real = open

		class FullDisk(io.BytesIO):
			def write(self, content):
				raise OSError(errno.ENOSPC, "No space left on device")

		def opened(path, mode="r", *args, **kwargs):
			if "w" in mode and "private/files" in str(path):
				real(path, mode).close()  # as a full disk does: the name is there, the content is not
				return FullDisk()
			return real(path, mode, *args, **kwargs)

		with patch("builtins.open", opened):
			self.assertThrows("disk is full", self.make)
		self.payment.reload()
		self.assertEqual((self.payment.bank_file, self.payment.file_made_on), (None, None))
		self.assertEqual((frappe.db.count("File"), set(folder.iterdir())), (before, listed))
		self.assertFalse(frappe.db.exists("Disclosure Log", {"reference_name": self.payment.name}))

	def test_a_file_that_cannot_be_made_again_leaves_the_former(self):
		former = self.make()
		with patch.object(bank_file, "workbook", side_effect=OSError(errno.ENOSPC, "full")):
			self.assertRaises(OSError, self.make)
		self.payment.reload()
		self.assertEqual(self.payment.bank_file, former)
		self.assertTrue(self.content())

	def test_it_goes_to_the_accounts_of_the_day_and_not_to_unconfirmed_ones(self):
		account = factories.make_payee_account(self.students[0], account=CARD)
		self.assertThrows("changed by", self.make)
		with self.set_user(self.finance):
			frappe.get_doc("Payee Account", account.name).confirm()
		self.make()
		self.assertEqual(self.table()[1][2], CARD)
		self.assertEqual(self.payment.rows[0].payee_account, account.name)

	def test_at_the_bank_its_rows_stay(self):
		self.make()
		self.payment.remove(self.payment.rows[0])
		self.assertThrows("at the bank", self.payment.save)

	def test_nobody_sends_a_file_along(self):
		self.make()
		file = self.payment.bank_file
		self.payment.update(
			{"bank_file": "/private/files/other.xlsx", "result_file": "/private/files/o.xlsx"}
		)
		self.payment.save()
		self.assertEqual((self.payment.bank_file, self.payment.result_file), (file, None))


class TestRights(BankTestCase):
	def may_open(self, user: str) -> bool:
		with self.set_user(user):
			try:
				return bool(find_file_by_url(self.payment.bank_file))
			except frappe.PermissionError:
				return False

	def test_who_reads_the_payment_does_not_open_the_numbers(self):
		self.make()
		coordinator = factories.make_user("Bangfu Coordinator", school=self.school)
		with self.set_user(coordinator):
			self.assertTrue(frappe.has_permission("Subsidy Payment", "read", self.payment.name))
			name = frappe.db.get_value("File", {"file_url": self.payment.bank_file})
			self.assertFalse(frappe.get_doc("File", name).has_permission("read"))
			again = frappe.get_doc({"doctype": "File", "file_url": self.payment.bank_file, "is_private": 1})
			self.assertRaises(frappe.PermissionError, again.insert)
		self.assertFalse(self.may_open(coordinator))
		self.assertTrue(self.may_open(factories.make_user("Bangfu Finance")))

	def test_it_takes_the_right_to_see_account_numbers(self):
		with self.set_user(factories.make_user("Bangfu Manager")):
			payment = frappe.get_doc("Subsidy Payment", self.payment.name)
			self.assertRaises(frappe.PermissionError, payment.make_bank_file)

	def test_a_file_of_another_record_is_not_read(self):
		file = frappe.get_doc(
			{"doctype": "File", "file_name": "x.xlsx", "content": saved([["备注号"]]), "is_private": 1}
		).insert()
		self.assertThrows("Attach", bank_result.content_of, self.payment, file.file_url)
		self.assertThrows(
			"Attach", bank_result.content_of, self.payment, "/private/files/../site_config.json"
		)


class TestResultIn(BankTestCase):
	def setUp(self):
		super().setUp()
		self.make()

	def test_round_trip(self):
		waiting = self.read(saved(self.answered(GOOD, BAD, ("Paid", None, None, None))))
		self.assertEqual(waiting, 0)
		day = getdate("2025-09-01")
		self.assertEqual(
			self.results()[:2], [("Paid", day, None, "T1"), ("Failed", None, "账号不存在", None)]
		)
		self.assertEqual(self.results()[2][:2], ("Paid", getdate(self.payment.payment_date)))
		self.assertTrue(self.payment.result_file)
		self.payment.submit()
		self.assertEqual(self.states(), ["Paid", "Failed", "Paid"])

	def test_a_csv_in_gb18030_with_a_title_and_a_total(self):
		head, *rows = self.answered(GOOD, BAD, GOOD)
		table = [["代发结果"], head, *rows, ["合计", *[None] * 3, 1500]]
		words = "\n".join(",".join("" if cell is None else str(cell) for cell in row) for row in table)
		self.assertEqual(self.read(words.encode("gb18030"), "result.csv"), 0)
		self.assertEqual([row[0] for row in self.results()], ["Paid", "Failed", "Paid"])

	def test_rows_without_an_answer_wait(self):
		head, first, second, third = self.answered(GOOD, BAD, (None, None, None, None))
		self.assertEqual(self.read(saved([head, first, third])), 2)
		self.assertEqual([row[0] for row in self.results()], ["Paid", "Waiting", "Waiting"])
		self.assertEqual(self.read(saved([head, second])), 1)
		self.assertEqual([row[0] for row in self.results()], ["Paid", "Failed", "Waiting"])

	def test_every_fault_is_told_by_row_and_column_and_nothing_is_taken(self):
		head, first, second, third = self.answered(GOOD, ("不明", None, None, None), GOOD)
		places = {heading: place for place, heading in enumerate(head)}
		third[places["金额"]] = 499.99
		third[places["户名"]] = "Somebody"
		third[places["账号"]] = CARD
		third[places["交易日期"]] = "2099-01-01"
		stranger = [*first]
		stranger[places["备注号"]] = "SY-1-0001"
		nameless = [*first]
		nameless[places["备注号"]] = None
		self.assertFaults(
			[head, first, second, third, stranger, nameless, first],
			"Row 3, 处理结果: neither",
			"Row 4, 金额: not the amount",
			"Row 4, 户名: not the payee",
			"Row 4, 账号: not the account",
			"Row 4, 交易日期: a day",
			"Row 5, 备注号: not a row of this payment",
			"Row 6, 备注号: required",
			"Row 7, 备注号: the same as row 2",
		)

	def test_a_formula_or_a_word_for_a_figure_is_a_fault(self):
		head, first, second, third = self.answered(GOOD, GOOD, GOOD)
		first[head.index("金额")], second[head.index("金额")] = "=500", "five hundred"
		self.assertFaults([head, first, second, third], "Row 2, 金额: a formula", "Row 3, 金额: not a number")

	def test_a_missing_column_is_named(self):
		head, *rows = self.answered(GOOD, GOOD, GOOD)
		for heading in ("备注号", "处理结果", "金额"):
			place = head.index(heading)
			with self.subTest(heading=heading):
				self.assertFaults([[*row[:place], *row[place + 1 :]] for row in (head, *rows)], heading)

	def test_a_masked_or_rounded_account_says_nothing(self):
		head, *rows = self.answered(GOOD, GOOD, GOOD)
		place = head.index("账号")
		rows[0][place] = "6228****0128"
		rows[1][place] = float(self.numbers()[1][:15] + "0" * (len(self.numbers()[1]) - 15))
		rows[2][place] = "6.22848E+17"
		self.assertEqual(self.read(saved([head, *rows])), 0)

	def test_the_noise_of_a_rounded_account_says_nothing(self):
		"""The nearest float of 19 digits often does not end in zeros: 6228480000000800000 is …799744."""
		for digits in ("6228480000000800000", "6228480000000812345", "1" * 16, "9" * 19):
			with self.subTest(digits=digits):
				self.assertEqual(bank_result.account_text(float(digits)), "")
		self.assertEqual(bank_result.account_text(6228480000000812345), "6228480000000812345")

	def test_a_booked_payment_takes_no_result(self):
		content = saved(self.answered(GOOD, GOOD, GOOD))
		self.read(content)
		self.payment.submit()
		self.assertThrows("booked", self.read, content)
		self.assertThrows("booked", self.make)

	@given(st.randoms(use_true_random=False), st.lists(st.booleans(), min_size=3, max_size=3))
	@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
	def test_any_order_of_columns_and_rows_and_any_subset_that_fails(self, order: random.Random, fails):
		head, *rows = self.answered(*(BAD if failed else GOOD for failed in fails))
		columns = order.sample(range(len(head)), len(head))
		order.shuffle(rows)
		table = [[row[place] for place in columns] for row in (head, *rows)]
		payment = frappe.get_doc("Subsidy Payment", self.payment.name)
		self.assertEqual(bank_result.take(payment, saved(table)), 0)
		self.assertEqual([row.result == "Failed" for row in payment.rows], fails)
		self.assertEqual(
			{row.reason for row in payment.rows if row.result == "Failed"}, {BAD[1]} if any(fails) else set()
		)
