"""Rules are data: whom each signal finds, for all students at once, and nothing twice."""

from decimal import Decimal
from unittest.mock import patch

import frappe
from frappe.utils import add_days, add_to_date, now_datetime, today
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bangfu_app.alerts import finding, signals
from bangfu_app.tests import BangfuTestCase, counted_queries, factories

# what rules look at, and what they leave: of the site's own none takes part
LOOKED_AT = ("Exam", "Exam Score", "Support Session", "Dropout Report", "Student Alert", "Alert Step")


class RuleTestCase(BangfuTestCase):
	def setUp(self):
		super().setUp()
		for doctype in LOOKED_AT:
			frappe.db.delete(doctype)
		frappe.db.set_value("Alert Rule", {"enabled": 1}, "enabled", 0)
		self.teacher = factories.make_user("Class Teacher")
		self.school_class = factories.make_class(head_teacher=self.teacher).name

	def pupil(self, **values) -> str:
		number = f"R{factories.serial():06}"
		values = {"school_class": self.school_class, "student_no": number} | values
		return factories.make_student("Draft", **values).name

	def sit(self, exam, student: str | None, *marks: float | None) -> None:
		"""One mark for each subject; None is absent."""
		number = frappe.db.get_value("Student File", student, "student_no") if student else None
		number = number or f"X{factories.serial():06}"
		for row, mark in zip(exam.subjects, marks, strict=True):
			factories.make_score(exam, mark, subject=row.subject, student_no=number)

	def run_rules(self) -> tuple[int, int]:
		counts = [finding.run_rule(name) for name in finding.enabled_rules()]
		return sum(new for new, _more in counts), sum(more for _new, more in counts)

	def found(self) -> set[str]:
		return set(frappe.get_all("Student Alert", pluck="student"))

	def steps(self, student: str) -> list[str]:
		(name,) = frappe.get_all("Student Alert", {"student": student}, pluck="name")
		return [row.action for row in frappe.get_doc("Student Alert", name).steps]


class TestFailedSubjects(RuleTestCase):
	def setUp(self):
		super().setUp()
		self.exam = factories.make_exam("Paper 1", "Paper 2", "Paper 3")

	def test_as_many_as_the_threshold_below_the_pass_mark(self):
		one, two = self.pupil(), self.pupil()
		self.sit(self.exam, one, 59, 60, 100)
		self.sit(self.exam, two, 59, 59.5, 60)
		factories.make_alert_rule("Failed Subjects", 2)
		self.run_rules()
		self.assertEqual(self.found(), {two})

	def test_the_pass_mark_is_of_the_full_marks_and_of_the_settings(self):
		student = self.pupil()
		self.exam.subjects[0].full_marks = 150
		self.exam.save()
		self.sit(self.exam, student, 80, 100, 100)
		factories.make_alert_rule("Failed Subjects", 1)
		self.pass_percent(50)
		self.assertEqual(self.run_rules(), (0, 0))
		self.pass_percent(60)
		self.assertEqual(self.run_rules(), (1, 0))

	def pass_percent(self, percent: float) -> None:
		frappe.db.set_single_value("Bangfu Settings", "pass_percent", percent)
		frappe.clear_document_cache("Bangfu Settings")

	def test_a_paper_not_sat_is_not_failed(self):
		self.sit(self.exam, self.pupil(), None, None, 90)
		factories.make_alert_rule("Failed Subjects", 1)
		self.assertEqual(self.run_rules(), (0, 0))

	def test_who_has_no_file_is_no_student(self):
		self.sit(self.exam, None, 1, 1, 1)
		factories.make_alert_rule("Failed Subjects", 1)
		self.assertEqual(self.run_rules(), (0, 0))

	def test_an_old_exam_raises_nothing(self):
		self.sit(self.exam, self.pupil(), 1, 1, 1)
		factories.make_alert_rule("Failed Subjects", 1, look_back=30)
		self.assertEqual(self.run_rules(), (0, 0))

	def test_only_stages_and_files_of_the_rule(self):
		here, there, closed = self.pupil(), self.pupil(stage="Senior Secondary"), self.pupil()
		frappe.db.set_value("Student File", closed, "status", "Closed")
		for student in (here, there, closed):
			self.sit(self.exam, student, 1, 1, 1)
		factories.make_alert_rule("Failed Subjects", 1, stages=[{"stage": "Compulsory Education"}])
		self.run_rules()
		self.assertEqual(self.found(), {here})


class TestTwice(RuleTestCase):
	def setUp(self):
		super().setUp()
		self.student = self.pupil()
		self.exam = factories.make_exam("Paper 1")
		self.sit(self.exam, self.student, 10)
		self.rule = factories.make_alert_rule("Failed Subjects", 1)
		self.run_rules()
		self.alert = frappe.get_last_doc("Student Alert", {"student": self.student})

	def test_the_same_evidence_changes_nothing(self):
		before = frappe.get_all("Alert Step", fields=["*"]), frappe.get_all("Student Alert", fields=["*"])
		self.assertEqual(self.run_rules(), (0, 0))
		self.assertEqual(
			before,
			(frappe.get_all("Alert Step", fields=["*"]), frappe.get_all("Student Alert", fields=["*"])),
		)

	def test_not_even_when_the_alert_has_ended(self):
		self.alert.end("Settled", "Learns again")
		self.assertEqual(self.run_rules(), (0, 0))

	def test_new_evidence_goes_onto_the_open_alert(self):
		later = factories.make_exam("Paper 1", exam_date="2025-06-28")
		self.sit(later, self.student, 10)
		self.assertEqual(self.run_rules(), (0, 1))
		self.assertEqual(self.steps(self.student), ["Raised", "Evidence"])

	def test_new_evidence_after_the_end_raises_another(self):
		self.alert.end("Settled", "Learns again")
		self.sit(factories.make_exam("Paper 1", exam_date="2025-06-28"), self.student, 10)
		self.assertEqual(self.run_rules(), (1, 0))

	def test_rules_of_one_cause_share_an_alert(self):
		frappe.db.set_value("Alert Rule", self.rule.name, "cause", "Exams")
		frappe.db.delete("Student Alert")
		frappe.db.delete("Alert Step")
		factories.make_alert_rule("Failed Subjects", 1, cause="Exams", level="Crisis")
		factories.make_alert_rule("Bottom Set", 1, cause="Exams")
		self.assertEqual(self.run_rules(), (1, 1))
		self.assertEqual(frappe.get_all("Student Alert", pluck="level"), ["Crisis"])

	def test_a_warning_that_becomes_a_crisis_starts_its_clock_anew(self):
		self.alert.add_step("Contacted")
		crisis = factories.make_alert_rule(
			"Failed Subjects", 1, level="Crisis", cause="Failed Subjects", due_hours=1
		)
		self.assertEqual(self.run_rules(), (0, 1))
		self.alert.reload()
		self.assertEqual((self.alert.level, self.alert.status), ("Crisis", "Open"))
		self.assertEqual((self.alert.rule, self.alert.first_step_on), (crisis.name, None))
		self.assertEqual(self.run_rules(), (0, 0))

	def test_handled_by_the_class_teacher_with_a_to_do(self):
		self.assertEqual(self.alert.assigned_to, self.teacher)
		to_do = frappe.get_last_doc("ToDo", {"reference_name": self.alert.name})
		self.assertEqual((to_do.allocated_to, to_do.status), (self.teacher, "Open"))

	def test_it_is_a_record_like_one_raised_by_hand(self):
		with self.set_user(self.teacher):
			alert = frappe.get_doc("Student Alert", self.alert.name)
			alert.check_permission("write")
			alert.add_step("Contacted")
		alert.reload()
		self.assertEqual([row.idx for row in alert.steps], [1, 2])


class TestRanks(RuleTestCase):
	def exams(self, count: int = 2):
		return [factories.make_exam("Paper 1", exam_date=f"2025-0{month + 4}-01") for month in range(count)]

	def test_a_fall_between_two_exams_of_the_same_population(self):
		before, now = self.exams()
		student, steady = self.pupil(), self.pupil()
		for exam, marks in ((before, (95, 50)), (now, (20, 50))):
			self.sit(exam, student, marks[0])
			self.sit(exam, steady, marks[1])
			for mark in (30, 40, 60, 70, 80):
				self.sit(exam, None, mark)
		rule = factories.make_alert_rule("Rank Drop", 100)
		self.run_rules()
		self.assertEqual(self.found(), {student})
		frappe.db.set_value("Alert Rule", rule.name, "threshold", 101)
		self.assertEqual(self.run_rules(), (0, 0))

	def test_exams_of_other_populations_are_not_compared(self):
		student = self.pupil()
		for population, mark in (("county", 95), ("town", 20)):
			exam = factories.make_exam("Paper 1", population=population)
			self.sit(exam, student, mark)
			self.sit(exam, None, 50)
		factories.make_alert_rule("Rank Drop", 1)
		self.assertEqual(self.run_rules(), (0, 0))

	def test_in_the_bottom_share_exams_running(self):
		exams = self.exams(3)
		always, once = self.pupil(), self.pupil()
		for number, exam in enumerate(exams):
			self.sit(exam, always, 10)
			self.sit(exam, once, 5 if number == 2 else 90)
			for mark in range(20, 28):
				self.sit(exam, None, mark)
		factories.make_alert_rule("Bottom Set", 3)
		self.run_rules()
		self.assertEqual(self.found(), {always})

	@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
	@given(st.lists(st.integers(0, 100), min_size=2, max_size=40))
	def test_percentiles_keep_the_order_and_the_ends(self, marks):
		ordered = sorted(map(Decimal, marks))
		places = [signals.percentile(mark, ordered) for mark in ordered]
		self.assertEqual(places, sorted(places))
		self.assertEqual(places[0], 0)
		self.assertLessEqual(places[-1], 100)
		if ordered[-1] != ordered[-2]:
			self.assertEqual(places[-1], 100)


class TestSecondRun(RuleTestCase):
	"""An exam that is as it was is not counted again; whatever may find somebody counts as a change."""

	def setUp(self):
		super().setUp()
		self.exams = [factories.make_exam("Paper 1", exam_date=f"2025-0{month}-01") for month in (4, 5)]
		self.low, self.high, self.unknown = self.pupil(), self.pupil(), "X-LATE"
		for exam, marks in zip(self.exams, ((95, 99, 93), (10, 99, 5)), strict=True):
			for student, mark in zip((self.low, self.high, None), marks, strict=True):
				number = student and frappe.db.get_value("Student File", student, "student_no")
				factories.make_score(exam, mark, subject="Paper 1", student_no=number or self.unknown)
			for mark in range(60, 80):
				self.sit(exam, None, mark)
		self.let_time_pass()

	def let_time_pass(self) -> None:
		for doctype in ("Exam", "Exam Score"):
			table = frappe.qb.DocType(doctype)
			earlier = add_to_date(now_datetime(), hours=-self.hours())
			frappe.qb.update(table).set(table.modified, earlier).where(
				table.modified > add_to_date(now_datetime(), hours=-1)
			).run()

	def hours(self) -> int:
		"""Each time less, as the days go on."""
		self.hours_ago = getattr(self, "hours_ago", 100) - 1
		return self.hours_ago

	def reads_of_scores(self) -> int:
		with counted_queries() as queries:
			self.result = self.run_rules()
		return sum("tabExam Score" in str(query) for query in queries)

	def test_each_signal_asks_for_the_state_of_the_scores_alone(self):
		for signal, threshold in (("Failed Subjects", 1), ("Rank Drop", 30), ("Bottom Set", 1)):
			with self.subTest(signal):
				rule = factories.make_alert_rule(signal, threshold, cause=signal)
				self.assertGreater(self.reads_of_scores(), 1)
				self.assertEqual(self.result, (1, 0))
				self.assertEqual(self.reads_of_scores(), 1)
				self.assertEqual(self.result, (0, 0))
				rule.db_set("enabled", 0)

	def test_an_exam_without_scores_is_counted_once_and_again_with_its_first_score(self):
		exam = factories.make_exam("Paper 1", exam_date="2025-05-02", population="others")
		self.let_time_pass()
		factories.make_alert_rule("Failed Subjects", 2)
		self.assertGreater(self.reads_of_scores(), 1)
		self.assertEqual(self.reads_of_scores(), 1)
		frappe.db.set_value("Alert Rule", {"enabled": 1}, "threshold", 1, update_modified=False)
		self.sit(exam, self.high, 5)
		self.run_rules()
		self.assertEqual(self.found(), {self.high})

	def test_only_the_exam_that_changed_is_counted(self):
		factories.make_alert_rule("Failed Subjects", 1)
		self.run_rules()
		with patch.object(signals, "changed_series", wraps=signals.changed_series) as changed:
			self.set_score(self.high, self.exams[1], 20)
			self.run_rules()
			(rule,) = changed.call_args.args
		self.assertEqual(signals.changed_series(rule), [(self.exams[1].name,)])

	def set_score(self, student: str, exam, mark: float) -> None:
		frappe.db.set_value("Exam Score", {"student": student, "exam": exam.name}, "score", mark)

	def test_a_changed_score_is_found(self):
		factories.make_alert_rule("Failed Subjects", 1)
		self.run_rules()
		self.set_score(self.high, self.exams[1], 20)
		self.let_time_pass()
		self.assertEqual(self.run_rules(), (1, 0))

	def test_a_file_that_gets_its_number_later_is_found(self):
		late = self.pupil(student_no=None)
		factories.make_alert_rule("Rank Drop", 30)
		self.assertEqual(self.run_rules(), (1, 0))
		self.assertEqual(self.run_rules(), (0, 0))
		file = frappe.get_doc("Student File", late)
		file.student_no = self.unknown
		file.save()
		self.let_time_pass()
		self.assertEqual(self.run_rules(), (1, 0))
		self.assertEqual(self.found(), {self.low, late})

	def test_a_number_that_goes_to_another_file_is_found(self):
		factories.make_alert_rule("Failed Subjects", 1)
		self.run_rules()
		other, number = (
			self.pupil(student_no=None),
			frappe.db.get_value("Student File", self.low, "student_no"),
		)
		for name, value in ((self.low, None), (other, number)):
			file = frappe.get_doc("Student File", name)
			file.student_no = value
			file.save()
		self.let_time_pass()
		self.assertEqual(self.run_rules(), (1, 0))

	def test_a_changed_rule_and_a_changed_pass_mark_are_run(self):
		rule = factories.make_alert_rule("Failed Subjects", 2)
		self.assertEqual(self.run_rules(), (0, 0))
		rule.reload()
		rule.threshold = 1
		rule.save()
		self.assertEqual(self.run_rules(), (1, 0))
		frappe.db.set_single_value("Bangfu Settings", "pass_percent", 100)
		frappe.clear_document_cache("Bangfu Settings")
		self.assertEqual(self.run_rules(), (1, 1))

	def test_who_is_looked_after_again_is_found(self):
		frappe.db.set_value("Student File", self.low, "status", "Closed")
		factories.make_alert_rule("Failed Subjects", 1)
		self.assertEqual(self.run_rules(), (0, 0))
		frappe.db.set_value("Student File", self.low, "status", "In Support", update_modified=False)
		self.assertEqual(self.run_rules(), (1, 0))

	def test_what_changed_just_now_is_counted_again(self):
		"""Another change of the same hour may not be committed yet."""
		rule = factories.make_alert_rule("Failed Subjects", 1)
		self.set_score(self.high, self.exams[1], 98)
		self.run_rules()
		rule.reload()
		self.assertEqual(list(frappe.parse_json(rule.exam_runs)), [self.exams[0].name])


class TestSessions(RuleTestCase):
	def attend(self, student: str, *states: str) -> None:
		"""One session a day, the last one yesterday."""
		for days, state in zip(range(len(states), 0, -1), states, strict=True):
			factories.make_session(
				session_date=add_days(today(), -days), attendance=[{"student": student, "state": state}]
			)

	def in_support(self) -> str:
		return factories.make_student(school_class=self.school_class).name

	def test_missed_running_since_the_last_one_attended(self):
		streak, broken, leave = self.in_support(), self.in_support(), self.in_support()
		self.attend(streak, "Absent", "Attended", "Absent", "Absent", "Absent")
		self.attend(broken, "Absent", "Absent", "Attended", "Absent", "Absent")
		self.attend(leave, "Attended", "Absent", "Leave", "Absent", "Absent")
		factories.make_alert_rule("Absence Streak", 3)
		self.run_rules()
		self.assertEqual(self.found(), {streak, leave})

	def test_who_never_came_has_a_streak_too(self):
		student = self.in_support()
		self.attend(student, "Absent", "Absent", "Absent")
		factories.make_alert_rule("Absence Streak", 3)
		self.run_rules()
		self.assertEqual(self.found(), {student})

	def test_counselling_leaves_no_trace_in_an_alert(self):
		student, day = self.in_support(), add_days(today(), -9)
		for after in range(3):
			rows = [{"student": student, "state": "Absent"}]
			values = {"session_kind": "Individual Counselling", "attendance": rows}
			factories.make_session([student], session_date=add_days(day, after), **values)
		factories.make_alert_rule("Absence Streak", 3)
		factories.make_alert_rule("Missed Sessions", 33, least=1, kind="Dropout Risk")
		self.run_rules()
		self.assertEqual(self.found(), set())

	def test_a_share_of_sessions_missed(self):
		third, quarter, few = self.in_support(), self.in_support(), self.in_support()
		self.attend(third, "Absent", "Attended", "Attended", "Leave", "Leave")
		self.attend(quarter, "Absent", "Attended", "Attended", "Attended")
		self.attend(few, "Absent", "Attended")
		factories.make_alert_rule("Missed Sessions", 33, least=3)
		self.run_rules()
		self.assertEqual(self.found(), {third})


class TestSets(RuleTestCase):
	def queries(self, students: int) -> int:
		exam = factories.make_exam("Paper 1")
		for _number in range(students):
			self.sit(exam, self.pupil(), 10)
		with counted_queries() as queries:
			finding.run_rule(self.rule)
		return len(queries)

	def test_as_many_queries_for_many_students_as_for_few(self):
		self.rule = factories.make_alert_rule("Failed Subjects", 1, handler="Counsellor").name
		self.queries(1)
		self.assertEqual(self.queries(2), self.queries(7))

	def test_the_shipped_rules_run_on_an_empty_site(self):
		frappe.db.set_value("Alert Rule", {"enabled": 0}, "enabled", 1)
		self.assertGreater(len(finding.enabled_rules()), 5)
		self.run_rules()

	def test_each_signal_has_a_function(self):
		options = frappe.get_meta("Alert Rule").get_field("signal").options.split("\n")
		self.assertEqual(set(options), {*signals.SIGNALS, "Manual"})


class TestRule(BangfuTestCase):
	def test_refuses_what_cannot_work(self):
		for values in (
			{"signal": "Failed Subjects", "threshold": 0},
			{"due_hours": 0},
			{"handler": "Role", "handler_role": "Evaluator"},
			{"escalate_hours": 3, "escalate_role": "Bangfu Finance"},
		):
			with self.subTest(values=values):
				self.assertRaises(frappe.ValidationError, factories.make_alert_rule, **values)
