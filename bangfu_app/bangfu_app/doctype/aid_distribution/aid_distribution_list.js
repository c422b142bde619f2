frappe.listview_settings["Aid Distribution"] = {
	onload(listview) {
		bangfu.offer_list_export(listview);
	},
};
