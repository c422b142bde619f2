frappe.listview_settings["Support Plan"] = {
	onload(listview) {
		bangfu.offer_list_export(listview);
	},
	hide_name_column: true,
};
