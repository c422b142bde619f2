import frappe
from frappe.tests import IntegrationTestCase


class TestProbeVisit(IntegrationTestCase):
	def test_controller_first(self):
		visit = frappe.get_doc(doctype="Probe Visit", title="t").insert()
		self.assertTrue(visit.seen_by.startswith("controller"))

	def test_set_user(self):
		with self.set_user("Guest"):
			self.assertEqual(frappe.session.user, "Guest")
