frappe.listview_settings["Screening Campaign"] = {
	get_indicator(doc) {
		const colour = { Draft: "gray", Running: "orange", Finished: "green" }[doc.status];
		return [__(doc.status, null, "Screening Campaign"), colour, `status,=,${doc.status}`];
	},
};
