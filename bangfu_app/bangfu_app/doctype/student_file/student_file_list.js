frappe.listview_settings["Student File"] = {
	hide_name_column: true,

	onload(listview) {
		bangfu.offer_list_export(listview);
		bangfu.offer_import(listview, "Students");
		bangfu.offer_find_by_number(listview);
	},

	formatters: {
		priority(value) {
			const colour = { High: "red", Medium: "orange", Low: "green" }[value];
			return colour ? `<span class="indicator-pill ${colour}">${__(value)}</span>` : "";
		},
	},
};
