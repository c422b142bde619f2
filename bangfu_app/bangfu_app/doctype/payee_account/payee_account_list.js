frappe.listview_settings["Payee Account"] = {
	hide_name_column: true,
	add_fields: ["active", "confirmed_on"],

	get_indicator(doc) {
		if (!doc.active) return [__("Inactive"), "gray", "active,=,0"];
		return doc.confirmed_on
			? [__("Confirmed"), "green", "confirmed_on,is,set"]
			: [__("Change not confirmed"), "orange", "confirmed_on,is,not set|active,=,1"];
	},

	onload(listview) {
		bangfu.offer_import(listview, "Payee Accounts");
		bangfu.offer_list_export(listview);
		bangfu.offer_find_by_number(listview);
	},
};
