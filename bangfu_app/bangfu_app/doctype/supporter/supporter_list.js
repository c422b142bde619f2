frappe.listview_settings["Supporter"] = {
	hide_name_column: true,

	onload(listview) {
		bangfu.offer_import(listview, "Supporters");
		bangfu.offer_list_export(listview);
		bangfu.offer_find_by_number(listview);
	},
};
