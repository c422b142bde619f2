"""One candidate through three steps, scored alone, decided with a reason, made a file once (I1–I3, I6, A3)."""

import frappe
from frappe.desk.query_report import run
from frappe.utils import add_days, getdate, today

from bangfu_app import census
from bangfu_app.bangfu_app.doctype.screening.screening import make_panel_score, make_student_file
from bangfu_app.bangfu_app.report.screening_funnel import screening_funnel
from bangfu_app.persons.search_before_create import LikelyDuplicateError
from bangfu_app.tests import BangfuTestCase, counted_queries, factories


class ScreeningTestCase(BangfuTestCase):
	def setUp(self):
		super().setUp()
		self.first = factories.make_user("Class Teacher")
		self.second = factories.make_user("Counsellor")
		self.coordinator = factories.make_user("Bangfu Coordinator")

	def scored(self, **values):
		screening = factories.make_screening(self.first, self.second, **values)
		for rater in (self.first, self.second):
			factories.make_panel_score(screening.name, rater)
		return frappe.get_doc("Screening", screening.name)

	def decide(self, screening, decision="Admit", user=None, **values):
		screening = frappe.get_doc("Screening", screening.name)
		screening.update({"decision": decision, "decision_reason": "Seen and weighed.", **values})
		with self.set_user(user or self.coordinator):
			screening.save()
		return screening


class TestSteps(ScreeningTestCase):
	def test_state_follows_from_what_is_there(self):
		screening = factories.make_screening(self.first, visits=[])
		self.assertEqual(screening.status, "Listed")
		screening.append(
			"visits",
			{"visited_on": "2025-01-08", "method": "Home Visit", "visited_by": "A", "findings": "B"},
		)
		screening.save()
		self.assertEqual(screening.status, "Visited")
		factories.make_panel_score(screening.name, self.first)
		screening.reload()
		self.assertEqual(screening.status, "Scored")
		self.assertEqual(self.decide(screening, "No Need").status, "Decided")

	def test_a_state_sent_is_not_taken(self):
		screening = factories.make_screening()
		screening.status = "Decided"
		screening.save()
		self.assertEqual(screening.status, "Visited")

	def test_a_number_tells_birth_date_and_gender(self):
		number = factories.id_number("2012-07-09", "Female")
		screening = factories.make_screening(id_number=number, gender=None, birth_date=None)
		self.assertEqual((str(screening.birth_date), screening.gender), ("2012-07-09", "Female"))
		self.assertNotIn(number, str(frappe.db.get_value("Screening", screening.name, "*")))
		self.assertRaises(
			frappe.ValidationError,
			factories.make_screening,
			id_number=factories.id_number("2012-07-09", "Female"),
			gender="Male",
		)

	def test_the_class_is_one_of_the_school(self):
		school = factories.make_school("Another School").name
		self.assertRaises(
			frappe.ValidationError,
			factories.make_screening,
			school=school,
			school_class=factories.make_class().name,
		)

	def test_lists_show_neutral_names(self):
		need = factories.make_need_category("Plain Name", neutral_name="Growth Support").name
		screening = factories.make_screening(needs=[{"need_category": need}])
		self.assertEqual(screening.support_focus, "Growth Support")


class TestPanel(ScreeningTestCase):
	def test_composite_by_hand(self):
		"""Study 3 of 1–4 and 4 of 1–4: mean 3.5, 83.33 of 100, weight 3; habits 1: 0, weight 1 → 62.5."""
		study = factories.make_domain("Test Study", weight=3).name
		habits = factories.make_domain("Test Habits", weight=1).name
		screening = factories.make_screening(self.first, self.second)
		factories.make_panel_score(screening.name, self.first, {study: 3, habits: 1})
		factories.make_panel_score(screening.name, self.second, {study: 4, habits: 1})
		screening.reload()
		self.assertEqual((screening.composite, screening.priority), (62.5, "High"))
		kept = {row.domain: (row.raters, row.score, row.weight) for row in screening.results}
		self.assertEqual(kept, {study: (2, 3.5, 3), habits: (2, 1, 1)})

	def test_weights_used_stay_with_the_result(self):
		screening = self.scored()
		domain = frappe.get_doc("Assessment Domain", screening.results[0].domain)
		domain.weight += 5
		domain.save()
		screening.save()
		self.assertEqual(screening.results[0].weight, domain.weight - 5)

	def test_nothing_shows_before_all_have_scored(self):
		screening = factories.make_screening(self.first, self.second)
		factories.make_panel_score(screening.name, self.first)
		screening.reload()
		self.assertFalse(screening.results or screening.composite or screening.priority)

	def test_a_rater_sees_no_other_score_before_the_own(self):
		screening = factories.make_screening(self.first, self.second)
		other = factories.make_panel_score(screening.name, self.second)
		with self.set_user(self.first):
			self.assertEqual(frappe.get_list("Panel Score"), [])
			self.assertFalse(other.has_permission("read"))
		own = factories.make_panel_score(screening.name, self.first)
		with self.set_user(self.first):
			names = frappe.get_list("Panel Score", pluck="name")
			self.assertCountEqual(names, [own.name, other.name])
			self.assertFalse(frappe.get_doc("Panel Score", other.name).has_permission("write"))

	def test_a_coordinator_in_the_panel_is_blind_too(self):
		screening = factories.make_screening(self.first, self.coordinator)
		factories.make_panel_score(screening.name, self.first)
		with self.set_user(self.coordinator):
			self.assertEqual(frappe.get_list("Panel Score", {"screening": screening.name}), [])

	def test_only_the_panel_scores_each_once_with_own_name(self):
		screening = factories.make_screening(self.first)
		stranger = factories.make_user("Bangfu Manager")
		self.assertRaises(frappe.PermissionError, factories.make_panel_score, screening.name, stranger)
		sheet = factories.make_panel_score(screening.name, self.first)
		self.assertEqual(sheet.rater, self.first)
		self.assertRaises(frappe.DuplicateEntryError, factories.make_panel_score, screening.name, self.first)

	def test_a_rater_reads_the_candidate_until_it_is_decided(self):
		screening = self.scored()
		with self.set_user(self.second):
			self.assertEqual(frappe.get_list("Screening", pluck="name"), [screening.name])
		self.decide(screening, "No Need")
		with self.set_user(self.second):
			self.assertEqual(frappe.get_list("Screening", pluck="name"), [])

	def test_scores_stay_once_decided(self):
		screening = self.decide(self.scored(), "No Need")
		sheet = frappe.get_last_doc("Panel Score", {"screening": screening.name, "rater": self.first})
		sheet.scores[0].score = 1
		with self.set_user(self.first):
			self.assertRaises(frappe.ValidationError, sheet.save)

	def test_scores_on_the_scale_each_domain_once(self):
		domain = factories.make_domain().name
		screening = factories.make_screening(self.first)
		self.assertRaises(
			frappe.ValidationError, factories.make_panel_score, screening.name, self.first, {domain: 9}
		)

	def test_the_sheet_comes_with_a_row_for_each_domain(self):
		factories.make_domain("Test Study", weight=3)
		screening = factories.make_screening(self.second)
		with self.set_user(self.second):
			sheet = make_panel_score(screening.name)
			self.assertIn("Test Study", [row.domain for row in sheet.scores])
			sheet.insert()
		self.assertEqual(frappe.db.get_value("Screening", screening.name, "status"), "Scored")


class TestDecision(ScreeningTestCase):
	def test_needs_a_reason_and_says_who(self):
		screening = self.scored()
		self.assertRaises(frappe.MandatoryError, self.decide, screening, decision_reason=" ")
		screening = self.decide(screening)
		self.assertEqual((screening.decided_by, screening.decided_on), (self.coordinator, getdate()))

	def test_a_class_teacher_does_not_decide(self):
		school_class = factories.make_class(head_teacher=self.first).name
		screening = self.scored(school_class=school_class)
		self.assertRaises(frappe.PermissionError, self.decide, screening, user=self.first)

	def test_admission_needs_visits_and_raters(self):
		screening = self.scored()
		visits = screening.visits
		screening.visits = []
		screening.save()
		self.assertRaisesRegex(frappe.ValidationError, "0 of 1 visits", self.decide, screening)
		lone = factories.make_screening(
			self.first, visits=[row.as_dict(no_default_fields=True) for row in visits]
		)
		factories.make_panel_score(lone.name, self.first)
		self.assertRaisesRegex(frappe.ValidationError, "1 of 2 raters", self.decide, lone)
		self.decide(lone, "No Need")

	def test_an_office_sets_how_many(self):
		settings = frappe.get_doc("Bangfu Settings")
		settings.update({"screening_visits": 0, "screening_raters": 0})
		settings.save()
		self.assertEqual(self.decide(factories.make_screening(visits=[])).status, "Decided")

	def test_watch_and_refer_say_when_and_where(self):
		screening = self.scored()
		self.assertRaises(frappe.MandatoryError, self.decide, screening, "Watch")
		self.assertRaises(frappe.MandatoryError, self.decide, screening, "Refer")
		self.decide(screening, "Watch", recheck_on=add_days(today(), 90))

	def test_a_watched_candidate_comes_up_again(self):
		school = factories.make_school("School with Office", coordinator=self.coordinator).name
		screening = self.scored(school_class=factories.make_class(school).name)
		self.decide(screening, "Watch", recheck_on="2025-06-01")
		census.remind_rechecks("2025-05-31")
		self.assertFalse(frappe.db.exists("ToDo", {"reference_name": screening.name}))
		census.remind_rechecks("2025-06-01")
		census.remind_rechecks("2025-06-02")
		todos = frappe.get_all("ToDo", {"reference_name": screening.name}, ["allocated_to", "description"])
		self.assertEqual([row.allocated_to for row in todos], [self.coordinator])
		self.assertNotIn(screening.candidate_name, todos[0].description)

	def test_no_door_rewrites_what_was_decided_upon(self):
		screening = self.decide(self.scored(), "Watch", recheck_on=add_days(today(), 90))
		composite = screening.composite
		forged = frappe.get_doc("Screening", screening.name)
		forged.update({"composite": 99, "priority": "Low", "results": [], "decided_by": self.first})
		forged.student_file = factories.make_student("Draft").name
		forged.save()
		forged.reload()
		self.assertEqual((forged.composite, forged.priority), (composite, screening.priority))
		self.assertEqual((forged.decided_by, forged.student_file), (self.coordinator, None))
		self.assertEqual(len(forged.results), len(screening.results))

	def test_watched_then_admitted_passes_the_steps_again(self):
		lone = factories.make_screening(self.first)
		self.decide(lone, "Watch", recheck_on=add_days(today(), 90))
		self.assertRaisesRegex(frappe.ValidationError, "0 of 2 raters", self.decide, lone)


class TestFile(ScreeningTestCase):
	def test_why_it_is_another_student_goes_over_to_the_file(self):
		screening = self.decide(self.scored(candidate_name="张伟"))
		there = factories.make_student("Draft", student_name="章玮", duplicate_reason="Two cousins")
		self.assertRaises(LikelyDuplicateError, make_student_file, screening.name)
		screening.reload()
		screening.duplicate_reason = "Both were seen at home"
		screening.save()
		file = frappe.get_doc("Student File", make_student_file(screening.name))
		self.assertEqual(file.duplicate_reason, "Both were seen at home")
		self.assertNotEqual(file.name, there.name)

	def test_one_click_one_file(self):
		number = factories.id_number()
		screening = self.scored(
			id_number=number,
			guardian_phone="13912345678",
			guardian_name="A Mother",
			reported_by=self.first,
			reported_on="2025-01-05",
			source="Grid Worker",
		)
		screening = self.decide(screening)
		evidence = factories.make_evidence(screening=screening.name)
		with self.set_user(self.coordinator):
			name = make_student_file(screening.name)
			self.assertEqual(make_student_file(screening.name), name)
		self.assertEqual(frappe.db.count("Student File", {"screening": screening.name}), 1)
		file = frappe.get_doc("Student File", name)
		self.assertEqual(
			(file.student_name, file.source, str(file.identified_on), file.nominated_by, file.guardian_name),
			(screening.candidate_name, "Grid Worker", "2025-01-05", self.first, "A Mother"),
		)
		self.assertEqual(file.status, "Draft")
		self.assertEqual(file.priority, screening.priority)
		self.assertEqual(
			[row.need_category for row in file.needs], [row.need_category for row in screening.needs]
		)
		self.assertEqual(frappe.db.get_value("Recognition Evidence", evidence.name, "student"), name)
		for fieldname in ("id_number", "guardian_phone"):
			self.assertEqual(file.get(f"{fieldname}_hash"), screening.get(f"{fieldname}_hash"))
			self.assertTrue(file.get(f"{fieldname}_hash"))

	def test_a_file_names_no_screening_by_hand(self):
		file = factories.make_student("Draft", screening=self.scored().name)
		self.assertFalse(file.screening)

	def test_of_an_admitted_candidate_alone(self):
		self.assertRaises(frappe.ValidationError, make_student_file, self.scored().name)

	def test_says_what_is_missing(self):
		screening = self.decide(self.scored(birth_date=None, needs=[]))
		self.assertRaisesRegex(
			frappe.MandatoryError, "Date of Birth、Needs", make_student_file, screening.name
		)

	def test_stage_by_grade_and_school(self):
		vocational = factories.make_school("School of Crafts", school_type="Vocational School").name
		for school, grade, stage in (
			(None, "Grade 8", "Compulsory Education"),
			(None, "Grade 10", "Senior Secondary"),
			(vocational, "Grade 10", "Vocational Education"),
		):
			school_class = factories.make_class(school, grade=grade).name
			screening = self.decide(self.scored(school_class=school_class))
			file = make_student_file(screening.name)
			self.assertEqual(frappe.db.get_value("Student File", file, "stage"), stage)

	def test_the_class_teacher_makes_it_of_an_own_pupil(self):
		school_class = factories.make_class(head_teacher=self.first).name
		screening = self.decide(self.scored(school_class=school_class))
		with self.set_user(self.first):
			self.assertTrue(make_student_file(screening.name))

	def test_who_nominated_does_not_approve(self):
		manager = factories.make_user("Bangfu Manager")
		screening = self.decide(self.scored(reported_by=manager))
		file = frappe.get_doc("Student File", make_student_file(screening.name))
		self.assertIn(manager, file.proposers())

	def test_the_decision_stays_once_there_is_a_file(self):
		screening = self.decide(self.scored())
		make_student_file(screening.name)
		self.assertRaises(frappe.ValidationError, self.decide, screening, "No Need")

	def test_the_surveys_priority_takes_over(self):
		screening = self.decide(self.scored())
		file = make_student_file(screening.name)
		survey = factories.make_survey(file, {factories.make_domain().name: 1})
		self.assertEqual(frappe.db.get_value("Student File", file, "priority"), "Low")
		survey.cancel()
		self.assertEqual(frappe.db.get_value("Student File", file, "priority"), screening.priority)


class TestFunnel(ScreeningTestCase):
	def rows(self, **filters):
		return screening_funnel.execute({"from_date": "2017-01-01", "to_date": "2017-12-31"} | filters)[1]

	def make_world(self):
		self.near = factories.make_class(factories.make_school("Funnel Near").name, self.first).name
		self.far = factories.make_class(factories.make_school("Funnel Far").name).name
		day = {"reported_on": "2017-03-01"}
		factories.make_screening(school_class=self.near, visits=[], **day)
		factories.make_screening(school_class=self.near, source="Self-report", **day)
		self.decide(self.scored(school_class=self.near, **day))
		self.decide(self.scored(school_class=self.near, **day), "Watch", recheck_on="2017-09-01")
		self.decide(factories.make_screening(school_class=self.far, visits=[], **day), "No Need")
		factories.make_screening(school_class=self.far, reported_on="2018-03-01")

	def test_by_school(self):
		self.make_world()
		near, far = self.rows()
		expected = {
			"listed": 4,
			"visited": 3,
			"scored": 2,
			"admitted": 1,
			"watched": 1,
			"referred": 0,
			"no_need": 0,
		}
		self.assertEqual({key: near[key] for key in expected}, expected)
		self.assertEqual((near["group"], near["share"]), ("Funnel Near", 25))
		self.assertEqual((far["listed"], far["visited"], far["no_need"]), (1, 0, 1))

	def test_by_class_and_source(self):
		self.make_world()
		title = frappe.db.get_value("School Class", self.near, "class_title")
		self.assertEqual(self.rows(group_by="Class")[0]["group"], title)
		sources = {row["group"]: row["listed"] for row in self.rows(group_by="Source")}
		self.assertEqual(sources, {"Teacher Nomination": 4, "Self-report": 1})

	def test_chart_and_summary_add_up(self):
		self.make_world()
		_columns, _rows, _message, chart, summary = screening_funnel.execute(
			{"from_date": "2017-01-01", "to_date": "2017-12-31"}
		)
		self.assertEqual(chart["data"]["datasets"][0]["values"], [5, 3, 2, 1, 1, 0, 1])
		self.assertEqual([card["value"] for card in summary], [5, 2, 1])

	def test_each_sees_the_own(self):
		self.make_world()
		for user, groups in (
			(factories.make_user("Bangfu Manager"), ["Funnel Near", "Funnel Far"]),
			(factories.make_user("Bangfu Coordinator", school="Funnel Far"), ["Funnel Far"]),
			(self.first, ["Funnel Near"]),
			(factories.make_user("Class Teacher"), []),
		):
			with self.subTest(user=user), self.set_user(user):
				self.assertEqual([row["group"] for row in self.rows()], groups)

	def test_others_are_refused(self):
		for role in ("Supporter", "Counsellor", "Bangfu Finance", "Evaluator"):
			with self.subTest(role=role), self.set_user(factories.make_user(role)):
				self.assertRaises(frappe.PermissionError, run, "Screening Funnel", {})

	def test_no_query_per_row(self):
		def queries() -> int:
			self.rows(group_by="Class")
			with counted_queries() as made:
				self.rows(group_by="Class")
			return len(made)

		self.make_world()
		before = queries()
		for _number in range(5):
			factories.make_screening(reported_on="2017-04-01")
		self.assertEqual(queries(), before)

	def test_an_unknown_grouping_is_refused(self):
		self.assertRaises(frappe.ValidationError, self.rows, group_by="candidate_name")
