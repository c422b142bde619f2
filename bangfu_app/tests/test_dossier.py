"""The print of the student dossier: what each reader finds in it, and no query per row."""

import frappe

from bangfu_app.dossier import SESSIONS_LISTED, student_dossier
from bangfu_app.tests import BangfuTestCase, factories
from bangfu_app.tests.test_reports import counted_queries


class TestStudentDossier(BangfuTestCase):
	def setUp(self):
		super().setUp()
		need = factories.make_need_category("Plainly Named Need", neutral_name="Neutral Support")
		self.teacher = factories.make_user("Class Teacher")
		self.file = factories.make_student(
			head_teacher=self.teacher,
			id_number=factories.id_number(),
			strengths="Draws <b>well</b>",
			needs=[{"need_category": need.name}],
		)
		self.student = self.file.name
		factories.make_circumstances(
			self.student,
			annual_income=12345,
			family_members=[{"member_name": "Granny Test", "relation": "Grandmother"}],
		)

	def printed(self, user: str = "Administrator") -> str:
		with self.set_user(user):
			return frappe.get_print("Student File", self.student, "Student Dossier", no_letterhead=1)

	def supporter(self) -> tuple[str, str]:
		"""A user and the pairing with the student."""
		user = factories.make_user("Supporter")
		member = {"supporter": factories.make_supporter(user=user).name, "member_role": "Volunteer"}
		return user, factories.make_pairing(self.student, members=[*factories.make_team(), member]).name

	def fill(self):
		factories.make_survey(self.student)
		plan = factories.make_plan(self.student)
		factories.make_session([self.student], theme="Fractions and Decimals", minutes=50)
		item = factories.make_item().name
		factories.make_donation(item, 5, donor=factories.make_partner("Donor of Books").name)
		factories.make_distribution(item, self.student)
		frappe.get_doc(
			{
				"doctype": "Support Evaluation",
				"purpose": "Term",
				"evaluated_on": "2025-06-30",
				"student": self.student,
				"plan": plan.name,
				"domain_results": [{"domain": factories.make_domain().name, "pre": 3, "post": 1}],
				"indicator_results": [
					{
						"indicator": factories.make_indicator().name,
						"baseline": 0.4,
						"target": 0.6,
						"actual": 0.7,
					}
				],
			}
		).insert().submit()

	def test_all_sections(self):
		self.supporter()
		self.fill()
		factories.make_closure(self.student)
		html = self.printed()
		for text in (
			"Draws &lt;b&gt;well&lt;/b&gt;",
			"Neutral Support",
			"Granny Test",
			"12,345.00",
			self.file.id_number,
			"Test Domain",
			"Pass mathematics",
			"Test Tutoring",
			"Fractions and Decimals",
			"Donor of Books",
			"70%",
			"116.7%",
			"150.0%",
			"Reached all goals.",
			"Leading Group Review",
		):
			self.assertIn(text, html)
		self.assertIn("***", self.file.id_number)
		self.assertLess(html.index("Draws"), html.index(self.file.id_number))

	def test_an_empty_file_prints(self):
		html = self.printed()
		self.assertIn("Neutral Support", html)
		self.assertNotIn("Error", html)

	def test_nobody_reads_the_plain_category(self):
		user, _pairing = self.supporter()
		for reader in ("Administrator", user, self.teacher, factories.make_user("Bangfu Manager")):
			self.assertNotIn("Plainly Named Need", self.printed(reader))

	def test_a_supporter_reads_what_helping_needs(self):
		user, pairing = self.supporter()
		self.fill()
		html = self.printed(user)
		for text in ("Neutral Support", "Fractions and Decimals", "Pass mathematics"):
			self.assertIn(text, html)
		for text in (
			self.file.id_number,
			"Identity Number",
			"12,345",
			"Annual",
			"Granny Test",
			"Donor of Books",
		):
			self.assertNotIn(text, html)
		frappe.db.set_value("Pairing", pairing, "status", "Ended")
		self.assertRaises(frappe.PermissionError, self.printed, user)

	def test_strangers_to_the_student_are_refused(self):
		for role in ("Class Teacher", "Supporter", "Counsellor"):
			with self.subTest(role=role):
				self.assertRaises(frappe.PermissionError, self.printed, factories.make_user(role))
		with self.set_user(factories.make_user()), self.assertRaises(frappe.PermissionError):
			student_dossier(self.student)

	def test_goods_are_shown_to_those_who_may_read_them(self):
		self.fill()
		self.assertIn("Donor of Books", self.printed(factories.make_user("Bangfu Coordinator")))
		self.assertNotIn("Donor of Books", self.printed(self.teacher))

	def test_sessions_are_counted_all_and_the_newest_listed(self):
		for number in range(SESSIONS_LISTED + 3):
			factories.make_session([self.student], minutes=30, session_date=f"2024-{number % 12 + 1:02d}-05")
		factories.make_session(attendance=[{"student": self.student, "state": "Absent"}])
		factories.make_session([self.student], status="Planned")
		part = student_dossier(self.student).participation
		self.assertEqual((part.events, part.minutes), (SESSIONS_LISTED + 3, 30 * (SESSIONS_LISTED + 3)))
		self.assertEqual((len(part.sessions), part.not_listed), (SESSIONS_LISTED, 3))

	def test_who_approved_what_and_when(self):
		factories.make_plan(self.student)
		trail = student_dossier(self.student).trail
		self.assertEqual(
			[(row.reference_doctype, row.state) for row in trail],
			[
				("Student File", "File opened"),
				("Student File", "Class Review"),
				("Student File", "School Review"),
				("Student File", "In Support"),
				("Support Plan", "Agreed"),
				("Support Plan", "Department Review"),
				("Support Plan", "Active"),
			],
		)
		self.assertEqual(trail[2].who, frappe.utils.get_fullname(self.teacher))

	def test_queries_do_not_grow(self):
		user, _pairing = self.supporter()
		self.fill()
		with self.set_user(user):
			few = self.queries()
		for _number in range(4):
			frappe.db.set_value(
				"Support Plan", {"student": self.student, "status": "Active"}, "status", "Completed"
			)
			factories.make_session(
				[self.student], supporters=[{"supporter": factories.make_supporter().name}]
			)
			self.fill()
		with self.set_user(user):
			self.assertLessEqual(self.queries(), few)

	def queries(self) -> int:
		student_dossier(self.student)  # fills the caches
		with counted_queries() as queries:
			student_dossier(self.student)
		return len(queries)
