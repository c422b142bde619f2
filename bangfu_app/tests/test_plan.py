"""Survey → plan → its approval → versions."""

import frappe
from frappe.model.workflow import WorkflowTransitionError, apply_workflow

from bangfu_app.bangfu_app.doctype.needs_survey.needs_survey import make_support_plan
from bangfu_app.bangfu_app.doctype.student_file.student_file import make_needs_survey
from bangfu_app.bangfu_app.doctype.support_plan.support_plan import make_new_version
from bangfu_app.tests import BangfuTestCase, factories


class TestNeedsSurvey(BangfuTestCase):
	def test_composite_is_the_weighted_mean_and_gives_the_band(self):
		heavy = factories.make_domain("Heavy", weight=3).name
		light = factories.make_domain("Light", weight=1).name
		student = factories.make_student()
		survey = factories.make_survey(student.name, {heavy: 4, light: 1})
		self.assertEqual(survey.composite, 75)
		self.assertEqual(survey.priority, "High")
		self.assertEqual(frappe.db.get_value("Student File", student.name, "priority"), "High")

	def test_cancelling_gives_the_priority_of_the_survey_before(self):
		student = factories.make_student()
		domain = factories.make_domain().name
		factories.make_survey(student.name, {domain: 1}, survey_date="2025-02-01")
		second = factories.make_survey(student.name, {domain: 4}, survey_date="2025-06-01")
		second.cancel()
		self.assertEqual(frappe.db.get_value("Student File", student.name, "priority"), "Low")

	def test_the_last_score_stands_beside_the_new_one(self):
		student = factories.make_student()
		domain = factories.make_domain().name
		factories.make_survey(student.name, {domain: 4})
		again = factories.make_survey(student.name, {domain: 2}, survey_date="2025-06-01", submit=False)
		self.assertEqual(again.scores[0].last_score, "4")

	def test_several_raters_are_averaged_per_domain_first(self):
		student = factories.make_student()
		one, two = factories.make_domain("One").name, factories.make_domain("Two").name
		rows = [
			{"domain": one, "rater": "A", "score": 4},
			{"domain": one, "rater": "B", "score": 2},
			{"domain": two, "rater": "A", "score": 1},
		]
		survey = factories.make_survey(student.name, scores=None, submit=False)
		survey.set("scores", rows)
		survey.save()
		self.assertEqual(survey.composite, 33.3)

	def test_a_score_outside_the_scale_is_refused(self):
		student = factories.make_student()
		with self.assertRaisesRegex(frappe.ValidationError, "between 1 and 4"):
			factories.make_survey(student.name, {factories.make_domain().name: 5})

	def test_a_survey_opened_from_the_file_holds_all_domains_in_use(self):
		domain = factories.make_domain("Brand New Domain").name
		survey = make_needs_survey(factories.make_student().name)
		self.assertIn(domain, [row.domain for row in survey.scores])


class TestSupportPlan(BangfuTestCase):
	def test_a_plan_made_from_a_survey_has_goals_from_easy_to_hard(self):
		low, high = factories.make_domain("Low need").name, factories.make_domain("High need").name
		none = factories.make_domain("No need").name
		survey = factories.make_survey(factories.make_student().name, {high: 4, low: 2, none: 1})
		plan = make_support_plan(survey.name)
		self.assertEqual([(row.domain, row.baseline) for row in plan.goals], [(low, "2"), (high, "4")])

	def test_agreement_comes_first(self):
		plan = factories.make_plan(factories.make_student().name, active=False, supporter_agrees=0)
		frappe.set_user(factories.actor("Bangfu Coordinator", plan))
		self.assertRaises(WorkflowTransitionError, apply_workflow, plan, "Confirm Agreement")

	def test_no_plan_becomes_active_for_a_file_not_in_support(self):
		student = factories.make_student("School Review")
		plan = factories.make_plan(student.name, active=False)
		plan = factories.advance(plan, *factories.PLAN_STEPS[:2])
		with self.assertRaisesRegex(frappe.ValidationError, "not in support"):
			factories.advance(plan, factories.PLAN_STEPS[2])
		self.assertEqual(frappe.db.get_value("Support Plan", plan.name, "status"), "Department Review")

	def test_each_step_is_refused_to_the_wrong_role(self):
		plan = factories.make_plan(factories.make_student().name, active=False)
		for done, roles in (
			(0, ("Bangfu Finance", "Evaluator")),
			(2, ("Bangfu Coordinator", "Class Teacher")),
		):
			plan = factories.advance(plan, *factories.PLAN_STEPS[: done and 2])
			for role in roles:
				with self.subTest(status=plan.status, role=role):
					frappe.set_user(factories.actor(role, plan))
					action = factories.PLAN_STEPS[done][0]
					with self.assertRaises((WorkflowTransitionError, frappe.PermissionError)):
						apply_workflow(plan, action)
					frappe.set_user("Administrator")

	def test_a_new_version_supersedes_the_old_one_when_it_becomes_active(self):
		student = factories.make_student()
		first = factories.make_plan(student.name)
		second = make_new_version(first.name)
		second.update({"revision_reason": "New teacher", "student_agrees": 1, "supporter_agrees": 1})
		second.insert()
		self.assertEqual((second.version, second.status, second.previous_version), (2, "Draft", first.name))
		self.assertEqual(frappe.db.get_value("Support Plan", first.name, "status"), "Active")
		factories.advance(second, *factories.PLAN_STEPS)
		self.assertEqual(frappe.db.get_value("Support Plan", first.name, "status"), "Superseded")

	def test_an_iep_has_a_resource_teacher(self):
		student = factories.make_student()
		with self.assertRaisesRegex(frappe.ValidationError, "resource teacher"):
			factories.make_plan(student.name, active=False, plan_kind="IEP")

	def test_a_goal_is_due_within_the_plan(self):
		goals = [{"goal": "Too late", "due": "2026-02-01"}]
		self.assertRaises(
			frappe.ValidationError,
			factories.make_plan,
			factories.make_student().name,
			active=False,
			goals=goals,
		)
