"""What upstream's test_model_utils.py gives to other tests."""

from contextlib import contextmanager

import frappe


@contextmanager
def set_user(user):
	before = frappe.session.user
	try:
		frappe.set_user(user)
		yield
	finally:
		frappe.set_user(before)
