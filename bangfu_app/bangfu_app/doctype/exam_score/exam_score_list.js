frappe.listview_settings["Exam Score"] = {
	onload(listview) {
		bangfu.offer_import(listview, "Exam Scores");
		bangfu.offer_list_export(listview);
	},
};
