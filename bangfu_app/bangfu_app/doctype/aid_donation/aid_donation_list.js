frappe.listview_settings["Aid Donation"] = {
	onload(listview) {
		bangfu.offer_import(listview, "Donations");
	},
};
