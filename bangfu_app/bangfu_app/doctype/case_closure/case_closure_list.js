frappe.listview_settings["Case Closure"] = {
	onload(listview) {
		bangfu.offer_list_export(listview);
	},
	hide_name_column: true,
};
