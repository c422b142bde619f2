frappe.listview_settings["Supporter"] = {
	hide_name_column: true,

	onload(listview) {
		bangfu.offer_import(listview, "Supporters");
	},
};
