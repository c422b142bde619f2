"""What upstream's tests of its REST API give to other tests: a case with a client of the web application."""

import threading

import frappe
from frappe.tests import IntegrationTestCase
from frappe.utils import get_test_client


def in_own_thread(call, *args, **kwargs):
	"""A request has its own frappe.local, as in a web server."""
	answers = []
	thread = threading.Thread(target=lambda: answers.append(call(*args, **kwargs)))
	thread.start()
	thread.join()
	return answers[0]


class FrappeAPITestCase(IntegrationTestCase):
	version = ""

	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		cls.TEST_CLIENT = get_test_client()

	@property
	def sid(self) -> str:
		if not getattr(self, "_sid", None):
			from frappe.auth import CookieManager, LoginManager
			from frappe.utils import set_request

			set_request(path="/")
			frappe.local.cookie_manager = CookieManager()
			frappe.local.login_manager = LoginManager()
			frappe.local.login_manager.login_as("Administrator")
			self._sid = frappe.session.sid
		return self._sid

	def get_path(self, *parts):
		return "/".join(("/api", *filter(None, (self.version,)), *parts))

	def resource(self, *parts):
		return self.get_path("resource", *parts)

	def method(self, *parts):
		return self.get_path("method", *parts)

	def get(self, path, params=None, **kwargs):
		return in_own_thread(self.TEST_CLIENT.get, path, json=params, **kwargs)

	def post(self, path, data, **kwargs):
		return in_own_thread(self.TEST_CLIENT.post, path, json=data, **kwargs)

	def put(self, path, data, **kwargs):
		return in_own_thread(self.TEST_CLIENT.put, path, json=data, **kwargs)

	def delete(self, path, **kwargs):
		return in_own_thread(self.TEST_CLIENT.delete, path, **kwargs)
