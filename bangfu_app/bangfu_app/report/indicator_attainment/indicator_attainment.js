frappe.query_reports["Indicator Attainment"] = {
	onload(report) {
		frappe.require("/assets/bangfu_app/js/export.js", () => bangfu.offer_report_export(report));
	},
	filters: [
		{
			fieldname: "programme",
			label: __("Programme"),
			fieldtype: "Link",
			options: "Support Programme",
		},
		{
			fieldname: "purpose",
			label: __("Purpose", null, "Support Evaluation"),
			fieldtype: "Select",
			options: ["Baseline", "Monthly", "Quarterly", "Term", "Annual", "Closing", "Follow-up"].map(
				(purpose) => ({ value: purpose, label: __(purpose, null, "Support Evaluation") })
			),
			default: "Annual",
		},
		{
			fieldname: "school",
			label: __("School"),
			fieldtype: "Link",
			options: "School",
		},
	],
	formatter(value, row, column, data, default_formatter) {
		const text = default_formatter(value, row, column, data);
		if (column.fieldname !== "met" || !data || data.is_met === null) return text;
		return `<span class="text-${data.is_met ? "success" : "danger"}">${text}</span>`;
	},
};
