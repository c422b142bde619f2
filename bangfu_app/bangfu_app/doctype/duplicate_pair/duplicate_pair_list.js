frappe.listview_settings["Duplicate Pair"] = {
	hide_name_column: true,
	add_fields: ["status"],
	filters: [["status", "=", "Open"]],

	onload(listview) {
		bangfu.offer_list_export(listview);
	},

	get_indicator(doc) {
		const colour = { Open: "orange", Different: "grey", Linked: "blue", Merged: "green" }[doc.status];
		return [__(doc.status, null, "Duplicate Pair"), colour, `status,=,${doc.status}`];
	},
};
