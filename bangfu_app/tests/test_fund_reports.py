"""Fund Use and Donor Statement: figures worked out by hand, rights, no student told, no query per row."""

import frappe
from frappe.desk.query_report import run

from bangfu_app.bangfu_app.report.donor_statement import donor_statement
from bangfu_app.bangfu_app.report.fund_use import fund_use
from bangfu_app.money import funds
from bangfu_app.tests import factories
from bangfu_app.tests.test_funds import store_batch
from bangfu_app.tests.test_reports import ReportTestCase


class TestFundUse(ReportTestCase):
	report = fund_use

	def setUp(self):
		super().setUp()
		self.fund = factories.make_fund(
			1000, from_date="2019-01-01", to_date="2019-12-31", source_type="Foundation"
		).name
		days = {"from_date": "2019-03-01", "to_date": "2019-06-30"}
		budget = factories.make_fund_budget(self.fund, 300, **days).name
		factories.make_spending(budget, 120.05, spent_on="2019-04-10")
		store_batch(self.fund, (100, "Paid", "2019-06-01"), (60.5, "Failed", None))
		factories.make_money(self.fund, 80, donation_date="2019-02-01")

	def test_figures_by_hand(self):
		(row,) = self.rows(fund=self.fund)
		names = ("limit", "received", "committed", "paid", "left", "used")
		self.assertEqual([row[name] for name in names], [1000, 80, 240.45, 220.05, 539.5, 46.0])

	def test_figures_are_those_of_the_fund(self):
		for row in self.rows():
			now = funds.balance(row["fund"])
			for name in fund_use.FIGURES:
				self.assertEqual(funds.money(row[name]), getattr(now, name))

	def test_by_month(self):
		rows = self.rows(fund=self.fund, by_month=1)
		months = [(row["month"], row["received"], row["paid"]) for row in rows[1:]]
		self.assertEqual(months, [("2019-02", 80, 0), ("2019-04", 0, 120.05), ("2019-06", 0, 100)])
		self.assertEqual(sum(row["paid"] for row in rows[1:]), rows[0]["paid"])

	def test_filters(self):
		other = factories.make_fund(from_date="2018-01-01", to_date="2018-12-31").name
		for filters in (
			{"from_date": "2019-01-01"},
			{"source_type": "Foundation"},
			{"from_date": "2019-12-31", "to_date": "2020-12-31"},
		):
			with self.subTest(filters=filters):
				found = [row["fund"] for row in self.rows(**filters)]
				self.assertIn(self.fund, found)
				self.assertNotIn(other, found)

	def test_chart_and_summary(self):
		period = {"from_date": "2019-01-01", "to_date": "2019-12-31"}
		by_fund = fund_use.execute(period)[3]["data"]
		place = by_fund["labels"].index(self.fund)
		self.assertEqual([each["values"][place] for each in by_fund["datasets"]], [220.05, 240.45, 539.5])
		by_month = fund_use.execute({"fund": self.fund})[3]["data"]
		self.assertEqual(by_month["labels"][0::4], ["2019-02", "2019-06"])
		self.assertEqual(by_month["datasets"][1]["values"], [0, 0, 120.05, 0, 100])
		self.assertEqual(self.summary(fund=self.fund, by_month=1)[frappe._("Left")], 539.5)

	def test_a_coordinator_sees_funds_of_own_school_and_of_none(self):
		near, far = factories.make_school("Near School").name, factories.make_school("Far School").name
		own, others = (factories.make_fund(school=school).name for school in (near, far))
		with self.set_user(factories.make_user("Bangfu Coordinator", school=near)):
			found = {row["fund"] for row in run("Fund Use", {})["result"] if isinstance(row, dict)}
		self.assertLessEqual({self.fund, own}, found)
		self.assertNotIn(others, found)

	def test_queries_do_not_grow(self):
		before = self.queries(by_month=1)
		for _number in range(5):
			factories.make_fund_budget(factories.make_fund().name, 10)
		self.assertEqual(self.queries(by_month=1), before)


class TestDonorStatement(ReportTestCase):
	report = donor_statement

	def setUp(self):
		super().setUp()
		self.donor = factories.make_partner(f"Donor {factories.serial()}").name
		self.item = factories.make_item(f"Item {factories.serial()}").name
		self.donation = factories.make_donation(self.item, 20, 10, donor=self.donor)

	def hand_out(self, students: int) -> list[str]:
		names = [factories.make_student("Draft").name for _number in range(students)]
		for student in names:
			factories.make_distribution(self.item, student, 1, donation=self.donation.name)
		return names

	def statement(self) -> list[dict]:
		return self.rows(donor=self.donor)

	def move(self, doctype: str, qty: float, **values) -> None:
		"""A line as it stands in the database, whatever rules its document has."""
		line = {"doctype": doctype, "donation_line": self.donation.items[0].name, "qty": qty, "docstatus": 1}
		frappe.get_doc(line | {"item": self.item, "donor": self.donor} | values).db_insert()

	def test_what_became_of_the_goods(self):
		self.hand_out(6)
		self.move("Aid Distribution Item", 4, partner=factories.make_partner().name)
		self.move("Aid Return Item", 2, outcome="Back in Stock")
		self.move("Aid Return Item", 1, outcome="Lost")
		self.move("Aid Write Off Item", 3)
		(row,) = self.statement()
		names = ("qty", "value", "to_students", "students", "to_partners", "returned", "lost", "written_off")
		self.assertEqual([row[name] for name in names], [20, 200, 6, 6, 4, 2, 1, 3])
		self.assertEqual((row["left"], row["value_left"]), (9, 90))

	def test_drafts_do_not_count(self):
		factories.make_distribution(self.item, factories.make_student("Draft").name, 5, submit=False)
		(row,) = self.statement()
		self.assertEqual((row["to_students"], row["students"], row["left"]), (0, 0, 20))

	def test_few_students_are_not_counted(self):
		self.hand_out(4)
		(row,) = self.statement()
		self.assertEqual(row["students"], "*")
		self.assertEqual(self.summary(donor=self.donor)[frappe._("Students Reached")], "*")

	def test_a_student_reached_twice_is_one(self):
		student = factories.make_student("Draft").name
		for _number in range(6):
			factories.make_distribution(self.item, student, 1, donation=self.donation.name)
		self.assertEqual(self.statement()[0]["students"], "*")

	def test_no_student_is_told(self):
		names = self.hand_out(6)
		told = frappe.as_json(donor_statement.execute({"donor": self.donor}))
		for name in names:
			self.assertNotIn(name, told)
			for field in ("student_name", "alias"):
				value = frappe.db.get_value("Student File", name, field)
				self.assertFalse(value and value in told)

	def test_money_and_the_use_of_its_fund(self):
		fund = factories.make_fund(0, limit_by="Money Received").name
		factories.make_money(fund, 150, donor=self.donor, donation_date="2025-03-01")
		factories.make_money(fund, 50)
		budget = factories.make_fund_budget(fund, 100).name
		factories.make_spending(budget, 25)
		row = self.row(self.statement(), fund=fund)
		self.assertEqual((row["value"], row["fund_committed"], row["fund_paid"]), (150, 37.5, 12.5))
		summary = self.summary(donor=self.donor)
		self.assertEqual((summary[frappe._("Value of Goods")], summary[frappe._("Money")]), (200, 150))

	def test_period_and_donor(self):
		factories.make_donation(self.item, 1, donor=self.donor, donation_date="2024-05-05")
		period = {"from_date": "2024-05-05", "to_date": "2024-12-31"}
		(row,) = self.rows(donor=self.donor, **period)
		self.assertEqual(row["qty"], 1)
		self.assertEqual(self.rows(donor=factories.make_partner("Another").name, **period), [])

	def test_a_coordinator_sees_donations_of_own_school_and_of_none(self):
		near, far = factories.make_school("Near School").name, factories.make_school("Far School").name
		for school, value in ((near, 1), (far, 2)):
			factories.make_donation(self.item, value, donor=self.donor, school=school)
		with self.set_user(factories.make_user("Bangfu Coordinator", school=near)):
			self.assertEqual(sorted(row["qty"] for row in self.statement()), [1, 20])

	def test_queries_do_not_grow(self):
		self.hand_out(1)
		before = self.queries(donor=self.donor)
		for _number in range(4):
			factories.make_donation(self.item, 2, donor=self.donor)
		self.hand_out(3)
		self.assertEqual(self.queries(donor=self.donor), before)
