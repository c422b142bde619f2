frappe.listview_settings["Class Census"] = {
	hide_name_column: true,

	onload(listview) {
		bangfu.offer_list_export(listview);
	},

	get_indicator(doc) {
		const colour = { Open: "orange", Finished: "green" }[doc.status];
		return [__(doc.status, null, "Class Census"), colour, `status,=,${doc.status}`];
	},
};
