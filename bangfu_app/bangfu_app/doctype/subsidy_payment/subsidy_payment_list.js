frappe.listview_settings["Subsidy Payment"] = {
	add_fields: ["bank_file", "total_failed"],
	has_indicator_for_draft: 1,

	get_indicator(doc) {
		if (doc.docstatus === 2) return [__("Cancelled"), "gray", "docstatus,=,2"];
		if (doc.docstatus === 0) {
			return doc.bank_file
				? [__("At the Bank"), "orange", "docstatus,=,0|bank_file,is,set"]
				: [__("Draft"), "red", "docstatus,=,0"];
		}
		return doc.total_failed
			? [__("Partly Failed"), "orange", "docstatus,=,1|total_failed,>,0"]
			: [__("Paid"), "green", "docstatus,=,1|total_failed,=,0"];
	},

	onload(listview) {
		bangfu.offer_list_export(listview);
	},
};
