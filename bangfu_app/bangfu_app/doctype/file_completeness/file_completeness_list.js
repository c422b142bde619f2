frappe.listview_settings["File Completeness"] = {
	hide_name_column: true,

	onload(listview) {
		bangfu.offer_list_export(listview);
	},

	get_form_link(doc) {
		return frappe.utils.get_form_link("Student File", doc.name);
	},

	formatters: {
		missing(value) {
			return (value || "").split(", ").filter(Boolean).map((item) => __(item)).join("、");
		},
		percent(value) {
			const colour = value >= 80 ? "green" : value >= 50 ? "orange" : "red";
			return `<span class="indicator-pill ${colour}">${format_number(value, null, 0)} %</span>`;
		},
	},
};
