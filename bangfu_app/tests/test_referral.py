"""Referrals: who proposes, who accepts, and what the counsellor sees from then until it ends (D13)."""

import frappe
from frappe.utils import add_days, getdate

from bangfu_app.tests import BangfuTestCase, factories


class TestReferral(BangfuTestCase):
	def setUp(self):
		super().setUp()
		self.student = factories.make_student().name
		self.teacher = frappe.db.get_value("Student File", self.student, "head_teacher")
		self.counsellor = factories.make_user("Counsellor")

	def sees_student(self) -> bool:
		with self.set_user(self.counsellor):
			listed = frappe.get_list("Student File", pluck="name")
			read = frappe.get_doc("Student File", self.student).has_permission("read")
		self.assertEqual(read, self.student in listed)
		return read

	def test_rights_begin_with_acceptance_and_end_with_it(self):
		referral = factories.make_referral(self.student, self.counsellor, accepted=False)
		self.assertFalse(self.sees_student())
		with self.set_user(self.counsellor):
			self.assertEqual(frappe.get_list("Support Referral", pluck="name"), [referral.name])
			referral.accept()
		self.assertTrue(self.sees_student())
		with self.set_user(self.counsellor):
			frappe.get_doc("Support Referral", referral.name).close("Feels better")
		self.assertFalse(self.sees_student())

	def test_rights_keep_to_the_dates(self):
		for days, seen in (((-5, 0), True), ((-5, -1), False), ((1, 5), False), ((0, None), True)):
			start, end = (add_days(getdate(), day) if day is not None else None for day in days)
			referral = factories.make_referral(self.student, self.counsellor, from_date=start, until_date=end)
			with self.subTest(days=days):
				self.assertEqual(self.sees_student(), seen)
			frappe.db.set_value("Support Referral", referral.name, "status", "Closed")

	def test_rights_go_with_the_role(self):
		factories.make_referral(self.student, self.counsellor)
		frappe.get_doc("User", self.counsellor).add_roles("Supporter")
		frappe.get_doc("User", self.counsellor).remove_roles("Counsellor")
		self.assertFalse(self.sees_student())

	def test_the_state_moves_by_its_methods_alone(self):
		referral = factories.make_referral(self.student, self.counsellor, accepted=False)
		referral.status = "Accepted"
		self.assertRaisesRegex(frappe.ValidationError, "Use Accept", referral.save)
		self.assertRaisesRegex(
			frappe.ValidationError,
			"Use Accept",
			factories.make_referral,
			self.student,
			self.counsellor,
			status="Accepted",
		)

	def test_only_the_counsellor_or_the_leading_group_accepts(self):
		referral = factories.make_referral(self.student, self.counsellor, accepted=False)
		strangers = [self.teacher, *(factories.make_user(r) for r in ("Counsellor", "Bangfu Coordinator"))]
		for user in strangers:
			with self.subTest(user=user), self.set_user(user):
				for call in (referral.accept, lambda: referral.decline("No time"), referral.close):
					self.assertRaises(frappe.PermissionError, call)

	def test_nobody_accepts_their_own(self):
		frappe.get_doc("User", self.teacher).add_roles("Counsellor")
		with self.set_user(self.teacher):
			referral = factories.make_referral(self.student, self.teacher, accepted=False)
			self.assertRaises(frappe.PermissionError, referral.accept)
			referral.run_method("onload")
			self.assertTrue(referral.get_onload("may_decide"))
			self.assertFalse(referral.get_onload("may_accept"))

	def test_what_was_accepted_stays(self):
		referral = factories.make_referral(self.student, self.counsellor, until_date="2030-01-01")
		referral.counsellor = factories.make_user("Counsellor")
		self.assertRaisesRegex(frappe.ValidationError, "decided", referral.save)
		referral.reload()
		referral.until_date = "2031-01-01"
		self.assertRaisesRegex(frappe.ValidationError, "longer", referral.save)
		referral.reload()
		referral.until_date = getdate()
		referral.save()
		referral.reload()
		referral.until_date = None
		self.assertRaisesRegex(frappe.ValidationError, "longer", referral.save)

	def test_who_refers_does_so_for_own_students(self):
		other = factories.make_student(head_teacher=factories.make_user("Class Teacher")).name
		values = {
			"doctype": "Support Referral",
			"kind": "Internal",
			"counsellor": self.counsellor,
			"reason_category": "Other",
		}
		with self.set_user(self.teacher):
			frappe.get_doc({**values, "student": self.student}).insert()
			self.assertRaises(frappe.PermissionError, frappe.get_doc({**values, "student": other}).insert)
		with self.set_user(self.counsellor):
			self.assertRaises(
				frappe.PermissionError, frappe.get_doc({**values, "student": self.student}).insert
			)

	def test_a_counsellor_is_one(self):
		self.assertRaisesRegex(
			frappe.ValidationError,
			"Choose a counsellor",
			factories.make_referral,
			self.student,
			self.teacher,
			accepted=False,
		)
