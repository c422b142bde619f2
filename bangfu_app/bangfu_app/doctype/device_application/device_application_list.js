frappe.listview_settings["Device Application"] = {
	hide_name_column: true,

	onload(listview) {
		bangfu.offer_list_export(listview);
	},
};
