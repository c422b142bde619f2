frappe.listview_settings["Pairing"] = {
	hide_name_column: true,
};
