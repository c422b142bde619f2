frappe.listview_settings["Aid Donation"] = {
	add_fields: ["thanked_on"],

	onload(listview) {
		bangfu.offer_import(listview, "Donations");
	},

	get_indicator(doc) {
		return doc.thanked_on
			? [__("Thanked"), "green", "thanked_on,is,set"]
			: [__("Not Thanked Yet"), "orange", "thanked_on,is,not set|docstatus,=,1"];
	},
};
