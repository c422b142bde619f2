"""Work-study: shifts become hours and pay, within the post's limits, paid once."""

from decimal import Decimal

import frappe
from hypothesis import given
from hypothesis import strategies as st

from bangfu_app.money import work_study
from bangfu_app.tests import BangfuTestCase, factories


class TestWorkStudy(BangfuTestCase):
	def setUp(self):
		super().setUp()
		self.school = factories.make_school(f"School {factories.serial()}").name
		self.school_class = factories.make_class(self.school).name
		self.student = self.make_student()
		self.post = factories.make_work_post(school=self.school).name

	def make_student(self, **values) -> str:
		return factories.make_student(school_class=self.school_class, **values).name

	def record(self, *hours: float, **values):
		values = {"student": self.student, "post": self.post} | values
		return factories.make_work_record(values.pop("student"), *hours, **values)

	def test_hours_become_pay(self):
		record = self.record(1.5, 2, 0.25)
		self.assertEqual((record.total_hours, record.pay), (3.75, Decimal("46.88")))

	def test_the_pay_of_an_hour_is_the_posts(self):
		self.assertEqual(self.record(2, hourly_pay=99).pay, 25)

	def test_shifts_that_cannot_be(self):
		for hours, values, fault in (
			((0,), {}, "more than 0"),
			((25,), {}, "24 hours"),
			((1,), {"month": "2025-3"}, "2025-03"),
			((20, 20.5), {}, "more than the 40"),
		):
			with self.subTest(hours=hours), self.assertRaisesRegex(frappe.ValidationError, fault):
				self.record(*hours, **values)

	def test_two_shifts_of_a_day_are_one_day(self):
		shifts = [{"work_date": "2025-03-01", "hours": 13}, {"work_date": "2025-03-01", "hours": 12}]
		with self.assertRaisesRegex(frappe.ValidationError, "Row #2: more than 24"):
			self.record(shifts=shifts)

	def test_a_shift_of_another_month(self):
		with self.assertRaisesRegex(frappe.ValidationError, "Row #1: the day lies outside"):
			self.record(shifts=[{"work_date": "2025-04-01", "hours": 1}])

	def test_a_post_of_another_school(self):
		other = factories.make_work_post(school=factories.make_school("Other School").name).name
		self.assertRaises(frappe.ValidationError, self.record, 1, post=other)

	def test_the_least_age_counts_on_the_day_of_work(self):
		post = factories.make_work_post(school=self.school, min_age=16).name
		student = self.make_student(birth_date="2009-03-02")
		shifts = [{"work_date": day, "hours": 1} for day in ("2025-03-01", "2025-03-02")]
		with self.assertRaisesRegex(frappe.ValidationError, "Row #1: on"):
			self.record(student=student, post=post, shifts=shifts)
		self.record(student=student, post=post, shifts=shifts[1:])

	def test_one_record_for_student_post_and_month(self):
		first = self.record(1)
		self.assertRaises(frappe.ValidationError, self.record, 2)
		first.cancel()
		amended = frappe.copy_doc(first)
		amended.update({"amended_from": first.name, "docstatus": 0})
		amended.insert().submit()
		self.assertEqual(amended.docstatus, 1)

	def test_no_more_students_than_seats(self):
		post = factories.make_work_post(school=self.school, seats=1).name
		self.record(1, post=post)
		with self.assertRaisesRegex(frappe.ValidationError, "1 seats"):
			self.record(1, post=post, student=self.make_student())
		self.record(1, post=post, student=self.make_student(), month="2025-04")

	def test_a_month_is_paid_through_the_batch_of_its_scheme_and_stays(self):
		record = self.record(3)
		batch = factories.make_batch(record.scheme, self.student, month="2025-03-01")
		self.assertEqual((batch.period, batch.total_amount), ("2025-03", Decimal("37.50")))
		self.assertEqual(batch.rows[0].hours, 3)
		with self.assertRaisesRegex(frappe.ValidationError, batch.name):
			record.reload().cancel()
		later = factories.make_work_record(self.student, 1, post=self.post, month="2025-04")
		later.cancel()

	def test_only_schemes_that_pay_hours_by_the_month(self):
		self.assertRaises(
			frappe.ValidationError,
			factories.make_work_post,
			school=self.school,
			scheme=factories.make_scheme().name,
		)


class TestPay(BangfuTestCase):
	@given(st.lists(st.decimals("0.25", "12", places=2), max_size=31), st.decimals("0.01", "500", places=2))
	def test_the_pay_is_whole_cents_and_within_half_a_cent(self, hours, hourly_pay):
		shifts = [frappe._dict(hours=float(number)) for number in hours]
		pay = work_study.pay_for(shifts, float(hourly_pay))
		self.assertEqual(pay, pay.quantize(Decimal("0.01")))
		self.assertLessEqual(abs(pay - sum(hours, Decimal(0)) * hourly_pay), Decimal("0.005"))
