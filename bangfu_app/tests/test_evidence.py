"""Criteria by place and year, evidence, and the gate of the intake (I7–I9, A2, A3)."""

import frappe

from bangfu_app import recognition
from bangfu_app.approvals import actions
from bangfu_app.bangfu_app.doctype.screening.screening import make_student_file
from bangfu_app.dossier import student_dossier
from bangfu_app.recognition import EvidenceMissingError, criteria_for
from bangfu_app.tests import BangfuTestCase, factories


def set_gate(records: int, methods: int) -> None:
	settings = frappe.get_doc("Bangfu Settings")
	settings.update({"evidence_records": records, "evidence_methods": methods})
	settings.save()


class TestCriteria(BangfuTestCase):
	def setUp(self):
		super().setUp()
		frappe.db.delete("Eligibility Criterion")
		self.school = factories.make_school(
			"School in the West", province="P", city="C", district="West"
		).name

	def line(self, name: str, **values):
		return factories.make_criterion(name, kind="Below the Minimum-living Line", **values)

	def names(self, day: str = "2025-09-01") -> list[str]:
		return [row.name for row in criteria_for(self.school, day)]

	def test_those_of_the_place(self):
		factories.make_criterion("Everywhere")
		factories.make_criterion("In the west", province="P", city="C", district="West")
		factories.make_criterion("In the east", province="P", city="C", district="East")
		factories.make_criterion("Off", enabled=0)
		self.assertEqual(self.names(), ["Everywhere", "In the west"])

	def test_the_nearest_place_replaces_the_wider_one_of_its_kind(self):
		self.line("Of the country")
		self.line("Of the province", province="P", monthly_line=700)
		self.line("Of the west", district="West", monthly_line=812.5)
		self.assertEqual(self.names(), ["Of the west"])

	def test_those_of_the_day(self):
		self.line("2025", valid_from="2025-01-01", valid_to="2025-12-31")
		self.line("2026", valid_from="2026-01-01")
		self.assertEqual(self.names("2025-12-31"), ["2025"])
		self.assertEqual(self.names("2026-01-01"), ["2026"])
		self.assertEqual(self.names("2024-12-31"), [])

	def test_a_school_without_place_has_the_general_ones(self):
		self.line("Of the province", province="P")
		self.line("Of the country")
		rows = criteria_for(factories.make_school("School of No Place").name, "2025-09-01")
		self.assertEqual([row.name for row in rows], ["Of the country"])

	def test_a_line_belongs_to_its_kind(self):
		self.assertRaises(frappe.ValidationError, factories.make_criterion, "Bad", monthly_line=5)


class TestEvidence(BangfuTestCase):
	def test_of_somebody(self):
		self.assertRaises(frappe.MandatoryError, factories.make_evidence)

	def test_stays_with_the_student(self):
		evidence = factories.make_evidence(factories.make_student("Draft").name)
		evidence.student = factories.make_student("Draft").name
		self.assertRaises(frappe.ValidationError, evidence.save)

	def test_is_not_of_two(self):
		screening = factories.make_screening()
		student = factories.make_student("Draft").name
		self.assertRaises(frappe.ValidationError, factories.make_evidence, student, screening=screening.name)

	def test_found_by_whoever_enters_it(self):
		teacher = factories.make_user("Class Teacher")
		student = factories.make_student("Draft", head_teacher=teacher)
		with self.set_user(teacher):
			evidence = frappe.get_doc(
				{
					"doctype": "Recognition Evidence",
					"student": student.name,
					"criterion": factories.make_criterion().name,
					"method": "Document",
					"found_on": "2025-01-05",
					"finding": "A certificate.",
				}
			).insert()
		self.assertEqual(evidence.found_by, frappe.utils.get_fullname(teacher))
		self.assertEqual((evidence.student_name, evidence.school), (student.student_name, student.school))

	def test_not_in_the_future(self):
		student = factories.make_student("Draft").name
		self.assertRaises(frappe.ValidationError, factories.make_evidence, student, found_on="2999-01-01")

	def test_found_on_a_candidate_after_the_file_was_made_it_is_the_files(self):
		screening = admitted()
		student = make_student_file(screening.name)
		self.assertEqual(factories.make_evidence(screening=screening.name).student, student)


def admitted():
	raters = factories.make_user("Class Teacher"), factories.make_user("Counsellor")
	screening = factories.make_screening(*raters)
	for rater in raters:
		factories.make_panel_score(screening.name, rater)
	screening.reload()
	screening.update({"decision": "Admit", "decision_reason": "In need."})
	return screening.save()


class TestGate(BangfuTestCase):
	def setUp(self):
		super().setUp()
		self.manager = factories.make_user("Bangfu Manager")
		self.file = factories.make_student("School Review").name

	def approve(self) -> str:
		with self.set_user(self.manager):
			actions.act("Student File", self.file, "Approve")
		return frappe.db.get_value("Student File", self.file, "status")

	def test_no_file_is_approved_without_evidence(self):
		with self.assertRaises(EvidenceMissingError) as caught:
			self.approve()
		self.assertIn("0 of 1 records", str(caught.exception))
		self.assertEqual(frappe.db.get_value("Student File", self.file, "status"), "School Review")
		factories.make_evidence(self.file)
		self.assertEqual(self.approve(), "In Support")

	def test_the_message_brings_the_button_that_makes_it(self):
		frappe.clear_messages()
		self.assertRaises(EvidenceMissingError, self.approve)
		action = frappe.parse_json(frappe.local.message_log[-1])["primary_action"]
		self.assertEqual(action["args"], {"student": self.file})

	def test_not_by_another_door_either(self):
		file = frappe.get_doc("Student File", self.file)
		file.status = "In Support"
		with self.set_user(self.manager):
			self.assertRaises(EvidenceMissingError, file.save)
			(row,) = actions.decide([{"doctype": "Student File", "name": self.file}], "approve")
		self.assertFalse(row["done"])

	def test_different_methods(self):
		set_gate(2, 2)
		factories.make_evidence(self.file)
		factories.make_evidence(self.file)
		self.assertRaises(EvidenceMissingError, self.approve)
		factories.make_evidence(self.file, method="Classmates' Review")
		self.assertEqual(self.approve(), "In Support")

	def test_of_another_student_it_does_not_count(self):
		factories.make_evidence(factories.make_student("Draft").name)
		self.assertRaises(EvidenceMissingError, self.approve)

	def test_an_office_can_switch_it_off(self):
		set_gate(0, 0)
		self.assertEqual(self.approve(), "In Support")

	def test_the_earlier_steps_need_none(self):
		self.assertEqual(frappe.db.count("Recognition Evidence", {"student": self.file}), 0)


class TestSeen(BangfuTestCase):
	"""Approvers see evidence and score sheet on the form and in the dossier, others do not (A3)."""

	def setUp(self):
		super().setUp()
		self.screening = admitted()
		factories.make_evidence(screening=self.screening.name, finding="A leaking roof")
		self.student = make_student_file(self.screening.name)
		self.file = frappe.get_doc("Student File", self.student)

	def test_the_leading_group(self):
		with self.set_user(factories.make_user("Bangfu Manager")):
			seen = recognition.summary(self.file)
			dossier = student_dossier(self.student)
		self.assertEqual([row.finding for row in seen["evidence"]], ["A leaking roof"])
		self.assertEqual(seen["score_sheet"]["composite"], self.screening.composite)
		self.assertEqual(dossier.evidence[0].finding, "A leaking roof")
		self.assertEqual(dossier.score_sheet["screening"], self.screening.name)

	def test_a_supporter_does_not(self):
		supporter = factories.make_user("Supporter")
		with self.set_user(supporter):
			self.assertIsNone(recognition.summary(self.file))
			self.assertIsNone(recognition.score_sheet_of(self.screening.name))
			self.assertRaises(frappe.PermissionError, frappe.get_list, "Recognition Evidence")

	def test_the_class_teacher_sees_own_students_alone(self):
		teacher = factories.make_user("Class Teacher")
		with self.set_user(teacher):
			self.assertEqual(frappe.get_list("Recognition Evidence", {"student": self.student}), [])
		school_class = frappe.get_doc("School Class", self.file.school_class)
		school_class.head_teacher = teacher
		school_class.save()
		with self.set_user(teacher):
			self.assertEqual(len(frappe.get_list("Recognition Evidence", {"student": self.student})), 1)

	def test_a_deleted_file_leaves_the_candidate(self):
		self.file.delete()
		self.screening.reload()
		self.assertFalse(self.screening.student_file)
		evidence = frappe.get_all("Recognition Evidence", {"screening": self.screening.name}, ["student"])
		self.assertEqual([row.student for row in evidence], [None])
		self.assertTrue(frappe.db.exists("Student File", make_student_file(self.screening.name)))
