frappe.listview_settings["Support Plan"] = {
	hide_name_column: true,
};
