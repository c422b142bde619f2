"""Temporary relief: asked for, decided within hours by other hands, paid through a batch of one."""

import frappe
from frappe.utils import add_to_date, get_datetime, now_datetime

from bangfu_app.approvals.actions import act
from bangfu_app.money import relief
from bangfu_app.tests import BangfuTestCase, factories


class TestRelief(BangfuTestCase):
	def setUp(self):
		super().setUp()
		self.teacher = factories.make_user("Class Teacher")
		self.manager = factories.make_user("Bangfu Manager")
		school = factories.make_school(f"School {factories.serial()}").name
		self.student = factories.make_student(
			school_class=factories.make_class(school, self.teacher).name
		).name
		self.account = factories.make_payee_account(self.student)

	def ask(self, **values):
		with self.set_user(self.teacher):
			return factories.make_relief_request(self.student, **values)

	def decide(self, request, method: str, *args, user: str | None = None):
		with self.set_user(user or self.manager):
			result = getattr(frappe.get_doc("Relief Request", request.name), method)(*args)
		request.reload()
		return result

	def test_it_is_due_after_the_hours_of_the_settings_on_the_wall_clock(self):
		frappe.db.set_single_value("Bangfu Settings", "relief_hours", 6)
		friday_night = "2026-11-20 23:00:00"
		request = self.ask(asked_on=friday_night)
		self.assertEqual(get_datetime(request.decide_by), get_datetime("2026-11-21 05:00:00"))

	def test_the_hours_of_the_scheme_come_first(self):
		scheme = factories.make_relief_scheme(decision_hours=2).name
		request = self.ask(scheme=scheme, asked_on="2026-11-20 23:00:00")
		self.assertEqual(get_datetime(request.decide_by), get_datetime("2026-11-21 01:00:00"))

	def test_granted_relief_goes_to_finance_as_a_batch_of_one(self):
		request = self.ask()
		batch = frappe.get_doc("Subsidy Batch", self.decide(request, "grant", 600))
		self.assertEqual(
			(request.status, request.batch, request.decided_by), ("Granted", batch.name, self.manager)
		)
		self.assertEqual((batch.status, batch.approval_band), ("Finance Check", "Finance"))
		rows = [(row.student, row.amount, row.payee_account) for row in batch.rows]
		self.assertEqual(rows, [(self.student, 600, self.account.name)])
		with self.set_user(factories.make_user("Bangfu Finance")):
			act("Subsidy Batch", batch.name, "Approve")
		batch.reload()
		self.assertEqual((batch.status, batch.docstatus), ("Approved", 1))

	def test_hardship_may_come_twice_in_a_period(self):
		scheme = factories.make_relief_scheme().name
		finance = factories.make_user("Bangfu Finance")
		for _time in range(2):
			batch = self.decide(self.ask(scheme=scheme), "grant", 300)
			with self.set_user(finance):
				act("Subsidy Batch", batch, "Approve")
			self.assertEqual(frappe.db.get_value("Subsidy Batch", batch, "docstatus"), 1)

	def test_a_batch_names_a_request_only_for_what_it_grants(self):
		"""Else a request would make any batch a claim of its own, beside the one of its period."""
		request = self.ask()
		waiting = {"relief_request": request.name, "amount": 100}
		with self.assertRaisesRegex(frappe.ValidationError, "more or other"):
			factories.make_batch(request.scheme, self.student, approved=False, **waiting)
		self.decide(request, "grant", 100)
		other = factories.make_student(
			school_class=frappe.db.get_value("Student File", self.student, "school_class")
		).name
		scheme = factories.make_scheme().name
		for values in (
			(request.scheme, other, 100),
			(request.scheme, self.student, 101),
			(scheme, self.student, 500),
		):
			scheme, student, amount = values
			with self.subTest(values=values), self.assertRaisesRegex(frappe.ValidationError, "more or other"):
				granted = {"relief_request": request.name, "amount": amount}
				factories.make_batch(scheme, student, approved=False, **granted)

	def test_nobody_decides_on_a_request_of_their_own(self):
		with self.set_user(self.manager):
			request = factories.make_relief_request(self.student)
		self.assertRaises(frappe.PermissionError, self.decide, request, "grant", 100)
		self.assertRaises(frappe.PermissionError, self.decide, request, "refuse", "No need")

	def test_a_class_teacher_does_not_decide(self):
		request = self.ask()
		self.assertRaises(frappe.PermissionError, self.decide, request, "grant", 100, user=self.teacher)

	def test_it_is_decided_once(self):
		request = self.ask()
		self.decide(request, "refuse", "Another fund pays already.")
		with self.assertRaisesRegex(frappe.ValidationError, "decided already"):
			self.decide(request, "grant", 100)

	def test_refusing_needs_a_note(self):
		request = self.ask()
		self.assertRaises(frappe.ValidationError, self.decide, request, "refuse", " ")

	def test_more_than_was_asked_for_needs_a_note(self):
		request = self.ask(amount_asked=500)
		self.assertRaises(frappe.ValidationError, self.decide, request, "grant", 501)
		self.decide(request, "grant", 501, "Two children are ill.")
		self.assertEqual(request.amount_granted, 501)

	def test_no_other_way_decides(self):
		request = self.ask()
		with self.set_user(self.manager):
			for values in ({"status": "Granted"}, {"amount_granted": 900}, {"decided_by": self.manager}):
				doc = frappe.get_doc("Relief Request", request.name)
				with self.subTest(values=values):
					self.assertRaises(frappe.ValidationError, doc.update(values).save)
		with self.set_user(self.teacher):
			again = factories.make_relief_request(self.student, status="Granted", amount_granted=900)
		self.assertEqual((again.status, again.amount_granted), ("Waiting", 0))

	def test_what_was_decided_on_stays(self):
		request = self.ask()
		self.decide(request, "grant", 100)
		with self.set_user(self.manager):
			request.amount_asked = 5000
			self.assertRaises(frappe.ValidationError, request.save)
			self.assertRaises(frappe.ValidationError, request.delete)

	def test_only_schemes_of_relief(self):
		self.assertRaises(frappe.ValidationError, self.ask, scheme=factories.make_scheme().name)

	def test_it_is_asked_for_before_the_file_is_approved_too_but_not_after_its_end(self):
		frappe.db.set_value("Student File", self.student, "status", "Draft")
		self.ask()
		frappe.db.set_value("Student File", self.student, "status", "Closed")
		self.assertRaises(frappe.ValidationError, self.ask)

	def test_a_revoked_batch_is_made_again(self):
		request = self.ask()
		first = self.decide(request, "grant", 400)
		self.assertRaises(frappe.ValidationError, self.decide, request, "pay_again")
		with self.set_user(factories.make_user("Bangfu Finance")):
			act("Subsidy Batch", first, "Approve")
		with self.set_user(self.manager):
			act("Subsidy Batch", first, "Revoke", reason="Wrong fund.")
		second = self.decide(request, "pay_again")
		self.assertNotEqual(first, second)
		self.assertEqual(request.batch, second)

	def test_deciders_have_it_as_to_do_without_name_or_reason(self):
		request = self.ask()
		todo = {"reference_name": request.name, "allocated_to": self.manager}
		told = frappe.get_doc("ToDo", todo)
		self.assertIn(request.name, told.description)
		for secret in (request.student_name, request.reason):
			self.assertNotIn(secret, told.description)
		self.decide(request, "refuse", "Another fund pays already.")
		self.assertEqual(frappe.db.get_value("ToDo", told.name, "status"), "Closed")

	def test_what_nobody_decides_in_time_is_told_once(self):
		late = self.ask(asked_on=add_to_date(now_datetime(), hours=-30))
		in_time = self.ask()
		relief.escalate_overdue()
		relief.escalate_overdue()
		notices = {"for_user": self.manager, "document_type": "Relief Request"}
		self.assertEqual(frappe.get_all("Notification Log", notices, pluck="document_name"), [late.name])
		self.assertFalse(frappe.db.get_value("Relief Request", in_time.name, "escalated"))

	def test_finance_does_not_read_the_request(self):
		request = self.ask()
		with self.set_user(factories.make_user("Bangfu Finance")):
			self.assertFalse(frappe.has_permission("Relief Request", "read", request.name))
