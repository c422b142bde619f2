"""The access report: its reasons are those by which Frappe opens a file, and what was seen is told (F13)."""

import random
from datetime import timedelta

import frappe
from frappe.core.doctype.access_log.access_log import make_access_log
from frappe.desk.form.load import getdoc
from frappe.desk.query_report import run
from frappe.utils import add_days, getdate, now_datetime

from bangfu_app.bangfu_app.report.access_to_students import access_to_students
from bangfu_app.privacy import disclosure, sightings
from bangfu_app.rights import access
from bangfu_app.tests import BangfuTestCase, counted_queries, factories
from bangfu_app.tests.rights_world import World

ROLES = ("Bangfu Manager", "Bangfu Coordinator", "Bangfu Finance", "Evaluator")
OWN_ROLES = ("Class Teacher", "Supporter", "Counsellor")


def why(reasons: list[access.Reason]) -> list[str]:
	return [reason.why for reason in reasons]


def view(doctype: str, name: str, user: str, days_ago: int = 0) -> None:
	"""A form that was opened, as Frappe logs it."""
	log = {"doctype": "View Log", "viewed_by": user, "reference_doctype": doctype, "reference_name": name}
	log = frappe.get_doc(log).insert(ignore_permissions=True, ignore_links=True)
	log.db_set("creation", now_datetime() - timedelta(days=days_ago), update_modified=False)


def accessed(user: str, **values) -> None:
	"""A print, download or export, as Frappe logs it."""
	make_access_log(**values)
	log = frappe.get_last_doc("Access Log")
	log.db_set("user", user)


class TestReasonsAreTheRights(BangfuTestCase):
	"""On small random worlds: a reason exactly where Frappe lets the user read."""

	def test_random_worlds(self):
		for seed in range(3):
			frappe.db.savepoint("world")
			with self.subTest(seed=seed):
				self.check_world(random.Random(seed))
			frappe.db.rollback(save_point="world")

	def check_world(self, chance: random.Random) -> None:
		self.schools = [factories.make_school(f"Random School {number}").name for number in range(2)]
		users = [self.make_user(chance) for _ in range(9)]
		students = [self.make_student(chance, users) for _ in range(5)]
		for student in students:
			self.make_pairing(chance, student, users)
		answers = set()
		for user in [*users, "Administrator"]:
			reach = access.students_of(user)
			for student in students:
				may = frappe.has_permission("Student File", "read", student, user=user)
				answers.add(may)
				with self.subTest(user=user, roles=frappe.get_roles(user), student=student):
					reasons = access.reasons_for(user, student)
					self.assertEqual(bool(reasons), may)
					self.assertEqual(reach.get(student, []), reasons)
					self.assertEqual(access.users_of(student).get(user, []), reasons)
		self.assertEqual(answers, {True, False})

	def make_user(self, chance: random.Random) -> str:
		roles = chance.sample(OWN_ROLES, chance.randint(0, 2))
		if chance.random() < 0.3:
			roles.append(chance.choice(ROLES))
		user = factories.make_user(*roles, school=chance.choice([None, None, *self.schools]))
		factories.make_supporter(user=user, status=chance.choice(["Active", "Active", "Withdrawn"]))
		return user

	def make_student(self, chance: random.Random, users: list[str]) -> str:
		school_class = factories.make_class(chance.choice(self.schools))
		for user in chance.sample(users, 2):
			school_class.append("reviewers", {"user": user})
		school_class.save()
		file = factories.make_student("Draft", school_class=school_class.name)
		school_class.head_teacher = chance.choice(users)
		school_class.save()
		# the stages by which rights differ, without the people who would lead there
		frappe.db.set_value(
			"Student File", file.name, "status", chance.choice(["Class Review", "In Support"])
		)
		return file.name

	def make_pairing(self, chance: random.Random, student: str, users: list[str]) -> None:
		frappe.db.set_value("Student File", student, "status", "In Support")
		status = chance.choice(["Class Review", "In Support"])
		pairing = factories.make_pairing(student)
		for row in pairing.members:
			supporter = frappe.db.get_value("Supporter", {"user": chance.choice(users)})
			values = {"supporter": supporter}
			if chance.random() < 0.3:
				values["to_date"] = add_days(getdate(), chance.choice([-1, 0]))
			frappe.db.set_value("Pairing Member", row.name, values)
		if chance.random() < 0.3:
			frappe.db.set_value("Pairing", pairing.name, "status", "Ended")
		frappe.db.set_value("Student File", student, "status", status)


class AccessTestCase(BangfuTestCase):
	def setUp(self):
		super().setUp()
		self.world = World()
		self.student, self.users = self.world.student, self.world.users
		frappe.db.delete("View Log")
		frappe.db.delete("Access Log")
		frappe.db.delete("Disclosure Log")

	def reasons(self, person: str) -> list[access.Reason]:
		return access.reasons_for(self.users[person], self.student)

	def seen(self, **asked) -> list[tuple]:
		today = getdate()
		found = sightings.find_sightings(add_days(today, -30), today, **asked)
		return [(row.user, row.student, row.kind, row.what) for row in found]

	def report(self, **filters) -> tuple:
		return access_to_students.execute(filters)

	def rows(self, **filters) -> list[dict]:
		return self.report(**filters)[1]


class TestReasons(AccessTestCase):
	def test_each_tells_what_gives_the_right(self):
		near, pairing = self.world.near, self.world.pairing
		school_class = self.world.school_class
		for person, doctype, name, words in (
			("Manager", "Role", "Bangfu Manager", "all schools"),
			("Coordinator", "Role", "Bangfu Coordinator", near),
			("Teacher", "School Class", school_class.name, school_class.class_title),
			("Supporter", "Pairing", pairing, "as Volunteer"),
		):
			with self.subTest(person=person):
				(reason,) = self.reasons(person)
				self.assertEqual((reason.doctype, reason.name), (doctype, name))
				self.assertIn(words, reason.why)

	def test_strangers_have_none(self):
		for person in ("Stranger", "Former", "Foreign", "Teacher 2", "Coordinator 2", "Finance", "System"):
			with self.subTest(person=person):
				self.assertEqual(self.reasons(person), [])

	def test_a_pairing_tells_its_days(self):
		frappe.db.set_value("Pairing", self.world.pairing, "to_date", "2030-06-30")
		(reason,) = self.reasons("Supporter")
		self.assertEqual((reason.from_date, reason.to_date), (getdate("2025-02-01"), getdate("2030-06-30")))
		self.assertIn("Pairing", reason.why)

	def test_a_panel_sees_while_it_reviews(self):
		school_class = frappe.get_doc("School Class", self.world.school_class.name)
		school_class.append("reviewers", {"user": self.users["Teacher 2"]})
		school_class.save()
		self.assertEqual(self.reasons("Teacher 2"), [])
		frappe.db.set_value("Student File", self.student, "status", "Class Review")
		(reason,) = self.reasons("Teacher 2")
		self.assertIn("review panel", reason.why)

	def test_two_roles_are_two_reasons_in_the_order_of_the_rules(self):
		frappe.get_doc("User", self.users["Teacher"]).add_roles("Evaluator")
		self.assertEqual([reason.doctype for reason in self.reasons("Teacher")], ["Role", "School Class"])

	def test_who_is_disabled_sees_nothing(self):
		frappe.db.set_value("User", self.users["Manager"], "enabled", 0)
		self.assertEqual(self.reasons("Manager"), [])
		self.assertNotIn(self.users["Manager"], access.users_of(self.student))

	def test_a_share_is_told(self):
		share = {
			"doctype": "DocShare",
			"share_doctype": "Student File",
			"share_name": self.student,
			"read": 1,
		}
		frappe.get_doc({**share, "user": self.users["Stranger"], "name": "left over"}).db_insert()
		(reason,) = self.reasons("Stranger")
		self.assertEqual(reason.doctype, "DocShare")

	def test_users_and_students_are_found(self):
		users = access.users_of(self.student)
		able = ("Manager", "Coordinator", "Evaluator", "Teacher", "Supporter", "Counsellor")
		self.assertLessEqual({self.users[person] for person in able} | {"Administrator"}, set(users))
		self.assertEqual(list(access.students_of(self.users["Foreign"])), [self.world.other])


class TestSightings(AccessTestCase):
	def test_every_record_that_names_students_is_tracked(self):
		"""A new DocType that follows a student declares `track_views`, or is named here with the reason."""
		untracked = {
			"Approval Step",  # shown on the record it belongs to
			"Approval Vote",
			"Disclosure Log",  # the log itself
		}
		for doctype in frappe.get_all("DocType", {"module": "Bangfu App", "istable": 0}, pluck="name"):
			meta = frappe.get_meta(doctype)
			metas = [meta, *(frappe.get_meta(table.options) for table in meta.get_table_fields())]
			links = [link for m in metas for link in m.get_link_fields() if link.options == "Student File"]
			if (links or doctype == "Student File") and doctype not in untracked:
				with self.subTest(doctype=doctype):
					self.assertTrue(meta.track_views)

	def test_opening_a_form_is_seen(self):
		self.addCleanup(setattr, frappe.local, "response", frappe.local.response)
		frappe.local.response = frappe._dict(docs=[])
		teacher = self.users["Teacher"]
		with self.set_user(teacher):
			getdoc("Student File", self.student)
		self.assertEqual(self.seen(user=teacher), [(teacher, self.student, "Opened", "Student File opened")])

	def test_records_are_told_by_their_student(self):
		teacher = self.users["Teacher"]
		seen = {
			"Student File": self.student,
			"Support Plan": self.world.records["Support Plan"].name,
			"Support Session": self.world.records["Support Session"].name,
			"Aid Distribution": self.world.records["Aid Distribution"].name,
		}
		for doctype, name in seen.items():
			view(doctype, name, teacher)
		view("Student File", self.world.other, teacher)
		view("Student File", self.student, teacher, days_ago=40)
		expected = {(teacher, self.student, "Opened", f"{doctype} opened") for doctype in seen}
		self.assertEqual(set(self.seen(student=self.student)), expected)
		other = (teacher, self.world.other, "Opened", "Student File opened")
		self.assertEqual(set(self.seen(user=teacher)), expected | {other})
		self.assertEqual(len(self.seen(user=teacher)), 5)
		self.assertEqual(self.seen(user=self.users["Manager"]), [])

	def test_a_name_of_another_doctype_is_not_taken_for_it(self):
		view("School Class", self.student, self.users["Teacher"])
		view("Support Plan", self.student, self.users["Teacher"])
		self.assertEqual(self.seen(student=self.student), [])
		self.assertEqual(self.seen(user=self.users["Teacher"]), [])

	def test_prints_and_attachments(self):
		teacher = self.users["Teacher"]
		file = {"doctype": "File", "file_name": "proof.txt", "content": "x", "is_private": 1}
		attached = {"attached_to_doctype": "Student File", "attached_to_name": self.student}
		proof = frappe.get_doc(file | attached).insert()
		accessed(teacher, doctype="Student File", document=self.student, method="Print", file_type="PDF")
		accessed(teacher, doctype="File", document=proof.name, file_type="txt")
		expected = [
			(teacher, self.student, "Attachment", "Attachment of Student File opened"),
			(teacher, self.student, "Printed", "Student File printed"),
		]
		self.assertEqual(sorted(self.seen(student=self.student)), expected)
		self.assertEqual(sorted(self.seen(user=teacher)), expected)
		self.assertEqual(self.seen(student=self.world.other), [])

	def test_exports_of_lists_may_hold_any_student(self):
		user = self.users["Coordinator"]
		accessed(user, doctype="Student File", file_type="Excel")
		accessed(user, report_name="Support Ledger", file_type="CSV", method="Export")
		accessed(user, doctype="ToDo", file_type="Excel")
		lists = ["List exported: Student File", "List exported: Support Ledger"]
		for asked in ({"user": user}, {"student": self.student}, {"student": self.world.other}):
			with self.subTest(**asked):
				found = self.seen(**asked)
				self.assertEqual(sorted(what for *_, what in found), lists)
				self.assertEqual({student for _, student, *_ in found}, {None})

	def test_disclosures(self):
		with self.set_user(self.users["Manager"]):
			disclosure.log(
				"Number",
				"Student File",
				self.student,
				student=self.student,
				reference_field="id_number",
				reason="Bus ticket",
			)
			disclosure.log("Export", "Student File", row_count=2, reason="Yearly report")
		number, export = self.seen(student=self.student)
		self.assertEqual(
			number[1:], (self.student, "Disclosure", "Identity Number shown, because: Bus ticket")
		)
		self.assertEqual(
			export[1:], (None, "Disclosure", "List exported: Student File, because: Yearly report")
		)
		self.assertEqual([row[1] for row in self.seen(student=self.world.other)], [None])


class TestReport(AccessTestCase):
	def test_only_the_leading_group_reads_it(self):
		for person in self.users:
			with self.subTest(person=person), self.set_user(self.users[person]):
				if person == "Manager":
					self.assertTrue(run("Access to Students", {"student": self.student})["result"])
				else:
					self.assertRaises(
						frappe.PermissionError, run, "Access to Students", {"student": self.student}
					)

	def test_it_asks_for_a_user_or_a_student(self):
		self.assertRaisesRegex(frappe.ValidationError, "user or a student", self.report)
		days = {"from_date": "2025-02-01", "to_date": "2025-01-01"}
		self.assertRaisesRegex(frappe.ValidationError, "ends before", self.report, user="x", **days)

	def test_a_student(self):
		teacher, former = self.users["Teacher"], self.users["Former"]
		view("Student File", self.student, teacher)
		view("Student File", self.student, teacher, days_ago=2)
		view("Pairing", self.world.pairing, teacher)
		view("Student File", self.student, former)
		_columns, rows, _message, chart, summary = self.report(student=self.student)
		by_user = {row["user"]: row for row in rows}
		self.assertEqual(by_user[teacher]["times_seen"], 3)
		self.assertEqual(by_user[teacher]["what"], "Student File opened × 2 · Pairing opened")
		self.assertEqual(by_user[teacher]["last_seen_on"].date(), getdate())
		self.assertEqual(by_user[former]["why"], "No right to the file today")
		self.assertNotIn("times_seen", by_user[self.users["Manager"]])
		self.assertNotIn(self.users["Stranger"], by_user)
		self.assertEqual({row["student"] for row in rows}, {self.student})
		self.assertEqual(chart["data"]["datasets"][0]["values"][-3:], [1, 0, 3])
		self.assertEqual(len(chart["data"]["labels"]), 90)
		cards = [card["value"] for card in summary]
		self.assertEqual(cards, [len(access.users_of(self.student)), 2, 0])

	def test_a_user(self):
		user = self.users["Supporter"]
		view("Support Session", self.world.records["Support Session"].name, user)
		(row,) = self.rows(user=user)
		self.assertEqual((row["student"], row["times_seen"]), (self.student, 1))
		self.assertIn(self.world.pairing, row["why"])
		self.assertEqual(str(row["from_date"]), "2025-02-01")
		self.assertEqual(self.rows(user=self.users["Stranger"]), [])
		students = {row["student"] for row in self.rows(user=self.users["Coordinator"])}
		self.assertEqual(students, {self.student, self.world.other})

	def test_a_user_and_a_student(self):
		user = self.users["Coordinator"]
		view("Student File", self.student, user)
		view("Student File", self.world.other, user)
		view("Student File", self.student, self.users["Teacher"])
		(row,) = self.rows(user=user, student=self.student)
		self.assertEqual((row["user"], row["student"], row["times_seen"]), (user, self.student, 1))

	def test_a_period(self):
		user = self.users["Teacher"]
		view("Student File", self.student, user, days_ago=100)
		(row,) = self.rows(user=user)
		self.assertNotIn("times_seen", row)
		(row,) = self.rows(user=user, from_date=add_days(getdate(), -100), to_date=add_days(getdate(), -100))
		self.assertEqual(row["times_seen"], 1)

	def test_a_manager_of_one_school_reads_of_its_students(self):
		far = factories.make_class(self.world.far, self.users["Teacher"])
		student = factories.make_student("Draft", school_class=far.name).name
		view("Student File", student, self.users["Teacher"])
		self.assertIn(student, {row["student"] for row in self.rows(user=self.users["Teacher"])})
		with self.set_user(factories.make_user("Bangfu Manager", school=self.world.near)):
			self.assertEqual(
				{row["student"] for row in self.rows(user=self.users["Teacher"])}, {self.student}
			)
			self.assertEqual(self.rows(student=student), [])

	def test_queries_do_not_grow(self):
		user = factories.make_user("Bangfu Coordinator", "Class Teacher", school=self.world.near)
		few = {key: self.queries(**asked) for key, asked in self.asked(user).items()}
		for _number in range(4):
			more = factories.make_user("Class Teacher", "Evaluator", school=self.world.near)
			school_class = factories.make_class(self.world.near, user)
			school_class.append("reviewers", {"user": more})
			school_class.save()
			student = factories.make_student("Class Review", school_class=school_class.name).name
			view("Student File", student, user)
			view("Student File", self.student, more)
		for key, asked in self.asked(user).items():
			with self.subTest(asked=key):
				self.assertEqual(self.queries(**asked), few[key])
				self.assertLessEqual(few[key], 60)

	def asked(self, user: str) -> dict[str, dict]:
		view("Student File", self.student, user)
		return {"user": {"user": user}, "student": {"student": self.student}}

	def queries(self, **filters) -> int:
		self.report(**filters)  # fills the caches
		with counted_queries() as queries:
			self.report(**filters)
		return len(queries)
