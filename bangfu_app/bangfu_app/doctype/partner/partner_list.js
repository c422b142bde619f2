frappe.listview_settings["Partner"] = {
	onload(listview) {
		bangfu.offer_import(listview, "Partners");
		bangfu.offer_list_export(listview);
	},
};
