frappe.listview_settings["Support Evaluation"] = {
	onload(listview) {
		bangfu.offer_list_export(listview);
	},
};
