"""The Aid Ledger: each movement once, to the cent, of what its reader may read, and by no child's name."""

from datetime import date

import frappe
from frappe.desk.query_report import run
from frappe.utils import getdate

from bangfu_app.bangfu_app.report.aid_ledger import aid_ledger
from bangfu_app.tests import factories
from bangfu_app.tests.test_reports import ReportTestCase as _ReportTestCase

YEAR = {"from_date": "2019-01-01", "to_date": "2019-12-31"}


def submitted(doctype: str, **values) -> str:
	"""A record as stored, without the rules of its DocType, which have tests of their own."""
	doc = frappe.get_doc({"doctype": doctype, **values})
	doc.update({"docstatus": 1})
	doc.set_new_name(set_child_names=True)
	doc.set_parent_in_children()
	for child in doc.get_all_children():
		child.docstatus = 1
		child.db_insert()
	doc.db_insert()
	return doc.name


class TestAidLedger(_ReportTestCase):
	report = aid_ledger

	def setUp(self):
		super().setUp()
		self.file = factories.make_student(alias="Little Oak", student_name="Plainly Named")
		self.student = self.file.name
		self.item = factories.make_item(f"Item {factories.serial()}", lendable=1, uom="本").name
		self.donor = factories.make_partner("Donor of Books").name
		self.donation = factories.make_donation(
			self.item, 10, 12.35, donation_date="2019-02-01", donor=self.donor
		)

	def give(self, qty: float = 4, **values):
		loan = {"transfer": "Loan", "due_back": "2019-12-31"}
		return factories.make_distribution(
			self.item,
			values.pop("student", self.student),
			qty,
			distribution_date="2019-03-01",
			**loan,
			**values,
		)

	def make_fund(self) -> str:
		values = {"from_date": "2019-01-01", "to_date": "2019-12-31", "limit_by": "Budget", "budget": 9000}
		return submitted("Aid Fund", fund_name=f"Fund {factories.serial()}", **values)

	def pay(self, fund: str, **values) -> str:
		batch = submitted("Subsidy Batch", title="Spring", fund=fund)
		rows = [
			{
				"student": self.student,
				"amount": 300,
				"result": "Paid",
				"paid_on": "2019-05-02",
				"payee_name": "N. N.",
			},
			{"student": self.student, "amount": 99, "result": "Failed", "payee_name": "N. N."},
		]
		return submitted(
			"Subsidy Payment", batch=batch, fund=fund, payment_date="2019-05-01", rows=rows, **values
		)

	def test_the_way_of_the_goods(self):
		distribution = self.give()
		returned = factories.make_return(distribution, 1, return_date="2019-06-01")
		factories.make_return(distribution, 1, return_date="2019-06-02", outcome="Lost")
		write_off = factories.make_write_off(self.item, 2, write_off_date="2019-07-01")
		rows = self.rows(item=self.item, **YEAR)
		self.assertEqual(
			[(row.kind, row.document, row.qty, row.value_in, row.value_out) for row in rows],
			[
				("Receipt", self.donation.name, 10, 123.5, None),
				("Handed Out", distribution.name, -4, None, 49.4),
				("Returned", returned.name, 1, 12.35, None),
				("Written Off", write_off.name, -2, None, 24.7),
			],
		)
		self.assertEqual({row.donor for row in rows}, {self.donor})
		self.assertEqual({row.donation for row in rows}, {self.donation.name})
		self.assertEqual(
			self.summary(item=self.item, **YEAR),
			{
				"Goods In": 135.85,
				"Goods Out": 74.1,
				"Money In": 0,
				"Money Out": 0,
				"Students Reached": 1,
				"Days to the Receiver": 28,
			},
		)

	def test_the_way_of_the_money(self):
		fund = self.make_fund()
		received = submitted(
			"Aid Donation",
			kind="Money",
			donor=self.donor,
			donation_date="2019-04-01",
			fund=fund,
			money_amount=5000,
		)
		payment = self.pay(fund)
		spending = submitted("Fund Spending", fund=fund, spent_on="2019-06-01", amount=80.05, purpose="Buses")
		rows = self.rows(fund=fund, **YEAR)
		self.assertEqual(
			[(row.kind, row.document, row.value_in, row.value_out, row.alias) for row in rows],
			[
				("Money Received", received, 5000, None, None),
				("Subsidy Paid", payment, None, 300, "Little Oak"),
				("Spending", spending, None, 80.05, None),
			],
		)
		self.assertEqual(getdate(rows[1].date), date(2019, 5, 2))
		self.assertEqual(self.summary(fund=fund, **YEAR)["Money Out"], 380.05)

	def test_a_student_is_an_alias(self):
		self.give()
		self.pay(self.make_fund())
		with self.set_user(factories.make_user("Bangfu Finance")):
			result = run("Aid Ledger", YEAR)
		self.assertNotIn("Plainly Named", frappe.as_json(result))
		self.assertNotIn("N. N.", frappe.as_json(result))
		self.assertIn("Little Oak", frappe.as_json(result))

	def test_days_from_the_gift_to_the_hands(self):
		distribution = self.give()
		(row,) = self.rows(kind="Handed Out", item=self.item, **YEAR)
		self.assertEqual(row.lead_days, 28)
		distribution.items[0].received_on = "2019-03-04"
		distribution.save()
		(row,) = self.rows(kind="Handed Out", item=self.item, **YEAR)
		self.assertEqual(row.lead_days, 31)

	def test_filters(self):
		other = factories.make_student(school=factories.make_school("Other School").name).name
		self.give()
		self.give(2, student=other)
		for filters, kinds in (
			({"donation": self.donation.name}, ["Receipt", "Handed Out", "Handed Out"]),
			({"student": self.student, "item": self.item}, ["Handed Out"]),
			({"school": "Other School", **YEAR}, ["Handed Out"]),
			({"kind": "Receipt", "item": self.item, **YEAR}, ["Receipt"]),
			({"donor": factories.make_partner("Nobody").name, **YEAR}, []),
			({"item": self.item, "from_date": "2019-03-02"}, []),
			({"item": self.item, "to_date": "2019-02-28"}, ["Receipt"]),
		):
			with self.subTest(filters=filters):
				self.assertEqual([row.kind for row in self.rows(**filters)], kinds)

	def test_what_was_taken_back_is_not_in_it(self):
		self.give().cancel()
		self.give(submit=False)
		self.assertEqual([row.kind for row in self.rows(item=self.item, **YEAR)], ["Receipt"])

	def test_the_voucher_stands_beside_its_record(self):
		distribution = self.give()
		posting = {"reference_doctype": "Aid Distribution", "reference_name": distribution.name}
		for number, status in (("STE-1", "Cancelled"), ("STE-2", "Posted")):
			voucher = {"voucher_type": "Stock Entry", "voucher_no": number, "status": status}
			frappe.get_doc(
				{"doctype": "Ledger Posting", "posting_key": number, **posting, **voucher}
			).db_insert()
		receipt, handed_out = self.rows(item=self.item, **YEAR)
		self.assertEqual((receipt.voucher, handed_out.voucher), (None, "STE-2"))

	def test_a_coordinator_sees_lines_of_own_students(self):
		far = factories.make_school("Other School").name
		other = factories.make_student(school=far).name
		lines = [{"student": name, "item": self.item, "qty": 1} for name in (self.student, other)]
		self.give(items=lines)
		self.pay(self.make_fund(), school=factories.make_school().name)
		factories.make_write_off(self.item, school=factories.make_school().name, write_off_date="2019-07-01")
		for school, students, kinds in (
			(far, {other}, {"Receipt", "Handed Out"}),
			(
				factories.make_school().name,
				{self.student},
				{"Receipt", "Handed Out", "Written Off", "Subsidy Paid"},
			),
		):
			with (
				self.subTest(school=school),
				self.set_user(factories.make_user("Bangfu Coordinator", school=school)),
			):
				rows = self.rows(**YEAR)
				self.assertEqual({row.student for row in rows if row.student}, students)
				self.assertEqual({row.kind for row in rows}, kinds)

	def test_chart_by_month(self):
		self.give()
		data = self.report.execute({"item": self.item, **YEAR})[3]["data"]
		self.assertEqual(data["labels"], ["2019-02", "2019-03"])
		self.assertEqual([row["values"] for row in data["datasets"]], [[123.5, 0], [0, 49.4]])

	def test_queries_do_not_grow(self):
		self.give(1)
		few = self.queries(**YEAR)
		for _more in range(4):
			self.give(1)
		self.assertEqual(self.queries(**YEAR), few)
		self.assertLessEqual(few, 10)
