"""Two files of one student become one, and apart again."""

import frappe
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bangfu_app import census, enrolment
from bangfu_app.persons import merging
from bangfu_app.scores import exam_scores
from bangfu_app.tests import BangfuTestCase, factories

# what a merge itself adds, and what follows from computing anew
ADDED = {"Approval Step", "Comment", "Student Merge", "Merge Choice", "File Completeness", "Duplicate Pair"}
VOLATILE = ("modified", "modified_by", "_comments")

# kind of record → how a student gets one
ADDITIONS = {
	"circumstances": lambda file: factories.make_circumstances(file),
	"survey": lambda file: factories.make_survey(file),
	"draft survey": lambda file: factories.make_survey(file, submit=False),
	"draft plan": lambda file: factories.make_plan(file, active=False),
	"pairing": lambda file: factories.make_pairing(file, active=False),
	"session": lambda file: factories.make_session([file]),
	"consent": lambda file: factories.make_consent(file),
	"distribution": lambda file: give(file),
	"comment": lambda file: frappe.get_doc("Student File", file).add_comment("Comment", "Seen at home"),
	"file": lambda file: attach(file),
	"to-do": lambda file: frappe.get_doc(
		{"doctype": "ToDo", "description": "Ring", "reference_type": "Student File", "reference_name": file}
	).insert(),
}


def give(file: str):
	factories.make_donation(factories.make_item().name, 5)
	return factories.make_distribution(factories.make_item().name, file)


def attach(file: str):
	values = {"doctype": "File", "file_name": f"note{factories.serial()}.txt", "content": "A note"}
	about = {"attached_to_doctype": "Student File", "attached_to_name": file, "is_private": 1}
	return frappe.get_doc(values | about).insert()


def snapshot() -> dict:
	"""All rows that may refer to a file, as they are stored."""
	rows = {}
	ours = set(frappe.get_all("DocType", {"module": "Bangfu App"}, pluck="name")) | {
		"File",
		"ToDo",
		"Tag Link",
	}
	referring = {ref.doctype for ref in merging.references()} | {"Student File"}
	for doctype in sorted((referring & ours) - ADDED):
		for row in frappe.qb.from_(frappe.qb.DocType(doctype)).select("*").run(as_dict=True):
			rows[doctype, row.name] = {key: row[key] for key in row if key not in VOLATILE}
	return rows


class TestMerge(BangfuTestCase):
	def setUp(self):
		super().setUp()
		self.kept = factories.make_student(student_name="张伟", birth_date="2013-02-21").name
		self.merged = factories.make_student(student_name="李伟", birth_date="2013-02-22").name

	def value(self, name: str, fieldname: str):
		return frappe.db.get_value("Student File", name, fieldname)

	def test_what_moves_bears_the_name_that_the_file_has_then(self):
		plan = factories.make_plan(self.merged, active=False)
		merge = factories.make_merge(self.kept, self.merged, submit=False)
		next(row for row in merge.choices if row.fieldname == "student_name").take = "Goes"
		merge.submit()
		self.assertEqual(frappe.db.get_value("Support Plan", plan.name, "student_name"), "李伟")

	def test_the_summary_tells_of_nothing_confidential(self):
		factories.make_confidential_record(self.merged, factories.make_user("Counsellor"))
		factories.make_consent(self.merged)
		merge = factories.make_merge(self.kept, self.merged)
		self.assertIn("Support Consent", merge.moved_summary)
		self.assertNotIn("Confidential", merge.moved_summary)
		self.assertTrue(frappe.db.exists("Confidential Record", {"student": self.kept}))

	def test_scores_under_the_old_number_go_to_the_file_that_stays(self):
		frappe.db.set_value("Student File", self.kept, "student_no", "OLD-1")
		frappe.db.set_value("Student File", self.merged, "student_no", "OLD-2")
		factories.make_merge(self.kept, self.merged)
		score = factories.make_score(factories.make_exam(), 50, student_no="OLD-2")
		self.assertEqual(score.student, self.kept)
		exam_scores.match_students(score.exam)
		self.assertEqual(frappe.db.get_value("Exam Score", score.name, "student"), self.kept)
		row = frappe._dict(exam=score.exam, student_no="OLD-2", school=score.school, grade="Grade 7")
		exam_scores.complete([row])
		self.assertEqual(row.student, self.kept)
		kept = frappe.get_doc("Student File", self.kept)
		kept.student_no = "NEW-1"
		kept.save()
		self.assertEqual(frappe.db.get_value("Exam Score", score.name, "student"), self.kept)

	def test_the_list_of_a_class_names_the_student_once(self):
		school_class = factories.make_class()
		for name in (self.kept, self.merged):
			values = {"school": school_class.school, "school_class": school_class.name}
			frappe.db.set_value("Student File", name, values)
		factories.make_merge(self.kept, self.merged)
		self.assertEqual([row.student for row in enrolment.students_to_check(school_class.name)], [self.kept])
		self.assertEqual(len(census.known_pupils(school_class.name)), 1)

	def test_merges_that_stand_upon_each_other_are_undone_from_the_last_one_back(self):
		third = factories.make_student(student_name="章玮", birth_date="2013-02-23").name
		merges = []
		for goes in (self.merged, third):
			merge = factories.make_merge(self.kept, goes, submit=False)
			next(row for row in merge.choices if row.fieldname == "student_name").take = "Goes"
			merge.submit()
			merges.append(frappe.get_doc("Student Merge", merge.name))
		first, second = merges
		self.assertRaises(frappe.ValidationError, first.cancel)
		second.cancel()
		frappe.get_doc("Student Merge", first.name).cancel()
		names = [self.value(name, "student_name") for name in (self.kept, self.merged, third)]
		self.assertEqual(names, ["张伟", "李伟", "章玮"])

	def test_a_merge_into_a_file_that_went_itself_is_not_undone_before(self):
		last = factories.make_student(student_name="章玮", birth_date="2013-02-23").name
		first = factories.make_merge(self.kept, self.merged)
		factories.make_merge(last, self.kept)
		self.assertRaises(frappe.ValidationError, frappe.get_doc("Student Merge", first.name).cancel)

	def test_everything_moves(self):
		made = {what: add(self.merged) for what, add in ADDITIONS.items()}
		merge = factories.make_merge(self.kept, self.merged)
		for what, doc in made.items():
			with self.subTest(what):
				if what in ("session", "distribution"):
					rows = frappe.get_doc(doc.doctype, doc.name).get(
						"attendance" if what == "session" else "items"
					)
					self.assertEqual([(row.student, row.student_name) for row in rows], [(self.kept, "张伟")])
					continue
				column = {"comment": "reference_name", "to-do": "reference_name", "file": "attached_to_name"}
				self.assertEqual(
					frappe.db.get_value(doc.doctype, doc.name, column.get(what, "student")), self.kept
				)
		self.assertEqual(
			(self.value(self.merged, "status"), self.value(self.merged, "merged_into")),
			("Archived", self.kept),
		)
		self.assertIn("Needs Survey: 2", frappe.db.get_value("Student Merge", merge.name, "moved_summary"))
		plan = made["draft plan"]
		self.assertEqual(frappe.db.get_value("Support Plan", plan.name, "student_name"), "张伟")

	def test_history_of_both_stays(self):
		steps = {
			"reference_doctype": "Student File",
			"reference_name": self.merged,
			"kind": ["!=", "By the App"],
		}
		before = frappe.get_all("Approval Step", steps, ["name", "student"])
		factories.make_merge(self.kept, self.merged)
		self.assertEqual(frappe.get_all("Approval Step", steps, ["name", "student"]), before)
		self.assertTrue(before)

	@settings(
		deadline=None, max_examples=12, suppress_health_check=list(HealthCheck), phases=(Phase.generate,)
	)
	@given(
		st.lists(st.sampled_from(sorted(ADDITIONS)), max_size=5),
		st.lists(st.sampled_from(sorted(ADDITIONS)), max_size=3),
		st.sets(st.sampled_from(["student_no", "guardian_phone", "address", "id_number", "strengths"])),
	)
	def test_undo_gives_the_same_rows(self, of_merged, of_kept, filled):
		frappe.db.savepoint("example")
		try:
			self.fill(filled)
			for file, additions in ((self.merged, of_merged), (self.kept, of_kept)):
				for what in additions:
					ADDITIONS[what](file)
			before = snapshot()
			merge = factories.make_merge(self.kept, self.merged)
			self.assertNotEqual(snapshot(), before)
			merge.cancel()
			self.assertNoDifference(before, snapshot())
		finally:
			frappe.db.rollback(save_point="example")

	def assertNoDifference(self, before: dict, after: dict) -> None:
		self.assertEqual(before.keys(), after.keys())
		differing = {
			(key, column): (before[key][column], after[key][column])
			for key in before
			for column in before[key]
			if before[key][column] != after[key][column]
		}
		self.assertEqual(differing, {})

	def fill(self, names: set[str]) -> None:
		"""The file that goes knows what the other does not; of the address both know one."""
		values = {
			"student_no": f"G{factories.serial()}",
			"guardian_phone": "13900001111",
			"address": "Far Road 1",
			"strengths": "Sings",
			"id_number": factories.id_number("2013-02-22"),
		}
		file = frappe.get_doc("Student File", self.merged)
		file.update({name: values[name] for name in names if name != "id_number"})
		file.save()
		if "address" in names:
			frappe.db.set_value("Student File", self.kept, "address", "Near Road 2")

	def test_values_are_taken_by_choice(self):
		self.fill({"student_no", "guardian_phone", "address"})
		frappe.db.set_value("Student File", self.kept, "address", "Near Road 2")
		number, phone = (self.value(self.merged, name) for name in ("student_no", "guardian_phone_hash"))
		merge = factories.make_merge(self.kept, self.merged, submit=False)
		takes = {row.fieldname: row.take for row in merge.choices}
		self.assertEqual((takes["student_no"], takes["address"]), ("Goes", "Stays"))
		merge.submit()
		self.assertEqual(self.value(self.kept, "student_no"), number)
		self.assertEqual(self.value(self.kept, "guardian_phone_hash"), phone)
		self.assertEqual(self.value(self.kept, "address"), "Near Road 2")
		self.assertIsNone(self.value(self.merged, "student_no"))

	def test_a_taken_name_brings_its_key(self):
		merge = factories.make_merge(self.kept, self.merged, submit=False)
		next(row for row in merge.choices if row.fieldname == "student_name").take = "Goes"
		with self.set_user(factories.make_user("Bangfu Manager")):
			merge.submit()
		self.assertEqual(self.value(self.kept, "name_key"), "li wei")

	def test_approved_content_is_replaced_by_the_leading_group_only(self):
		merge = factories.make_merge(self.kept, self.merged, submit=False)
		next(row for row in merge.choices if row.fieldname == "student_name").take = "Goes"
		with self.set_user(factories.make_user("Bangfu Coordinator")):
			self.assertRaises(frappe.PermissionError, merge.submit)

	def test_two_files_of_one_supporter(self):
		team = factories.make_team()
		for file in (self.kept, self.merged):
			factories.make_pairing(file, members=[dict(row) for row in team])
		self.assertRefused("supports both files")

	def test_two_files_on_one_roster(self):
		factories.make_session([self.kept, self.merged])
		self.assertRefused("roster")

	def test_two_active_plans(self):
		for file in (self.kept, self.merged):
			factories.make_plan(file)
		self.assertRefused("active plan")

	def test_the_one_in_support_is_kept(self):
		draft = factories.make_student("Draft").name
		with self.assertRaisesRegex(frappe.ValidationError, "Keep"):
			factories.make_merge(draft, self.kept)

	def assertRefused(self, words: str) -> None:
		with self.assertRaisesRegex(frappe.ValidationError, words):
			factories.make_merge(self.kept, self.merged)

	def test_a_merged_file_is_closed(self):
		factories.make_merge(self.kept, self.merged)
		file = frappe.get_doc("Student File", self.merged)
		file.address = "Elsewhere"
		self.assertRaises(frappe.ValidationError, file.save)
		self.assertRaises(frappe.ValidationError, factories.make_merge, self.merged, self.kept)

	def test_not_merged_by_a_field(self):
		file = frappe.get_doc("Student File", self.merged)
		file.merged_into = self.kept
		self.assertRaises(frappe.ValidationError, file.save)

	def test_the_pair_is_decided_and_opened_again(self):
		pair = factories.make_pair(self.kept, self.merged)
		merge = factories.make_merge(self.kept, self.merged)
		self.assertEqual(
			frappe.db.get_value("Duplicate Pair", pair.name, ["status", "student_merge"]),
			("Merged", merge.name),
		)
		merge.cancel()
		self.assertEqual(frappe.db.get_value("Duplicate Pair", pair.name, "status"), "Open")

	def test_a_look_up_finds_the_file_that_stays(self):
		from bangfu_app.persons import duplicates

		factories.make_merge(self.kept, self.merged)
		person = duplicates.person_of("Student File", {"student_name": "李伟", "birth_date": "2013-02-22"})
		self.assertEqual([match.record for match in duplicates.find(person)], [self.kept])

	def test_one_note_on_the_timeline(self):
		note = {"reference_name": self.kept, "comment_type": "Info"}
		before = frappe.db.count("Comment", note)
		factories.make_merge(self.kept, self.merged)
		self.assertEqual(frappe.db.count("Comment", note), before + 1)

	def test_coordinator_of_one_school(self):
		far = factories.make_school("Far School").name
		other = factories.make_student("Draft", school=far).name
		near = self.value(self.kept, "school")
		with self.set_user(factories.make_user("Bangfu Coordinator", school=near)):
			self.assertRaises(frappe.PermissionError, factories.make_merge, self.kept, other)
