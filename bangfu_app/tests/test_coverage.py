"""Aid coverage: who is recognised, what is aid of a term, the reports by role, the indicator, a batch for the gap."""

from datetime import date
from decimal import Decimal
from io import BytesIO
from unittest.mock import patch

import frappe
from frappe.desk.query_report import run
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from bangfu_app.bangfu_app.report.aid_coverage import aid_coverage
from bangfu_app.bangfu_app.report.coverage_gap import coverage_gap
from bangfu_app.masters import add_indicators
from bangfu_app.money import coverage, coverage_batch
from bangfu_app.privacy import export
from bangfu_app.tests import BangfuTestCase, factories
from bangfu_app.tests.test_reports import ReportTestCase

SPRING = {"from_date": date(2019, 2, 18), "to_date": date(2019, 7, 5)}
IN_TERM, AFTER = "2019-03-10", "2019-07-20"
POOR_NEED = {"need_group": "Economic", "neutral_name": "Care Support"}


class CoverageTestCase(ReportTestCase):
	"""One school of its own, in a term of 2019; its students are poor unless said otherwise."""

	report = coverage_gap

	def setUp(self):
		super().setUp()
		self.school = factories.make_school(f"School {factories.serial()}").name
		self.school_class = factories.make_class(self.school).name
		self.term = factories.make_term(
			f"Spring {factories.serial()}",
			school_year="2018-2019",
			start_date="2019-02-18",
			end_date="2019-07-05",
		).name
		self.poor = factories.make_need_category("Poor Test Need", **POOR_NEED).name

	def make_student(self, **values) -> str:
		values = {
			"school_class": self.school_class,
			"identified_on": "2019-01-05",
			"needs": [{"need_category": self.poor}],
		} | values
		return factories.make_student(**values).name

	def make_scheme(self, **values) -> str:
		return factories.make_scheme(**values).name

	def pay(self, student: str, paid_on: str | None = IN_TERM, status: str = "Paid", **values):
		scheme = {name: values.pop(name) for name in ("period_kind",) if name in values}
		batch = factories.make_batch(self.make_scheme(**scheme), student, **values)
		row = batch.rows[0].name
		frappe.db.set_value("Subsidy Batch Row", row, {"status": status, "paid_on": paid_on})
		frappe.db.set_value(
			"Eligibility Snapshot", batch.rows[0].snapshot, "taken_on", IN_TERM, update_modified=False
		)
		return batch

	def give(self, student: str, day: str = IN_TERM, qty: float = 1, **values):
		item = factories.make_item(f"Item {factories.serial()}").name
		factories.make_donation(item, qty, donation_date="2018-12-01")
		return factories.make_distribution(item, student, qty, distribution_date=day, **values)

	def rate(self, **values) -> coverage.Coverage:
		return coverage.rate(coverage.Asked(**(SPRING | {"school": self.school} | values)))

	def counts(self, **values) -> tuple[int, int]:
		rate = self.rate(**values)
		return rate.covered, rate.recognised


class TestRecognised(CoverageTestCase):
	def recognised(self, **values) -> bool:
		return self.rate(**values).recognised == 1

	def test_whose_file_is_approved_and_who_was_identified_by_the_end(self):
		self.make_student(identified_on="2019-07-05")
		self.make_student(identified_on="2019-07-06")
		for status in ("Draft", "Class Review", "School Review"):
			self.make_student(status=status)
		self.assertTrue(self.recognised())

	def test_a_file_closed_in_the_term_counts_one_closed_before_does_not(self):
		student = self.make_student()
		factories.make_closure(student, closure_date="2019-02-18")
		self.assertTrue(self.recognised())
		frappe.db.set_value("Student File", student, "closed_on", "2019-02-17")
		self.assertFalse(self.recognised())

	def test_by_need_group(self):
		self.make_student(needs=[{"need_category": factories.make_need_category().name}])
		self.assertFalse(self.recognised(need_group="Economic"))
		self.make_student(needs=[{"need_category": self.poor, "since": "2019-07-06"}])
		self.assertFalse(self.recognised(need_group="Economic"))
		self.make_student(needs=[{"need_category": self.poor, "since": "2019-07-05"}])
		self.assertTrue(self.recognised(need_group="Economic"))
		self.assertEqual(self.rate().recognised, 3)

	def test_by_school_class_and_grade(self):
		other = factories.make_class(self.school, grade="Grade 8").name
		self.make_student(school_class=other, grade="Grade 8")
		self.make_student()
		self.assertTrue(self.recognised(school_class=other))
		self.assertTrue(self.recognised(grade="Grade 8"))
		self.assertEqual(self.rate(school="None of this name").share, None)


class TestAid(CoverageTestCase):
	def covered(self, **values) -> bool:
		return self.rate(**values).covered == 1

	def setUp(self):
		super().setUp()
		self.student = self.make_student()

	def test_without_anything_nobody_is_covered(self):
		self.make_student()
		self.assertEqual((self.rate().covered, self.rate().share), (0, Decimal(0)))

	def test_a_subsidy_of_once_counts_on_the_day_it_is_paid(self):
		for day, covered in (
			("2019-02-17", False),
			("2019-02-18", True),
			("2019-07-05", True),
			(AFTER, False),
		):
			with self.subTest(day=day):
				self.pay(self.student, day)
				self.assertEqual(self.covered(), covered)
				frappe.db.delete("Subsidy Batch Row", {"student": self.student})

	def test_a_subsidy_of_a_term_counts_for_its_term_whenever_it_is_paid(self):
		self.pay(self.student, AFTER, period_kind="Term", term=self.term)
		self.assertTrue(self.covered())
		autumn = {"from_date": date(2019, 7, 6), "to_date": date(2020, 1, 20)}
		self.assertFalse(self.covered(**autumn))

	def test_a_subsidy_of_a_month_counts_for_its_month(self):
		self.pay(self.student, AFTER, period_kind="Month", month="2019-06-01")
		self.assertTrue(self.covered())
		self.assertFalse(self.covered(to_date=date(2019, 5, 31)))

	def test_what_is_approved_counts_only_if_asked(self):
		for status in ("Due", "In Bank File", "Failed"):
			with self.subTest(status=status):
				self.pay(self.student, None, status)
				self.assertFalse(self.covered())
				self.assertTrue(self.covered(count_approved=True))
				frappe.db.delete("Subsidy Batch Row", {"student": self.student})

	def test_what_was_withdrawn_or_is_not_approved_never_counts(self):
		self.pay(self.student, None, "Withdrawn")
		factories.make_batch(
			self.make_scheme(period_kind="Term"), self.student, approved=False, term=self.term
		)
		self.assertFalse(self.covered(count_approved=True))

	def test_goods_count_on_the_day_they_came_into_hands(self):
		distribution = self.give(self.student, "2019-02-01")
		self.assertFalse(self.covered())
		frappe.db.set_value("Aid Distribution Item", distribution.items[0].name, "received_on", IN_TERM)
		self.assertTrue(self.covered())

	def test_goods_that_all_came_back_are_none(self):
		distribution = self.give(self.student, qty=2)
		factories.make_return(distribution, 1, return_date="2019-06-01")
		self.assertTrue(self.covered())
		factories.make_return(
			frappe.get_doc("Aid Distribution", distribution.name), 1, return_date="2019-07-05"
		)
		self.assertFalse(self.covered())

	def test_goods_that_came_back_after_the_term_or_were_used_up_were_aid(self):
		distribution = self.give(self.student)
		factories.make_return(distribution, 1, return_date="2019-07-06")
		self.assertTrue(self.covered())
		used = self.make_student()
		factories.make_return(self.give(used), 1, return_date="2019-06-01", outcome="Worn Out")
		self.assertEqual(self.rate().covered, 2)

	def test_a_draft_or_cancelled_distribution_gives_nothing(self):
		self.give(self.student, submit=False)
		self.give(self.student).cancel()
		self.assertFalse(self.covered())

	def test_who_got_both_counts_once(self):
		self.pay(self.student)
		self.give(self.student)
		self.assertEqual(self.counts(), (1, 1))

	def test_aid_of_others_does_not_count(self):
		self.pay(factories.make_student(identified_on="2019-01-05").name)
		self.assertEqual(self.counts(), (0, 1))


class TestArithmetic(BangfuTestCase):
	@given(st.sets(st.integers(0, 30)), st.sets(st.integers(0, 60)))
	def test_parts_are_the_whole_and_the_share_lies_between(self, students, aided):
		counts = coverage.coverage_of(students, aided)
		self.assertEqual(counts.covered + counts.without, len(students))
		self.assertEqual(counts.share is None, not students)
		if students:
			self.assertTrue(0 <= counts.share <= 1)
			self.assertEqual(counts.share == 1, students <= aided)

	def test_the_current_term_is_the_period_when_none_is_given(self):
		term = factories.make_term(
			f"Now {factories.serial()}",
			start_date="2031-09-01",
			end_date="2032-01-20",
			school_year="2031-2032",
		)
		with self.freeze_time("2031-10-01 08:00:00"):
			self.assertEqual(
				[str(day) for day in coverage.period_of()], [str(term.start_date), str(term.end_date)]
			)


class TestCoverageGap(CoverageTestCase):
	def setUp(self):
		super().setUp()
		self.paid, self.given, self.without = (self.make_student() for _n in range(3))
		self.other_need = self.make_student(needs=[{"need_category": factories.make_need_category().name}])
		self.pay(self.paid)
		self.give(self.given)
		self.give(self.without, "2019-01-07")
		self.asked = {"term": self.term, "school": self.school, "need_group": "Economic"}

	def run_as(self, role: str, **values) -> dict:
		with self.set_user(factories.make_user(role, **values)):
			return run(self.report.__name__.rpartition(".")[2].replace("_", " ").title(), self.asked)

	def listed(self, result: dict) -> set[str]:
		return {row["student"] for row in result["result"] if isinstance(row, dict) and row.get("student")}

	def test_who_got_nothing_is_listed_with_the_last_aid(self):
		(row,) = self.rows(**self.asked)
		self.assertEqual(
			(row["student"], row["school"], row["school_class"]),
			(self.without, self.school, self.school_class),
		)
		self.assertEqual((str(row["identified_on"]), str(row["last_aid_on"])), ("2019-01-05", "2019-01-07"))
		self.assertEqual((row["last_aid"], row["support_focus"]), ("Goods Received", "Care Support"))

	def test_the_newest_aid_is_the_last(self):
		self.pay(self.without, "2019-08-01")
		(row,) = self.rows(**self.asked)
		self.assertEqual((str(row["last_aid_on"]), row["last_aid"]), ("2019-08-01", "Subsidy Paid"))

	def test_the_summary_counts_all_recognised(self):
		self.assertEqual(
			self.summary(**self.asked),
			{"Recognised Students": 3, "With Aid": 2, "Without Aid": 1, "Coverage": 66.7},
		)
		self.assertEqual(self.summary(**self.asked | {"need_group": None})["Without Aid"], 2)

	def test_managers_coordinators_and_evaluators_see_who_and_why(self):
		for role, school in (
			("Bangfu Manager", None),
			("Bangfu Coordinator", self.school),
			("Evaluator", self.school),
		):
			with self.subTest(role=role):
				result = self.run_as(role, school=school)
				self.assertEqual(self.listed(result), {self.without})
				self.assertIn("support_focus", [column["fieldname"] for column in result["columns"]])

	def test_those_of_another_school_see_nobody(self):
		far = factories.make_school("Far Test School").name
		for role in ("Bangfu Coordinator", "Evaluator", "Bangfu Finance"):
			with self.subTest(role=role):
				self.assertEqual(self.listed(self.run_as(role, school=far)), set())

	def test_finance_is_told_no_need_and_cannot_ask_by_one(self):
		for need_group in ("Economic", "Academic"):
			self.asked["need_group"] = need_group
			result = self.run_as("Bangfu Finance")
			self.assertEqual(self.listed(result), {self.without, self.other_need})
			self.assertNotIn("support_focus", frappe.as_json(result))
			self.assertNotIn("Care Support", frappe.as_json(result))

	def test_teachers_helpers_and_counsellors_are_refused(self):
		for role in ("Class Teacher", "Supporter", "Counsellor"):
			with self.subTest(role=role):
				self.assertRaises(frappe.PermissionError, self.run_as, role)

	def test_more_students_take_no_more_queries(self):
		before = self.queries(**self.asked)
		for _n in range(3):
			self.pay(self.make_student())
			self.give(self.make_student())
			self.make_student()
		self.assertEqual(self.queries(**self.asked), before)

	def test_the_card_counts_what_its_reader_sees(self):
		coordinator, finance = (
			factories.make_user(role, school=self.school) for role in ("Bangfu Coordinator", "Bangfu Finance")
		)
		for user, count in ((coordinator, 1), (finance, 2)):
			with self.freeze_time("2019-03-20 08:00:00"), self.set_user(user):
				# no other term holds that day
				with patch.object(coverage, "term_on", lambda: self.term):
					self.assertEqual(coverage.students_without_aid()["value"], count)

	def test_without_names_when_exported_anonymously(self):
		frappe.db.set_value("Student File", self.without, "student_name", "Secret Child")
		with self.set_user(factories.make_user("Bangfu Manager", "Bangfu Exporter")):
			export.export_report("Coverage Gap", "Term report", self.asked, anonymous=1)
		content = frappe.response.pop("filecontent")
		self.assertNotIn("Secret Child", self.cells(content))
		self.assertNotIn(self.without, self.cells(content))

	def cells(self, content: bytes) -> str:
		return str(list(load_workbook(BytesIO(content)).active.values))


class TestAidCoverage(CoverageTestCase):
	report = aid_coverage

	def setUp(self):
		super().setUp()
		self.asked = {"term": self.term, "school": self.school}
		self.make_student()
		self.pay(self.make_student())
		self.both = self.make_student(
			needs=[{"need_category": self.poor}, {"need_category": factories.make_need_category().name}]
		)

	def figures(self, **values) -> dict:
		rows = self.rows(**self.asked | values)
		return {
			row["group"]: (row["recognised"], row["covered"], row["without_aid"], row["share"])
			for row in rows
		}

	def test_by_school_and_class(self):
		other = factories.make_class(self.school).name
		self.give(self.make_student(school_class=other))
		self.assertEqual(self.figures(), {self.school: (4, 2, 2, 50.0)})
		self.assertEqual(
			self.figures(group_by="Class"), {self.school_class: (3, 1, 2, 33.3), other: (1, 1, 0, 100.0)}
		)

	def test_by_need_a_student_of_two_groups_counts_in_both(self):
		self.assertEqual(
			self.figures(group_by="Need Group"), {"Economic": (3, 1, 2, 33.3), "Academic": (1, 0, 1, 0.0)}
		)

	def test_from_term_to_term(self):
		self.pay(self.both, "2018-10-01")
		autumn = factories.make_term(
			f"Autumn {factories.serial()}",
			school_year="2018-2019",
			start_date="2018-09-01",
			end_date="2019-01-20",
		).name
		figures = self.figures(group_by="Term")
		self.assertEqual(list(figures), [autumn, self.term])
		self.assertEqual((figures[autumn], figures[self.term]), ((3, 1, 2, 33.3), (3, 1, 2, 33.3)))

	def test_the_chart_stacks_with_and_without(self):
		chart = self.report.execute(self.asked)[3]
		self.assertEqual([dataset["values"] for dataset in chart["data"]["datasets"]], [[1], [2]])

	def test_finance_gets_no_figure_by_need(self):
		with self.set_user(factories.make_user("Bangfu Finance")):
			self.assertRaises(frappe.PermissionError, self.rows, group_by="Need Group", **self.asked)
			self.assertEqual(self.figures(need_group="Academic"), {self.school: (3, 1, 2, 33.3)})

	def test_a_coordinator_counts_the_own_school_only(self):
		far = factories.make_school("Far Test School").name
		factories.make_student(school=far, identified_on="2019-01-05")
		with self.set_user(factories.make_user("Bangfu Coordinator", school=self.school)):
			self.assertEqual([row["group"] for row in self.rows(term=self.term)], [self.school])

	def test_an_unknown_grouping_is_refused(self):
		self.assertRaises(frappe.ValidationError, self.rows, group_by="student_name")

	def test_few_persons_are_hidden_in_an_anonymous_export(self):
		(row,) = self.rows(**self.asked)
		_columns, (hidden,) = export.anonymous_report("Aid Coverage", [], [row])
		self.assertEqual(
			[hidden[name] for name in ("recognised", "covered", "without_aid", "share")], ["*"] * 4
		)

	def test_more_students_take_no_more_queries(self):
		for group_by in ("School", "Class", "Need Group", "Term"):
			before = self.queries(group_by=group_by, **self.asked)
			for _n in range(2):
				self.pay(self.make_student())
			with self.subTest(group_by=group_by):
				self.assertEqual(self.queries(group_by=group_by, **self.asked), before)


class TestIndicator(CoverageTestCase):
	def setUp(self):
		super().setUp()
		self.indicator = factories.make_indicator(
			"Test Aid Coverage", computed_by="Aid Coverage", need_group="Economic"
		).name
		self.make_student()
		self.pay(self.make_student())
		self.pay(self.make_student())
		self.make_student(needs=[{"need_category": factories.make_need_category().name}])

	def evaluate(self, *rows: dict, programme: dict | None = None, **values):
		values = {
			"programme": factories.make_programme(
				**({"school": self.school, "term": self.term} | (programme or {}))
			).name,
			"purpose": "Annual",
			"evaluated_on": "2019-07-05",
			"indicator_results": [{"indicator": self.indicator, "target": 1, **row} for row in rows or ({},)],
		} | values
		return frappe.get_doc({"doctype": "Support Evaluation", **values}).insert()

	def computed(self, evaluation):
		evaluation.compute_figures()
		return frappe.get_doc("Support Evaluation", evaluation.name).indicator_results[0]

	def test_the_figure_is_the_coverage_and_says_of_whom(self):
		row = self.computed(self.evaluate({"evidence": "Bank list of June"}))
		self.assertEqual(
			(row.has_actual, row.actual, row.attainment, row.met), (1, 0.666667, "66.7%", "Not Met")
		)
		self.assertIn("2 of 3", row.evidence)
		self.assertIn("Bank list of June", row.evidence)

	def test_computed_again_it_follows_the_records(self):
		evaluation = self.evaluate()
		self.computed(evaluation)
		self.pay(self.make_student())
		row = self.computed(evaluation)
		self.assertEqual(row.actual, 0.75)
		self.assertEqual(row.evidence.count("Computed:"), 1)

	def test_of_nobody_there_is_no_share(self):
		school = factories.make_school("Empty Test School").name
		row = self.computed(self.evaluate(programme={"school": school}))
		self.assertEqual((row.has_actual, row.attainment, row.met), (0, "—", ""))

	def test_a_row_of_a_class_is_of_that_class(self):
		other = factories.make_class(self.school).name
		self.pay(self.make_student(school_class=other))
		row = self.computed(self.evaluate({"scope": "Class", "scope_name": other}))
		self.assertEqual(row.actual, 1)

	def test_what_the_app_does_not_compute_stays(self):
		other = factories.make_indicator().name
		evaluation = self.evaluate(
			{"indicator": other, "actual": 0.5},
			{"scope": "Teacher", "scope_name": "Li"},
			{"scope": "School", "scope_name": factories.make_school("Far Test School").name},
		)
		done = evaluation.compute_figures()
		self.assertEqual((done["computed"], done["left_out"]), ([], [self.indicator, self.indicator]))
		rows = frappe.get_doc("Support Evaluation", evaluation.name).indicator_results
		self.assertEqual([(row.actual, row.has_actual) for row in rows], [(0.5, 1), (0, 0), (0, 0)])

	def test_without_a_term_the_days_of_the_programme_count(self):
		days = {"term": None, "from_date": "2019-04-01", "to_date": "2019-12-31"}
		self.assertEqual(self.computed(self.evaluate(programme=days)).actual, 0)

	def test_only_in_the_draft_of_a_programmes_evaluation(self):
		evaluation = self.evaluate()
		evaluation.submit()
		self.assertRaises(frappe.ValidationError, evaluation.compute_figures)
		of_student = self.evaluate(student=self.make_student(), programme=None)
		self.assertRaises(frappe.ValidationError, of_student.compute_figures)

	def test_who_sees_only_some_of_the_students_does_not_compute_a_figure_of_all(self):
		coordinator = factories.make_user("Bangfu Coordinator")
		county, own = self.evaluate(programme={"school": None}), self.evaluate()
		permission = {"user": coordinator, "allow": "School", "for_value": self.school}
		limit = {"apply_to_all_doctypes": 0, "applicable_for": "Student File"}
		frappe.get_doc({"doctype": "User Permission", **permission, **limit}).insert()
		with self.set_user(coordinator):
			with self.assertRaisesRegex(frappe.PermissionError, "only part"):
				frappe.get_doc("Support Evaluation", county.name).compute_figures()
			self.assertEqual(self.computed(frappe.get_doc("Support Evaluation", own.name)).actual, 0.666667)

	def test_a_teacher_who_may_write_evaluations_sees_no_aid(self):
		evaluation = self.evaluate()
		with self.set_user(factories.make_user("Class Teacher", "Counsellor")):
			self.assertRaises(
				frappe.PermissionError, frappe.get_doc("Support Evaluation", evaluation.name).compute_figures
			)

	def test_a_computed_indicator_is_a_share(self):
		for values in ({"unit": "Points"}, {"direction": "Lower is better"}):
			with self.subTest(**values), self.assertRaises(frappe.ValidationError):
				factories.make_indicator(f"I {factories.serial()}", computed_by="Aid Coverage", **values)

	def test_the_app_brings_the_indicator_once(self):
		frappe.db.delete("Support Indicator", {"computed_by": "Aid Coverage"})
		add_indicators()
		add_indicators()
		(row,) = frappe.get_all("Support Indicator", {"computed_by": "Aid Coverage"}, ["need_group", "unit"])
		self.assertEqual((row.need_group, row.unit), ("Economic", "%"))


class TestBatchOfTheGap(CoverageTestCase):
	def setUp(self):
		super().setUp()
		self.paid, self.without, self.other_need = (
			self.make_student(),
			self.make_student(),
			self.make_student(needs=[{"need_category": factories.make_need_category().name}]),
		)
		self.pay(self.paid)
		self.asked = {"term": self.term, "school": self.school}
		self.scheme = self.make_scheme(period_kind="Term", for_need_group="Economic")

	def test_it_holds_those_without_aid_whom_the_scheme_fits(self):
		done = coverage_batch.make_batch(self.scheme, self.asked)
		batch = frappe.get_doc("Subsidy Batch", done["batch"])
		self.assertEqual([row.student for row in batch.rows], [self.without])
		self.assertEqual((batch.status, batch.term, batch.total_amount), ("Draft", self.term, 500))
		self.assertEqual((done["added"], done["left_out"]), (1, 1))

	def test_when_nobody_fits_there_is_no_batch(self):
		scheme = self.make_scheme(period_kind="Term", for_stage="Higher Education")
		self.assertRaises(frappe.ValidationError, coverage_batch.make_batch, scheme, self.asked)

	def test_a_coordinator_gets_only_own_students(self):
		far = factories.make_school("Far Test School").name
		factories.make_student(school=far, identified_on="2019-01-05", needs=[{"need_category": self.poor}])
		with self.set_user(factories.make_user("Bangfu Coordinator", school=self.school)):
			done = coverage_batch.make_batch(self.scheme, {"term": self.term})
		rows = frappe.get_doc("Subsidy Batch", done["batch"]).rows
		self.assertEqual([row.student for row in rows], [self.without])

	def test_who_makes_no_batches_makes_none_here(self):
		for role in ("Class Teacher", "Evaluator"):
			with self.set_user(factories.make_user(role)):
				self.assertRaises(frappe.PermissionError, coverage_batch.make_batch, self.scheme, self.asked)

	def test_filters_that_cannot_be_read_are_refused(self):
		self.assertRaises(frappe.ValidationError, coverage_batch.make_batch, self.scheme, "[1")
