frappe.listview_settings["Pairing"] = {
	onload(listview) {
		bangfu.offer_list_export(listview);
	},
	hide_name_column: true,
};
