"""Pairing: consent, 1+1+N, supporters fit for it, history; and rights that follow it."""

from unittest.mock import patch

import frappe
from frappe.utils import add_days, getdate

from bangfu_app.bangfu_app.doctype.pairing.pairing import (
	end_expired_pairings,
	last_handover,
	make_support_session,
)
from bangfu_app.rights import relations
from bangfu_app.tests import BangfuTestCase, factories


class TestPairing(BangfuTestCase):
	def setUp(self):
		super().setUp()
		self.student = factories.make_student()

	def proposed(self, **values):
		return factories.make_pairing(self.student.name, active=False, **values)

	def assertRefused(self, pairing, text):
		with self.assertRaisesRegex(frappe.ValidationError, text):
			pairing.activate()
		self.assertEqual(frappe.db.get_value("Pairing", pairing.name, "status"), "Proposed")

	def test_both_sides_consent_first(self):
		self.assertRefused(self.proposed(student_consents=0), "Student or Guardian Consents")
		self.assertRefused(self.proposed(confidentiality_agreed=0), "Secrecy Agreed")

	def test_a_team_is_one_lead_one_teacher_and_volunteers(self):
		self.assertRefused(self.proposed(members=factories.make_team()[:2]), "Volunteer")

	def test_the_team_rule_is_a_setting(self):
		settings = frappe.get_doc("Bangfu Settings")
		settings.update({"min_volunteers": 0})
		settings.save()
		pairing = self.proposed(members=factories.make_team()[:2])
		pairing.activate()
		self.assertEqual(pairing.status, "Active")

	def test_supporters_are_active_trained_under_agreement_and_free(self):
		for values, text in (
			({"status": "Paused"}, "not active"),
			({"trained": 0}, "not trained"),
			({"agreement_to": "2025-01-15"}, "no agreement"),
			({"capacity": 0}, "no free place"),
		):
			with self.subTest(values=values):
				team = factories.make_team()
				team[2]["supporter"] = factories.make_supporter(**values).name
				self.assertRefused(self.proposed(members=team), text)

	def test_students_count_against_the_capacity_until_the_pairing_ends(self):
		team = factories.make_team()
		volunteer = team[2]["supporter"]
		frappe.db.set_value("Supporter", volunteer, "capacity", 1)
		first = factories.make_pairing(self.student.name, members=[dict(row) for row in team])
		self.assertEqual(frappe.db.get_value("Supporter", volunteer, "active_students"), 1)
		other = factories.make_student()
		second = factories.make_pairing(other.name, active=False, members=[dict(row) for row in team])
		self.assertRefused(second, "no free place")
		first.reload()
		first.end("Other", "2025-06-30", "Note")
		self.assertEqual(frappe.db.get_value("Supporter", volunteer, "active_students"), 0)
		second.reload()
		second.activate()
		self.assertEqual(second.status, "Active")

	def test_who_left_can_be_replaced(self):
		pairing = factories.make_pairing(self.student.name)
		gone = pairing.members[2]
		frappe.db.set_value("Supporter", gone.supporter, "status", "Withdrawn")
		gone.to_date = "2025-05-01"
		pairing.append("members", {"supporter": factories.make_supporter().name, "member_role": "Volunteer"})
		pairing.save()
		self.assertEqual(len(pairing.members), 4)

	def test_who_left_does_not_make_the_team_complete(self):
		team = factories.make_team()
		team[2]["to_date"] = "2025-02-10"
		self.assertRefused(self.proposed(members=team), "Volunteer")

	def test_not_for_a_file_that_is_not_in_support(self):
		pairing = factories.make_pairing(factories.make_student("Draft").name, active=False)
		self.assertRefused(pairing, "not in support")

	def test_status_set_by_hand_meets_the_same_checks(self):
		pairing = self.proposed(members=factories.make_team()[:1])
		pairing.status = "Active"
		self.assertRaises(frappe.ValidationError, pairing.save)

	def test_an_ended_pairing_is_history(self):
		pairing = factories.make_pairing(self.student.name)
		pairing.end("Mismatch", "2025-06-30", "Note")
		pairing.status = "Active"
		self.assertRaises(frappe.ValidationError, pairing.save)
		self.assertRaises(frappe.ValidationError, frappe.delete_doc, "Pairing", pairing.name)
		self.assertEqual(factories.make_pairing(self.student.name).status, "Active")

	def test_the_night_the_last_day_is_over_it_ends(self):
		pairing = factories.make_pairing(self.student.name, to_date="2025-06-30")
		still = factories.make_pairing(factories.make_student().name)
		end_expired_pairings()
		self.assertEqual(frappe.db.get_value("Pairing", pairing.name, "status"), "Ended")
		self.assertEqual(frappe.db.get_value("Pairing", still.name, "status"), "Active")

	def test_it_ends_with_a_handover_note(self):
		pairing = factories.make_pairing(self.student.name)
		self.assertRaisesRegex(frappe.ValidationError, "handover note", pairing.end, "Other", "2025-06-30")
		pairing.end("Other", "2025-06-30", "Reads well by now")
		self.assertEqual(last_handover(self.student.name), "Reads well by now")
		following = factories.make_pairing(self.student.name, active=False)
		following.run_method("onload")
		self.assertEqual(following.get_onload("handover"), "Reads well by now")

	def test_by_hand_it_ends_with_a_handover_note_too(self):
		pairing = factories.make_pairing(self.student.name)
		pairing.update({"status": "Ended", "end_reason": "Other", "to_date": "2025-06-30"})
		self.assertRaisesRegex(frappe.ValidationError, "handover note", pairing.save)

	def test_a_session_opened_from_it_has_team_and_student(self):
		pairing = factories.make_pairing(self.student.name)
		session = make_support_session(pairing.name)
		self.assertEqual([row.student for row in session.attendance], [self.student.name])
		self.assertEqual(len(session.supporters), 3)


class TestRightsFollowThePairing(BangfuTestCase):
	def setUp(self):
		super().setUp()
		self.student = factories.make_student(id_number=factories.id_number())
		self.circumstances = factories.make_circumstances(self.student.name)
		self.user = factories.make_user("Supporter")
		team = factories.make_team()
		team[2]["supporter"] = factories.make_supporter(user=self.user).name
		self.pairing = factories.make_pairing(self.student.name, members=team)
		self.plan = factories.make_plan(self.student.name)
		self.session = factories.make_session([self.student.name])
		self.other = factories.make_student()

	def visible(self, user):
		with self.set_user(user):
			return {
				doctype: frappe.get_list(doctype, pluck="name")
				for doctype in ("Student File", "Pairing", "Support Plan", "Support Session")
			}

	def can_read(self, user, doctype, name):
		with self.set_user(user):
			return frappe.get_doc(doctype, name).has_permission("read")

	def test_a_supporter_sees_the_own_students_only(self):
		seen = self.visible(self.user)
		self.assertEqual(seen["Student File"], [self.student.name])
		self.assertEqual(seen["Pairing"], [self.pairing.name])
		self.assertEqual(seen["Support Plan"], [self.plan.name])
		self.assertEqual(seen["Support Session"], [self.session.name])
		self.assertTrue(self.can_read(self.user, "Student File", self.student.name))
		self.assertFalse(self.can_read(self.user, "Student File", self.other.name))

	def test_counselling_stays_between_those_who_held_it(self):
		session = factories.make_session([self.student.name], session_kind="Individual Counselling")
		self.assertNotIn(session.name, self.visible(self.user)["Support Session"])
		self.assertFalse(self.can_read(self.user, "Support Session", session.name))
		counsellor = factories.make_user("Counsellor")
		session.append("supporters", {"supporter": factories.make_supporter(user=counsellor).name})
		session.save()
		self.assertTrue(self.can_read(counsellor, "Support Session", session.name))

	def test_a_stranger_sees_nothing(self):
		stranger = factories.make_user("Supporter")
		self.assertEqual(list(self.visible(stranger).values()), [[], [], [], []])
		for doctype, doc in (
			("Student File", self.student),
			("Pairing", self.pairing),
			("Support Plan", self.plan),
			("Support Session", self.session),
		):
			with self.subTest(doctype=doctype):
				self.assertFalse(self.can_read(stranger, doctype, doc.name))

	def test_rights_end_with_the_pairing(self):
		frappe.get_doc("Pairing", self.pairing.name).end("Supporter Left", "2025-06-30", "Note")
		self.assertEqual(self.visible(self.user)["Student File"], [])
		self.assertFalse(self.can_read(self.user, "Student File", self.student.name))
		self.assertFalse(self.can_read(self.user, "Support Plan", self.plan.name))

	def test_until_the_night_of_the_last_day(self):
		pairing = frappe.get_doc("Pairing", self.pairing.name)
		pairing.end("Supporter Left", getdate(), "Note")
		self.assertEqual(pairing.status, "Active")
		self.assertTrue(self.can_read(self.user, "Student File", self.student.name))
		pairing.db_set("to_date", add_days(getdate(), -1))
		self.assertFalse(self.can_read(self.user, "Student File", self.student.name))
		end_expired_pairings()
		self.assertEqual(frappe.db.get_value("Pairing", pairing.name, "status"), "Ended")

	def test_revoked_they_end_at_once(self):
		pairing = frappe.get_doc("Pairing", self.pairing.name)
		self.assertRaises(frappe.ValidationError, pairing.revoke, "")
		pairing.revoke("Broke the agreement")
		self.assertEqual((pairing.end_reason, pairing.to_date), ("Revoked", getdate()))
		self.assertFalse(self.can_read(self.user, "Student File", self.student.name))
		with self.set_user(self.user):
			self.assertRaises(frappe.PermissionError, pairing.revoke, "Mine")

	def test_many_students_are_found_as_well(self):
		"""Above so many names the criterion holds a subquery."""
		with patch.object(relations, "FEW", 0):
			self.assertEqual(self.visible(self.user)["Student File"], [self.student.name])
			self.assertFalse(self.can_read(self.user, "Student File", self.other.name))

	def test_a_file_of_no_school_is_of_no_coordinator(self):
		"""Frappe's User Permissions let a blank school pass."""
		coordinator = factories.make_user("Bangfu Coordinator", school=self.student.school)
		self.assertIn(self.student.name, self.visible(coordinator)["Student File"])
		frappe.db.set_value("Student File", self.student.name, "school", None)
		self.assertNotIn(self.student.name, self.visible(coordinator)["Student File"])
		self.assertFalse(self.can_read(coordinator, "Student File", self.student.name))

	def test_no_right_outlives_a_write_or_the_transaction(self):
		"""What is kept of own students while a request only reads."""
		for end in (None, frappe.db.before_commit, frappe.db.before_rollback):
			with self.subTest(end=end), patch.object(frappe.db, "transaction_writes", 0):
				frappe.db.set_value("Pairing", self.pairing.name, "status", "Active")
				frappe.db.transaction_writes = 0
				relations.names_of_own(self.user)
				frappe.db.set_value("Pairing", self.pairing.name, "status", "Ended")
				if end:
					end.run()
					frappe.db.transaction_writes = 0
				self.assertEqual(relations.names_of_own(self.user), [])
				frappe.db.before_rollback.run()

	def test_a_supporter_sees_no_identity_number(self):
		with self.set_user(self.user):
			row = frappe.get_list("Student File", fields=["name", "student_name", "id_number"])[0]
			self.assertFalse(row.get("id_number"))
			file = frappe.get_doc("Student File", self.student.name)
			file.apply_fieldlevel_read_permissions()
			self.assertFalse(file.get("id_number"))

	def test_a_supporter_sees_no_circumstances(self):
		with self.set_user(self.user):
			self.assertRaises(frappe.PermissionError, frappe.get_list, "Student Circumstances")
		self.assertFalse(self.can_read(self.user, "Student Circumstances", self.circumstances.name))

	def test_circumstances_follow_the_student(self):
		teacher = frappe.db.get_value("Student File", self.student.name, "head_teacher")
		other = factories.make_user("Class Teacher")
		self.assertTrue(self.can_read(teacher, "Student Circumstances", self.circumstances.name))
		self.assertFalse(self.can_read(other, "Student Circumstances", self.circumstances.name))
		with self.set_user(other):
			self.assertEqual(frappe.get_list("Student Circumstances"), [])

	def test_moving_a_record_to_an_own_student_does_not_open_it(self):
		foreign = factories.make_plan(self.other.name, active=False)
		with self.set_user(self.user):
			doc = frappe.get_doc("Support Plan", foreign.name)
			doc.student = self.student.name
			self.assertRaises(frappe.PermissionError, doc.save)

	def test_a_class_teacher_sees_own_classes(self):
		teacher = factories.make_user("Class Teacher")
		with self.set_user("Administrator"):
			mine = factories.make_student("Draft", head_teacher=teacher)
		self.assertEqual(self.visible(teacher)["Student File"], [mine.name])

	def test_files_follow_the_class_to_its_new_teacher(self):
		old, new = factories.make_user("Class Teacher"), factories.make_user("Class Teacher")
		mine = factories.make_student("Draft", head_teacher=old)
		school_class = frappe.get_doc("School Class", mine.school_class)
		school_class.head_teacher = new
		school_class.save()
		self.assertEqual(self.visible(old)["Student File"], [])
		self.assertEqual(self.visible(new)["Student File"], [mine.name])

	def test_a_coordinator_of_another_school_sees_nothing(self):
		other_school = factories.make_school("Another School")
		coordinator = factories.make_user("Bangfu Coordinator", school=other_school.name)
		self.assertEqual(list(self.visible(coordinator).values())[:3], [[], [], []])

	def test_user_permission_on_the_class_teachers_school_still_holds(self):
		"""The criterion is an OR: without parentheses it would escape User Permissions."""
		teacher = factories.make_user("Class Teacher", school=factories.make_school("Third School").name)
		factories.make_student("Draft", head_teacher=teacher)
		self.assertEqual(self.visible(teacher)["Student File"], [])
