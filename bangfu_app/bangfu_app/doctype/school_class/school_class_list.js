frappe.listview_settings["School Class"] = {
	onload(listview) {
		bangfu.offer_import(listview, "Classes");
		bangfu.offer_list_export(listview);
	},
};
