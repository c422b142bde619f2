frappe.listview_settings["Student Alert"] = {
	add_fields: ["first_step_on", "status", "level", "escalated"],
	hide_name_column: true,

	onload(listview) {
		bangfu.offer_list_export(listview);
	},

	formatters: {
		level(value) {
			const colour = { Crisis: "red", Warning: "orange" }[value] || "gray";
			return value ? `<span class="indicator-pill ${colour}">${__(value)}</span>` : "";
		},
		due_by(value, df, doc) {
			if (!value || doc.first_step_on || doc.status === "Ended") return "";
			const minutes = frappe.datetime.get_minute_diff(value, frappe.datetime.system_datetime());
			const clock = bangfu.alert_clock(minutes);
			return `<span class="indicator-pill ${clock.colour}">${clock.text}</span>`;
		},
	},
};
