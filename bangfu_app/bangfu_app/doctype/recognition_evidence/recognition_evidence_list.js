frappe.listview_settings["Recognition Evidence"] = {
	hide_name_column: true,

	onload(listview) {
		bangfu.offer_list_export(listview);
	},
};
