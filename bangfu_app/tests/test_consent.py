"""Consents: on which days they hold, what is refused without one, what ends with one (X2, F13)."""

import frappe
from frappe.utils import add_days, getdate

from bangfu_app.privacy import consent
from bangfu_app.tests import BangfuTestCase, factories

TODAY = getdate()
PHOTO = "/private/files/photo.png"


def day(offset: int):
	return add_days(TODAY, offset)


class ConsentTestCase(BangfuTestCase):
	def setUp(self):
		super().setUp()
		self.student = factories.make_student(guardian_name="Li Fang", student_name="Chen Xiaoming").name

	def withdraw(self, record) -> None:
		record.withdraw("The mother called")


class TestDays(ConsentTestCase):
	def test_from_the_first_to_the_last_day(self):
		factories.make_consent(self.student, "Support", given_on=day(-10), valid_until=day(0))
		for offset, holds in ((-11, False), (-10, True), (0, True), (1, False)):
			with self.subTest(offset=offset):
				self.assertEqual(consent.has_consent(self.student, "Support", day(offset)), holds)
				found = consent.students_with_consent("Support", day(offset)).run()
				self.assertEqual(bool(found), holds)
		self.assertFalse(consent.has_consent(self.student, "Counselling"))

	def test_withdrawn_today_holds_no_more_today(self):
		record = factories.make_consent(self.student, "Support", given_on=day(-10))
		self.withdraw(record)
		self.assertTrue(consent.has_consent(self.student, "Support", day(-1)))
		for offset in (0, 1):
			self.assertFalse(consent.has_consent(self.student, "Support", day(offset)))

	def test_a_withdrawal_is_one_way_and_has_a_reason(self):
		record = factories.make_consent(self.student, "Support", valid_until=day(5))
		self.assertRaisesRegex(frappe.ValidationError, "reason", record.withdraw, " ")
		self.withdraw(record)
		record.reload()
		self.assertRaises(frappe.ValidationError, record.withdraw, "Again")
		record.withdrawn_on = None
		self.assertRaisesRegex(frappe.ValidationError, "Use Withdraw", record.save)
		record.reload()
		record.valid_until = day(50)
		self.assertRaises(frappe.ValidationError, record.save)

	def test_strangers_do_not_withdraw(self):
		record = factories.make_consent(self.student, "Support")
		for role in ("Class Teacher", "Supporter", "Counsellor", "Evaluator", "Bangfu Finance"):
			with self.subTest(role=role), self.set_user(factories.make_user(role)):
				self.assertRaises(frappe.PermissionError, record.withdraw, "No")

	def test_what_it_was_given_for_stays(self):
		record = factories.make_consent(self.student, "Support")
		record.scope = "Published Case"
		self.assertRaises(frappe.ValidationError, record.save)

	def test_not_of_a_day_to_come_and_on_private_paper(self):
		for values in ({"given_on": day(1)}, {"evidence": "/files/open.pdf"}):
			self.assertRaises(
				frappe.ValidationError, factories.make_consent, self.student, "Support", **values
			)

	def test_minor_until_the_birthday(self):
		birthday = frappe.db.get_value("Student File", self.student, "birth_date").replace(year=2031)
		self.assertTrue(consent.is_minor(self.student, add_days(birthday, -1)))
		self.assertFalse(consent.is_minor(self.student, birthday))
		settings = frappe.get_doc("Bangfu Settings")
		settings.age_of_majority = 19
		settings.save()
		self.assertTrue(consent.is_minor(self.student, birthday))


class TestGates(ConsentTestCase):
	def refused(self, make, *args, **values) -> None:
		self.assertRaisesRegex(frappe.ValidationError, "no valid consent", make, *args, **values)

	def counselling(self, **values):
		values = {"session_kind": "Individual Counselling", "consent": False, "session_date": TODAY} | values
		return factories.make_session([self.student], **values)

	def test_photo(self):
		file = frappe.get_doc("Student File", self.student)
		file.photo = PHOTO
		self.refused(file.save)
		record = factories.make_consent(self.student, "Photo and Publicity")
		file = frappe.get_doc("Student File", self.student)
		file.photo = PHOTO
		file.db_set("photo", PHOTO)
		self.withdraw(record)
		self.assertFalse(frappe.db.get_value("Student File", self.student, "photo"))

	def test_counselling_of_a_minor(self):
		self.refused(self.counselling)
		factories.make_consent(self.student, given_on=day(-5), valid_until=day(0))
		self.counselling()
		self.refused(self.counselling, session_date=day(1), status="Planned")
		self.refused(self.counselling, session_date=day(-6))

	def test_counselling_of_an_adult_and_without_roster(self):
		factories.make_session(session_kind="Individual Counselling", headcount=1)
		frappe.db.set_value("Student File", self.student, "birth_date", "2000-01-01")
		self.counselling()

	def test_a_withdrawal_flags_what_is_planned_and_refuses_what_follows(self):
		record = factories.make_consent(self.student)
		held = self.counselling(session_date=day(-1))
		planned = self.counselling(session_date=day(3), status="Planned")
		self.withdraw(record)
		self.assertEqual(frappe.db.get_value("Support Session", planned.name, "consent_missing"), 1)
		self.assertEqual(frappe.db.get_value("Support Session", held.name, "consent_missing"), 0)
		planned.reload()
		planned.update({"session_date": TODAY, "status": "Held"})
		self.refused(planned.save)

	def test_referral_outside(self):
		values = {
			"doctype": "Support Referral",
			"student": self.student,
			"kind": "External",
			"partner": factories.make_partner().name,
			"reason_category": "Health",
		}
		self.refused(frappe.get_doc(values).insert)
		record = factories.make_consent(self.student, "External Referral")
		referral = frappe.get_doc(values).insert()
		self.withdraw(record)
		with self.set_user(factories.make_user("Bangfu Manager")):
			self.refused(referral.accept)

	def test_published_case(self):
		case = factories.make_case(self.student)
		case.status = "Published"
		self.refused(case.save)
		record = factories.make_consent(self.student, "Published Case")
		case.reload()
		case.update({"status": "Published", "photo": PHOTO})
		self.refused(case.save)
		case.reload()
		case.status = "Published"
		case.save()
		self.assertEqual((case.consent, case.published_on), (record.name, TODAY))
		self.withdraw(record)
		case.reload()
		self.assertEqual((case.status, case.withdrawn_on), ("Withdrawn", TODAY))
		case.status = "Published"
		self.refused(case.save)

	def test_a_second_consent_keeps_the_case(self):
		first = factories.make_consent(self.student, "Published Case")
		factories.make_consent(self.student, "Published Case", given_by="Father", relation="Father")
		case = factories.make_case(self.student, status="Published")
		self.withdraw(first)
		self.assertEqual(frappe.db.get_value("Published Case", case.name, "status"), "Published")

	def test_a_lapsed_consent_ends_the_case(self):
		record = factories.make_consent(self.student, "Published Case")
		case = factories.make_case(self.student, status="Published")
		consent.withdraw_lapsed_cases()
		self.assertEqual(frappe.db.get_value("Published Case", case.name, "status"), "Published")
		record.db_set("valid_until", day(-1))
		consent.withdraw_lapsed_cases()
		self.assertEqual(frappe.db.get_value("Published Case", case.name, "status"), "Withdrawn")

	def test_a_deleted_consent_ends_it_too(self):
		record = factories.make_consent(self.student, "Photo and Publicity")
		frappe.db.set_value("Student File", self.student, "photo", PHOTO)
		frappe.delete_doc("Support Consent", record.name)
		self.assertFalse(frappe.db.get_value("Student File", self.student, "photo"))

	def test_a_published_case_names_nobody(self):
		for values in (
			{"title": "How Chen Xiaoming learned"},
			{"alias": "chen  xiaoming"},
			{"story": "<p>Chen <b>Xiao</b>ming swims.</p>"},
			{"story": "His mother Li Fang is proud."},
		):
			with self.subTest(**values):
				self.assertRaisesRegex(
					frappe.ValidationError, "use the alias", factories.make_case, self.student, **values
				)

	def test_who_reads_published_cases(self):
		case = factories.make_case(self.student)
		roles = {role: True for role in ("Bangfu Manager", "Bangfu Coordinator", "Evaluator")} | {
			role: False for role in ("Class Teacher", "Supporter", "Counsellor", "Bangfu Finance")
		}
		for role, reads in roles.items():
			with self.subTest(role=role), self.set_user(factories.make_user(role)):
				self.assertEqual(frappe.get_doc("Published Case", case.name).has_permission("read"), reads)
