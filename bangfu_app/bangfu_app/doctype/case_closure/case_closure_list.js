frappe.listview_settings["Case Closure"] = {
	hide_name_column: true,
};
