"""How complete a file is, for whom, and that it stays so (F11, F12)."""

from unittest.mock import patch

import frappe

from bangfu_app import completeness
from bangfu_app.tests import BangfuTestCase, counted_queries, factories


def require(*rows: tuple) -> None:
	"""Item, weight and more fields of the requirement."""
	settings = frappe.get_doc("Bangfu Settings")
	settings.file_requirements = []
	for item, weight, *more in rows:
		settings.append("file_requirements", {"item": item, "weight": weight, **(more[0] if more else {})})
	settings.flags.ignore_mandatory = True
	settings.save()


class TestCompleteness(BangfuTestCase):
	def setUp(self):
		super().setUp()
		completeness._marked().clear()
		self.teacher = factories.make_user("Class Teacher")
		self.file = factories.make_student(head_teacher=self.teacher)
		self.addCleanup(completeness._marked().clear)

	def stored(self) -> tuple[float, str]:
		completeness.count_marked()
		return tuple(frappe.db.get_value("File Completeness", self.file.name, ["percent", "missing"]) or ())

	def viewed(self, user: str) -> tuple[float, list[str]]:
		with self.set_user(user):
			found = completeness.for_viewer(frappe.get_doc("Student File", self.file.name))
		return found["percent"], [row["item"] for row in found["missing"]]

	def test_weights(self):
		require(("Needs Survey", 3), ("Home Address", 1), ("Student Number", 1))
		self.assertEqual(self.stored(), (0.0, "Needs Survey, Home Address, Student Number"))
		factories.make_survey(self.file.name)
		self.assertEqual(self.stored()[0], 60.0)
		self.file.reload()
		self.file.address = "Near Road 1"
		self.file.save()
		self.assertEqual(self.stored(), (80.0, "Student Number"))

	def test_a_screening_of_everyone_is_no_needs_survey(self):
		require(("Needs Survey", 1))
		survey = factories.make_survey(self.file.name)
		frappe.db.set_value("Needs Survey", survey.name, "confidential", 1)
		completeness.mark(self.file.name)
		self.assertEqual(self.stored(), (0.0, "Needs Survey"))

	def test_follows_each_kind_of_record(self):
		file = self.file.name
		for item, make in {
			"Student Circumstances": lambda: factories.make_circumstances(file),
			"Consent to Support": lambda: factories.make_consent(file, "Support"),
			"Needs Survey": lambda: factories.make_survey(file),
			"Support Plan": lambda: factories.make_plan(file),
			"Pairing": lambda: factories.make_pairing(file),
			"Session Held": lambda: factories.make_session([file]),
			"Supporting Paper": lambda: self.attach(),
		}.items():
			with self.subTest(item):
				require((item, 1))
				completeness.mark(file)
				self.assertEqual(self.stored()[0], 0)
				make()
				self.assertEqual(self.stored()[0], 100)

	def test_counselling_does_not_show(self):
		require(("Session Held", 1))
		factories.make_session([self.file.name], session_kind="Individual Counselling")
		completeness.mark(self.file.name)
		self.assertEqual(self.stored(), (0.0, "Session Held"))

	def attach(self):
		paper = {"doctype": "File", "file_name": "paper.txt", "content": "Paper", "is_private": 1}
		about = {"attached_to_doctype": "Student File", "attached_to_name": self.file.name}
		return frappe.get_doc(paper | about).insert()

	def test_goes_down_again(self):
		require(("Needs Survey", 1), ("Consent to Support", 1))
		survey, consent = (
			factories.make_survey(self.file.name),
			factories.make_consent(self.file.name, "Support"),
		)
		self.assertEqual(self.stored()[0], 100)
		survey.cancel()
		self.assertEqual(self.stored(), (50.0, "Needs Survey"))
		consent.withdraw("The mother asked for it")
		self.assertEqual(self.stored()[0], 0)

	def test_a_validity_that_ended(self):
		require(("Student Circumstances", 1))
		factories.make_circumstances(self.file.name, valid_until="2025-03-01")
		completeness.count_all()
		self.assertEqual(self.stored()[0], 0)

	def test_applies_to_stage_need_and_state(self):
		draft = factories.make_student("Draft", stage="Senior Secondary")
		cases = (
			({"applies_to": "In Support"}, 0, 100),
			({"stage": "Senior Secondary"}, 100, 0),
			({"need_group": "Academic"}, 0, 0),
			({"need_group": "Economic"}, 100, 100),
			({"applies_to": "Closed"}, 100, 100),
		)
		for values, of_file, of_draft in cases:
			with self.subTest(values):
				require(("Student Number", 1, values))
				completeness.store([self.file.name, draft.name])
				percents = [
					frappe.db.get_value("File Completeness", name, "percent")
					for name in (self.file.name, draft.name)
				]
				self.assertEqual(percents, [of_file, of_draft])

	def test_counts_only_what_the_viewer_may_read(self):
		"""A supporter learns nothing of circumstances, surveys, consents and identity numbers, there or not."""
		require(
			("Student Circumstances", 5),
			("Needs Survey", 5),
			("Consent to Support", 5),
			("Identity Number", 5),
			("Home Address", 1),
		)
		supporter = factories.make_user("Supporter")
		team = factories.make_team()
		frappe.db.set_value("Supporter", team[-1]["supporter"], "user", supporter)
		factories.make_pairing(self.file.name, members=team)
		before = self.viewed(supporter)
		self.assertEqual(before, (0.0, ["Home Address"]))
		factories.make_circumstances(self.file.name)
		factories.make_survey(self.file.name)
		factories.make_consent(self.file.name, "Support")
		self.assertEqual(self.viewed(supporter), before)
		self.assertEqual(self.viewed(self.teacher), (71.4, ["Identity Number", "Home Address"]))
		self.stored()
		with self.set_user(supporter):
			self.assertRaises(frappe.PermissionError, frappe.get_list, "File Completeness")
		with self.set_user(self.teacher):
			self.assertEqual(frappe.get_list("File Completeness", pluck="name"), [self.file.name])

	def test_queries_do_not_grow_with_the_files(self):
		completeness.add_default_requirements()
		files = [factories.make_student("Draft").name for _n in range(4)]
		counts = []
		for names in (files[:1], files):
			completeness.store(names)
			with counted_queries() as queries:
				completeness.store(names)
			counts.append(len(queries))
		self.assertEqual(counts[0], counts[1])
		self.assertLessEqual(counts[0], 16)

	def test_many_saves_count_once(self):
		completeness.count_marked()
		for _n in range(3):
			factories.make_circumstances(self.file.name)
		with patch.object(completeness, "store") as store:
			completeness.count_marked()
			completeness.count_marked()
		self.assertEqual([call.args[0] for call in store.call_args_list], [[self.file.name], []])

	def test_a_merged_file_has_none(self):
		other = factories.make_student("Draft").name
		completeness.store([other])
		factories.make_merge(self.file.name, other)
		completeness.count_marked()
		self.assertFalse(frappe.db.exists("File Completeness", other))
