"""ERPNext's books on every site: harmless where there is no ERPNext, closed to strangers."""

import unittest

import frappe
from frappe.desk.query_report import run

from bangfu_app.bangfu_app.report.tie_out import tie_out as report
from bangfu_app.bookkeeping import backlog, check, custom_fields, documents, guard, presence
from bangfu_app.tests import BangfuTestCase, factories

WITHOUT = unittest.skipIf(presence.installed(), "ERPNext is installed on this site")


class TestEverywhere(BangfuTestCase):
	def test_strangers_neither_check_nor_post(self):
		for role in (None, "Bangfu Coordinator", "Class Teacher", "Evaluator"):
			with self.subTest(role=role), self.set_user(factories.make_user(*filter(None, [role]))):
				self.assertRaises(frappe.PermissionError, check.check_bookkeeping)
				self.assertRaises(frappe.PermissionError, backlog.post_backlog)
				self.assertRaises(frappe.PermissionError, run, "Tie-out", {})

	def test_finance_reads_the_report(self):
		with self.set_user(factories.make_user("Bangfu Finance")):
			for view in (None, "Item", "Fund", "Account"):
				self.assertTrue(run("Tie-out", {"view": view})["columns"])

	def test_documents_are_worth_what_they_do_to_stock_and_bank(self):
		item, student = factories.make_item(f"Item {factories.serial()}").name, factories.make_student().name
		donation = factories.make_donation(item, 3, 12.35, donation_date="2018-05-01")
		distribution = factories.make_distribution(item, student, 2, distribution_date="2018-05-02")
		found = {
			(doc.doctype, doc.name): doc.value for doc in documents.submitted("2018-01-01", "2018-12-31")
		}
		self.assertEqual(float(found["Aid Donation", donation.name]), 37.05)
		self.assertEqual(float(found["Aid Distribution", distribution.name]), -24.7)
		self.assertEqual(float(documents.value_of(distribution)), -24.7)

	def test_donations_of_a_day_come_before_what_is_given_out_of_them(self):
		item, student = factories.make_item(f"Item {factories.serial()}").name, factories.make_student().name
		factories.make_donation(item, 9, donation_date="2018-04-01")
		distribution = factories.make_distribution(item, student, 1, distribution_date="2018-05-01")
		donation = factories.make_donation(item, 1, donation_date="2018-05-01")
		names = [doc.name for doc in documents.submitted("2018-05-01", "2018-05-01")]
		self.assertEqual(names, [donation.name, distribution.name])

	def test_half_cents_are_rounding_and_no_difference(self):
		item = factories.make_item(f"Item {factories.serial()}").name
		factories.make_donation(item, 0.5, 12.35, donation_date="2018-06-01")
		(doc,) = documents.submitted("2018-06-01", "2018-06-01")
		self.assertEqual((str(doc.value), f"{doc.value - doc.exact:.3f}"), ("6.18", "0.005"))

	def test_every_custom_field_has_a_word_of_its_own(self):
		for doctype, fields in custom_fields.get_fields().items():
			for field in fields:
				with self.subTest(doctype=doctype, field=field["fieldname"]):
					self.assertTrue(field["label"] or field["fieldtype"] in ("Column Break", "Section Break"))


@WITHOUT
class TestWithoutERPNext(BangfuTestCase):
	def test_documents_are_submitted_and_cancelled_as_ever(self):
		donation = factories.make_donation(factories.make_item(f"Item {factories.serial()}").name, 3)
		donation.cancel()
		self.assertFalse(frappe.db.exists("Ledger Posting", {"reference_name": donation.name}))

	def test_no_form_has_a_link_to_what_is_not_there(self):
		for doctype, fields in custom_fields.get_fields().items():
			names = {field["fieldname"] for field in fields}
			self.assertFalse(
				frappe.db.exists("Custom Field", {"dt": doctype, "fieldname": ["in", list(names)]})
			)

	def test_apps_that_come_and_go_change_nothing(self):
		custom_fields.follow_apps("erpnext")
		custom_fields.leave("hrms")
		self.test_no_form_has_a_link_to_what_is_not_there()

	def test_the_report_explains_itself(self):
		_columns, rows, message, _chart, summary = report.execute({})
		self.assertEqual(rows, [])
		self.assertIn("ERPNext is not on this site", message)
		self.assertTrue(summary)

	def test_the_check_says_so(self):
		(finding,) = check.check_bookkeeping()
		self.assertIn("ERPNext is not on this site", finding["text"])

	def test_there_is_no_backlog_to_post(self):
		with self.assertRaisesRegex(frappe.ValidationError, "Posting to ERPNext is off"):
			backlog.post_backlog()

	def test_the_guards_let_everything_pass(self):
		with self.set_user(factories.make_user("Bangfu Coordinator")):
			guard.keep_mapping(frappe.get_doc("School", factories.make_school().name))
