frappe.listview_settings["Dropout Report"] = {
	onload(listview) {
		bangfu.offer_list_export(listview);
	},
	hide_name_column: true,
};
