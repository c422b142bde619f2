frappe.listview_settings["Aid Return"] = {
	onload(listview) {
		bangfu.offer_list_export(listview);
	},
};
