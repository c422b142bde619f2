frappe.listview_settings["Relief Request"] = {
	add_fields: ["status", "decide_by"],
	hide_name_column: true,

	formatters: {
		decide_by(value, df, doc) {
			if (!value || doc.status !== "Waiting") return "";
			const minutes = frappe.datetime.get_minute_diff(value, frappe.datetime.system_datetime());
			const clock = bangfu.alert_clock(minutes);
			return `<span class="indicator-pill ${clock.colour}">${clock.text}</span>`;
		},
	},

	get_indicator(doc) {
		const colour = { Waiting: "orange", Granted: "green", Refused: "gray" }[doc.status];
		return [__(doc.status, null, "Relief Request"), colour, `status,=,${doc.status}`];
	},
};
