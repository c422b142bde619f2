"""The yearly census: campaigns of their month, lists of the classes, candidates without doubles (I4, I5)."""

import frappe

from bangfu_app import census
from bangfu_app.tests import BangfuTestCase, factories


class CensusTestCase(BangfuTestCase):
	def setUp(self):
		super().setUp()
		self.teacher = factories.make_user("Class Teacher")
		self.coordinator = factories.make_user("Bangfu Coordinator")
		self.school = factories.make_school("Census School", coordinator=self.coordinator).name
		self.school_class = factories.make_class(self.school, self.teacher).name

	def start(self, campaign=None):
		campaign = campaign or factories.make_campaign(self.school)
		with self.set_user(self.coordinator):
			campaign.start()
		campaign.reload()
		return campaign

	def list_of(self, campaign, school_class=None):
		filters = {"campaign": campaign.name, "school_class": school_class or self.school_class}
		return frappe.get_doc("Class Census", filters)

	def finish(self, *pupils: dict, user=None):
		doc = factories.make_census(self.school_class, *pupils)
		with self.set_user(user or self.teacher):
			counts = doc.finish()
		doc.reload()
		return doc, counts


class TestCampaign(CensusTestCase):
	def campaigns(self) -> list:
		return frappe.get_all(
			"Screening Campaign", {"school": self.school}, ["status", "school_year", "to_date"]
		)

	def test_made_in_its_month_once_as_a_draft(self):
		census.make_yearly_campaigns("2024-08-31")
		self.assertEqual(self.campaigns(), [])
		census.make_yearly_campaigns("2024-09-02")
		census.make_yearly_campaigns("2024-09-03")
		(made,) = self.campaigns()
		self.assertEqual((made.status, str(made.to_date)), ("Draft", "2024-09-30"))

	def test_the_month_is_a_setting(self):
		frappe.get_doc("Bangfu Settings").update({"census_month": 3}).save()
		census.make_yearly_campaigns("2025-09-02")
		self.assertEqual(self.campaigns(), [])
		census.make_yearly_campaigns("2025-03-02")
		self.assertEqual(len(self.campaigns()), 1)
		settings = frappe.get_doc("Bangfu Settings")
		settings.census_month = 13
		self.assertRaises(frappe.ValidationError, settings.save)

	def test_only_for_schools_with_a_coordinator(self):
		factories.make_school("School of Nobody")
		census.make_yearly_campaigns("2024-09-02")
		self.assertFalse(frappe.db.exists("Screening Campaign", {"school": "School of Nobody"}))

	def test_the_coordinator_has_it_to_do(self):
		census.make_yearly_campaigns("2024-09-02")
		campaign = frappe.db.get_value("Screening Campaign", {"school": self.school})
		todo = frappe.get_all("ToDo", {"reference_name": campaign}, pluck="allocated_to")
		self.assertEqual(todo, [self.coordinator])

	def test_start_makes_a_list_for_each_class_of_the_year(self):
		factories.make_class(self.school, school_year="2020-2021")
		second = factories.make_class(self.school).name
		campaign = self.start()
		self.assertEqual(campaign.status, "Running")
		lists = frappe.get_all("Class Census", {"campaign": campaign.name}, pluck="school_class")
		self.assertCountEqual(lists, [self.school_class, second])
		third = factories.make_class(self.school).name
		self.start(campaign)
		self.assertTrue(self.list_of(campaign, third))
		self.assertEqual(frappe.db.count("Class Census", {"campaign": campaign.name}), 3)

	def test_no_classes_no_start(self):
		campaign = factories.make_campaign(factories.make_school("Empty School").name)
		self.assertRaises(frappe.ValidationError, campaign.start)

	def test_the_class_teacher_has_it_to_do(self):
		doc = self.list_of(self.start())
		todo = frappe.get_last_doc("ToDo", {"reference_name": doc.name})
		self.assertEqual((todo.allocated_to, str(todo.date)), (self.teacher, "2025-09-30"))
		with self.set_user(self.teacher):
			doc.finish()
		todo.reload()
		self.assertEqual(todo.status, "Closed")

	def test_progress_and_end(self):
		campaign = self.start()
		doc = self.list_of(campaign)
		doc.append("pupils", {"pupil_name": "A", "sign_economic": 1})
		doc.append("pupils", {"pupil_name": "B"})
		doc.save()
		(row,) = census.progress_of(campaign.name)
		self.assertEqual((row.status, row.pupils, row.ticked, row.screenings), ("Open", 2, 1, 0))
		with self.set_user(self.teacher):
			doc.finish()
		(row,) = census.progress_of(campaign.name)
		self.assertEqual((row.status, row.screenings), ("Finished", 1))
		self.assertEqual(frappe.db.get_value("Screening Campaign", campaign.name, "status"), "Finished")

	def test_a_teacher_sees_the_progress_of_own_classes(self):
		factories.make_class(self.school, factories.make_user("Class Teacher"))
		campaign = self.start()
		with self.set_user(self.teacher):
			rows = census.progress_of(campaign.name)
			self.assertRaises(frappe.PermissionError, campaign.start)
		self.assertEqual([row.name for row in rows], [self.list_of(campaign).name])


class TestLists(CensusTestCase):
	def test_prefilled_from_the_files_of_the_class(self):
		student = factories.make_student("Draft", school_class=self.school_class, student_no="N-1")
		factories.make_student("Draft", school_class=self.school_class, enrolment_status="Transferred")
		doc = self.list_of(self.start())
		self.assertEqual(
			[(row.pupil_name, row.student_no) for row in doc.pupils], [(student.student_name, "N-1")]
		)

	def test_prefilled_from_last_years_list_without_its_ticks(self):
		former = factories.make_class(self.school, grade="Grade 6", school_year="2024-2025", class_name="A")
		now = factories.make_class(self.school, grade="Grade 7", school_year="2025-2026", class_name="A")
		factories.make_census(former.name, {"pupil_name": "Lan", "sign_economic": 1, "note": "last year"})
		doc = self.list_of(self.start(), now.name)
		self.assertEqual([row.pupil_name for row in doc.pupils], ["Lan"])
		self.assertFalse(doc.pupils[0].sign_economic or doc.pupils[0].note)

	def test_nobody_stands_on_it_twice(self):
		twins = ({"pupil_name": "Li Wei"}, {"pupil_name": " Li  Wei "})
		self.assertRaisesRegex(
			frappe.ValidationError, "Rows 1 and 2", factories.make_census, self.school_class, *twins
		)
		namesakes = [{"pupil_name": "Li Wei", "birth_date": f"2013-0{month}-01"} for month in (1, 2)]
		factories.make_census(self.school_class, *namesakes)

	def test_teachers_see_and_change_own_classes(self):
		doc = factories.make_census(self.school_class)
		with self.set_user(factories.make_user("Class Teacher")):
			self.assertEqual(frappe.get_list("Class Census"), [])
			self.assertRaises(frappe.PermissionError, doc.finish)
		with self.set_user(self.teacher):
			doc.append("pupils", {"pupil_name": "Lan"})
			doc.save()
			self.assertEqual(frappe.get_list("Class Census", pluck="name"), [doc.name])

	def test_a_new_class_teacher_takes_it_over(self):
		doc = factories.make_census(self.school_class)
		school_class = frappe.get_doc("School Class", self.school_class)
		school_class.head_teacher = factories.make_user("Class Teacher")
		school_class.save()
		doc.reload()
		self.assertEqual(doc.head_teacher, school_class.head_teacher)
		with self.set_user(self.teacher):
			self.assertFalse(frappe.has_permission("Class Census", "read", doc.name))

	def test_late_teachers_are_reminded_at_intervals(self):
		doc = self.list_of(self.start())
		notices = {"for_user": self.teacher, "document_name": doc.name}
		for day, count in (("2025-09-30", 0), ("2025-10-01", 1), ("2025-10-02", 1), ("2025-10-04", 2)):
			census.remind_late(day)
			self.assertEqual(frappe.db.count("Notification Log", notices), count, day)
		with self.set_user(self.teacher):
			doc.finish()
		census.remind_late("2025-10-20")
		self.assertEqual(frappe.db.count("Notification Log", notices), 2)


class TestCandidates(CensusTestCase):
	def screening(self, row):
		return frappe.get_doc("Screening", row.screening)

	def test_a_screening_for_each_ticked_pupil(self):
		doc, counts = self.finish(
			{
				"pupil_name": "Lan",
				"gender": "Female",
				"birth_date": "2013-05-06",
				"said_by_self": 1,
				"sign_economic": 1,
			},
			{"pupil_name": "Bo", "said_by_teacher": 1, "said_by_family": 1},
			{"pupil_name": "Unticked"},
		)
		self.assertEqual(counts, {"listed": 2, "linked": 0})
		lan, bo = self.screening(doc.pupils[0]), self.screening(doc.pupils[1])
		self.assertEqual(
			(lan.source, lan.origin, lan.sign_economic, str(lan.birth_date), lan.reported_by, lan.census),
			("Self-report", "Student", 1, "2013-05-06", self.teacher, doc.name),
		)
		self.assertEqual((bo.source, bo.origin, bo.school_class), ("Census", "Staff", self.school_class))
		self.assertFalse(doc.pupils[2].screening)

	def test_who_is_on_file_is_linked(self):
		student = factories.make_student("Draft", school_class=self.school_class, student_no="N-7")
		doc, counts = self.finish({"pupil_name": "Other Writing", "student_no": "N-7", "sign_academic": 1})
		self.assertEqual(counts, {"listed": 0, "linked": 1})
		self.assertEqual(doc.pupils[0].student_file, student.name)

	def test_who_is_listed_is_linked(self):
		there = factories.make_screening(
			school_class=self.school_class, candidate_name="Lan", birth_date="2013-05-06"
		)
		doc, counts = self.finish(
			{"pupil_name": "Lan", "birth_date": "2013-05-06", "sign_economic": 1},
			{"pupil_name": "Lan", "birth_date": "2012-01-01", "sign_economic": 1},
		)
		self.assertEqual(counts, {"listed": 1, "linked": 1})
		self.assertEqual(doc.pupils[0].screening, there.name)

	def test_without_birth_date_by_name_in_the_class(self):
		there = factories.make_screening(
			school_class=self.school_class, candidate_name="Lan", birth_date=None
		)
		doc, _counts = self.finish({"pupil_name": "Lan", "sign_economic": 1})
		self.assertEqual(doc.pupils[0].screening, there.name)

	def test_who_was_turned_down_can_be_named_anew(self):
		there = factories.make_screening(school_class=self.school_class, candidate_name="Lan")
		there.update({"decision": "No Need", "decision_reason": "Last year."})
		there.save()
		_doc, counts = self.finish({"pupil_name": "Lan", "birth_date": "2013-02-21", "sign_economic": 1})
		self.assertEqual(counts, {"listed": 1, "linked": 0})

	def test_a_list_opens_no_file_of_another_class(self):
		"""A teacher who enters a pupil of another class learns nothing of a file there."""
		factories.make_student("Draft", school_class=factories.make_class(self.school).name, student_no="N-9")
		doc, counts = self.finish({"pupil_name": "Guess", "student_no": "N-9", "sign_academic": 1})
		self.assertEqual((doc.pupils[0].student_file, counts["listed"]), (None, 1))

	def test_a_screening_can_be_taken_off(self):
		doc, _counts = self.finish({"pupil_name": "Lan", "sign_economic": 1})
		self.screening(doc.pupils[0]).delete()
		doc.reload()
		self.assertFalse(doc.pupils[0].screening)
		doc.delete()

	def test_finished_is_finished(self):
		doc, _counts = self.finish({"pupil_name": "Lan", "sign_economic": 1})
		with self.set_user(self.teacher):
			self.assertRaises(frappe.ValidationError, doc.finish)
			doc.pupils[0].sign_academic = 1
			self.assertRaises(frappe.ValidationError, doc.save)
		self.assertEqual(frappe.db.count("Screening", {"census": doc.name}), 1)

	def test_a_state_sent_is_not_taken(self):
		doc = factories.make_census(self.school_class, {"pupil_name": "Lan", "sign_economic": 1})
		doc.status = "Finished"
		with self.set_user(self.teacher):
			doc.save()
		self.assertEqual(frappe.db.get_value("Class Census", doc.name, "status"), "Open")
