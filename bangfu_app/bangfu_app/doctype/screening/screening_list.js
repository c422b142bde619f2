frappe.listview_settings["Screening"] = {
	hide_name_column: true,
	add_fields: ["status", "decision"],

	onload(listview) {
		bangfu.offer_list_export(listview);
		bangfu.offer_find_by_number(listview);
	},

	get_indicator(doc) {
		if (doc.status === "Decided") {
			const colour = { Admit: "green", Watch: "orange", Refer: "blue", "No Need": "gray" }[doc.decision];
			return [__(doc.decision, null, "Screening"), colour, `decision,=,${doc.decision}`];
		}
		const colour = { Listed: "red", Visited: "yellow", Scored: "purple" }[doc.status];
		return [__(doc.status, null, "Screening"), colour, `status,=,${doc.status}`];
	},

	formatters: {
		priority(value) {
			const colour = { High: "red", Medium: "orange", Low: "green" }[value];
			return colour ? `<span class="indicator-pill ${colour}">${__(value)}</span>` : "";
		},
	},
};
