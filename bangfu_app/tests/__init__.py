"""One name for the test base class on Frappe 15 and 16."""

from contextlib import contextmanager
from unittest.mock import patch

try:  # Frappe 16
	from frappe.tests import IntegrationTestCase
except ImportError:  # Frappe 15
	from frappe.tests.utils import FrappeTestCase as IntegrationTestCase

import frappe
from hypothesis import settings

# a busy machine makes no property false
settings.register_profile("bangfu", deadline=None)
settings.load_profile("bangfu")


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


@contextmanager
def counted_queries():
	"""A list that grows by one with each query, on every Frappe."""
	queries, sql = [], frappe.db.__class__.sql

	def counting(self, *args, **kwargs):
		queries.append(args[0] if args else kwargs.get("query"))
		return sql(self, *args, **kwargs)

	with patch.object(frappe.db.__class__, "sql", counting):
		yield queries
