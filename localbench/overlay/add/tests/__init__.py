"""Instead of the wheel's: test base classes, `from frappe.tests import IntegrationTestCase, UnitTestCase`."""

from frappe.tests.classes import FrappeTestCase, IntegrationTestCase, UnitTestCase
from frappe.tests.classes.context_managers import change_settings, debug_on, patch_hooks, timeout

global_test_dependencies = ["User"]
EXTRA_TEST_RECORD_DEPENDENCIES = ["User"]
