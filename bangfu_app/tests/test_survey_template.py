"""Surveys by template: answers to scores and causes, before and after, what is confirmed, what is not kept."""

from decimal import Decimal

import frappe
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bangfu_app.bangfu_app.doctype.needs_survey import needs_survey
from bangfu_app.bangfu_app.doctype.student_file.student_file import newest_survey
from bangfu_app.surveys import survey_facts, survey_score
from bangfu_app.tests import BangfuTestCase, factories

quick = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
weights = st.dictionaries(st.sampled_from("abcdefg"), st.decimals(0, 1000, places=2), min_size=1)


class TestArithmetic(BangfuTestCase):
	@quick
	@given(weights)
	def test_percent_of_causes_sum_to_a_hundred(self, given_weights):
		percent = survey_score.to_hundred(given_weights)
		total = sum(given_weights.values())
		self.assertEqual(sum(percent.values()), 100 if total else 0)
		for key, weight in given_weights.items():
			if total:
				self.assertLess(abs(percent[key] - weight * 100 / total), Decimal("0.1"))

	@quick
	@given(weights)
	def test_percent_stays_percent(self, given_weights):
		percent = survey_score.to_hundred(given_weights)
		self.assertEqual(survey_score.to_hundred(percent), percent)

	@quick
	@given(st.integers(-500, 500), st.integers(-500, 500))
	def test_a_difference_and_its_opposite(self, new, old):
		new, old = Decimal(new) / 10, Decimal(old) / 10
		there, back = survey_score.change(new, old), survey_score.change(old, new)
		self.assertEqual(Decimal(there), new - old)
		self.assertEqual(Decimal(there), -Decimal(back))
		self.assertEqual(there[0] == "+", new > old)

	def test_nothing_to_compare_is_not_zero(self):
		self.assertIsNone(survey_score.change(None, 3))
		self.assertIsNone(survey_score.change(3, None))
		self.assertEqual(survey_score.change(3, 3.0), "0")
		self.assertEqual(survey_score.change(30, "10"), "+20")

	@quick
	@given(st.integers(1, 5), st.booleans())
	def test_a_reversed_answer_is_the_opposite_need(self, answer, reverse):
		need = survey_score.need_of("Scale", Decimal(answer), Decimal(5), reverse)
		self.assertEqual(need + survey_score.need_of("Scale", Decimal(answer), Decimal(5), not reverse), 1)
		self.assertTrue(0 <= need <= 1)

	@quick
	@given(
		st.lists(st.tuples(st.none() | st.decimals(0, 1, places=2), st.decimals(0, 9, places=1)), max_size=9)
	)
	def test_a_mean_lies_between_its_parts(self, needs):
		mean = survey_score.mean_need(needs)
		answered = [need for need, weight in needs if need is not None and weight]
		if not answered:
			self.assertIsNone(mean)
		else:
			self.assertTrue(min(answered) - Decimal("1e-9") <= mean <= max(answered) + Decimal("1e-9"))

	def test_the_ends_of_a_scale(self):
		for need, score in ((0, 1), (1, 4), (Decimal("0.5"), 3)):
			self.assertEqual(survey_score.on_scale(Decimal(need), 1, 4), score)

	def test_answers_that_cannot_be_read(self):
		for answer_type, answer in (
			("Scale", "0"),
			("Scale", "6"),
			("Scale", "NaN"),
			("Number", "many"),
			("Yes/No", "x"),
		):
			with self.subTest(answer=answer), self.assertRaises(survey_score.UnreadableAnswer):
				survey_score.value_of(answer_type, answer, Decimal(5))
		self.assertIsNone(survey_score.value_of("Scale", " ", Decimal(5)))
		self.assertEqual(survey_score.value_of("Yes/No", "是", Decimal(0)), 1)


def question(text: str, domain: str | None = None, **values) -> dict:
	return {"question": text, "domain": domain, "answer_type": "Scale", "highest": 5, "weight": 1, **values}


class SurveyTestCase(BangfuTestCase):
	def setUp(self):
		super().setUp()
		self.student = factories.make_student().name
		self.study = factories.make_domain("Test Study").name
		self.home = factories.make_domain("Test Home").name
		self.template = factories.make_template(
			{self.study: 3, self.home: 1},
			instrument="Test Tool",
			questions=[
				question("Hard?", self.study, cause="Intellectual"),
				question("Works?", self.study, reverse=1, cause="Study Habits"),
				question("Alone?", self.home, answer_type="Yes/No", cause="Family"),
				question("Else?", answer_type="Text"),
			],
		).name

	def survey(self, *answers: str | None, submit: bool = False, **values):
		survey = frappe.get_doc(
			{
				"doctype": "Needs Survey",
				"student": self.student,
				"survey_date": "2025-02-01",
				"home_visit": 1,
				"template": self.template,
				**values,
			}
		).insert()
		for row, answer in zip(survey.answers, answers, strict=False):
			row.answer = answer
		survey.save()
		return survey.submit() if submit else survey

	def scores(self, survey) -> dict[str, int]:
		return {row.domain: row.score for row in survey.scores}


class TestAnswers(SurveyTestCase):
	def test_questions_and_instrument_come_with_the_template(self):
		survey = self.survey()
		self.assertEqual([row.question for row in survey.answers], ["Hard?", "Works?", "Alone?", "Else?"])
		self.assertEqual((survey.tool, survey.version, survey.standard_tool), ("Test Tool", "1", 1))

	def test_domain_scores_come_from_the_answers(self):
		survey = self.survey("5", "1", "no", "A desk")
		self.assertEqual(self.scores(survey), {self.study: 4, self.home: 1})
		self.assertEqual(survey.composite, 75)  # weights of the template: 3 and 1
		self.assertEqual(survey.answer_total, 6)

	def test_a_score_of_the_panel_stays(self):
		survey = self.survey("5", "1", "no")
		survey.scores[0].score = 2
		survey.save()
		survey.answers[0].answer = "4"
		survey.save()
		self.assertEqual(survey.scores[0].score, 2)
		self.assertEqual(survey.scores[1].score, 1)

	def test_a_score_that_nobody_touched_follows_the_answers(self):
		survey = self.survey("5", "1", "no")
		survey.answers[2].answer = "yes"
		survey.save()
		self.assertEqual(self.scores(survey)[self.home], 4)

	def test_not_where_the_template_says_by_the_panel(self):
		template = frappe.get_doc("Survey Template", self.template)
		template.domains[1].from_answers = 0
		template.save()
		self.assertEqual(self.scores(self.survey("5", "1", "yes")), {self.study: 4})

	def test_causes_with_the_questions_behind_them(self):
		survey = self.survey("5", "1", "no")
		causes = {row.cause: (row.weight, row.questions) for row in survey.causes}
		self.assertEqual(causes, {"Intellectual": (50, "1"), "Study Habits": (50, "2")})

	def test_weights_of_the_panel_become_percent(self):
		survey = self.survey(causes=[{"cause": "Family", "weight": 3}, {"cause": "Conduct", "weight": 1}])
		self.assertEqual([row.weight for row in survey.causes], [75, 25])

	def test_an_answer_off_its_scale_is_named(self):
		with self.assertRaisesRegex(frappe.ValidationError, "Answer 2.*9"):
			self.survey("5", "9")

	def test_a_later_change_of_the_template_does_not_reach_the_survey(self):
		survey = self.survey("5", "1", "no")
		template = frappe.get_doc("Survey Template", self.template)
		template.questions[0].question = "Harder?"
		template.save()
		survey.save()
		self.assertEqual(survey.answers[0].question, "Hard?")

	def test_an_unsound_template_is_refused(self):
		for questions in (
			[question("A", self.study, highest=1)],
			[question("A", factories.make_domain("Elsewhere").name)],
			[question("A", self.study), question("A", self.study)],
		):
			with self.subTest(questions=questions):
				self.assertRaises(
					frappe.ValidationError, factories.make_template, {self.study: 1}, questions=questions
				)
		self.assertRaises(frappe.ValidationError, factories.make_template, purpose="Screening of Everyone")

	def test_shipped_questionnaire(self):
		from bangfu_app.masters import BOTTOM_QUESTIONNAIRE, QUESTIONNAIRE, say

		survey = self.survey(template=say(QUESTIONNAIRE))
		self.assertEqual(len(survey.answers), len(BOTTOM_QUESTIONNAIRE))


class TestBeforeAndAfter(SurveyTestCase):
	def pre_test(self, *answers, **values):
		return self.survey(*answers, phase="Pre-test", submit=True, **values)

	def post_test(self, *answers, before, **values):
		values = {"phase": "Post-test", "survey_date": "2025-06-01", "compared_with": before.name} | values
		return self.survey(*answers, **values)

	def test_the_difference_stands_beside_the_score(self):
		before = self.pre_test("5", "1", "yes")
		after = self.post_test("2", "4", "yes", before=before)
		self.assertEqual(
			{row.domain: row.difference for row in after.scores}, {self.study: "-2", self.home: "0"}
		)
		self.assertEqual(
			Decimal(after.composite_change), Decimal(str(after.composite)) - Decimal(str(before.composite))
		)
		self.assertLess(Decimal(after.composite_change), 0)

	def test_it_is_that_of_the_pre_test_not_of_a_survey_between(self):
		before = self.pre_test("5", "1", "yes")
		self.survey("1", "5", "no", submit=True, survey_date="2025-04-01")
		after = self.post_test("5", "1", "yes", before=before)
		self.assertEqual({row.difference for row in after.scores}, {"0"})

	def test_a_repeat_stands_beside_the_newest_before(self):
		self.survey("5", "1", "yes", submit=True)
		again = self.survey("1", "5", "yes", phase="Repeat Survey", survey_date="2025-06-01")
		self.assertEqual(
			{row.domain: row.difference for row in again.scores}, {self.study: "-3", self.home: "0"}
		)

	def test_only_with_the_same_instrument(self):
		before = self.pre_test("5", "1", "yes")
		other = factories.make_template({self.study: 1}).name
		self.assertRaises(frappe.ValidationError, self.post_test, before=before, template=other)
		frappe.db.set_value("Survey Template", self.template, "version", "2")
		frappe.clear_document_cache("Survey Template", self.template)
		self.assertRaises(frappe.ValidationError, self.post_test, before=before)

	def test_only_with_a_submitted_pre_test_of_the_same_student_before_it(self):
		draft = self.survey(phase="Pre-test")
		first = self.survey("5", "1", "yes", submit=True)
		late = self.pre_test("5", "1", "yes", survey_date="2025-07-01")
		foreign = self.pre_test("5", "1", "yes", student=factories.make_student().name)
		for before in (draft, first, late, foreign):
			with self.subTest(before=before.phase):
				self.assertRaises(frappe.ValidationError, self.post_test, before=before)
		self.assertRaises(frappe.ValidationError, self.survey, phase="Post-test")


class TestFindings(SurveyTestCase):
	def test_a_confirmed_diagnosis_needs_who_and_paper(self):
		survey = self.survey(diagnosis_status="Suspected")
		survey.diagnosis_status = "Confirmed"
		self.assertRaises(frappe.ValidationError, survey.save)
		survey.reload()
		survey.update({"diagnosis_status": "Confirmed", "diagnosed_by": "County Hospital"})
		self.assertRaises(frappe.ValidationError, survey.save)
		survey.reload()
		survey.update({"diagnosis_status": "Confirmed", "diagnosed_by": "County Hospital"})
		survey.diagnosis_paper = "/private/files/paper.pdf"
		survey.save()
		survey.diagnosis_status = "Not Applicable"
		survey.save()
		self.assertFalse(survey.diagnosed_by or survey.diagnosis_paper)

	def test_level_groups_by_the_thresholds_of_the_settings(self):
		settings = frappe.get_doc("Bangfu Settings")
		settings.set("level_groups", [])
		for level_group, from_score in (("Extension", 80), ("Improvement", 50), ("Consolidation", 0)):
			settings.append("level_groups", {"level_group": level_group, "from_score": from_score})
		settings.flags.ignore_mandatory = True
		settings.save()
		for percent, group in ((80, "Extension"), (79.9, "Improvement"), (49, "Consolidation")):
			self.assertEqual(self.survey(level_test=percent).suggested_group, group)

	def test_facts_of_the_newest_exam(self):
		exam = factories.make_exam("Paper 1", "Paper 2")
		number = f"F{factories.serial():06}"
		frappe.db.set_value("Student File", self.student, "student_no", number)
		for marks, student_no in (((50, 70), number), ((70, 90), None), ((90, None), None)):
			candidate = student_no or f"F{factories.serial():06}"
			for row, mark in zip(exam.subjects, marks, strict=True):
				factories.make_score(exam, mark, subject=row.subject, student_no=candidate)
		facts = needs_survey.exam_facts(self.student)
		self.assertEqual((facts["exam"], facts["subjects_sat"], facts["failed_subjects"]), (exam.name, 2, 1))
		self.assertEqual((facts["failed_names"], facts["level_test"]), ("Paper 1", 60))
		self.assertEqual(facts["gap_to_peers"], "-14")  # (50+70+70+90+90) of 500 are 74 percent

	def test_no_exam_no_facts(self):
		self.assertEqual(survey_facts.facts_of(self.student), {})


class TestScreening(SurveyTestCase):
	def setUp(self):
		super().setUp()
		self.counsellor = factories.make_user("Counsellor")
		factories.make_referral(self.student, self.counsellor)
		self.template = factories.make_template(
			{self.study: 1},
			purpose="Screening of Everyone",
			cut_off=8,
			questions=[question("Sad?", self.study), question("Sleeps badly?", self.study)],
		).name

	def screened(self, *answers: str):
		with self.set_user(self.counsellor):
			return self.survey(*answers, submit=True)

	def alerts(self) -> list:
		return frappe.get_all("Student Alert", {"student": self.student}, ["kind", "observation", "concern"])

	def test_above_the_cut_off_an_alert_without_a_word_of_it(self):
		survey = self.screened("4", "4")
		(alert,) = self.alerts()
		self.assertEqual((alert.kind, alert.observation), ("Difficulty", None))
		self.assertEqual([row.answer for row in survey.answers], ["4", "4"])

	def test_below_it_no_answer_is_kept_anywhere(self):
		survey = self.screened("4", "3")
		self.assertEqual(self.alerts(), [])
		stored = frappe.get_doc("Needs Survey", survey.name)
		self.assertEqual((stored.answers, stored.scores, stored.causes), ([], [], []))
		self.assertFalse(stored.answer_total or stored.composite)
		self.assertEqual(frappe.db.count("Version", {"docname": survey.name}), 0)

	def test_a_teacher_sees_no_screening(self):
		survey = self.screened("4", "4")
		teacher = frappe.db.get_value("Student File", self.student, "head_teacher")
		for user in (teacher, factories.make_user("Bangfu Coordinator")):
			with self.subTest(user=user), self.set_user(user):
				self.assertFalse(frappe.has_permission("Needs Survey", "read", survey.name))
				self.assertEqual(frappe.get_list("Needs Survey", {"name": survey.name}), [])

	def test_nor_enters_one(self):
		with self.set_user(factories.make_user("Bangfu Coordinator")):
			self.assertRaises(frappe.PermissionError, self.survey)

	def test_it_is_no_survey_of_needs(self):
		self.screened("4", "4")
		self.assertIsNone(newest_survey(self.student))
		self.assertFalse(frappe.db.get_value("Student File", self.student, "priority"))
