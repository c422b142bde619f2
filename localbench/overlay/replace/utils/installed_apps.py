def get_setup_wizard_completed_apps() -> list[str]:
	return frappe.get_installed_apps() if frappe.is_setup_complete() else []


def get_setup_wizard_not_required_apps() -> list[str]:
	return [
		app
		for app in frappe.get_installed_apps()
		if not frappe.get_hooks("setup_wizard_requires", app_name=app)
	]


@frappe.whitelist()
def update_installed_apps_order(new_order: list[str] | str) -> None:
	from frappe.installer import _set_installed_apps

	frappe.only_for("System Manager")
	if isinstance(new_order, str):
		new_order = json.loads(new_order)
	if not isinstance(new_order, list) or set(frappe.get_installed_apps(_ensure_on_bench=True)) != set(
		new_order
	):
		frappe.throw(
			_("You are only allowed to update order, do not remove or add apps."), exc=InvalidAppOrder
		)
	_set_installed_apps(new_order)
