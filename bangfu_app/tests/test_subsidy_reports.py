"""Subsidy Register: what was granted and where it got to, by role, to the cent, without a query per row."""

import frappe
from frappe.desk.query_report import run

from bangfu_app.bangfu_app.report.subsidy_register import subsidy_register
from bangfu_app.tests import factories
from bangfu_app.tests.test_reports import ReportTestCase


class TestSubsidyRegister(ReportTestCase):
	report = subsidy_register

	def setUp(self):
		super().setUp()
		self.near, self.far = (factories.make_school(f"School {factories.serial()}").name for _n in range(2))
		self.students = [
			factories.make_student(school=school).name for school in (self.near, self.near, self.far)
		]
		self.scheme = factories.make_scheme(amount=500.05).name
		factories.make_payee_account(self.students[0])
		self.batch = factories.make_batch(self.scheme, *self.students)
		self.set_row(0, status="Paid", paid_on="2019-01-20")
		self.set_row(1, status="Paid", paid_on="2019-03-05")

	def set_row(self, place: int, **values) -> None:
		"""As the payments leave a row."""
		frappe.db.set_value("Subsidy Batch Row", self.batch.rows[place].name, values)

	def test_each_student_of_a_batch_is_a_row(self):
		rows = self.rows(scheme=self.scheme)
		self.assertEqual([row["student"] for row in rows], self.students)
		first = rows[0]
		account = frappe.get_doc("Payee Account", self.batch.rows[0].payee_account)
		self.assertEqual((first["payee_name"], first["account"]), (account.payee_name, account.account))
		self.assertIn("*", first["account"])
		self.assertEqual(
			(first["amount"], first["status"], str(first["paid_on"]), first["batch"], first["school"]),
			(500.05, "Paid", "2019-01-20", self.batch.name, self.near),
		)

	def test_what_is_not_approved_is_not_granted(self):
		scheme = factories.make_scheme().name
		factories.make_batch(scheme, self.students[0], approved=False)
		self.assertEqual(self.rows(scheme=scheme), [])

	def test_filters(self):
		expected = {
			"school": (self.far, 1),
			"status": ("Due", 1),
			"batch": (self.batch.name, 3),
			"fund": (self.batch.fund, 3),
			"period": ("Once", 3),
			"from_date": ("2019-02-01", 1),
			"to_date": ("2019-02-01", 1),
		}
		for name, (value, count) in expected.items():
			with self.subTest(name=name):
				self.assertEqual(len(self.rows(scheme=self.scheme, **{name: value})), count)

	def test_sums_are_exact_and_leave_out_what_was_withdrawn(self):
		self.assertEqual(
			self.summary(scheme=self.scheme),
			{"Students": 3, "Granted": 1500.15, "Paid": 1000.1, "Still to Pay": 500.05},
		)
		self.set_row(2, status="Withdrawn")
		self.assertEqual(
			self.summary(scheme=self.scheme),
			{"Students": 2, "Granted": 1000.1, "Paid": 1000.1, "Withdrawn": 500.05},
		)

	def test_the_chart_shows_each_month(self):
		data = self.report.execute({"scheme": self.scheme})[3]["data"]
		self.assertEqual(data["labels"], ["2019-01", "2019-02", "2019-03"])
		self.assertEqual(data["datasets"][0]["values"], [500.05, 0, 500.05])

	def test_a_coordinator_sees_the_rows_of_the_own_school(self):
		for school, count in ((self.near, 2), (self.far, 1)):
			with self.subTest(school=school):
				with self.set_user(factories.make_user("Bangfu Coordinator", school=school)):
					rows = self.rows(scheme=self.scheme)
				self.assertEqual([row["school"] for row in rows], [school] * count)

	def test_finance_sees_payee_and_money(self):
		with self.set_user(factories.make_user("Bangfu Finance")):
			result = run("Subsidy Register", {"scheme": self.scheme})
		self.assertTrue(
			{"payee_name", "account", "amount"} <= {col["fieldname"] for col in result["columns"]}
		)
		self.assertEqual(
			len([row for row in result["result"] if isinstance(row, dict) and row.get("student")]), 3
		)

	def test_helpers_and_teachers_do_not(self):
		for role in ("Class Teacher", "Supporter", "Counsellor"):
			with self.subTest(role=role), self.set_user(factories.make_user(role)):
				self.assertRaises(frappe.PermissionError, run, "Subsidy Register", {})

	def test_more_rows_take_no_more_queries(self):
		before = self.queries(scheme=self.scheme)
		factories.make_batch(self.scheme, *[factories.make_student(school=self.near).name for _n in range(3)])
		self.assertEqual(self.queries(scheme=self.scheme), before)

	def test_without_data_nothing_breaks(self):
		columns, rows, _message, chart, summary = self.report.execute({"scheme": "None of this name"})
		self.assertTrue(columns and summary)
		self.assertEqual((rows, chart), ([], None))
