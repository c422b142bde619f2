"""The script reports: figures worked out by hand, rights, and no query per row."""

import json
from datetime import date
from pathlib import Path

import frappe
from frappe.desk.query_report import run

from bangfu_app.bangfu_app.report.aid_coverage import aid_coverage
from bangfu_app.bangfu_app.report.aid_due import aid_due
from bangfu_app.bangfu_app.report.aid_ledger import aid_ledger
from bangfu_app.bangfu_app.report.aid_stock import aid_stock
from bangfu_app.bangfu_app.report.coverage_gap import coverage_gap
from bangfu_app.bangfu_app.report.donor_statement import donor_statement
from bangfu_app.bangfu_app.report.fund_use import fund_use
from bangfu_app.bangfu_app.report.indicator_attainment import indicator_attainment
from bangfu_app.bangfu_app.report.screening_funnel import screening_funnel
from bangfu_app.bangfu_app.report.session_statistics import session_statistics
from bangfu_app.bangfu_app.report.student_statistics import student_statistics
from bangfu_app.bangfu_app.report.subsidy_register import subsidy_register
from bangfu_app.bangfu_app.report.support_ledger import support_ledger
from bangfu_app.report_parts import months_through
from bangfu_app.tests import BangfuTestCase, counted_queries, factories

REPORTS = {
	"Aid Due": aid_due,
	"Indicator Attainment": indicator_attainment,
	"Support Ledger": support_ledger,
	"Aid Stock": aid_stock,
	"Aid Ledger": aid_ledger,
	"Aid Coverage": aid_coverage,
	"Coverage Gap": coverage_gap,
	"Session Statistics": session_statistics,
	"Student Statistics": student_statistics,
	"Screening Funnel": screening_funnel,
	"Subsidy Register": subsidy_register,
	"Fund Use": fund_use,
	"Donor Statement": donor_statement,
}
# years of their own, away from whatever else is on the site
YEAR = {"from_date": "2019-01-01", "to_date": "2019-12-31"}


class ReportTestCase(BangfuTestCase):
	report = None  # `module` is a name of Frappe's own test case

	def rows(self, **filters):
		return self.report.execute(filters)[1]

	def queries(self, **filters) -> int:
		self.report.execute(filters)  # fills the caches
		with counted_queries() as queries:
			self.report.execute(filters)
		return len(queries)

	def row(self, rows, **values):
		found = [row for row in rows if all(row.get(key) == value for key, value in values.items())]
		self.assertEqual(len(found), 1, f"{values} in {rows}")
		return found[0]

	def summary(self, **filters) -> dict:
		return {card["label"]: card["value"] for card in self.report.execute(filters)[4]}


class TestAllReports(BangfuTestCase):
	def test_strangers_are_refused(self):
		stranger = factories.make_user()
		for report in REPORTS:
			with self.subTest(report=report), self.set_user(stranger):
				self.assertRaises(frappe.PermissionError, run, report, {})

	def test_roles_are_those_of_the_report(self):
		for report in REPORTS:
			doc = frappe.get_doc("Report", report)
			for role in (row.role for row in doc.roles):
				with self.subTest(report=report, role=role), self.set_user(factories.make_user(role)):
					result = run(report, {"from_date": "1999-01-01", "to_date": "1999-12-31"})
					self.assertTrue(result["columns"])

	def test_readers_may_choose_what_the_columns_link_to(self):
		"""Frappe 15 refuses the whole report where a column links to a DocType that its reader may not choose."""
		ours = {"module": "Bangfu App", "report_type": "Script Report", "name": ["!=", "Access to Students"]}
		for report in frappe.get_all("Report", ours, pluck="name"):
			links = {c["options"] for c in run(report, {})["columns"] if c.get("fieldtype") == "Link"}
			for role in frappe.get_all("Has Role", {"parenttype": "Report", "parent": report}, pluck="role"):
				for doctype in sorted(links):
					rules = frappe.get_meta(doctype).permissions
					may = any(
						rule.role in (role, "All", "Desk User") and (rule.read or rule.select)
						for rule in rules
					)
					with self.subTest(report=report, role=role, doctype=doctype):
						self.assertTrue(may)

	def test_finance_sees_goods_but_no_sessions(self):
		with self.set_user(factories.make_user("Bangfu Finance")):
			self.assertTrue(run("Aid Stock", {})["columns"])
			for report in ("Support Ledger", "Session Statistics", "Indicator Attainment"):
				self.assertRaises(frappe.PermissionError, run, report, {})

	def test_without_data_nothing_breaks(self):
		empty = {"from_date": "1999-01-01", "to_date": "1999-12-31", "purpose": "Follow-up"}
		for report, module in REPORTS.items():
			with self.subTest(report=report):
				columns, rows, _message, chart, summary = module.execute(empty)
				self.assertTrue(columns and summary)
				self.assertEqual((rows, chart), ([], None))
				self.assertTrue(module.execute()[0])

	def test_filters_that_a_report_does_not_know_are_ignored(self):
		for report, module in REPORTS.items():
			with self.subTest(report=report):
				module.execute({"owner": "nobody", "docstatus": 2})

	def test_filters_offer_the_kinds_of_the_form(self):
		kinds = frappe.get_meta("Support Session").get_options("session_kind").split("\n")
		for module in (support_ledger, session_statistics):
			script = Path(module.__file__).with_suffix(".js").read_text(encoding="utf-8")
			for kind in kinds:
				self.assertIn(f'"{kind}"', script)

	def test_results_are_json(self):
		for report in REPORTS:
			json.loads(frappe.as_json(run(report, {})))

	def test_months_are_filled(self):
		self.assertEqual(months_through({"2024-11", "2025-02"}), ["2024-11", "2024-12", "2025-01", "2025-02"])
		self.assertEqual(months_through([]), [])


class TestIndicatorAttainment(ReportTestCase):
	report = indicator_attainment

	def setUp(self):
		super().setUp()
		self.programme = factories.make_programme().name

	def evaluate(self, *results: dict, submit: bool = True, **values):
		evaluation = frappe.get_doc(
			{
				"doctype": "Support Evaluation",
				"purpose": "Annual",
				"evaluated_on": "2019-12-31",
				"programme": self.programme,
				"indicator_results": [
					{"indicator": factories.make_indicator().name, **row} for row in results
				],
				**values,
			}
		).insert()
		if submit:
			evaluation.submit()
		return evaluation

	def test_figures_by_hand(self):
		lower = factories.make_indicator("Test Crises", direction="Lower is better").name
		self.evaluate(
			{"baseline": 0.35, "target": 0.8, "actual": 0.82},
			{"indicator": lower, "baseline": 0.05, "target": 0.01, "actual": 0.006},
		)
		higher, crises = self.rows(programme=self.programme)
		self.assertEqual((higher["attainment"], higher["gap_closed"]), ("102.5%", "104.4%"))
		self.assertAlmostEqual(higher["attainment_ratio"], 1.025)
		self.assertAlmostEqual(higher["gap_closed_ratio"], 0.47 / 0.45)
		self.assertEqual([higher[name] for name in ("baseline", "target", "actual")], ["35%", "80%", "82%"])
		self.assertEqual(
			(crises["attainment"], crises["gap_closed"], crises["is_met"]), ("—", "110.0%", True)
		)
		self.assertEqual(crises["actual"], "0.6%")

	def test_units(self):
		for unit, shown in (
			("pp", "12 pp"),
			("Relative %", "12%"),
			("Points", "0.12"),
			("Person-times", "0.12"),
		):
			indicator = factories.make_indicator(f"Test {unit}", unit=unit).name
			self.evaluate({"indicator": indicator, "actual": 0.12})
			self.assertEqual(self.rows(programme=self.programme)[0]["actual"], shown)

	def test_what_is_not_known_is_a_dash(self):
		self.evaluate(
			{"baseline": 0.4, "actual": 0.5}, {"target": 0.5, "actual": 0}, {"has_actual": 1, "target": 0.5}
		)
		no_target, no_actual, zero = self.rows(programme=self.programme)
		for name in ("target", "attainment", "gap_closed", "met"):
			self.assertEqual(no_target[name], "—")
		self.assertIsNone(no_target["attainment_ratio"])
		self.assertEqual((no_actual["actual"], no_actual["met"]), ("—", "—"))
		self.assertEqual((zero["actual"], zero["attainment"], zero["is_met"]), ("0%", "0.0%", False))

	def test_a_negative_gap_is_shown(self):
		self.evaluate({"baseline": 0.4, "target": 0.5, "actual": 0.35})
		(row,) = self.rows(programme=self.programme)
		self.assertEqual((row["gap_closed"], row["is_met"]), ("-50.0%", False))

	def test_a_target_equal_to_the_baseline_closes_no_gap(self):
		self.evaluate({"baseline": 0.5, "target": 0.5, "actual": 0.5})
		(row,) = self.rows(programme=self.programme)
		self.assertEqual((row["gap_closed"], row["attainment"], row["is_met"]), ("—", "100.0%", True))

	def test_the_newest_submitted_evaluation_of_the_purpose(self):
		self.evaluate({"actual": 0.1}, evaluated_on="2019-11-30")
		self.evaluate({"actual": 0.2}, evaluated_on="2019-12-31")
		self.evaluate({"actual": 0.3}, evaluated_on="2020-01-31", submit=False)
		self.evaluate({"actual": 0.4}, evaluated_on="2020-02-28", purpose="Term")
		student = factories.make_student().name
		self.evaluate({"actual": 0.5}, evaluated_on="2020-03-31", student=student)
		self.assertEqual([row["actual"] for row in self.rows(programme=self.programme)], ["20%"])
		self.assertEqual(
			[row["actual"] for row in self.rows(programme=self.programme, purpose="Term")], ["40%"]
		)

	def test_chart_and_summary(self):
		self.evaluate(
			{"baseline": 0.4, "target": 0.5, "actual": 0.6}, {"target": 0.5, "actual": 0.25}, {"actual": 0.3}
		)
		chart, summary = self.report.execute({"programme": self.programme})[3:]
		self.assertEqual(
			[dataset["values"] for dataset in chart["data"]["datasets"]], [[120.0, 50.0], [200.0, None]]
		)
		self.assertEqual([card["value"] for card in summary], [1, 1, 1])

	def test_a_coordinator_sees_programmes_of_own_school_and_of_no_single_school(self):
		here, there = factories.make_school().name, factories.make_school("Other School").name
		self.evaluate({"actual": 0.1})
		for school in (here, there):
			self.evaluate({"actual": 0.2}, programme=factories.make_programme(school=school).name)
		everywhere = self.programme
		with self.set_user(factories.make_user("Bangfu Coordinator", school=here)):
			rows = run("Indicator Attainment", {})["result"]
			schools = {frappe.db.get_value("Support Programme", row["programme"], "school") for row in rows}
			self.assertNotIn(there, schools)
			self.assertIn(here, schools)
			self.assertIn(everywhere, {row["programme"] for row in rows})
			self.assertEqual(self.rows(school=there), [])

	def test_queries_do_not_grow(self):
		self.evaluate(*[{"actual": 0.1}] * 2)
		few = self.queries()
		for _programme in range(5):
			self.evaluate(*[{"actual": 0.1}] * 3, programme=factories.make_programme().name)
		self.assertEqual(self.queries(), few)
		self.assertLessEqual(few, 3)


class TestSupportLedger(ReportTestCase):
	report = support_ledger

	def setUp(self):
		super().setUp()
		self.students = [factories.make_student() for _ in range(2)]
		self.a, self.b = (student.name for student in self.students)

	def held(self, *students: str, **values):
		return factories.make_session(list(students), **({"session_date": "2019-03-01"} | values))

	def give(self, student: str, qty: float = 2, **values):
		item = factories.make_item(f"Item {factories.serial()}").name
		factories.make_donation(item, 10, 18.5, donation_date="2019-01-01")
		return factories.make_distribution(item, student, qty, distribution_date="2019-04-01", **values)

	def test_one_row_for_each_who_attended(self):
		supporter = factories.make_supporter()
		roster = [{"student": self.a}, {"student": self.b, "state": "Absent"}]
		session = self.held(attendance=roster, supporters=[{"supporter": supporter.name}], minutes=40)
		(row,) = self.rows(**YEAR)
		self.assertEqual((row.student, row.date, row.minutes), (self.a, date(2019, 3, 1), 40))
		self.assertEqual((row.supporters, row.subject), (supporter.supporter_name, session.theme))
		self.assertEqual((row.record_doctype, row.record), ("Support Session", session.name))

	def test_a_session_without_roster_is_one_row(self):
		self.held(headcount=13)
		(row,) = self.rows(**YEAR)
		self.assertEqual((row.student, row.student_name, row.person_times), (None, "—", 13))
		self.assertEqual(self.summary(**YEAR)["Persons"], "—")
		self.assertEqual(self.rows(student=self.a, **YEAR), [])

	def test_goods_stand_beside_sessions(self):
		self.held(self.a)
		distribution = self.give(self.a)
		session, goods = self.rows(**YEAR)
		self.assertEqual((goods.record_doctype, goods.record), ("Aid Distribution", distribution.name))
		self.assertEqual((goods.qty, goods.value, goods.student), (2, 37, self.a))
		self.assertEqual([row.kind for row in self.rows(session_kind="Aid", **YEAR)], ["Aid"])
		self.assertEqual(self.rows(session_kind="Tutoring", **YEAR), [session])

	def test_drafts_and_goods_taken_back_are_not_listed(self):
		self.give(self.a, submit=False)
		self.give(self.a).cancel()
		self.held(self.a, status="Planned")
		self.assertEqual(self.rows(**YEAR), [])

	def test_filters(self):
		self.held(self.a, self.b)
		self.held(self.b, session_date="2019-05-01", session_kind="Activity")
		self.assertEqual(len(self.rows(**YEAR)), 3)
		self.assertEqual([row.student for row in self.rows(student=self.a, **YEAR)], [self.a])
		self.assertEqual([row.student for row in self.rows(session_kind="Activity", **YEAR)], [self.b])
		self.assertEqual(len(self.rows(from_date="2019-04-01", to_date="2019-12-31")), 1)
		self.assertEqual(len(self.rows(school=factories.make_school().name, **YEAR)), 3)
		self.assertEqual(self.rows(school=factories.make_school("Other School").name, **YEAR), [])

	def test_summary_and_chart_count_a_session_once(self):
		self.held(self.a, self.b, minutes=45)
		self.held(self.a, minutes=90, session_date="2019-05-01")
		self.give(self.b)
		self.assertEqual(
			self.summary(**YEAR),
			{"Persons": 2, "Person-times": 3, "Minutes": 135, "Class Hours": 3, "Value of Goods": 37},
		)
		data = self.report.execute(YEAR)[3]["data"]
		self.assertEqual(data["labels"], ["2019-03", "2019-04", "2019-05"])
		self.assertEqual(data["datasets"][0]["values"], [45, 0, 90])

	def test_a_class_teacher_sees_own_students_only(self):
		teacher, other = factories.make_user("Class Teacher"), factories.make_user("Class Teacher")
		mine = factories.make_student(head_teacher=teacher).name
		session = self.held(mine, self.a)
		for user, seen in ((teacher, [mine]), (other, [])):
			with self.set_user(user):
				rows = run("Support Ledger", YEAR)["result"]
				self.assertEqual([row.student for row in rows if row.record == session.name], seen)

	def test_a_supporter_sees_students_as_long_as_the_pairing_lasts(self):
		user = factories.make_user("Supporter")
		supporter = factories.make_supporter(user=user).name
		team = [*factories.make_team(), {"supporter": supporter, "member_role": "Volunteer"}]
		pairing = factories.make_pairing(self.a, members=team)
		self.held(self.a, self.b, supporters=[{"supporter": supporter}])
		self.give(self.a)
		with self.set_user(user):
			self.assertEqual([row.student for row in self.rows(**YEAR)], [self.a])
			self.assertEqual({row.record_doctype for row in self.rows(**YEAR)}, {"Support Session"})
		frappe.db.set_value("Pairing", pairing.name, "status", "Ended")
		with self.set_user(user):
			self.assertEqual(self.rows(**YEAR), [])

	def test_a_coordinator_of_another_school_sees_nothing(self):
		self.held(self.a)
		self.held(headcount=5, school=factories.make_school().name)
		self.give(self.a)
		other = factories.make_school("Other School").name
		for school, count in ((other, 0), (factories.make_school().name, 3)):
			with self.set_user(factories.make_user("Bangfu Coordinator", school=school)):
				self.assertEqual(len(run("Support Ledger", YEAR)["result"]), count)

	def test_queries_do_not_grow(self):
		def add(count: int):
			for _session in range(count):
				supporters = [{"supporter": factories.make_supporter().name}]
				self.held(self.a, self.b, supporters=supporters)
				self.held(headcount=4)
				self.give(self.a)

		add(1)
		few = self.queries(**YEAR)
		add(5)
		self.assertEqual(self.queries(**YEAR), few)
		self.assertLessEqual(few, 6)


class TestAidStock(ReportTestCase):
	report = aid_stock

	def setUp(self):
		super().setUp()
		self.item = factories.make_item(f"Item {factories.serial()}", uom="本").name
		self.student = factories.make_student().name

	def test_figures_by_hand(self):
		factories.make_donation(self.item, 180, 18.5, donation_date="2019-01-01")
		factories.make_donation(self.item, 20, 20.25, donation_date="2019-02-01")
		factories.make_distribution(self.item, self.student, 190, distribution_date="2019-03-10")
		(row,) = self.rows(item=self.item)
		self.assertEqual((row["received"], row["distributed"], row["balance"]), (200, 190, 10))
		self.assertEqual(row["value_received"], 3735.0)
		self.assertEqual(row["value_distributed"], 3532.5)
		self.assertEqual(row["value_left"], 202.5)
		self.assertEqual((row["uom"], row["unit_values"]), ("本", "18.50 / 20.25"))
		self.assertEqual(row["last_distribution"], date(2019, 3, 10))

	def test_cents_do_not_drift(self):
		for _donation in range(10):
			factories.make_donation(self.item, 3, 0.1)
		factories.make_distribution(self.item, self.student, 29)
		(row,) = self.rows(item=self.item)
		self.assertEqual(
			(row["value_received"], row["value_distributed"], row["value_left"]), (3.0, 2.9, 0.1)
		)

	def test_a_row_for_each_donor(self):
		for donor, qty in (("Donor A", 3), ("Donor B", 5)):
			factories.make_donation(self.item, qty, 10, donor=factories.make_partner(donor).name)
		factories.make_distribution(self.item, self.student, 4)
		left = {row["donor"]: (row["received"], row["balance"]) for row in self.rows(item=self.item)}
		self.assertEqual(left, {"Donor A": (3, 0), "Donor B": (5, 4)})
		self.assertEqual([row["donor"] for row in self.rows(item=self.item, donor="Donor B")], ["Donor B"])

	def test_goods_given_back_are_in_stock_and_never_given(self):
		factories.make_donation(self.item, 3)
		factories.make_distribution(self.item, self.student, 3).cancel()
		(row,) = self.rows(item=self.item)
		self.assertEqual((row["balance"], row["last_distribution"]), (3, None))

	def test_days_of_donation(self):
		factories.make_donation(self.item, 3, donation_date="2019-01-01")
		factories.make_donation(self.item, 5, donation_date="2019-06-01")
		self.assertEqual(self.rows(item=self.item, from_date="2019-02-01")[0]["received"], 5)
		self.assertEqual(self.rows(item=self.item, to_date="2019-02-01")[0]["received"], 3)
		self.assertEqual(self.rows(item=self.item, from_date="2019-07-01"), [])

	def test_chart_and_summary(self):
		factories.make_donation(self.item, 10, 7)
		factories.make_distribution(self.item, self.student, 4)
		chart, summary = self.report.execute({"item": self.item})[3:]
		self.assertEqual([dataset["values"] for dataset in chart["data"]["datasets"]], [(10.0,), (4.0,)])
		self.assertEqual([card["value"] for card in summary], [1, 70, 28, 42])

	def test_queries_do_not_grow(self):
		factories.make_donation(self.item, 3)
		few = self.queries()
		for _donation in range(10):
			item = factories.make_item(f"Item {factories.serial()}").name
			factories.make_donation(item, 3)
			factories.make_distribution(item, self.student, 1)
		self.assertEqual(self.queries(), few)
		self.assertLessEqual(few, 6)


class TestSessionStatistics(ReportTestCase):
	report = session_statistics

	def setUp(self):
		super().setUp()
		self.a, self.b = (factories.make_student().name for _ in range(2))

	def held(self, *students: str, **values):
		return factories.make_session(list(students), **({"session_date": "2019-03-01"} | values))

	def hold_a_year(self):
		self.held(self.a, self.b)
		self.held(self.a, session_date="2019-05-31", minutes=90)
		self.held(headcount=30, session_kind="Parent School", minutes=60)
		self.held(self.b, session_kind="Parent School", minutes=60)

	def test_by_kind(self):
		self.hold_a_year()
		tutoring, parents = self.rows(**YEAR)
		figures = ("key", "events", "person_times", "persons", "minutes", "class_hours", "without_roster")
		self.assertEqual([tutoring[name] for name in figures], ["Tutoring", 2, 3, 2, 135, 3.0, 0])
		self.assertEqual([parents[name] for name in figures], ["Parent School", 2, 31, "—", 120, 2.67, 1])

	def test_by_month(self):
		self.hold_a_year()
		_columns, rows, _message, chart, _summary = self.report.execute({"group_by": "Month", **YEAR})
		counted = [(row["group"], row["events"], row["persons"]) for row in rows]
		self.assertEqual(counted, [("2019-03", 3, "—"), ("2019-04", 0, 0), ("2019-05", 1, 1)])
		self.assertEqual(chart["type"], "line")
		self.assertEqual(chart["data"]["datasets"][0]["values"], [3, 0, 1])

	def test_by_point(self):
		point = frappe.get_doc({"doctype": "Service Point", "point_name": "Test Point"}).insert().name
		self.held(self.a, service_point=point)
		self.held(self.b)
		rows = self.rows(group_by="Service Point", **YEAR)
		self.assertEqual(
			[(row["group"], row["events"]) for row in rows], [("No Service Point", 1), (point, 1)]
		)
		self.assertEqual(len(self.rows(service_point=point, **YEAR)), 1)

	def test_persons_of_the_summary_are_counted_once(self):
		self.held(self.a, self.b)
		self.held(self.a, session_kind="Activity")
		expected = {"Events Held": 2, "Person-times": 3, "Persons": 2, "Class Hours": 2}
		self.assertEqual(self.summary(**YEAR), expected)

	def test_without_dates_the_year_of_the_newest_session(self):
		frappe.db.delete("Support Session", {"session_date": [">", "2019-12-31"]})
		self.held(self.a, session_date="2018-12-31")
		self.held(self.b, session_date="2019-06-01")
		_columns, rows, message, _chart, _summary = self.report.execute({})
		self.assertEqual(sum(row["events"] for row in rows), 1)
		self.assertIn("2019", message)

	def test_rights(self):
		self.held(self.a, school=factories.make_school().name)
		other = factories.make_school("Other School").name
		teacher = factories.make_user("Class Teacher")
		mine = factories.make_student(head_teacher=teacher).name
		self.held(mine, school=factories.make_school().name, session_kind="Activity")
		for user, kinds in (
			(factories.make_user("Bangfu Coordinator"), ["Tutoring", "Activity"]),
			(factories.make_user("Bangfu Coordinator", school=other), []),
			(teacher, ["Activity"]),
			(factories.make_user("Supporter"), []),
		):
			with self.subTest(user=user), self.set_user(user):
				self.assertEqual([row["key"] for row in run("Session Statistics", YEAR)["result"]], kinds)

	def test_queries_do_not_grow(self):
		self.held(self.a)
		few = self.queries(**YEAR)
		for kind in ("Activity", "Training", "Home Visit", "Parent School"):
			self.held(self.a, self.b, session_kind=kind)
			self.held(headcount=3, session_kind=kind, session_date="2019-04-01")
		self.assertEqual(self.queries(**YEAR), few)
		self.assertLessEqual(few, 3)


class TestStudentStatistics(ReportTestCase):
	report = student_statistics

	def setUp(self):
		super().setUp()
		self.teacher = factories.make_user("Class Teacher")
		needs = [
			{"need_category": factories.make_need_category(name, neutral_name=f"Neutral {name}").name}
			for name in ("One", "Two")
		]
		factories.make_student("In Support", head_teacher=self.teacher, needs=needs)
		factories.make_student("School Review", needs=needs[:1])
		factories.make_student("Draft", school=factories.make_school("Second School").name)

	def test_by_stage_of_work(self):
		rows = self.rows()
		self.assertEqual([row["total"] for row in rows], [1, 1, 1])
		self.assertEqual(sum(row["waiting"] for row in rows), 1)
		self.assertEqual(sum(row["in_support"] for row in rows), 1)

	def test_a_student_with_two_focuses_is_in_both_and_counted_once(self):
		rows = self.rows(group_by="Focus of Support")
		self.assertEqual(self.row(rows, group="Neutral One")["total"], 2)
		self.assertEqual(self.row(rows, group="Neutral Two")["total"], 1)
		self.assertEqual(self.summary(group_by="Focus of Support")["Student Files"], 3)

	def test_a_class_teacher_counts_own_students(self):
		with self.set_user(self.teacher):
			self.assertEqual(self.summary()["Student Files"], 1)
		with self.set_user(factories.make_user("Class Teacher")):
			self.assertEqual(self.rows(), [])

	def test_a_coordinator_of_one_school_counts_its_students(self):
		with self.set_user(factories.make_user("Bangfu Coordinator", school="Second School")):
			self.assertEqual(self.summary()["Student Files"], 1)

	def test_an_unknown_grouping_is_refused(self):
		self.assertRaises(frappe.ValidationError, self.rows, group_by="id_number")

	def test_queries_do_not_grow(self):
		few = self.queries(group_by="School")
		for number in range(3):
			factories.make_student("Draft", school=factories.make_school(f"School {number}").name)
		self.assertEqual(self.queries(group_by="School"), few)
