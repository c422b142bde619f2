frappe.listview_settings["Bottom List"] = {
	add_fields: ["status"],
	get_indicator(doc) {
		const colour = { "To Confirm": "orange", Confirmed: "green" }[doc.status];
		return [__(doc.status), colour, `status,=,${doc.status}`];
	},
};
