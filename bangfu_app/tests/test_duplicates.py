"""Search before create, the look-up, the leak rule and the desk (F1)."""

from datetime import date

import frappe
from hypothesis import given
from hypothesis import strategies as st

from bangfu_app.persons import duplicate_desk, duplicates, search_before_create
from bangfu_app.persons.duplicates import Person, compare, near_dates
from bangfu_app.persons.name_keys import name_key
from bangfu_app.persons.search_before_create import LikelyDuplicateError
from bangfu_app.tests import BangfuTestCase, counted_queries, factories

BORN = date(2013, 2, 21)
PHONE = "13800001234"

han = st.text("张章李力丽伟玮欧阳娜吾买尔", min_size=2, max_size=5)
days = st.dates(date(2000, 1, 1), date(2025, 12, 31))
hashes = st.sampled_from([frozenset(), frozenset("a"), frozenset("b")])
persons = st.builds(
	Person,
	name=han,
	birth_date=st.none() | st.sampled_from([BORN, date(2013, 2, 12), date(2003, 2, 21), date(2012, 5, 1)]),
	gender=st.sampled_from(["", "Female", "Male"]),
	student_no=st.sampled_from(["", "1", "2"]),
	id_hashes=hashes,
	phone_hashes=hashes,
)


def level(one: Person, other: Person) -> str | None:
	score, reasons = compare(one, other)
	found = duplicates.Match("Student File", "x", score, reasons)
	return found.level if score >= duplicates.POSSIBLE_FROM else None


class TestNames(BangfuTestCase):
	@given(han, st.sampled_from([" ", " ", "·", "・", "-", "  "]), st.integers(0, 5))
	def test_spacing_and_dots_do_not_matter(self, name, mark, at):
		self.assertEqual(name_key(name[:at] + mark + name[at:]), name_key(name))

	@given(han, st.randoms(use_true_random=False))
	def test_order_of_syllables_does_not_matter(self, name, random):
		letters = list(name)
		random.shuffle(letters)
		self.assertEqual(name_key("".join(letters)), name_key(name))

	def test_script_and_pinyin(self):
		for same in ("張偉", "章玮", "Zhang Wei", "WEI ZHANG", "ZhangWei", "Zhāng Wěi", "Zhang Wei", "张 伟"):
			self.assertEqual(name_key(same), name_key("张伟"), same)
		self.assertEqual(name_key("吕丽"), name_key("Lǚ Li"))
		self.assertNotEqual(name_key("张伟"), name_key("张薇薇"))
		self.assertEqual(name_key(""), name_key(None), "")


class TestLikeness(BangfuTestCase):
	@given(persons, persons)
	def test_symmetric(self, one, other):
		self.assertEqual(compare(one, other)[0], compare(other, one)[0])
		self.assertEqual(set(compare(one, other)[1]), set(compare(other, one)[1]))

	@given(days, days)
	def test_near_dates_are_symmetric(self, one, other):
		self.assertEqual(one in near_dates(other), other in near_dates(one))
		self.assertNotIn(one, near_dates(one))

	def test_slips_of_a_date(self):
		for slip in ("2013-12-02", "2013-02-11", "2012-02-12", "2003-02-12"):
			self.assertIn(date.fromisoformat(slip), near_dates(date(2013, 2, 12)), slip)
		self.assertNotIn(date(2013, 3, 13), near_dates(date(2013, 2, 12)))

	def test_levels(self):
		child = Person("张丽", BORN, "Female", phone_hashes=frozenset("p"))
		cases = {
			"same name and date": (Person("张 丽", BORN), "Likely"),
			"homophone": (Person("章莉", BORN, "Female"), "Likely"),
			"other order": (Person("丽张", BORN), "Likely"),
			"same name and phone, other date": (
				Person("张丽", date(2011, 7, 9), "Female", phone_hashes=frozenset("p")),
				"Likely",
			),
			"date with a slip": (Person("张丽", date(2013, 2, 22), "Female"), "Possible"),
			"twin": (Person("张娜", BORN, "Female", phone_hashes=frozenset("p")), "Possible"),
			"brother": (Person("张娜", date(2010, 1, 1), "Male", phone_hashes=frozenset("p")), None),
			"same name only": (Person("张丽", date(2010, 7, 30), "Female"), None),
			"same date only": (Person("李伟", BORN, "Female"), None),
			"same student number": (Person("李伟", student_no="7"), None),
		}
		for what, (other, expected) in cases.items():
			with self.subTest(what):
				self.assertEqual(level(child, other), expected)

	def test_numbers_outweigh_names(self):
		one = Person("张丽", BORN, "Female", id_hashes=frozenset("1"))
		self.assertIsNone(level(one, Person("张丽", BORN, "Female", id_hashes=frozenset("2"))))
		self.assertEqual(level(one, Person("李伟", date(1999, 1, 1), id_hashes=frozenset("1"))), "Exact")

	@given(st.lists(han, min_size=2, max_size=2, unique_by=name_key), days, st.sampled_from(["", "Male"]))
	def test_twins_are_never_likely(self, names, day, gender):
		one, other = (Person(name, day, gender, phone_hashes=frozenset("p")) for name in names)
		self.assertNotIn(level(one, other), ("Likely", "Exact"))


class TestSearchBeforeCreate(BangfuTestCase):
	def setUp(self):
		super().setUp()
		self.school = factories.make_school("Near School").name
		self.there = factories.make_student(
			"Draft",
			student_name="张伟",
			school=self.school,
			birth_date="2013-02-21",
			guardian_phone=PHONE,
			student_no="G1",
			id_number=factories.id_number("2013-02-21"),
		)

	def new(self, **values):
		return frappe.get_doc(
			factories.student_values(**{"school": self.school, "birth_date": "2013-02-21"} | values)
		)

	def test_numbers_are_refused_for_good(self):
		for values in ({"student_no": "G1"}, {"id_number": self.clear_number()}):
			with self.subTest(values=list(values)):
				doc = self.new(**values, duplicate_reason="Somebody else")
				self.assertRaises(frappe.DuplicateEntryError, doc.insert)

	def clear_number(self) -> str:
		from bangfu_app.privacy import sealed_numbers

		return sealed_numbers.unseal(self.there, "id_number")

	def test_a_likely_one_needs_a_reason(self):
		for name in ("张 伟", "章玮", "Zhang Wei"):
			with self.subTest(name), self.assertRaises(LikelyDuplicateError) as caught:
				self.new(student_name=name).insert()
			self.assertIn(self.there.name, str(caught.exception))
		file = self.new(student_name="章玮", duplicate_reason="Both were seen in class").insert()
		pair = frappe.get_doc("Duplicate Pair", duplicate_desk.pair_name(file.name, self.there.name))
		self.assertEqual(pair.status, "Different")
		self.assertEqual(pair.decision_reason, "Both were seen in class")

	def test_same_phone_and_name(self):
		doc = self.new(student_name="张伟", birth_date="2011-07-09", guardian_phone="138-0000-1234")
		self.assertRaises(LikelyDuplicateError, doc.insert)

	def test_twins_are_made_and_left_to_the_desk(self):
		twin = self.new(student_name="张娜", guardian_phone=PHONE).insert()
		pair = frappe.get_doc("Duplicate Pair", duplicate_desk.pair_name(self.there.name, twin.name))
		self.assertEqual((pair.status, pair.level), ("Open", "Possible"))

	def test_a_later_change_is_no_new_file(self):
		file = self.new(student_name="李丽").insert()
		file.student_name = "张伟"
		file.save()
		self.assertEqual(duplicate_desk.find_pairs(), 1)
		self.assertEqual(duplicate_desk.find_pairs(), 0)

	def test_queries_of_one_look_up(self):
		person = duplicates.person_of("Student File", self.new(student_no="G2", guardian_phone=PHONE))
		duplicates.find(person)
		with counted_queries() as queries:
			duplicates.find(person)
		self.assertLessEqual(len(queries), 3 * len(duplicates.SEARCHED))

	def test_many_rows_in_few_queries(self):
		rows = [
			{"student_name": f"张伟{n}", "birth_date": "2013-02-21", "student_no": f"N{n}"}
			for n in range(300)
		]
		rows[7] |= {"student_name": "张 伟", "birth_date": date(2013, 2, 21)}
		people = [duplicates.person_of("Student File", row) for row in rows]
		with counted_queries() as queries:
			found = duplicates.find_many(people)
		self.assertLessEqual(len(queries), 4)
		self.assertEqual([match.record for match in found[7]], [self.there.name])
		self.assertEqual(len(found), 300)

	def test_one_and_many_find_the_same(self):
		people = [
			duplicates.person_of("Student File", {"student_name": name, "birth_date": day})
			for name in ("张伟", "章玮", "李丽")
			for day in ("2013-02-21", "2013-02-22", "2010-05-05")
		]
		self.assertEqual(duplicates.find_many(people), [duplicates.find(person) for person in people])


class TestLeak(BangfuTestCase):
	"""Who may not read the other school's file learns that there is one, and nothing of it."""

	def setUp(self):
		super().setUp()
		self.teacher = factories.make_user("Class Teacher")
		self.school_class = factories.make_class(factories.make_school("Near School").name, self.teacher)
		self.secret = factories.make_student(
			"Draft",
			student_name="欧阳隐",
			school=factories.make_school("Far School").name,
			birth_date="2013-02-21",
			id_number=factories.id_number("2013-02-21"),
		)
		self.values = {"student_name": "欧阳 隐", "birth_date": "2013-02-21", "gender": "Male"}

	def search(self, **values):
		with self.set_user(self.teacher):
			return search_before_create.search("Student File", self.values | values)

	def test_one_line_and_a_log(self):
		found = self.search()
		self.assertEqual([list(row) for row in found], [["hidden", "text"]])
		self.assertNotIn(self.secret.name, frappe.as_json(found))
		self.assertNotIn("Far School", frappe.as_json(found))
		log = frappe.get_last_doc("Disclosure Log", {"kind": "Look-up", "user": self.teacher})
		self.assertEqual(log.reference_name, self.secret.name)

	def test_a_number_is_logged_even_in_vain(self):
		before = frappe.db.count("Disclosure Log", {"kind": "Look-up"})
		self.search(student_name="Nobody", id_number=factories.id_number("2012-01-01"), birth_date="")
		self.assertEqual(frappe.db.count("Disclosure Log", {"kind": "Look-up"}), before + 1)

	def test_a_hash_from_outside_is_not_taken(self):
		stored = frappe.db.get_value("Student File", self.secret.name, "id_number_hash")
		found = self.search(student_name="", birth_date="", id_number="123****456", id_number_hash=stored)
		self.assertEqual(found, [])

	def test_so_many_an_hour(self):
		frappe.db.set_single_value("Bangfu Settings", "lookups_per_hour", 2)
		frappe.clear_document_cache("Bangfu Settings")
		self.search(), self.search()
		self.assertRaises(frappe.RateLimitExceededError, self.search)

	def test_the_refusal_names_nobody(self):
		doc = frappe.get_doc(factories.student_values(school_class=self.school_class.name, **self.values))
		with self.set_user(self.teacher):
			with self.assertRaises(LikelyDuplicateError) as caught:
				doc.insert()
			for told in (self.secret.name, "Far School", "date of birth"):
				self.assertNotIn(told, str(caught.exception))
			doc.duplicate_reason = "Known to me for years"
			doc.insert()
		pair = frappe.get_doc("Duplicate Pair", duplicate_desk.pair_name(doc.name, self.secret.name))
		self.assertEqual(pair.status, "Open", "who sees one of the two cannot tell")

	def test_side_by_side_needs_the_right_to_both(self):
		own = frappe.get_doc(
			factories.student_values(school_class=self.school_class.name, student_name="李丽")
		).insert()
		with self.set_user(self.teacher):
			rows = search_before_create.side_by_side("Student File", [own.name])
			self.assertIn("李丽", [row["values"][0] for row in rows])
			both = [own.name, self.secret.name]
			self.assertRaises(frappe.PermissionError, search_before_create.side_by_side, "Student File", both)

	def test_desk_is_for_who_sees_both_schools(self):
		own = factories.make_student("Draft", school_class=self.school_class.name)
		pair = factories.make_pair(own.name, self.secret.name)
		near, far = self.school_class.school, self.secret.school
		people = {"one": [near], "both": [near, far], "all": []}
		for who, schools in people.items():
			user = factories.make_user("Bangfu Coordinator")
			for school in schools:
				factories.make_user(email=user, school=school)
			with self.subTest(who), self.set_user(user):
				allowed = who != "one"
				self.assertEqual(frappe.has_permission("Duplicate Pair", "read", pair.name), allowed)
				self.assertEqual(bool(frappe.get_list("Duplicate Pair", {"name": pair.name})), allowed)


class TestDesk(BangfuTestCase):
	def setUp(self):
		super().setUp()
		self.pair = factories.make_pair(*(factories.make_student("Draft").name for _n in range(2)))

	def test_a_pair_is_there_once(self):
		for names in (
			(self.pair.first_file, self.pair.second_file),
			(self.pair.second_file, self.pair.first_file),
		):
			self.assertIsNone(factories.make_pair(*names))

	def test_decisions(self):
		self.pair.decide("Linked", relation="Sibling")
		self.assertEqual(
			[row["file"] for row in duplicate_desk.relatives_of(self.pair.first_file)],
			[self.pair.second_file],
		)
		self.pair.reload()
		self.pair.decide("Different", "Another birthday")
		self.assertEqual(duplicate_desk.relatives_of(self.pair.first_file), [])
		self.assertRaises(frappe.ValidationError, self.pair.decide, "Different", " ")
		self.assertRaises(frappe.MandatoryError, self.pair.decide, "Linked")
		self.assertRaises(frappe.ValidationError, self.pair.decide, "Merged", "By hand")

	def test_not_decided_by_a_field(self):
		pair = frappe.get_doc("Duplicate Pair", self.pair.name)
		pair.status = "Different"
		self.assertRaises(frappe.ValidationError, pair.save)

	def test_a_deleted_file_takes_its_pairs_along(self):
		frappe.delete_doc("Student File", self.pair.first_file)
		self.assertFalse(frappe.db.exists("Duplicate Pair", self.pair.name))


class TestCandidates(BangfuTestCase):
	"""Screenings and files are searched together."""

	def candidate(self, **values):
		values = {"candidate_name": "张伟", "birth_date": "2013-02-21"} | values
		return factories.make_screening(**values)

	def file(self, **values):
		return factories.make_student(
			"Draft", **{"student_name": "章玮", "birth_date": "2013-02-21"} | values
		)

	def find(self, **values) -> list[tuple[str, str]]:
		values = {"candidate_name": "Zhang Wei", "birth_date": "2013-02-21"} | values
		person = duplicates.person_of("Screening", values)
		return [(match.doctype, match.record) for match in duplicates.find(person)]

	def test_a_candidate_like_a_file_or_a_candidate_needs_a_reason(self):
		for there in (self.candidate, self.file):
			frappe.db.savepoint("one")
			there()
			self.assertRaises(LikelyDuplicateError, self.candidate)
			self.assertEqual(self.candidate(duplicate_reason="Two cousins").name_key, name_key("张伟"))
			frappe.db.rollback(save_point="one")

	def test_a_file_like_a_candidate_needs_a_reason(self):
		self.candidate()
		self.assertRaises(LikelyDuplicateError, self.file)

	def test_numbers_are_refused_for_good(self):
		number = factories.id_number("2013-02-21")
		self.candidate(student_no="G1", id_number=number)
		for values in ({"student_no": "G1"}, {"id_number": number}):
			with self.subTest(list(values)), self.assertRaises(frappe.DuplicateEntryError) as caught:
				self.candidate(candidate_name="李丽", duplicate_reason="Somebody else", **values)
			self.assertIn("go on with that screening", str(caught.exception))

	def test_a_candidate_who_became_a_file_counts_as_the_file(self):
		screening, file = self.candidate(), self.file(duplicate_reason="Its own")
		screening.db_set("student_file", file.name)
		self.assertEqual(self.find(), [("Student File", file.name)])

	def test_who_was_turned_down_hinders_nobody(self):
		screening = self.candidate()
		for decision, found in (("Watch", 1), ("No Need", 0), ("Refer", 0), (None, 1)):
			screening.db_set("decision", decision)
			self.assertEqual(len(self.find()), found, decision)

	def test_saving_again_asks_nothing(self):
		self.candidate()
		second = self.candidate(duplicate_reason="Two cousins")
		second.duplicate_reason = None
		second.save()

	def test_a_class_teacher_hears_of_another_school_and_no_more(self):
		self.candidate(school=factories.make_school("Far School").name)
		teacher = factories.make_user("Class Teacher")
		school_class = factories.make_class(head_teacher=teacher).name
		values = {"candidate_name": "张伟", "birth_date": "2013-02-21", "school_class": school_class}
		with self.set_user(teacher):
			found = search_before_create.search("Screening", values)
		self.assertEqual([set(row) for row in found], [{"hidden", "text"}])

	def test_rows_from_before_get_a_key(self):
		from bangfu_app.patches.v0_3 import fill_screening_name_keys

		screening = self.candidate()
		screening.db_set("name_key", None)
		self.assertEqual(self.find(), [])
		fill_screening_name_keys.execute()
		self.assertEqual(self.find(), [("Screening", screening.name)])
