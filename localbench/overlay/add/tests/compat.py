"""Instead of the wheel's."""


def get_compat_frappe_test_case_preparation(cfg):
	from frappe.testing.environment import IntegrationTestPreparation

	return IntegrationTestPreparation(cfg)
