"""Ways around the rights that were found once: each stays closed (domain §5)."""

import frappe
from frappe.desk.query_report import run
from frappe.desk.search import search_link

from bangfu_app.bangfu_app.doctype.student_file.student_file import make_support_plan
from bangfu_app.bangfu_app.doctype.support_plan.support_plan import make_evaluation
from bangfu_app.goods import aid_stock
from bangfu_app.rights import surfaces
from bangfu_app.tests import BangfuTestCase, factories


class LeakTestCase(BangfuTestCase):
	def setUp(self):
		super().setUp()
		self.student = factories.make_student(student_name="Secret Child", id_number=factories.id_number())
		self.other = factories.make_student(student_name="Other Child")
		self.user = factories.make_user("Supporter")
		self.supporter = factories.make_supporter(user=self.user)
		team = factories.make_team()
		team[2]["supporter"] = self.supporter.name
		self.pairing = factories.make_pairing(self.student.name, members=team)

	def can(self, user: str, doctype: str, name: str, ptype: str = "read") -> bool:
		with self.set_user(user):
			return frappe.get_doc(doctype, name).has_permission(ptype)

	def listed(self, user: str, doctype: str) -> list[str]:
		with self.set_user(user):
			return frappe.get_list(doctype, pluck="name")


class TestFrappesOwnSurfaces(LeakTestCase):
	def test_the_title_of_a_link_is_no_way_to_a_name(self):
		with self.set_user(factories.make_user()):
			self.assertEqual(surfaces.get_link_title("Student File", self.student.name), self.student.name)
		with self.set_user(self.user):
			self.assertEqual(surfaces.get_link_title("Student File", self.student.name), "Secret Child")
			self.assertEqual(surfaces.get_link_title("Student File", self.other.name), self.other.name)

	def test_frappe_calls_our_link_title(self):
		override = frappe.get_hooks("override_whitelisted_methods")["frappe.desk.search.get_link_title"]
		self.assertEqual(override[-1], "bangfu_app.rights.surfaces.get_link_title")

	def test_link_search_finds_own_students_only(self):
		with self.set_user(self.user):
			found = search_link("Student File", "Child")
		rows = found if found is not None else frappe.response.pop("results")
		self.assertEqual([row["value"] for row in rows], [self.student.name])

	def test_global_search_holds_no_student(self):
		self.assertFalse([f.fieldname for f in frappe.get_meta("Student File").fields if f.in_global_search])

	def test_versions_hold_no_identity_number(self):
		file = frappe.get_doc("Student File", self.student.name)
		file.id_number = factories.id_number()
		file.talents = "Sings"
		file.save(ignore_version=False)  # Frappe writes none in tests
		versions = "".join(frappe.get_all("Version", {"docname": file.name}, pluck="data"))
		self.assertIn("Sings", versions)
		for secret in (file.id_number, file.id_number_hash, file.id_number_cipher[:20]):
			self.assertNotIn(secret, versions)

	def test_the_standard_print_names_no_need(self):
		need = factories.make_need_category("Plain Label", neutral_name="Growth Support")
		file = factories.make_student("Draft", needs=[{"need_category": need.name}])
		html = frappe.get_print("Student File", file.name, "Standard", no_letterhead=1)
		self.assertIn("Growth Support", html)
		self.assertNotIn("Plain Label", html)


class TestSecondRole(LeakTestCase):
	def test_the_right_to_choose_a_student_is_none_to_read_all(self):
		user = factories.make_user("Bangfu Finance", "Class Teacher")
		self.assertEqual(self.listed(user, "Student File"), [])
		self.assertFalse(self.can(user, "Student File", self.student.name))

	def test_the_right_to_read_all_is_none_to_write_all(self):
		user = factories.make_user("Evaluator", "Class Teacher")
		self.assertTrue(self.can(user, "Student File", self.student.name))
		self.assertFalse(self.can(user, "Student File", self.student.name, "write"))

	def test_finance_finds_every_student_in_a_link(self):
		with self.set_user(factories.make_user("Bangfu Finance")):
			found = search_link("Student File", "Child")
		rows = found if found is not None else frappe.response.pop("results")
		self.assertEqual(len(rows), 2)


class TestSessionsOpenNoFile(LeakTestCase):
	def test_a_stranger_does_not_go_on_a_roster(self):
		with self.set_user(self.user):
			values = {"doctype": "Support Session", "session_date": "2025-03-01", "session_kind": "Tutoring"}
			values |= {"theme": "Own", "minutes": 30}
			for reference in ({"student": self.other.name}, {"attendance": [{"student": self.other.name}]}):
				with self.assertRaises(frappe.PermissionError) as caught:
					frappe.get_doc(values | reference).insert()
				self.assertNotIn("Other Child", str(caught.exception))
			session = frappe.get_doc(values | {"student": self.student.name}).insert()
			session.append("attendance", {"student": self.other.name})
			self.assertRaises(frappe.PermissionError, session.save)

	def test_sessions_end_with_the_pairing(self):
		with self.set_user(self.user):
			session = factories.make_session(
				[self.student.name], supporters=[{"supporter": self.supporter.name}]
			)
		self.assertTrue(self.can(self.user, "Support Session", session.name, "write"))
		frappe.get_doc("Pairing", self.pairing.name).end("Supporter Left", "2025-06-30", "Note")
		self.assertFalse(self.can(self.user, "Support Session", session.name))
		self.assertEqual(self.listed(self.user, "Support Session"), [])

	def test_a_supporter_who_withdrew_sees_nothing(self):
		frappe.db.set_value("Supporter", self.supporter.name, "status", "Withdrawn")
		self.assertEqual(self.listed(self.user, "Student File"), [])

	def test_counselling_is_closed_to_coordinators_and_counted_for_them(self):
		session = factories.make_session([self.student.name], session_kind="Individual Counselling")
		coordinator = factories.make_user("Bangfu Coordinator")
		self.assertFalse(self.can(coordinator, "Support Session", session.name))
		with self.set_user(coordinator):
			rows = run("Session Statistics", filters={})["result"]
			ledger = run("Support Ledger", filters={})["result"]
		self.assertEqual([row["key"] for row in rows if isinstance(row, dict)], ["Individual Counselling"])
		self.assertNotIn(session.theme, str(ledger))

	def test_a_closure_does_not_tell_the_theme_of_a_session(self):
		factories.make_session(
			[self.student.name], session_kind="Individual Counselling", status="Planned", theme="Private"
		)
		closure = factories.make_closure(self.student.name, approved=False)
		self.assertNotIn("Private", closure.open_items[0].item)


class TestLinksOpenNoOtherChild(LeakTestCase):
	def test_records_of_another_student_are_refused(self):
		survey = factories.make_survey(self.other.name)
		plan = factories.make_plan(self.other.name)
		for make, values in (
			(factories.make_plan, {"needs_survey": survey.name, "active": False}),
			(factories.make_pairing, {"plan": plan.name, "active": False}),
			(factories.make_closure, {"plan": plan.name, "approved": False}),
		):
			with (
				self.subTest(make=make.__name__),
				self.assertRaisesRegex(frappe.ValidationError, "another student"),
			):
				make(self.student.name, **values)
		with self.assertRaisesRegex(frappe.ValidationError, "not on the roster"):
			factories.make_session([self.student.name], plan=plan.name)

	def test_an_evaluation_of_a_plan_needs_the_right_to_the_plan(self):
		plan = factories.make_plan(self.other.name)
		with self.set_user(factories.make_user("Class Teacher")):
			self.assertRaises(frappe.PermissionError, make_evaluation, plan.name)

	def test_a_programme_is_not_evaluated_by_those_who_see_single_students(self):
		evaluation = frappe.get_doc(
			{
				"doctype": "Support Evaluation",
				"purpose": "Annual",
				"evaluated_on": "2025-12-31",
				"programme": factories.make_programme().name,
				"indicator_results": [{"indicator": factories.make_indicator().name, "actual": 0.5}],
			}
		).insert()
		teacher = factories.make_user("Class Teacher")
		for ptype in ("read", "write", "submit"):
			self.assertFalse(self.can(teacher, "Support Evaluation", evaluation.name, ptype))
		with self.set_user(teacher):
			copy = frappe.copy_doc(evaluation)
			self.assertRaises(frappe.PermissionError, copy.insert)


class TestEndpointsRefuseStrangers(LeakTestCase):
	"""Each method that opens or moves a record, as users who hold the roles but not the student."""

	STRANGERS = ("Class Teacher", "Supporter", "Counsellor")

	def records(self) -> dict[str, str]:
		survey = factories.make_survey(self.student.name)
		plan = factories.make_plan(self.student.name)
		return {
			"Student File": self.student.name,
			"Needs Survey": survey.name,
			"Support Plan": plan.name,
			"Pairing": self.pairing.name,
		}

	def test_next_records(self):
		for doctype, name in self.records().items():
			module = frappe.get_module(
				f"bangfu_app.bangfu_app.doctype.{frappe.scrub(doctype)}.{frappe.scrub(doctype)}"
			)
			methods = [
				method
				for key, method in vars(module).items()
				if key.startswith("make_") and method.__module__ == module.__name__
			]
			self.assertTrue(methods)
			for method in methods:
				for role in self.STRANGERS:
					with self.subTest(method=method.__name__, doctype=doctype, role=role):
						with self.set_user(factories.make_user(role)):
							self.assertRaises(frappe.PermissionError, method, name)

	def test_pairings_are_not_moved_by_their_supporters(self):
		with self.set_user(self.user):
			pairing = frappe.get_doc("Pairing", self.pairing.name)
			self.assertRaises(frappe.PermissionError, pairing.end, "Other")
			self.assertRaises(frappe.PermissionError, pairing.activate)

	def test_a_pairing_is_moved_as_it_is_stored(self):
		pairing = frappe.get_doc("Pairing", self.pairing.name)
		pairing.match_reasons = "Sent by the browser"
		pairing.end("Other", "2025-06-30", "Note")
		self.assertFalse(frappe.db.get_value("Pairing", pairing.name, "match_reasons"))

	def test_a_supporter_opens_a_plan_without_the_survey(self):
		survey = factories.make_survey(self.student.name)
		with self.set_user(self.user):
			plan = make_support_plan(self.student.name)
		self.assertEqual((plan.student, plan.needs_survey, plan.goals), (self.student.name, None, []))
		self.assertEqual(make_support_plan(self.student.name).needs_survey, survey.name)

	def test_the_worth_of_the_stock_is_for_those_who_read_donations(self):
		for role in self.STRANGERS:
			with self.set_user(factories.make_user(role)):
				self.assertRaises(frappe.PermissionError, aid_stock.value_in_stock)


class TestSchools(LeakTestCase):
	def test_goods_for_another_school_are_not_seen(self):
		item = factories.make_item().name
		factories.make_donation(item, 5)
		distribution = factories.make_distribution(item, self.student.name)
		own = factories.make_user("Bangfu Coordinator", school=self.student.school)
		other = factories.make_user("Bangfu Coordinator", school=factories.make_school("Far School").name)
		self.assertTrue(self.can(own, "Aid Distribution", distribution.name))
		self.assertFalse(self.can(other, "Aid Distribution", distribution.name))
		self.assertEqual(self.listed(other, "Aid Distribution"), [])

	def test_a_session_of_no_school_is_in_list_and_report_alike(self):
		session = factories.make_session(headcount=7)
		coordinator = factories.make_user("Bangfu Coordinator", school=self.student.school)
		self.assertEqual(self.listed(coordinator, "Support Session"), [session.name])
		with self.set_user(coordinator):
			rows = run("Session Statistics", filters={})["result"]
		self.assertEqual([row["person_times"] for row in rows if isinstance(row, dict)], [7])

	def test_a_file_without_class_has_no_class_teacher(self):
		teacher = factories.make_user("Class Teacher")
		file = factories.make_student("Draft", head_teacher=teacher)
		self.assertEqual(self.listed(teacher, "Student File"), [file.name])
		file.school_class = None
		file.save()
		self.assertEqual(self.listed(teacher, "Student File"), [])
