frappe.listview_settings["Support Session"] = {
	hide_name_column: true,

	onload(listview) {
		bangfu.offer_list_export(listview);
		bangfu.offer_import(listview, "Sessions");
	},
};
