"""Changes of enrolment with their papers, and the check in the first week of term (I15)."""

from unittest.mock import patch

import frappe

from bangfu_app import enrolment
from bangfu_app.bangfu_app.report.enrolment_checks import enrolment_checks
from bangfu_app.tests import BangfuTestCase, factories

HELD = ("enrolment_status", "school", "school_class", "grade", "head_teacher")
told = []


def remember(student: str, state: str, check: str) -> None:
	told.append((student, state, check))


class TestEnrolmentChange(BangfuTestCase):
	def setUp(self):
		super().setUp()
		self.file = factories.make_student(head_teacher=factories.make_user("Class Teacher"))

	def held(self) -> dict:
		return dict(frappe.db.get_value("Student File", self.file.name, HELD, as_dict=True))

	def change(self, kind: str, **values):
		if kind in enrolment.NEEDS_CERTIFICATE:
			values = {
				"certificate": factories.make_certificate(),
				"other_school": "Elsewhere School",
			} | values
		return factories.make_enrolment_change(self.file.name, kind, **values)

	def test_each_kind_and_back(self):
		far = factories.make_school("Far School").name
		far_class = factories.make_class(far, grade="Grade 8").name
		for kind, values, expected in (
			("Suspend", {}, {"enrolment_status": "Suspended"}),
			("Drop Out", {}, {"enrolment_status": "Dropped Out"}),
			("Graduate", {}, {"enrolment_status": "Graduated", "school_class": None}),
			(
				"Transfer Out",
				{},
				{"enrolment_status": "Transferred", "school_class": None, "head_teacher": None},
			),
			(
				"Transfer In",
				{"new_school": far, "new_class": far_class},
				{
					"enrolment_status": "Enrolled",
					"school": far,
					"school_class": far_class,
					"grade": "Grade 8",
				},
			),
		):
			with self.subTest(kind):
				before = self.held()
				change = self.change(kind, **values)
				self.assertEqual(self.held(), self.held() | expected)
				self.assertNotEqual((self.held(), kind), (before, "Suspend"))
				change.reload()
				change.cancel()
				self.assertEqual(self.held(), before)

	def test_the_records_move_with_the_student_and_back(self):
		near, far = self.file.school, factories.make_school("Far School").name
		old, new = (factories.make_user("Bangfu Coordinator", school=school) for school in (near, far))
		survey = factories.make_survey(self.file.name).name
		pairing = factories.make_pairing(self.file.name).name

		def seen_by(user: str) -> list[int]:
			with self.set_user(user):
				return [
					len(frappe.get_list(doctype, {"name": name}))
					for doctype, name in (("Needs Survey", survey), ("Pairing", pairing))
				]

		self.assertEqual((seen_by(old), seen_by(new)), ([1, 1], [0, 0]))
		change = self.change("Transfer In", new_school=far)
		self.assertEqual((seen_by(old), seen_by(new)), ([0, 0], [1, 1]))
		change.reload()
		change.cancel()
		self.assertEqual((seen_by(old), seen_by(new)), ([1, 1], [0, 0]))
		self.file.reload()
		self.file.update({"school": far, "school_class": None})
		self.file.save()
		self.assertEqual((seen_by(old), seen_by(new)), ([0, 0], [1, 1]))

	def test_suspend_and_resume(self):
		self.change("Suspend")
		self.assertRaises(frappe.ValidationError, self.change, "Graduate")
		self.change("Resume")
		self.assertEqual(self.held()["enrolment_status"], "Enrolled")
		self.assertRaises(frappe.ValidationError, self.change, "Resume")

	def test_cancelled_in_the_order_of_time(self):
		first = self.change("Suspend")
		self.change("Drop Out")
		first.reload()
		self.assertRaises(frappe.ValidationError, first.cancel)
		self.assertEqual(self.held()["enrolment_status"], "Dropped Out")

	def test_transfers_need_their_paper(self):
		for kind in enrolment.NEEDS_CERTIFICATE:
			with self.subTest(kind):
				draft = self.change(kind, certificate=None, submit=False)
				self.assertRaises(frappe.MandatoryError, draft.submit)
		self.assertEqual(self.held()["enrolment_status"], "Enrolled")

	def test_the_paper_is_private(self):
		self.assertRaises(frappe.ValidationError, self.change, "Transfer Out", certificate="/files/paper.txt")

	def test_a_class_of_the_new_school(self):
		near_class, far = factories.make_class().name, factories.make_school("Far School").name
		self.assertRaises(
			frappe.ValidationError, self.change, "Transfer In", new_school=far, new_class=near_class
		)

	def test_not_by_the_field(self):
		self.file.enrolment_status = "Dropped Out"
		self.assertRaises(frappe.ValidationError, self.file.save)

	def test_approval_stands(self):
		self.change("Suspend")
		file = frappe.get_doc("Student File", self.file.name)
		file.address = "Near Road 1"
		file.save()
		self.assertEqual(file.status, "In Support")


class TestEnrolmentCheck(BangfuTestCase):
	def setUp(self):
		super().setUp()
		told.clear()
		self.teacher = factories.make_user("Class Teacher")
		self.school_class = factories.make_class(head_teacher=self.teacher)
		self.names = [
			factories.make_student("Draft", school_class=self.school_class.name).name for _n in range(3)
		]
		factories.make_enrolment_change(self.names[2], "Graduate")

	def check(self, **values):
		with self.set_user(self.teacher):
			return factories.make_enrolment_check(self.school_class.name, **values)

	def test_filled_with_the_class(self):
		check = self.check()
		self.assertEqual({row.student for row in check.students}, set(self.names[:2]))
		self.assertEqual((check.absent, check.checked_by), (0, self.teacher))

	def test_absent_ones_are_told_once(self):
		hooks = frappe.get_hooks

		def with_ours(name=None, *args, **kwargs):
			return (
				[f"{__name__}.remember"] if name == "bangfu_student_absent" else hooks(name, *args, **kwargs)
			)

		check = self.check()
		with patch.object(frappe, "get_hooks", with_ours):
			check.students[0].state = "Absent, Unknown"
			check.save()
			self.assertEqual(told, [(check.students[0].student, "Absent, Unknown", check.name)])
			check.save()
			self.assertEqual(len(told), 1)
			check.students[0].state = "Left School"
			check.save()
		self.assertEqual([state for _s, state, _c in told], ["Absent, Unknown", "Left School"])
		self.assertEqual(check.absent, 1)

	def test_once_per_term(self):
		term = factories.make_term(f"Term {factories.serial()}", **factories.AUTUMN).name
		self.check(school_term=term)
		self.assertRaises(frappe.DuplicateEntryError, self.check, school_term=term)

	def test_refused(self):
		other = factories.make_student("Draft").name
		self.assertRaises(frappe.ValidationError, self.check, checked_on="2020-06-01")
		self.assertRaises(frappe.ValidationError, self.check, students=[{"student": self.names[0]}] * 2)
		with self.assertRaises((frappe.ValidationError, frappe.PermissionError)):
			self.check(students=[{"student": other}])

	def test_another_teacher_sees_no_class(self):
		with self.set_user(factories.make_user("Class Teacher")):
			self.assertRaises(frappe.PermissionError, factories.make_enrolment_check, self.school_class.name)
			self.assertRaises(frappe.PermissionError, enrolment.class_list, self.school_class.name)
		with self.set_user(self.teacher):
			self.assertEqual(len(enrolment.class_list(self.school_class.name)), 2)

	def test_report_of_who_has_not_checked(self):
		term = factories.make_term(f"Term {factories.serial()}", **factories.AUTUMN).name
		idle = factories.make_class()
		factories.make_student("Draft", school_class=idle.name)
		self.check(school_term=term, checked_on="2019-09-20")
		_columns, rows, *_more = enrolment_checks.execute({"school_term": term})
		states = {row["school_class"]: row["state"] for row in rows}
		self.assertEqual(states[self.school_class.name], "Late")
		self.assertEqual(states[idle.name], "Missing")
		far = factories.make_user("Bangfu Coordinator", school=factories.make_school("Far School").name)
		with self.set_user(far):
			_columns, rows, *_more = enrolment_checks.execute({"school_term": term})
			self.assertNotIn(idle.name, [row["school_class"] for row in rows])
