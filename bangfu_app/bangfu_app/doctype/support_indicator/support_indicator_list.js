frappe.listview_settings["Support Indicator"] = {
	onload(listview) {
		bangfu.offer_import(listview, "Indicators");
	},
};
