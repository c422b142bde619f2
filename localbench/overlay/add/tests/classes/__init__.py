"""Instead of the wheel's."""

import copy
import datetime
import unittest
from contextlib import contextmanager

import frappe
from frappe.model.base_document import BaseDocument
from frappe.tests.classes.context_managers import change_settings, freeze_time, patch_hooks, timeout
from frappe.utils import cint


class UnitTestCase(unittest.TestCase):
	"""Assertions for documents, markup and queries; no database set-up."""

	maxDiff = 10_000
	_unit_test_case_class_setup_done = False

	@classmethod
	def setUpClass(cls) -> None:
		super().setUpClass()
		cls.doctype = _doctype_of(cls)
		cls._unit_test_case_class_setup_done = True

	def shortDescription(self):
		return None

	def _apply_debug_decorator(self, exceptions=()):
		from frappe.tests.classes.context_managers import debug_on

		setattr(self, self._testMethodName, debug_on(*exceptions)(getattr(self, self._testMethodName)))

	def assertSequenceSubset(self, larger, smaller, msg=None):
		self.assertTrue(set(smaller) <= set(larger), msg)

	def assertDocumentEqual(self, expected, actual):
		"""Every field of `expected` (document or dict) has an equal value in the document `actual`."""
		if isinstance(expected, BaseDocument):
			expected = expected.as_dict()
		for field, value in expected.items():
			if isinstance(value, list):
				rows = actual.get(field)
				self.assertEqual(len(value), len(rows), f"{field}: number of rows")
				for want, row in zip(value, rows, strict=True):
					self.assertDocumentEqual(want, row)
			else:
				self._compare_field(value, actual.get(field), actual, field)

	def _compare_field(self, expected, actual, doc, field):
		msg = f"{field} should be same."
		if isinstance(expected, float):
			precision = doc.precision(field) if isinstance(doc, BaseDocument) else None
			self.assertAlmostEqual(expected, actual, places=precision or 6, msg=msg)
		elif isinstance(expected, bool | int):
			self.assertEqual(expected, cint(actual), msg=msg)
		elif isinstance(expected, datetime.date | datetime.datetime | datetime.timedelta):
			self.assertEqual(str(expected), str(actual), msg=msg)
		else:
			self.assertEqual(expected, actual, msg=msg)

	@staticmethod
	def normalize_html(code: str) -> str:
		from bs4 import BeautifulSoup

		return BeautifulSoup(code, "html.parser").prettify(formatter=None)

	@staticmethod
	def normalize_sql(query: str) -> str:
		import sqlparse

		return sqlparse.format(
			query.strip().rstrip(";"), keyword_case="upper", reindent=True, strip_comments=True
		)

	def assertQueryEqual(self, first: str, second: str):
		self.assertEqual(self.normalize_sql(first), self.normalize_sql(second))

	@contextmanager
	def set_user(self, user: str):
		old = frappe.session.user
		try:
			frappe.set_user(user)
			yield
		finally:
			frappe.set_user(old)

	@contextmanager
	def assertQueryCount(self, count):
		queries = []
		sql = frappe.db.__class__.sql

		def counting(*args, **kwargs):
			ret = sql(*args, **kwargs)
			queries.append(args[0].last_query)
			return ret

		frappe.db.__class__.sql = counting
		try:
			yield
			self.assertLessEqual(len(queries), count, "Queries executed: \n" + "\n\n".join(map(str, queries)))
		finally:
			frappe.db.__class__.sql = sql

	@contextmanager
	def assertRowsRead(self, count):
		rows_read = 0
		sql = frappe.db.__class__.sql

		def counting(*args, **kwargs):
			nonlocal rows_read
			ret = sql(*args, **kwargs)
			rows_read += max(cint(args[0]._cursor.rowcount), 0)
			return ret

		frappe.db.__class__.sql = counting
		try:
			yield
			self.assertLessEqual(rows_read, count, "Queries read more rows than expected")
		finally:
			frappe.db.__class__.sql = sql

	@contextmanager
	def assertRedisCallCounts(self, count, *, exact=False):
		commands = []
		execute = frappe.cache.execute_command

		def counting(*args, **kwargs):
			commands.append(args)
			return execute(*args, **kwargs)

		frappe.cache.execute_command = counting
		try:
			yield
			(self.assertEqual if exact else self.assertLessEqual)(len(commands), count, commands)
		finally:
			frappe.cache.execute_command = execute

	change_settings = staticmethod(change_settings)
	freeze_time = staticmethod(freeze_time)
	patch_hooks = staticmethod(patch_hooks)
	timeout = staticmethod(timeout)


class _TestRecords(dict):
	"""doctype -> its test records, read when asked for"""

	def __missing__(self, doctype):
		self[doctype] = records = frappe.get_test_records(doctype)
		return records


class IntegrationTestCase(UnitTestCase):
	"""Each class runs in one transaction that is rolled back when the class is done; test records of the doctype
	and of what it links to are made first and kept."""

	SHOW_TRANSACTION_COMMIT_WARNINGS = False
	globalTestRecords = _TestRecords()

	@classmethod
	def setUpClass(cls) -> None:
		super().setUpClass()
		site = getattr(cls, "TEST_SITE", None)
		frappe.init(site)
		if not getattr(frappe.local, "db", None):
			frappe.connect()
		from frappe.tests.utils import toggle_test_mode

		toggle_test_mode(True)
		cls.TEST_SITE = frappe.local.site
		cls.ADMIN_PASSWORD = frappe.get_conf().admin_password
		cls._primary_connection = frappe.local.db
		cls._secondary_connection = None
		frappe.set_user("Administrator")
		if cls.doctype and not getattr(frappe.local.flags, "skip_test_records", False):
			from frappe.tests.utils.generators import make_dependencies

			make_dependencies(cls.doctype)
		frappe.db.commit()
		if cls.SHOW_TRANSACTION_COMMIT_WARNINGS:
			frappe.db.before_commit.add(_commit_watcher)
		flags = copy.deepcopy(frappe.local.flags)
		cls.addClassCleanup(_restore_thread_locals, flags)
		cls.addClassCleanup(_rollback_db)

	def setUp(self):
		super().setUp()
		frappe.set_user("Administrator") if frappe.session.user != "Administrator" else None

	@contextmanager
	def primary_connection(self):
		with self._switch(self._primary_connection):
			yield

	@contextmanager
	def secondary_connection(self):
		if self._secondary_connection is None:
			current = frappe.local.db
			frappe.connect()
			type(self)._secondary_connection = frappe.local.db
			frappe.local.db = current
			self.addClassCleanup(self._secondary_connection.close)
		with self._switch(self._secondary_connection):
			yield

	@contextmanager
	def _switch(self, connection):
		current = frappe.local.db
		frappe.local.db = connection
		try:
			yield
		finally:
			frappe.local.db = current
			self.addCleanup(connection.rollback)

	@classmethod
	@contextmanager
	def enable_safe_exec(cls):
		import os

		from frappe.installer import update_site_config
		from frappe.utils.safe_exec import SAFE_EXEC_CONFIG_KEY

		path = os.path.join(frappe.local.sites_path, "common_site_config.json")
		update_site_config(SAFE_EXEC_CONFIG_KEY, 1, validate=False, site_config_path=path)
		try:
			yield
		finally:
			update_site_config(SAFE_EXEC_CONFIG_KEY, 0, validate=False, site_config_path=path)


class FrappeTestCase(IntegrationTestCase):
	"""Name used up to version 15 (`frappe.tests.utils.FrappeTestCase`)."""


def _doctype_of(cls) -> str | None:
	"""Test Foo in app.module.doctype.foo.test_foo is about the DocType of that folder."""
	parts = cls.__module__.split(".")
	if len(parts) < 4 or parts[-3] != "doctype":
		return None
	import json
	import os

	path = os.path.join(os.path.dirname(frappe.get_module(cls.__module__).__file__), f"{parts[-2]}.json")
	if not os.path.exists(path):
		return None
	with open(path) as f:
		return json.load(f).get("name")


def _commit_watcher():
	import traceback

	print("Warning:, transaction committed during tests.")
	traceback.print_stack(limit=10)


def _rollback_db():
	frappe.db.value_cache.clear()
	frappe.db.rollback()


def _restore_thread_locals(flags):
	frappe.local.flags = flags
	frappe.local.error_log = []
	frappe.local.message_log = []
	frappe.local.debug_log = []
	frappe.local.conf = frappe._dict(frappe.get_site_config())
	frappe.local.cache = {}
	frappe.local.lang = "en"
	frappe.local.preload_assets = {"style": [], "script": [], "icons": []}
	if hasattr(frappe.local, "request"):
		del frappe.local.request
