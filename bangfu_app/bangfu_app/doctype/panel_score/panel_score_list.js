frappe.listview_settings["Panel Score"] = {
	hide_name_column: true,

	onload(listview) {
		bangfu.offer_list_export(listview);
	},
};
