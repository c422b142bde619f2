"""Sessions: roster, counts, gates, calendar."""

import frappe
from frappe.utils import add_days, today

from bangfu_app.bangfu_app.doctype.support_session.support_session import get_events, reschedule
from bangfu_app.counting import class_hours, count_sessions
from bangfu_app.tests import BangfuTestCase, factories


class TestSupportSession(BangfuTestCase):
	def test_only_those_who_attended_count(self):
		students = [factories.make_student().name for _ in range(3)]
		roster = [
			{"student": s, "state": state}
			for s, state in zip(students, ("Attended", "Leave", "Absent"), strict=True)
		]
		self.assertEqual(factories.make_session(attendance=roster).attended, 1)

	def test_without_a_roster_the_headcount_counts(self):
		self.assertEqual(factories.make_session(headcount=13).attended, 13)

	def test_a_roster_outweighs_a_headcount(self):
		session = factories.make_session([factories.make_student().name], headcount=13)
		self.assertEqual((session.attended, session.headcount), (1, 0))

	def test_a_student_is_on_a_roster_once(self):
		student = factories.make_student().name
		with self.assertRaisesRegex(frappe.ValidationError, "Row #2"):
			factories.make_session([student, student])

	def test_the_database_refuses_a_student_twice(self):
		student = factories.make_student().name
		session = factories.make_session([student])
		double = frappe.get_doc(
			{
				"doctype": "Session Attendance",
				"parent": session.name,
				"parenttype": "Support Session",
				"parentfield": "attendance",
				"student": student,
				"name": "double",
			}
		)
		with self.assertRaises((frappe.UniqueValidationError, frappe.DuplicateEntryError)):
			double.db_insert()

	def test_a_row_taken_out_and_put_in_again_is_saved(self):
		student = factories.make_student().name
		session = factories.make_session([student])
		session.set("attendance", [{"student": student, "state": "Leave"}])
		session.save()
		self.assertEqual(session.attended, 0)

	def test_a_row_taken_out_stays_out(self):
		student, other = factories.make_student().name, factories.make_student().name
		session = factories.make_session([other], student=student)
		self.assertEqual(session.attended, 2)
		session.attendance = [row for row in session.attendance if row.student == other]
		session.save()
		self.assertEqual(session.attended, 1)

	def test_a_corrected_length_holds_for_the_roster(self):
		session = factories.make_session([factories.make_student().name], minutes=60)
		session.minutes = 45
		session.save()
		self.assertFalse(session.attendance[0].minutes)  # 0: the whole session

	def test_a_file_not_approved_is_not_added_later(self):
		session = factories.make_session([factories.make_student().name])
		session.append("attendance", {"student": factories.make_student("Draft").name})
		with self.assertRaisesRegex(frappe.ValidationError, "not in support"):
			session.save()

	def test_files_not_approved_are_not_on_rosters(self):
		with self.assertRaisesRegex(frappe.ValidationError, "not in support"):
			factories.make_session([factories.make_student("Draft").name])

	def test_no_session_counts_for_a_plan_that_is_not_active(self):
		student = factories.make_student().name
		plan = factories.make_plan(student, active=False)
		with self.assertRaisesRegex(frappe.ValidationError, "active plan"):
			factories.make_session([student], plan=plan.name)
		planned = factories.make_session([student], plan=plan.name, status="Planned")
		planned.status = "Held"
		self.assertRaises(frappe.ValidationError, planned.save)

	def test_tomorrow_has_not_been_held(self):
		self.assertRaises(frappe.ValidationError, factories.make_session, session_date=add_days(today(), 1))

	def test_the_calendar_shows_what_the_user_may_see(self):
		student = factories.make_student().name
		session = factories.make_session(
			[student], session_date="2031-05-05", status="Planned", start_time="09:00:00"
		)
		events = get_events("2031-05-01", "2031-05-31")
		self.assertEqual([event["name"] for event in events], [session.name])
		frappe.set_user(factories.make_user("Supporter"))
		self.assertEqual(get_events("2031-05-01", "2031-05-31"), [])

	def test_a_planned_session_is_moved_in_the_calendar(self):
		student = factories.make_student().name
		session = factories.make_session(
			[student], session_date="2031-05-05", status="Planned", start_time="09:00:00"
		)
		moved = {"name": session.name, "starts_on": "2031-05-06 10:00:00", "ends_on": "2031-05-06 11:30:00"}
		with self.set_user(factories.make_user("Supporter")):
			self.assertRaises(frappe.PermissionError, reschedule, moved)
		reschedule(moved)
		session.reload()
		self.assertEqual((str(session.session_date), session.minutes), ("2031-05-06", 90))

	def test_what_was_held_is_not_moved(self):
		session = factories.make_session([factories.make_student().name])
		moved = {"name": session.name, "starts_on": "2025-05-06 10:00:00", "ends_on": "2025-05-06 11:00:00"}
		self.assertRaises(frappe.ValidationError, reschedule, moved)


class TestCounting(BangfuTestCase):
	FILTERS = {"from_date": "2031-01-01", "to_date": "2031-12-31"}

	def counted(self):
		return count_sessions(lambda row: (row.session_kind,), self.FILTERS)

	def held(self, *students, **values):
		with self.freeze_time("2032-01-01 08:00:00"):
			return factories.make_session(list(students), **({"session_date": "2031-03-01"} | values))

	def test_events_person_times_persons_and_class_hours(self):
		a, b = factories.make_student().name, factories.make_student().name
		self.held(a, b)
		self.held(a, session_date="2031-04-01", minutes=90)
		count = self.counted()[("Tutoring",)]
		self.assertEqual((count.events, count.person_times, count.persons, count.minutes), (2, 3, 2, 135))
		self.assertEqual(count.class_hours, 3)

	def test_planned_and_cancelled_sessions_do_not_count(self):
		self.held(headcount=5, status="Planned")
		self.held(headcount=5, status="Cancelled")
		self.assertEqual(self.counted(), {})

	def test_persons_are_unknown_as_soon_as_one_roster_is_missing(self):
		self.held(factories.make_student().name)
		self.held(headcount=7)
		count = self.counted()[("Tutoring",)]
		self.assertEqual((count.events, count.person_times, count.persons), (2, 8, None))

	def test_a_class_hour_is_a_setting(self):
		settings = frappe.get_doc("Bangfu Settings")
		settings.class_hour_minutes = 40
		settings.save()
		self.assertEqual(class_hours(120), 3)
