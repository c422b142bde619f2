"""Instead of the wheel's."""

import frappe
from frappe.tests.classes import FrappeTestCase, IntegrationTestCase, UnitTestCase
from frappe.tests.classes.context_managers import change_settings, debug_on, patch_hooks, timeout
from frappe.tests.utils.generators import (
	get_dependencies,
	get_modules,
	make_test_objects,
	make_test_records,
	make_test_records_for_doctype,
)


def toggle_test_mode(enable: bool = True) -> None:
	frappe.in_test = enable
	if hasattr(frappe.local, "flags"):
		frappe.local.flags.in_test = enable
