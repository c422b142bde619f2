frappe.listview_settings["Needs Survey"] = {
	onload(listview) {
		bangfu.offer_list_export(listview);
	},
	hide_name_column: true,

	formatters: {
		priority(value) {
			const colour = { High: "red", Medium: "orange", Low: "green" }[value];
			return colour ? `<span class="indicator-pill ${colour}">${__(value)}</span>` : "";
		},
	},
};
