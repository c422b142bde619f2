frappe.listview_settings["Student Circumstances"] = {
	onload(listview) {
		bangfu.offer_list_export(listview);
	},
};
