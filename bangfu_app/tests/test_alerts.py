"""One alert: raised once for one cause, with an owner and a clock, a timeline nobody corrects, and an end."""

from datetime import timedelta

import frappe
from frappe.desk.query_report import run
from frappe.utils import add_to_date, get_datetime, now_datetime
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bangfu_app.alerts import clock, raising
from bangfu_app.bangfu_app.doctype.case_closure.case_closure import open_items_of
from bangfu_app.bangfu_app.report.alerts_and_response_times import alerts_and_response_times as report
from bangfu_app.tests import BangfuTestCase, counted_queries, factories


class AlertTestCase(BangfuTestCase):
	def setUp(self):
		super().setUp()
		self.teacher = factories.make_user("Class Teacher")
		self.student = factories.make_student(head_teacher=self.teacher).name

	def by_teacher(self, kind: str = "Difficulty", **values):
		with self.set_user(self.teacher):
			return factories.make_alert(self.student, kind, **values)

	def actions(self, alert) -> list[str]:
		return [row.action for row in frappe.get_doc("Student Alert", alert.name).steps]

	def to_dos(self, alert, status: str = "Open") -> list[str]:
		about = {"reference_name": alert.name, "status": status}
		return frappe.get_all("ToDo", about, pluck="allocated_to")


class TestRaising(AlertTestCase):
	def test_handled_by_the_class_teacher_who_gets_a_to_do(self):
		alert = self.by_teacher()
		self.assertEqual(alert.assigned_to, self.teacher)
		self.assertEqual(self.to_dos(alert), [self.teacher])

	def test_without_a_teacher_by_the_coordinator_of_the_school(self):
		school = factories.make_school("Coordinated School").name
		coordinator = factories.make_user("Bangfu Coordinator", school=school)
		frappe.db.set_value("School", school, "coordinator", coordinator)
		student = factories.make_student("Draft", school=school).name
		self.assertEqual(factories.make_alert(student).assigned_to, coordinator)

	def test_who_is_no_reader_handles_nothing(self):
		frappe.get_doc("User", self.teacher).remove_roles("Class Teacher")
		self.assertNotEqual(factories.make_alert(self.student).assigned_to, self.teacher)

	def test_hours_are_those_of_the_rule_by_hand(self):
		frappe.db.set_value("Alert Rule", {"signal": "Manual"}, "enabled", 0)
		factories.make_alert_rule(
			kind="Difficulty", due_hours=5, escalate_hours=3, escalate_role="Bangfu Manager"
		)
		alert = self.by_teacher()
		raised = get_datetime(alert.raised_on)
		self.assertEqual(get_datetime(alert.due_by) - raised, timedelta(hours=5))
		self.assertEqual(get_datetime(alert.escalate_on) - raised, timedelta(hours=3))

	def test_a_second_one_of_the_same_kind_is_refused_while_the_first_is_open(self):
		first = self.by_teacher()
		self.assertRaises(frappe.DuplicateEntryError, self.by_teacher)
		with self.set_user(self.teacher):
			first.end("Settled", "Talked it over")
		self.assertNotEqual(self.by_teacher().name, first.name)

	def test_the_database_itself_refuses_a_second_one(self):
		first, second = self.by_teacher(), self.by_teacher("Dropout Risk")
		frappe.db.savepoint("twice")
		with self.assertRaises(Exception) as caught:
			frappe.db.set_value("Student Alert", second.name, "open_key", first.open_key)
		self.assertTrue(frappe.db.is_unique_key_violation(caught.exception))
		frappe.db.rollback(save_point="twice")

	def test_a_helper_does_not_learn_of_a_crisis_by_raising_one(self):
		supporter = self.supporter()
		crisis = self.by_teacher("Crisis", concern="Safety")
		with self.set_user(supporter):
			self.assertFalse(frappe.has_permission("Student Alert", "read", crisis.name))
			own = factories.make_alert(self.student, "Crisis", concern="Safety")
			self.assertTrue(frappe.has_permission("Student Alert", "read", own.name))
			self.assertFalse(frappe.has_permission("Student Alert", "write", own.name))

	def test_a_helper_learns_nothing_of_the_mind_nor_of_a_confidential_record(self):
		supporter, counsellor = self.supporter(), factories.make_user("Counsellor")
		record = factories.make_confidential_record(self.student, counsellor)
		open_one = factories.make_alert(self.student, concern="Learning", confidential_record=record.name)
		of_mind = factories.make_alert(self.student, "Academic Warning", concern="Well-being")
		for user in (supporter, self.teacher):
			with self.set_user(user):
				alert = frappe.get_doc("Student Alert", open_one.name)
				alert.apply_fieldlevel_read_permissions()
				self.assertFalse(alert.get("confidential_record"))
		with self.set_user(supporter):
			self.assertEqual(frappe.get_list("Student Alert", pluck="name"), [open_one.name])
			self.assertFalse(frappe.has_permission("Student Alert", "read", of_mind.name))

	def supporter(self) -> str:
		team = factories.make_team()
		user = factories.make_user("Supporter")
		frappe.db.set_value("Supporter", team[-1]["supporter"], "user", user)
		factories.make_pairing(self.student, members=team)
		return user

	def test_nothing_of_the_course_is_taken_from_the_sender(self):
		alert = self.by_teacher(
			status="Ended",
			due_by="2099-01-01 00:00:00",
			open_key="mine",
			assigned_to="Administrator",
			steps=[{"action": "Visited", "at": "2020-01-01 00:00:00"}],
		)
		self.assertEqual((alert.status, alert.assigned_to), ("Open", self.teacher))
		self.assertLess(get_datetime(alert.due_by), add_to_date(now_datetime(), years=1))
		self.assertEqual(self.actions(alert), ["Raised"])

	def test_a_crisis_carries_no_words(self):
		self.assertRaises(
			frappe.ValidationError, self.by_teacher, "Crisis", concern="Safety", observation="He said …"
		)
		self.assertRaises(frappe.MandatoryError, self.by_teacher, "Crisis", concern=None)

	def test_a_confidential_record_is_linked_by_its_readers_and_of_the_same_student(self):
		counsellor = factories.make_user("Counsellor")
		other = factories.make_student("Draft").name
		record = factories.make_confidential_record(self.student, counsellor)
		foreign = factories.make_confidential_record(other, counsellor)
		self.assertRaises(
			frappe.PermissionError,
			self.by_teacher,
			"Crisis",
			concern="Safety",
			confidential_record=record.name,
		)
		alert = factories.make_alert(self.student, "Crisis", confidential_record=record.name)
		alert.confidential_record = foreign.name
		self.assertRaises(frappe.ValidationError, alert.save)

	def test_no_notice_and_no_to_do_names_the_student(self):
		name = frappe.db.get_value("Student File", self.student, "student_name")
		alert = self.by_teacher("Crisis", concern="Safety")
		told = frappe.get_all("ToDo", {"reference_name": alert.name}, pluck="description")
		told += frappe.get_all("Notification Log", {"document_name": alert.name}, pluck="subject")
		self.assertEqual(len(told), 2)
		self.assertFalse([text for text in told if name in text or "Crisis" in text])


class TestCourse(AlertTestCase):
	def test_reading_does_not_stop_the_clock_a_step_does(self):
		alert = self.by_teacher()
		with self.set_user(self.teacher):
			alert.add_step("Acknowledged")
			alert.reload()
			self.assertEqual(alert.status, "Acknowledged")
			self.assertIsNotNone(clock.minutes_left(alert))
			alert.add_step("Contacted", "Called the mother")
			alert.reload()
		self.assertEqual(alert.status, "In Progress")
		self.assertIsNone(clock.minutes_left(alert))
		self.assertEqual(self.actions(alert), ["Raised", "Acknowledged", "Contacted"])

	def test_the_first_step_stays_the_first(self):
		alert = self.by_teacher()
		alert.add_step("Contacted")
		first = frappe.db.get_value("Student Alert", alert.name, "first_step_on")
		with self.freeze_time(add_to_date(now_datetime(), days=2)):
			alert.add_step("Visited")
		self.assertEqual(frappe.db.get_value("Student Alert", alert.name, "first_step_on"), first)

	def test_nobody_corrects_the_timeline(self):
		alert = self.by_teacher()
		for change in (
			lambda doc: doc.steps[0].update({"at": "2020-01-01 00:00:00"}),
			lambda doc: doc.set("steps", []),
			lambda doc: doc.append("steps", {"action": "Visited", "at": now_datetime()}),
			lambda doc: doc.update({"status": "Ended"}),
			lambda doc: doc.update({"first_step_on": now_datetime()}),
			lambda doc: doc.update({"level": "Crisis"}),
		):
			doc = frappe.get_doc("Student Alert", alert.name)
			change(doc)
			self.assertRaises(frappe.ValidationError, doc.save)

	def test_a_step_of_the_system_is_not_entered_by_hand(self):
		alert = self.by_teacher()
		self.assertRaises(frappe.ValidationError, alert.add_step, "Escalated")

	def test_ends_with_reason_and_outcome(self):
		alert = self.by_teacher()
		self.assertRaises(frappe.ValidationError, alert.end, "Settled", "  ")
		self.assertRaises(frappe.ValidationError, alert.end, "Because", "Good")
		alert.end("Settled", "Comes to school again")
		self.assertEqual(self.to_dos(alert), [])
		self.assertRaises(frappe.ValidationError, alert.add_step, "Contacted")
		self.assertRaises(frappe.ValidationError, alert.end, "Settled", "Again")

	def test_a_crisis_ends_after_a_step(self):
		alert = self.by_teacher("Crisis", concern="Safety", level="Crisis")
		self.assertRaises(frappe.ValidationError, alert.end, "Settled", "Calm again")
		alert.add_step("Safety Plan")
		alert.end("Settled", "Calm again")

	def test_handed_over_to_a_counsellor_who_then_sees_it(self):
		counsellor = factories.make_user("Counsellor")
		alert = self.by_teacher()
		self.assertFalse(frappe.has_permission("Student Alert", "read", alert.name, user=counsellor))
		with self.set_user(self.teacher):
			alert.hand_over(counsellor)
		self.assertTrue(frappe.has_permission("Student Alert", "write", alert.name, user=counsellor))
		self.assertEqual(self.to_dos(alert), [counsellor])
		frappe.get_doc("Student Alert", alert.name).end("Settled", "Talked")
		self.assertFalse(frappe.has_permission("Student Alert", "read", alert.name, user=counsellor))

	def test_not_handed_to_a_stranger(self):
		alert = self.by_teacher()
		stranger = factories.make_user("Class Teacher")
		self.assertRaises(frappe.ValidationError, alert.hand_over, stranger)

	def test_an_open_alert_is_an_open_item_of_a_closure(self):
		self.assertEqual(open_items_of(self.student), [])
		alert = self.by_teacher("Crisis", concern="Safety")
		((doctype, name, item),) = open_items_of(self.student)
		self.assertEqual((doctype, name), ("Student Alert", alert.name))
		self.assertNotIn("Crisis", item)
		alert.end("No Grounds", "A misunderstanding")
		self.assertEqual(open_items_of(self.student), [])


class TestEscalation(AlertTestCase):
	def setUp(self):
		super().setUp()
		self.manager = factories.make_user("Bangfu Manager")
		frappe.db.set_value("Alert Rule", {"signal": "Manual"}, "enabled", 0)
		factories.make_alert_rule(
			kind="Difficulty", due_hours=24, escalate_hours=12, escalate_role="Bangfu Manager"
		)
		self.alert = self.by_teacher()

	def run_after(self, hours: int) -> bool:
		with self.freeze_time(add_to_date(now_datetime(), hours=hours)):
			clock.escalate_overdue()
		return bool(frappe.db.get_value("Student Alert", self.alert.name, "escalated"))

	def test_not_before_its_hour(self):
		self.assertFalse(self.run_after(11))
		self.assertNotIn(self.manager, self.to_dos(self.alert))

	def test_once(self):
		self.assertTrue(self.run_after(13))
		self.run_after(14)
		self.assertEqual(self.to_dos(self.alert).count(self.manager), 1)
		self.assertEqual(self.actions(self.alert).count("Escalated"), 1)

	def test_not_after_a_first_step(self):
		self.alert.add_step("Contacted")
		self.assertFalse(self.run_after(13))

	def test_reading_alone_does_not_keep_it(self):
		self.alert.add_step("Acknowledged")
		self.assertTrue(self.run_after(13))


class TestClock(BangfuTestCase):
	@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
	@given(
		st.datetimes(min_value=get_datetime("2020-01-01"), max_value=get_datetime("2030-01-01")),
		st.integers(1, 400),
		st.integers(0, 40_000),
	)
	def test_minutes_left_are_those_of_the_wall_clock(self, raised_on, hours, passed):
		alert = {"due_by": clock.due_by(raised_on, hours), "status": "Open"}
		now = raised_on + timedelta(minutes=passed)
		self.assertEqual(clock.minutes_left(alert, now), hours * 60 - passed)
		self.assertIsNone(clock.minutes_left(alert | {"first_step_on": now}, now))

	def test_weekends_count(self):
		friday = get_datetime("2025-03-07 18:00:00")
		self.assertEqual(clock.due_by(friday, 24), get_datetime("2025-03-08 18:00:00"))

	def test_without_hours_nothing_escalates(self):
		self.assertIsNone(clock.escalates_on("2025-03-07 18:00:00", 0))


class TestDropoutReport(AlertTestCase):
	def report(self, **values):
		with self.set_user(self.teacher):
			return factories.make_dropout_report(self.student, reported_on=frappe.utils.today(), **values)

	def alerts(self) -> list[str]:
		filters = {"student": self.student, "status": ["!=", "Ended"]}
		return frappe.get_all("Student Alert", filters, pluck="name")

	def test_signs_raise_one_alert_and_a_later_report_adds_to_it(self):
		self.report(works_for_money=1)
		(name,) = self.alerts()
		self.report(works_for_money=1, wants_to_leave=1)
		self.assertEqual(self.alerts(), [name])
		self.assertEqual(self.actions(frappe._dict(name=name)), ["Raised", "Evidence"])

	def test_one_sign_alone_raises_nothing(self):
		self.report()
		self.assertEqual(self.alerts(), [])

	def test_saved_again_it_adds_nothing(self):
		report = self.report(works_for_money=1)
		with self.set_user(self.teacher):
			report.note = "Corrected"
			report.save()
		self.assertEqual(self.actions(frappe._dict(name=self.alerts()[0])), ["Raised"])

	def test_what_becomes_a_crisis_starts_its_clock_anew(self):
		self.report(works_for_money=1)
		alert = frappe.get_doc("Student Alert", self.alerts()[0])
		alert.add_step("Contacted")
		self.report(days_absent=6)
		alert.reload()
		self.assertEqual((alert.level, alert.status, alert.first_step_on), ("Crisis", "Open", None))
		self.assertEqual(self.alerts(), [alert.name])

	def test_the_visit_is_the_first_step(self):
		report = self.report(works_for_money=1)
		with self.set_user(self.teacher):
			report.update(
				{"visited_on": frappe.utils.today(), "visited_by": "Li", "visit_result": "Comes back"}
			)
			report.save()
		alert = frappe.get_doc("Student Alert", self.alerts()[0])
		self.assertEqual((alert.status, alert.steps[-1].action), ("In Progress", "Visited"))

	def test_a_visit_says_who_and_what(self):
		self.assertRaises(
			frappe.ValidationError, self.report, works_for_money=1, visited_on=frappe.utils.today()
		)
		self.assertRaises(frappe.ValidationError, self.report, often_absent=0)

	def test_a_file_that_is_closed_raises_nothing(self):
		frappe.db.set_value("Student File", self.student, "status", "Closed")
		rule = factories.make_alert_rule("Dropout Signs", 1, cause="Other")
		self.assertIsNone(raising.raise_now(rule, self.student))


class TestReport(AlertTestCase):
	def setUp(self):
		super().setUp()
		self.school = frappe.db.get_value("Student File", self.student, "school")

	def rows(self, **filters) -> list[dict]:
		return report.execute({"school": self.school, **filters})[1]

	def at(self, alert, raised_on: str, **values) -> None:
		"""Another course of time, as the record would have it."""
		frappe.db.set_value("Student Alert", alert.name, {"raised_on": raised_on, **values})

	def test_figures_by_hand(self):
		quick, slow, late = (
			self.by_teacher(kind) for kind in ("Difficulty", "Dropout Risk", "Academic Warning")
		)
		day = frappe.utils.today()
		for alert, hour in ((quick, 2), (slow, 5)):
			self.at(
				alert,
				f"{day} 00:00:00",
				kind="Difficulty",
				due_by=f"{day} 04:00:00",
				first_step_on=f"{day} 0{hour}:00:00",
			)
		self.at(late, "2026-01-01 00:00:00", kind="Difficulty", due_by="2026-01-02 00:00:00")
		(row,) = self.rows(from_date="2026-01-01")
		self.assertEqual((row["raised"], row["open"], row["overdue"], row["in_time"]), (3, 3, 1, 1))
		self.assertEqual(row["median_hours"], "3.5")

	def test_no_step_is_no_time(self):
		self.by_teacher()
		self.assertEqual(self.rows()[0]["median_hours"], "—")

	def test_each_reader_counts_what_the_list_shows(self):
		self.by_teacher("Crisis", concern="Safety")
		for user, raised in (
			(self.teacher, 1),
			(factories.make_user("Class Teacher"), 0),
			(factories.make_user("Counsellor"), 0),
			(factories.make_user("Bangfu Coordinator", school=self.school), 1),
			(factories.make_user("Bangfu Coordinator", school=factories.make_school("Far").name), 0),
			(factories.make_user("Bangfu Manager"), 1),
		):
			with self.subTest(user=user), self.set_user(user):
				self.assertEqual(sum(row["raised"] for row in self.rows()), raised)
		for role in ("Supporter", "Bangfu Finance", "Evaluator"):
			with self.subTest(role=role), self.set_user(factories.make_user(role)):
				self.assertRaises(frappe.PermissionError, run, "Alerts and Response Times", {})

	def test_queries_do_not_grow(self):
		def queries() -> int:
			self.rows()
			with counted_queries() as counted:
				self.rows()
			return len(counted)

		self.by_teacher()
		few = queries()
		for kind in ("Dropout Risk", "Academic Warning", "Crisis"):
			self.by_teacher(kind)
		self.assertEqual(queries(), few)
