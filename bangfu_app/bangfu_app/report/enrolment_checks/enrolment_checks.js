frappe.query_reports["Enrolment Checks"] = {
	onload(report) {
		frappe.require("/assets/bangfu_app/js/export.js", () => bangfu.offer_report_export(report));
	},
	formatter(value, row, column, data, default_formatter) {
		const shown = default_formatter(value, row, column, data);
		if (column.fieldname !== "state_label" || !data) return shown;
		const colour = { Missing: "red", Late: "orange", Checked: "green" }[data.state];
		return `<span class="indicator-pill ${colour}">${shown}</span>`;
	},
	filters: [
		{ fieldname: "school_term", label: __("Term"), fieldtype: "Link", options: "School Term" },
		{ fieldname: "school", label: __("School"), fieldtype: "Link", options: "School" },
	],
};
