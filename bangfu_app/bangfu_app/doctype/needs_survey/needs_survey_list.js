frappe.listview_settings["Needs Survey"] = {
	hide_name_column: true,

	formatters: {
		priority(value) {
			const colour = { High: "red", Medium: "orange", Low: "green" }[value];
			return colour ? `<span class="indicator-pill ${colour}">${__(value)}</span>` : "";
		},
	},
};
