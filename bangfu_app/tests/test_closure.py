"""Close-out: reasons, open items, approval, and its exact inverse."""

import frappe
from frappe.model.workflow import WorkflowTransitionError, apply_workflow

from bangfu_app.tests import BangfuTestCase, factories


class TestCaseClosure(BangfuTestCase):
	def setUp(self):
		super().setUp()
		self.student = factories.make_student()
		self.plan = factories.make_plan(self.student.name)
		self.pairing = factories.make_pairing(self.student.name)

	def status(self, doc):
		return frappe.db.get_value(doc.doctype, doc.name, "status")

	def test_approval_closes_file_plan_and_pairing(self):
		closure = factories.make_closure(self.student.name, plan=self.plan.name)
		self.assertEqual((closure.status, closure.docstatus), ("Approved", 1))
		self.assertEqual(self.status(self.student), "Closed")
		self.assertEqual(self.status(self.plan), "Completed")
		self.assertEqual(self.status(self.pairing), "Ended")
		file = frappe.get_doc("Student File", self.student.name)
		self.assertEqual(str(file.follow_up_until), "2028-12-20")

	def test_revoking_brings_back_what_it_ended_and_nothing_else(self):
		earlier = factories.make_pairing(self.student.name)
		earlier.end("Mismatch", "2025-06-30", "Note")
		frappe.db.set_value(
			"Pairing", self.pairing.name, {"end_reason": "Supporter Left", "to_date": "2031-06-30"}
		)
		before = frappe.get_doc("Student File", self.student.name).as_dict()
		pairing_before = frappe.get_doc("Pairing", self.pairing.name).as_dict()
		closure = factories.make_closure(self.student.name, plan=self.plan.name)
		factories.advance(closure, ("Revoke", "Bangfu Manager"))
		after = frappe.get_doc("Student File", self.student.name).as_dict()
		for fieldname in ("status", "closed_on", "case_closure", "follow_up_until"):
			self.assertEqual(after[fieldname], before[fieldname])
		self.assertEqual(self.status(self.plan), "Active")
		pairing_after = frappe.get_doc("Pairing", self.pairing.name).as_dict()
		for fieldname in ("status", "end_reason", "to_date", "case_closure"):
			self.assertEqual(pairing_after[fieldname], pairing_before[fieldname])
		self.assertEqual(self.status(earlier), "Ended")

	def test_reasons_bring_their_papers(self):
		for reason in ("Declines further support", "Left school", "Transferred"):
			with self.subTest(reason=reason):
				self.assertRaises(
					frappe.ValidationError,
					factories.make_closure,
					self.student.name,
					approved=False,
					reason=reason,
				)

	def test_open_items_need_a_reason(self):
		item = factories.make_item("Wheelchair", lendable=1).name
		factories.make_donation(item, 1)
		loan = factories.make_distribution(item, self.student.name, 1, transfer="Loan", due_back="2026-12-01")
		closure = factories.make_closure(self.student.name, approved=False)
		self.assertEqual([row.reference_name for row in closure.open_items], [loan.name])
		closure = factories.advance(closure, *factories.CLOSURE_STEPS[:2])
		with self.assertRaisesRegex(frappe.ValidationError, loan.name):
			factories.advance(closure, factories.CLOSURE_STEPS[2])
		self.assertEqual(self.status(self.student), "In Support")
		closure.open_items[0].reason = "Stays with the family"
		closure.save()
		# a reason given after the recommendation has to be recommended again
		factories.advance(closure, *factories.CLOSURE_STEPS[1:])
		self.assertEqual(self.status(self.student), "Closed")

	def test_each_of_two_loans_of_one_distribution_needs_its_reason(self):
		items = [factories.make_item(name, lendable=1).name for name in ("Tablet", "Lamp")]
		for item in items:
			factories.make_donation(item, 1)
		loan = {"student": self.student.name, "qty": 1, "transfer": "Loan", "due_back": "2026-12-01"}
		lines = [{**loan, "item": item} for item in items]
		factories.make_distribution(items[0], self.student.name, items=lines)
		closure = factories.make_closure(self.student.name, approved=False)
		closure.open_items[0].reason = "Stays with the family"
		closure.save()
		self.assertEqual([row.reason for row in closure.open_items], ["Stays with the family", None])

	def test_unsigned_records_and_planned_sessions_are_open_items(self):
		survey = factories.make_survey(self.student.name, submit=False)
		session = factories.make_session([self.student.name], status="Planned")
		closure = factories.make_closure(self.student.name, approved=False)
		self.assertEqual({row.reference_name for row in closure.open_items}, {survey.name, session.name})

	def test_a_new_situation_opens_a_new_plan_instead_of_closing(self):
		closure = factories.make_closure(
			self.student.name, plan=self.plan.name, reason="New situation needs a new plan"
		)
		new_plan = frappe.get_doc(
			"Support Plan", frappe.db.get_value("Case Closure", closure.name, "new_plan")
		)
		self.assertEqual((new_plan.version, new_plan.status), (2, "Draft"))
		self.assertEqual(self.status(self.student), "In Support")
		self.assertEqual(self.status(self.pairing), "Active")
		factories.advance(closure, ("Revoke", "Bangfu Manager"))
		self.assertFalse(frappe.db.exists("Support Plan", new_plan.name))

	def test_each_step_is_refused_to_the_wrong_role(self):
		closure = factories.make_closure(self.student.name, approved=False)
		for done, roles in (
			(0, ("Bangfu Finance", "Evaluator")),
			(1, ("Class Teacher", "Bangfu Finance")),
			(2, ("Bangfu Coordinator", "Class Teacher")),
		):
			closure = factories.advance(closure, *factories.CLOSURE_STEPS[max(done - 1, 0) : done])
			for role in roles:
				with self.subTest(status=closure.status, role=role):
					frappe.set_user(factories.actor(role, closure))
					with self.assertRaises((WorkflowTransitionError, frappe.PermissionError)):
						apply_workflow(closure, factories.CLOSURE_STEPS[done][0])
					frappe.set_user("Administrator")

	def test_a_file_that_went_back_meanwhile_is_not_closed(self):
		closure = factories.make_closure(self.student.name, approved=False)
		closure = factories.advance(closure, *factories.CLOSURE_STEPS[:2])
		self.student.reload()
		self.student.stage = "Senior Secondary"
		self.student.save()
		with self.assertRaisesRegex(frappe.ValidationError, "not in support"):
			factories.advance(closure, factories.CLOSURE_STEPS[2])

	def test_a_closed_file_is_not_closed_again(self):
		factories.make_closure(self.student.name)
		with self.assertRaisesRegex(frappe.ValidationError, "not in support"):
			factories.make_closure(self.student.name, approved=False)

	def test_submitting_around_the_approval_is_refused(self):
		closure = factories.make_closure(self.student.name, approved=False)
		frappe.set_user(factories.actor("Bangfu Coordinator", closure))
		self.assertRaises(frappe.PermissionError, frappe.get_doc("Case Closure", closure.name).submit)
