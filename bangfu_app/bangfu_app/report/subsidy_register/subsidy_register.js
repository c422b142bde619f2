frappe.query_reports["Subsidy Register"] = {
	onload(report) {
		frappe.require("/assets/bangfu_app/js/export.js", () => bangfu.offer_report_export(report));
	},
	filters: [
		{ fieldname: "scheme", label: __("Scheme"), fieldtype: "Link", options: "Subsidy Scheme" },
		{ fieldname: "fund", label: __("Fund"), fieldtype: "Link", options: "Aid Fund" },
		{ fieldname: "school", label: __("School"), fieldtype: "Link", options: "School" },
		{ fieldname: "term", label: __("Term"), fieldtype: "Link", options: "School Term" },
		{ fieldname: "period", label: __("Period"), fieldtype: "Data" },
		{ fieldname: "batch", label: __("Batch"), fieldtype: "Link", options: "Subsidy Batch" },
		{
			fieldname: "status",
			label: __("Status"),
			fieldtype: "Select",
			options: [
				"",
				...["Due", "In Bank File", "Paid", "Failed", "Withdrawn"].map((value) => ({
					value,
					label: __(value, null, "Subsidy Batch Row"),
				})),
			],
		},
		{ fieldname: "from_date", label: __("Paid From"), fieldtype: "Date" },
		{ fieldname: "to_date", label: __("Paid To"), fieldtype: "Date" },
	],
};
