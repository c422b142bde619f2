"""One name for the test base class on Frappe 15 and 16."""

try:  # Frappe 16
	from frappe.tests import IntegrationTestCase
except ImportError:  # Frappe 15
	from frappe.tests.utils import FrappeTestCase as IntegrationTestCase

import frappe


class BangfuTestCase(IntegrationTestCase):
	"""Rolls back after each test, so that tests do not see each other's records."""

	def setUp(self):
		frappe.set_user("Administrator")
		frappe.db.savepoint("bangfu_test")
		self.addCleanup(self._undo)

	def _undo(self):
		frappe.set_user("Administrator")
		frappe.db.rollback(save_point="bangfu_test")
		frappe.clear_document_cache("Bangfu Settings")
		frappe.local.role_permissions = {}
