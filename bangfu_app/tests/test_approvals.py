"""What an approval is bound to, who gives it, what it leaves behind (domain §4)."""

import frappe
from frappe.desk.form.assign_to import add as assign
from frappe.model.document import Document
from hypothesis import given
from hypothesis import strategies as st

from bangfu_app.approvals import trail, votes, waiting
from bangfu_app.approvals.actions import act, vote
from bangfu_app.approvals.chain import approved_doctypes, chain_of, check_chain, follow_chain
from bangfu_app.approvals.content import digest_of
from bangfu_app.approvals.door import ReasonMissingError, SelfApprovalError
from bangfu_app.approvals.votes import Tally, VotesMissingError
from bangfu_app.bangfu_app.report.waiting_for_my_approval import waiting_for_my_approval
from bangfu_app.patches.v0_2 import take_over_approvals
from bangfu_app.tests import BangfuTestCase, counted_queries, factories


def status(doc: Document) -> str:
	return frappe.db.get_value(doc.doctype, doc.name, "status")


def steps(doc: Document) -> list[tuple]:
	return [(step.kind, step.from_state, step.to_state) for step in trail.steps_of(doc.doctype, doc.name)]


class ApprovalTestCase(BangfuTestCase):
	def setUp(self):
		super().setUp()
		settings = frappe.get_doc("Bangfu Settings")
		settings.update({"class_review_quorum": 3, "class_review_majority": 50, "approval_digest": 1})
		settings.save()


class TestBoundToContent(ApprovalTestCase):
	def test_a_changed_need_sends_an_approved_file_back_and_says_so(self):
		file = factories.make_student()
		file.append("needs", {"need_category": factories.make_need_category("Another Need").name})
		file.save()
		self.assertEqual(status(file), "Class Review")
		last = trail.steps_of("Student File", file.name)[-1]
		self.assertEqual((last.kind, last.from_state), ("Reopened", "In Support"))
		self.assertIn("Needs", last.changes)
		self.assertEqual(last.content_version, 2)

	def test_a_changed_phone_number_does_not(self):
		file = factories.make_student()
		file.guardian_phone = "13800000001"
		file.talents = "Sings"
		file.save()
		self.assertEqual(status(file), "In Support")

	def test_it_goes_back_to_the_earliest_approval_of_another_content(self):
		file = factories.make_student("School Review")
		file.stage = "Senior Secondary"
		file.save()
		self.assertEqual(status(file), "Class Review")
		file = factories.advance(file, *factories.INTAKE_STEPS[1:])
		self.assertEqual(status(file), "In Support")

	def test_what_was_sent_back_is_mended_where_it_is(self):
		file = factories.make_student("School Review")
		file = factories.advance(file, ("Return", "Bangfu Manager"))
		file.stage = "Senior Secondary"
		file.save()
		self.assertEqual(status(file), "Returned")

	def test_before_any_approval_content_changes_freely(self):
		file = factories.make_student("Class Review")
		file.stage = "Senior Secondary"
		file.save()
		self.assertEqual(status(file), "Class Review")

	def test_a_changed_plan_asks_both_sides_again(self):
		plan = factories.make_plan(factories.make_student().name)
		plan.goals[0].goal = "Pass all subjects"
		plan.save()
		plan.reload()
		self.assertEqual((plan.status, plan.student_agrees, plan.supporter_agrees), ("Draft", 0, 0))

	def test_a_changed_summary_of_a_closure_is_recommended_again(self):
		student = factories.make_student()
		closure = factories.make_closure(student.name, approved=False)
		closure = factories.advance(closure, *factories.CLOSURE_STEPS[:2])
		closure.summary = "Reached some goals."
		closure.save()
		self.assertEqual(status(closure), "Department Review")

	def test_a_settled_loan_changes_no_closure(self):
		student = factories.make_student()
		session = factories.make_session([student.name], status="Planned")
		closure = factories.make_closure(student.name, approved=False)
		closure = factories.advance(closure, *factories.CLOSURE_STEPS[:2])
		session.status = "Held"
		session.save()
		closure = factories.advance(closure, factories.CLOSURE_STEPS[2])
		self.assertEqual([row.settled for row in closure.open_items], [1])

	def test_the_content_is_not_changed_together_with_its_approval(self):
		file = factories.make_student("School Review")
		with self.set_user(factories.actor("Bangfu Manager", file)):
			file = frappe.get_doc("Student File", file.name)
			file.update({"status": "In Support", "stage": "Senior Secondary"})
			self.assertRaisesRegex(frappe.ValidationError, "Save the change first", file.save)

	def test_a_role_that_may_not_edit_in_this_state_does_not_change_content(self):
		file = factories.make_student("School Review")
		with self.set_user(factories.actor("Class Teacher", file)):
			file = frappe.get_doc("Student File", file.name)
			file.talents = "Sings"
			file.save()
			file.stage = "Senior Secondary"
			self.assertRaises(frappe.PermissionError, file.save)

	def test_the_digest_does_not_depend_on_where_values_come_from(self):
		plan = factories.make_plan(factories.make_student().name, active=False)
		from_browser = frappe.get_doc(frappe.parse_json(frappe.as_json(plan.as_dict())))
		self.assertEqual(digest_of(from_browser), digest_of(frappe.get_doc("Support Plan", plan.name)))

	def test_every_declared_field_is_a_field(self):
		for doctype in approved_doctypes():
			declaration = chain_of(doctype).declaration
			for name in (*declaration.content, *declaration.proposers):
				with self.subTest(doctype=doctype, field=name):
					self.assertTrue(frappe.get_meta(doctype).has_field(name))


class TestOtherHands(ApprovalTestCase):
	def approve(self, file: Document, user: str, action: str, **values) -> None:
		with self.set_user(user):
			act(file.doctype, file.name, action, **values)

	def test_the_nominator_does_not_approve_at_a_later_level(self):
		manager = factories.make_user("Bangfu Manager")
		file = factories.make_student("School Review", nominated_by=manager)
		self.assertRaises(SelfApprovalError, self.approve, file, manager, "Approve")

	def test_the_owner_does_not_approve(self):
		manager = factories.make_user("Bangfu Manager")
		file = factories.make_student("School Review")
		file.db_set("owner", manager)
		self.assertRaises(frappe.ValidationError, self.approve, file, manager, "Approve")
		with self.set_user(manager):
			file = frappe.get_doc("Student File", file.name)
			file.status = "In Support"
			self.assertRaises(SelfApprovalError, file.save)

	def test_who_submitted_does_not_approve(self):
		teacher = factories.make_user("Class Teacher")
		file = factories.make_student("Draft", head_teacher=teacher)
		self.approve(file, teacher, "Submit for Class Review")
		self.assertRaises(
			SelfApprovalError, self.approve, file, teacher, "Pass Class Review", ballot={"For": 3}
		)

	def test_the_supporter_of_a_plan_does_not_approve_it(self):
		manager = factories.make_user("Bangfu Manager", "Supporter")
		supporter = factories.make_supporter(user=manager)
		measures = [{"measure": factories.make_measure().name, "supporter": supporter.name}]
		plan = factories.make_plan(factories.make_student().name, active=False, measures=measures)
		plan = factories.advance(plan, *factories.PLAN_STEPS[:2])
		self.assertRaises(SelfApprovalError, self.approve, plan, manager, "Approve")
		self.approve(plan, factories.make_user("Bangfu Manager"), "Approve")

	def test_who_confirmed_the_agreement_does_not_approve_the_plan(self):
		both = factories.make_user("Bangfu Manager", "Bangfu Coordinator")
		plan = factories.make_plan(factories.make_student().name, active=False)
		self.approve(plan, both, "Confirm Agreement")
		plan = factories.advance(plan, factories.PLAN_STEPS[1])
		self.assertRaises(SelfApprovalError, self.approve, plan, both, "Approve")

	def test_sending_back_needs_no_other_hands_but_a_reason(self):
		manager = factories.make_user("Bangfu Manager")
		file = factories.make_student("School Review", nominated_by=manager)
		for reason in (None, "", "  "):
			self.assertRaises(ReasonMissingError, self.approve, file, manager, "Return", reason=reason)
		self.approve(file, manager, "Return", reason="Papers are missing")
		self.assertEqual(trail.steps_of("Student File", file.name)[-1].reason, "Papers are missing")


class TestClassReview(ApprovalTestCase):
	def setUp(self):
		super().setUp()
		self.file = factories.make_student("Class Review")
		self.teacher = factories.actor("Class Teacher", self.file)

	def cast(self, choice: str, user: str | None = None) -> dict:
		with self.set_user(user or factories.make_user("Bangfu Coordinator")):
			return vote("Student File", self.file.name, choice)

	def test_the_step_moves_when_quorum_and_majority_are_met(self):
		self.assertFalse(self.cast("For")["moved"])
		self.assertFalse(self.cast("Against")["moved"])
		self.assertEqual(status(self.file), "Class Review")
		self.assertTrue(self.cast("For")["moved"])
		self.assertEqual(status(self.file), "School Review")
		last = trail.steps_of("Student File", self.file.name)[-1]
		self.assertEqual((last.votes_for, last.votes_against, last.abstentions), (2, 1, 0))

	def test_who_votes_again_changes_the_vote(self):
		user = factories.make_user("Bangfu Coordinator")
		self.cast("For", user)
		result = self.cast("Against", user)
		self.assertEqual((result["votes_for"], result["votes_against"]), (0, 1))

	def test_votes_on_an_earlier_content_are_void(self):
		self.cast("For")
		self.file.reload()
		self.file.stage = "Senior Secondary"
		self.file.save()
		self.assertEqual(votes.tally(self.file).cast, 0)

	def test_the_meeting_is_recorded_on_paper_in_one_go(self):
		with self.set_user(self.teacher):
			ballot = {"For": 12, "Against": 1, "Abstain": 2, "names": "Class 7"}
			act("Student File", self.file.name, "Pass Class Review", ballot=ballot)
		self.assertEqual(status(self.file), "School Review")

	def test_without_majority_it_does_not_move(self):
		with self.set_user(self.teacher):
			for ballot in ({"For": 2}, {"For": 2, "Against": 2}, {"Abstain": 5}):
				with self.subTest(ballot=ballot):
					frappe.db.savepoint("ballot")
					self.assertRaises(
						VotesMissingError,
						act,
						"Student File",
						self.file.name,
						"Pass Class Review",
						ballot=ballot,
					)
					frappe.db.rollback(save_point="ballot")

	def test_the_panel_of_the_class_votes_and_sees_the_file_for_that_time(self):
		reviewer = factories.make_user("Class Teacher")
		school_class = frappe.get_doc("School Class", self.file.school_class)
		school_class.append("reviewers", {"user": reviewer})
		school_class.save()
		self.assertFalse(self.cast("For", reviewer)["moved"])
		with self.set_user(reviewer):
			self.assertEqual(frappe.get_list("Student File", pluck="name"), [self.file.name])
		self.cast("For")
		self.cast("For")
		with self.set_user(reviewer):
			self.assertEqual(frappe.get_list("Student File", pluck="name"), [])
			self.assertFalse(frappe.has_permission("Student File", "read", self.file.name))

	def test_no_vote_is_taken_in_another_state(self):
		file = factories.make_student("School Review")
		with self.set_user(factories.make_user("Bangfu Manager")):
			self.assertRaisesRegex(
				frappe.ValidationError, "No vote is taken", vote, "Student File", file.name, "For"
			)

	def test_a_ballot_of_impossible_numbers_is_refused(self):
		args = ("Student File", self.file.name, "Pass Class Review")
		with self.set_user(self.teacher):
			with self.assertRaisesRegex(frappe.ValidationError, "less than 0"):
				act(*args, ballot={"For": 5, "Against": -2})
			with self.assertRaisesRegex(frappe.ValidationError, "for, against or an abstention"):
				vote("Student File", self.file.name, "Perhaps")

	def test_strangers_and_proposers_do_not_vote(self):
		for role in ("Supporter", "Class Teacher", "Bangfu Finance", "Counsellor"):
			with self.subTest(role=role):
				self.assertRaises(frappe.PermissionError, self.cast, "For", factories.make_user(role))
		self.assertRaises(frappe.PermissionError, self.cast, "For", factories.make_user("Bangfu Manager"))
		self.file.db_set("nominated_by", self.teacher)
		self.assertRaises(SelfApprovalError, self.cast, "For", self.teacher)

	@given(*(st.integers(0, 30) for _ in range(3)), st.integers(1, 20), st.integers(0, 99))
	def test_passing(self, yes, no, abstain, quorum, majority):
		passed = Tally(yes, no, abstain).is_passed(quorum, majority)
		self.assertEqual(passed, yes + no + abstain >= quorum and yes * 100 > majority * (yes + no))
		if passed:
			self.assertTrue(Tally(yes + 1, no, abstain).is_passed(quorum, majority))
			self.assertGreater(yes, 0)


class TestTrail(ApprovalTestCase):
	def test_each_step_keeps_who_when_and_on_which_content(self):
		file = factories.make_student()
		self.assertEqual(
			steps(file),
			[
				("Submission", "Draft", "Class Review"),
				("Approval", "Class Review", "School Review"),
				("Approval", "School Review", "In Support"),
			],
		)
		rows = trail.steps_of("Student File", file.name)
		self.assertEqual(len({row.user for row in rows}), 3)
		self.assertEqual({row.digest for row in rows}, {digest_of(file)})

	def test_steps_of_the_app_itself_are_on_it(self):
		student = factories.make_student()
		plan = factories.make_plan(student.name)
		closure = factories.make_closure(student.name, plan=plan.name)
		self.assertEqual(steps(student)[-1], ("By the App", "In Support", "Closed"))
		self.assertEqual(steps(plan)[-1], ("By the App", "Active", "Completed"))
		factories.advance(closure, ("Revoke", "Bangfu Manager"))
		self.assertEqual(steps(student)[-1], ("By the App", "Closed", "In Support"))

	def test_nobody_writes_or_deletes_it(self):
		file = factories.make_student()
		name = frappe.db.get_value("Approval Step", {"reference_name": file.name})
		with self.set_user(factories.make_user("Bangfu Manager", "System Manager")):
			step = frappe.get_doc("Approval Step", name)
			step.reason = "Forged"
			self.assertRaises(frappe.PermissionError, step.save)
			self.assertRaises(frappe.PermissionError, frappe.delete_doc, "Approval Step", name)
			copy = frappe.copy_doc(step)
			self.assertRaises(frappe.PermissionError, copy.insert)

	def test_what_was_approved_once_is_not_deleted(self):
		file = factories.make_student("School Review")
		frappe.delete_doc("Student File", file.name)
		self.assertFalse(frappe.db.exists("Approval Step", {"reference_name": file.name}))
		file = factories.make_student()
		file.stage = "Senior Secondary"
		file.save()
		self.assertRaisesRegex(
			frappe.ValidationError, "history", frappe.delete_doc, "Student File", file.name
		)

	def test_it_is_seen_by_those_who_see_the_student(self):
		file = factories.make_student()
		teacher = factories.actor("Class Teacher", file)
		for user, seen in ((teacher, 3), (factories.make_user("Class Teacher"), 0)):
			with self.set_user(user):
				self.assertEqual(len(frappe.get_list("Approval Step", {"reference_name": file.name})), seen)

	def test_files_approved_before_are_taken_over_and_held(self):
		file = factories.make_student()
		frappe.db.delete("Approval Step", {"reference_name": file.name})
		take_over_approvals.execute()
		take_over_approvals.execute()
		self.assertEqual(steps(file), [("Taken Over", "", "In Support")])
		file.reload()
		file.stage = "Senior Secondary"
		file.save()
		self.assertEqual(status(file), "Class Review")


class TestWaiting(ApprovalTestCase):
	def setUp(self):
		super().setUp()
		self.file = factories.make_student("School Review")
		self.manager = factories.make_user("Bangfu Manager")

	def names(self, user: str) -> list[str]:
		with self.set_user(user):
			return [row.name for row in waiting.waiting_for()]

	def todos(self, user: str) -> list[str]:
		return frappe.get_all(
			"ToDo",
			{"allocated_to": user, "reference_name": self.file.name, "status": "Open"},
			pluck="description",
		)

	def test_the_list_holds_what_the_user_can_approve(self):
		self.assertEqual(self.names(self.manager), [self.file.name])
		for role in ("Bangfu Coordinator", "Class Teacher", "Supporter", "Bangfu Finance"):
			self.assertEqual(self.names(factories.make_user(role)), [])

	def test_it_leaves_out_own_proposals(self):
		self.file.db_set("nominated_by", self.manager)
		self.assertEqual(self.names(self.manager), [])
		self.file.db_set({"nominated_by": None, "owner": self.manager})
		self.assertEqual(self.names(self.manager), [])
		self.assertEqual(self.names(factories.make_user("Bangfu Manager")), [self.file.name])

	def test_who_submitted_neither_finds_it_nor_has_it_to_do(self):
		both = factories.make_user("Bangfu Coordinator", "Bangfu Manager")
		self.file = factories.make_student("Draft")
		with self.set_user(both):
			act("Student File", self.file.name, "Submit for Class Review")
		self.file = factories.advance(self.file, factories.INTAKE_STEPS[1])
		self.assertNotIn(self.file.name, self.names(both))
		self.assertIn(self.file.name, self.names(self.manager))
		self.assertEqual((len(self.todos(both)), len(self.todos(self.manager))), (0, 1))

	def test_who_may_not_write_the_record_has_it_not_to_do(self):
		own = factories.make_user("Bangfu Coordinator", school=self.file.school)
		other = factories.make_user("Bangfu Coordinator", school=factories.make_school("Far School").name)
		self.file = factories.make_student("Class Review")
		self.assertEqual((len(self.todos(own)), len(self.todos(other))), (1, 0))

	def test_it_obeys_the_rights(self):
		review = factories.make_student("Class Review")
		own = factories.make_user("Bangfu Coordinator", school=review.school)
		other = factories.make_user("Bangfu Coordinator", school=factories.make_school("Far School").name)
		self.assertEqual((self.names(own), self.names(other)), ([review.name], []))

	def test_the_report_is_the_list(self):
		with self.set_user(self.manager):
			_columns, rows, _message, _chart, summary = waiting_for_my_approval.execute()
		self.assertEqual([row["name"] for row in rows], [self.file.name])
		self.assertEqual(summary[0]["value"], 1)

	def test_queries_do_not_grow_with_the_rows(self):
		with self.set_user(self.manager):
			waiting.waiting_for()
			with counted_queries() as few:
				waiting.waiting_for()
		for _ in range(3):
			factories.make_student("School Review")
		with self.set_user(self.manager):
			with counted_queries() as many:
				self.assertEqual(len(waiting.waiting_for()), 4)
		self.assertEqual(len(many), len(few))

	def test_to_dos_come_and_go_with_the_state(self):
		self.assertEqual(self.todos(self.manager), [])  # made after the file came here
		file = factories.advance(self.file, ("Return", "Bangfu Manager"))
		self.file = factories.advance(file, *factories.INTAKE_STEPS[:2])
		(text,) = self.todos(self.manager)
		self.assertIn(self.file.name, text)
		self.assertNotIn(self.file.student_name, text)
		colleague = factories.make_user("Bangfu Coordinator")
		assign(
			{"doctype": "Student File", "name": file.name, "assign_to": [colleague], "description": "Call"}
		)
		factories.advance(self.file, factories.INTAKE_STEPS[2])
		self.assertEqual(self.todos(self.manager), [])
		self.assertEqual(self.todos(colleague), ["Call"])  # a person gave it

	def test_the_apps_own_step_renews_them_too(self):
		plan = factories.make_plan(factories.make_student().name, active=False)
		plan = factories.advance(plan, *factories.PLAN_STEPS[:2])
		open_todos = {"reference_name": plan.name, "status": "Open"}
		self.assertTrue(frappe.db.count("ToDo", open_todos))
		plan.set_state("Superseded")
		self.assertFalse(frappe.db.count("ToDo", open_todos))

	def test_the_digest_counts_and_names_nobody(self):
		idle = factories.make_user("Bangfu Coordinator")
		waiting.send_digests()
		self.assertEqual(frappe.session.user, "Administrator")
		self.assertFalse(frappe.db.count("Notification Log", {"for_user": idle}))
		notice = frappe.get_all("Notification Log", {"for_user": self.manager}, ["subject", "email_content"])
		self.assertEqual(len(notice), 1)
		self.assertIn("1", notice[0].subject)
		self.assertNotIn(self.file.student_name, str(notice))
		frappe.db.set_single_value("Bangfu Settings", "approval_digest", 0)
		frappe.clear_document_cache("Bangfu Settings")
		waiting.send_digests()
		self.assertEqual(frappe.db.count("Notification Log", {"for_user": self.manager}), 1)


class TestChain(ApprovalTestCase):
	"""An office edits the chain in the Workflow form."""

	def setUp(self):
		super().setUp()
		self.workflow = frappe.get_doc("Workflow", "Student Intake")
		self.addCleanup(frappe.clear_cache)

	def refused(self, message: str) -> None:
		self.assertRaisesRegex(frappe.ValidationError, message, self.workflow.save)

	def rows(self, **values) -> list:
		return [
			row
			for row in self.workflow.transitions
			if all(row.get(name) == value for name, value in values.items())
		]

	def add_level(self) -> None:
		"""Street office after the school: a state and a role of the office's own."""
		for doctype, field in (
			("Workflow State", "workflow_state_name"),
			("Workflow Action Master", "workflow_action_name"),
		):
			factories.get_or_insert(doctype, "Street Review", **{field: "Street Review"})
		self.workflow.append(
			"states", {"state": "Street Review", "doc_status": "0", "allow_edit": "Bangfu Manager"}
		)
		for row in self.rows(next_state="In Support"):
			row.next_state = "Street Review"
		self.workflow.append(
			"transitions",
			{
				"state": "Street Review",
				"action": "Street Review",
				"next_state": "In Support",
				"allowed": "Bangfu Coordinator",
				"allow_self_approval": 0,
			},
		)

	def test_a_level_more_works_and_still_holds(self):
		self.add_level()
		self.workflow.save()
		options = frappe.get_meta("Student File").get_field("status").options.split("\n")
		self.assertIn("Street Review", options)
		for board in frappe.get_all("Kanban Board", {"reference_doctype": "Student File"}, pluck="name"):
			columns = [row.column_name for row in frappe.get_doc("Kanban Board", board).columns]
			self.assertEqual(columns.count("Street Review"), 1)
		file = factories.make_student()  # the shipped steps end one level earlier now
		self.assertEqual(status(file), "Street Review")
		with self.set_user(factories.make_user("Bangfu Coordinator")):
			act("Student File", file.name, "Street Review")
		self.assertEqual(status(file), "In Support")
		file.reload()
		file.stage = "Senior Secondary"
		file.save()
		self.assertEqual(status(file), "Class Review")

	def test_a_state_nobody_can_leave_is_refused(self):
		for row in self.rows(state="Returned"):
			self.workflow.remove(row)
		self.refused("Nobody can leave the state.*Returned")

	def test_a_final_state_without_approval_is_refused(self):
		for row in self.rows(next_state="In Support"):
			row.allow_self_approval = 1
		self.refused("must be an approval")

	def test_a_short_cut_around_the_approval_is_refused(self):
		self.workflow.append(
			"transitions",
			{
				"state": "Draft",
				"action": "Approve",
				"next_state": "In Support",
				"allowed": "Bangfu Coordinator",
				"allow_self_approval": 1,
			},
		)
		self.refused("must be an approval")

	def test_a_chain_that_never_arrives_is_refused(self):
		for row in self.rows(state="School Review", next_state="In Support"):
			row.next_state = "Returned"
		self.refused("No way leads from")

	def test_a_role_that_cannot_write_is_refused(self):
		for row in self.rows(state="School Review", next_state="In Support"):
			row.allowed = "Bangfu Finance"
		self.refused("Bangfu Finance.*may not write")

	def test_the_state_is_kept_in_its_field(self):
		self.workflow.workflow_state_field = "grade"
		self.refused("kept in the field.*status")

	def test_states_that_the_app_sets_stay(self):
		for row in [row for row in self.workflow.states if row.state == "Closed"]:
			self.workflow.remove(row)
		self.refused("Closed")

	def test_of_two_actions_to_one_state_the_named_one_is_done(self):
		self.workflow.append(
			"transitions",
			{
				"state": "School Review",
				"action": "Reconsider",
				"next_state": "In Support",
				"allowed": "Bangfu Coordinator",
				"allow_self_approval": 0,
			},
		)
		self.workflow.save()
		file = factories.make_student("School Review")
		factories.make_evidence(file.name)
		with self.set_user(factories.make_user("Bangfu Manager", "Bangfu Coordinator")):
			saved = frappe.get_doc("Student File", file.name)
			saved.status = "In Support"
			self.assertRaisesRegex(frappe.ValidationError, "several actions.*Approve, Reconsider", saved.save)
			act("Student File", file.name, "Reconsider")
		self.assertEqual(trail.steps_of("Student File", file.name)[-1].action, "Reconsider")

	def test_a_condition_of_the_office_holds_for_a_save_too(self):
		for row in self.rows(state="School Review", next_state="In Support"):
			row.condition = "doc.stage == 'Higher Education'"
		self.workflow.save()
		file = factories.make_student("School Review")
		with self.set_user(factories.actor("Bangfu Manager", file)):
			saved = frappe.get_doc("Student File", file.name)
			saved.status = "In Support"
			self.assertRaisesRegex(frappe.ValidationError, "condition of the action.*Approve", saved.save)

	def test_with_the_workflow_off_no_state_changes(self):
		file = factories.make_student("School Review")
		self.workflow.is_active = 0
		self.workflow.save()
		frappe.clear_cache(doctype="Student File")
		with self.set_user(factories.actor("Bangfu Manager", file)):
			file = frappe.get_doc("Student File", file.name)
			file.status = "In Support"
			self.assertRaisesRegex(frappe.ValidationError, "No workflow is active", file.save)

	def test_workflows_of_others_are_left_alone(self):
		other = frappe.new_doc("Workflow", document_type="Note", is_active=1, workflow_state_field="state")
		other.append("states", {"state": "Draft", "doc_status": "0", "allow_edit": "System Manager"})
		check_chain(other)
		follow_chain(other)
		self.assertFalse(frappe.db.exists("Property Setter", {"doc_type": "Note"}))
