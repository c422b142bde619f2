"""Subsidy payments: out to the bank, results booked, failed rows again, paid rows never (M4)."""

from decimal import Decimal

import frappe
from frappe.utils import add_days, getdate

from bangfu_app.approvals.actions import act
from bangfu_app.bangfu_app.doctype.subsidy_batch import subsidy_batch
from bangfu_app.money import payee_accounts, subsidy_payments
from bangfu_app.privacy import sealed_numbers
from bangfu_app.tests import BangfuTestCase, factories


class PaymentTestCase(BangfuTestCase):
	"""An approved batch of three students with an account each; made once, each test takes back what it does."""

	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		frappe.set_user("Administrator")
		cls.addClassCleanup(frappe.db.rollback)
		cls.school = factories.make_school(f"School {factories.serial()}").name
		school_class = factories.make_class(cls.school).name
		cls.students = [factories.make_student(school_class=school_class).name for _ in range(3)]
		cls.accounts = [factories.make_payee_account(student) for student in cls.students]
		cls.finance = factories.make_user("Bangfu Finance")
		cls.scheme = factories.make_scheme(neutral_name="Study Grant").name
		cls.batch = factories.make_batch(cls.scheme, *cls.students, amount=500).name

	def pay(self, *results: str, submit: bool = True, **values):
		return factories.make_payment(self.batch, submit=submit, results=results, **values)

	def rows(self) -> list[frappe._dict]:
		fields = ["status", "payment", "paid_on", "failure_reason"]
		return frappe.get_all("Subsidy Batch Row", {"parent": self.batch}, fields, order_by="idx")

	def states(self) -> list[str]:
		return [row.status for row in self.rows()]

	def batch_state(self) -> str:
		return frappe.db.get_value("Subsidy Batch", self.batch, "status")

	def assertThrows(self, said: str, call, *args, **kwargs):
		with self.assertRaisesRegex(frappe.ValidationError, said):
			call(*args, **kwargs)
		frappe.clear_messages()


class TestWalk(PaymentTestCase):
	def test_all_rows_go_to_the_bank_and_are_paid(self):
		payment = self.pay(submit=False)
		self.assertEqual(self.states(), ["In Bank File"] * 3)
		self.assertEqual({row.payment for row in self.rows()}, {payment.name})
		self.assertEqual(payment.total_amount, Decimal("1500.00"))
		for row in payment.rows:
			row.result = "Paid"
		payment.save()
		payment.submit()
		self.assertEqual(self.states(), ["Paid"] * 3)
		self.assertEqual({row.paid_on for row in self.rows()}, {getdate()})
		self.assertEqual((payment.total_paid, payment.total_failed), (1500, 0))
		self.assertEqual(self.batch_state(), "Paid")

	def test_a_failed_row_is_paid_on_the_second_try_to_the_corrected_account(self):
		first = self.pay("Paid", "Failed", "Paid")
		self.assertEqual(self.states(), ["Paid", "Failed", "Paid"])
		self.assertEqual(self.rows()[1].failure_reason, "Account closed")
		self.assertEqual((first.total_paid, first.total_failed, self.batch_state()), (1000, 500, "Approved"))
		account = factories.make_payee_account(self.students[1], payee_name="Grandmother")
		with self.set_user(self.finance):
			frappe.get_doc("Payee Account", account.name).confirm()
		second = self.pay("Paid")
		(row,) = second.rows
		self.assertEqual((row.student, row.payee_account), (self.students[1], account.name))
		self.assertEqual((row.payee_name, row.account), ("Grandmother", account.account))
		self.assertEqual((self.states(), self.batch_state()), (["Paid"] * 3, "Paid"))
		self.assertEqual(self.rows()[1].payment, second.name)

	def test_deleting_the_draft_gives_the_rows_back_as_they_were(self):
		self.pay("Paid", "Failed", "Failed")
		before = self.rows()
		draft = self.pay(submit=False)
		self.assertEqual(self.states(), ["Paid", "In Bank File", "In Bank File"])
		frappe.delete_doc("Subsidy Payment", draft.name)
		self.assertEqual(self.rows(), before)

	def test_cancelling_is_the_exact_inverse_and_the_amended_one_pays(self):
		before = self.rows()
		payment = self.pay("Paid", "Failed", "Paid")
		payment.cancel()
		self.assertEqual(self.rows(), before)
		self.assertEqual({row.open_key for row in payment.rows}, {None})
		amended = frappe.copy_doc(payment)
		amended.update({"amended_from": payment.name, "docstatus": 0})
		amended.insert()
		for row in amended.rows:
			row.result = "Paid"
		amended.save()
		amended.submit()
		self.assertEqual(self.states(), ["Paid"] * 3)

	def test_cancelling_the_last_one_takes_the_batch_back_to_approved(self):
		self.pay("Paid", "Failed", "Paid")
		second = self.pay("Paid")
		before = self.rows()
		self.assertEqual(self.batch_state(), "Paid")
		second.cancel()
		self.assertEqual((self.batch_state(), self.states()), ("Approved", ["Paid", "Failed", "Paid"]))
		self.pay("Paid")
		self.assertEqual([row.status for row in before], self.states())

	def test_a_payment_whose_failed_row_was_taken_up_again_is_held(self):
		first = self.pay("Paid", "Failed", "Paid")
		second = self.pay(submit=False)
		self.assertThrows(second.name, first.cancel)
		frappe.delete_doc("Subsidy Payment", second.name)
		first.reload()
		first.cancel()
		self.assertEqual(self.states(), ["Due"] * 3)

	def test_a_withdrawn_row_and_paid_ones_make_a_paid_batch(self):
		self.pay("Paid", "Failed", "Paid")
		batch = frappe.get_doc("Subsidy Batch", self.batch)
		batch.withdraw(batch.rows[1].name, "Moved away")
		self.assertEqual((self.states(), self.batch_state()), (["Paid", "Withdrawn", "Paid"], "Paid"))

	def test_a_withdrawn_row_stays_withdrawn_when_its_payment_is_cancelled(self):
		payment = self.pay("Paid", "Failed", "Paid")
		batch = frappe.get_doc("Subsidy Batch", self.batch)
		batch.withdraw(batch.rows[1].name, "Moved away")
		payment.cancel()
		self.assertEqual((self.states(), self.batch_state()), (["Due", "Withdrawn", "Due"], "Approved"))
		self.assertEqual({row.payment for row in self.rows()}, {None})
		self.assertEqual([row.idx for row in self.pay(submit=False).rows], [1, 2])

	def test_rows_can_be_left_for_another_day(self):
		payment = self.pay(submit=False)
		payment.remove(payment.rows[0])
		payment.save()
		self.assertEqual(self.states(), ["Due", "In Bank File", "In Bank File"])
		self.assertEqual(payment.total_amount, 1000)
		other = self.pay(submit=False)
		self.assertEqual([row.student for row in other.rows], [self.students[0]])

	def test_an_approved_batch_with_a_payment_is_not_revoked(self):
		payment = self.pay(submit=False)
		with self.set_user(factories.make_user("Bangfu Manager")):
			self.assertThrows(payment.name, act, "Subsidy Batch", self.batch, "Revoke", reason="Mistake")


class TestRefusals(PaymentTestCase):
	def test_a_paid_row_is_never_paid_again(self):
		self.pay("Paid", "Paid", "Paid")
		self.assertThrows("Every row", subsidy_batch.make_payment, self.batch)
		again = self.by_hand(self.batch, 0)
		self.assertRaises(subsidy_payments.AlreadyInPaymentError, again.insert)

	def by_hand(self, batch: str, *places: int, **values):
		rows = frappe.get_doc("Subsidy Batch", batch).rows
		named = [{"batch_row": rows[place].name, **values} for place in places]
		return frappe.get_doc({"doctype": "Subsidy Payment", "batch": self.batch, "rows": named})

	def test_two_payments_do_not_hold_one_row(self):
		self.pay(submit=False)
		self.assertRaises(subsidy_payments.AlreadyInPaymentError, self.by_hand(self.batch, 1).insert)

	def test_the_database_refuses_a_second_one_that_passed_every_check(self):
		payment = self.pay(submit=False)
		row = frappe.copy_doc(payment.rows[0])
		row.update({"parent": "Another", "parenttype": "Subsidy Payment", "parentfield": "rows"})
		row.open_key = payment.rows[0].batch_row
		self.assertRaises((frappe.UniqueValidationError, frappe.DuplicateEntryError), row.db_insert)

	def test_a_row_stands_once_and_is_of_the_batch(self):
		self.assertThrows("twice", self.by_hand(self.batch, 1, 1).insert)
		other = factories.make_batch(factories.make_scheme().name, self.students[0]).name
		self.assertThrows("no row of the batch", self.by_hand(other, 0).insert)

	def test_nobody_writes_amount_or_payee(self):
		wrong = {"amount": 9000, "payee_name": "Thief", "account": "***", "student": self.students[2]}
		payment = self.by_hand(self.batch, 0, **wrong).insert()
		payment.rows[0].update({**wrong, "open_key": None})
		payment.save()
		(row,) = frappe.get_doc("Subsidy Payment", payment.name).rows
		account = self.accounts[0]
		self.assertEqual(
			(row.amount, row.payee_name, row.student), (500, account.payee_name, self.students[0])
		)
		self.assertEqual((row.account, row.open_key), (account.account, row.batch_row))

	def test_only_an_approved_batch_is_paid(self):
		draft = factories.make_batch(factories.make_scheme().name, *self.students, approved=False)
		self.assertThrows("approved batch", subsidy_batch.make_payment, draft.name)

	def test_who_has_no_account_is_left_out_by_name(self):
		frappe.db.set_value("Payee Account", self.accounts[2].name, "active", 0)
		payment = subsidy_batch.make_payment(self.batch)
		self.assertEqual([row.student for row in payment.rows], self.students[:2])
		name = frappe.db.get_value("Student File", self.students[2], "student_name")
		self.assertIn(name, str(frappe.message_log))
		self.assertThrows("no active account", self.by_hand(self.batch, 2).insert)

	def test_every_row_needs_a_result_and_a_failed_one_its_reason(self):
		payment = self.pay("Paid", "Failed", submit=False)
		payment.rows[1].reason = " "
		payment.save()
		with self.assertRaises(frappe.ValidationError) as caught:
			payment.submit()
		self.assertIn("no result yet", str(caught.exception))
		self.assertIn("say why", str(caught.exception))
		self.assertEqual(self.states(), ["In Bank File"] * 3)

	def test_nothing_is_paid_on_a_day_to_come(self):
		payment = self.pay("Paid", "Paid", "Paid", submit=False)
		payment.rows[0].paid_on = add_days(getdate(), 1)
		self.assertThrows("still to come", payment.save)

	def test_the_state_of_the_batch_is_not_sent_along(self):
		payment = self.pay("Paid", "Paid", "Failed", submit=False)
		self.assertEqual([row.paid_on for row in payment.rows], [getdate(), getdate(), None])
		payment.rows[0].result = "Failed"
		payment.save()
		self.assertIsNone(payment.rows[0].paid_on)


class TestChangedAccounts(PaymentTestCase):
	def change(self, place: int = 0) -> None:
		with self.set_user(self.finance):
			account = frappe.get_doc("Payee Account", self.accounts[place].name)
			account.account = factories.bank_number()
			account.save()

	def test_a_change_after_the_approval_is_told_and_needs_a_second_person(self):
		self.change()
		payment = self.pay("Paid", "Paid", "Paid", submit=False)
		warnings = subsidy_payments.warnings(payment)
		self.assertEqual(list(warnings), [payment.rows[0].name])
		self.assertIn(self.finance, warnings[payment.rows[0].name][0])
		self.assertThrows(self.finance, payment.submit)
		payee_accounts.confirm(frappe.get_doc("Payee Account", self.accounts[0].name))
		payment.reload()
		payment.submit()
		self.assertEqual(self.batch_state(), "Paid")

	def test_a_change_before_the_approval_was_approved_with_the_batch(self):
		payment = self.pay("Paid", "Paid", "Paid", submit=False)
		self.assertEqual(subsidy_payments.warnings(payment), {})


class TestChangedEligibility(PaymentTestCase):
	def test_whoever_pays_is_told_that_not_what(self):
		payment = self.pay("Paid", "Paid", "Paid", submit=False)
		frappe.db.set_value("Student File", self.students[1], "status", "Closed")
		with self.set_user(self.finance):
			(told,) = subsidy_payments.warnings(payment).items()
		self.assertEqual(told[0], payment.rows[1].name)
		self.assertIn("ask the coordinator", told[1][0])
		with self.set_user(factories.make_user("Bangfu Manager")):
			self.assertIn("Closed", subsidy_payments.warnings(payment)[payment.rows[1].name][0])

	def test_a_booked_row_is_not_judged_again(self):
		payment = self.pay("Paid", "Failed", "Paid")
		frappe.db.set_value("Student File", self.students[0], "status", "Closed")
		self.assertEqual(subsidy_payments.warnings(payment), {})


class TestNotice(PaymentTestCase):
	def printed(self, payment) -> str:
		with self.set_user(self.finance):
			return frappe.get_print("Subsidy Payment", payment.name, "Payment Notice", no_letterhead=1)

	def test_each_family_that_was_paid_has_one_in_neutral_words(self):
		frappe.db.set_value("Student File", self.students[0], "student_name", "<b>Ann</b>")
		html = self.printed(self.pay("Paid", "Failed", "Paid"))
		self.assertEqual(html.count('class="slip"'), 2)
		self.assertIn("Study Grant was paid", html)
		self.assertNotIn(self.scheme, html)

	def test_the_account_is_masked(self):
		payment = self.pay("Paid", "Paid", "Paid")
		html = self.printed(payment)
		for account, row in zip(self.accounts, payment.rows, strict=True):
			self.assertIn(row.account, html)
			self.assertNotIn(sealed_numbers.unseal(account, "account"), html)

	def test_before_anything_is_paid_it_says_so(self):
		self.assertIn("Nothing of this payment", self.printed(self.pay(submit=False)))


class TestRights(PaymentTestCase):
	def test_finance_makes_it_the_coordinator_reads_it_of_the_own_school_alone(self):
		with self.set_user(self.finance):
			payment = self.pay("Paid", "Paid", "Paid")
		far = factories.make_school(f"School {factories.serial()}").name
		for school, sees in ((self.school, True), (far, False)):
			with self.set_user(factories.make_user("Bangfu Coordinator", school=school)):
				self.assertEqual(bool(frappe.get_list("Subsidy Payment", {"name": payment.name})), sees)
				self.assertRaises(frappe.PermissionError, subsidy_batch.make_payment, self.batch)

	def test_finance_of_one_school_does_not_pay_for_another_by_naming_other_students(self):
		far = factories.make_school(f"School {factories.serial()}").name
		own = factories.make_student(school=far).name
		row = frappe.get_doc("Subsidy Batch", self.batch).rows[0].name
		with self.set_user(factories.make_user("Bangfu Finance", school=far)):
			rows = [{"batch_row": row, "student": own}]
			payment = frappe.get_doc({"doctype": "Subsidy Payment", "batch": self.batch, "rows": rows})
			self.assertRaises(frappe.PermissionError, payment.insert)
