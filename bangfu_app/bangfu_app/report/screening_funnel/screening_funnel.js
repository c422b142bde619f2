frappe.query_reports["Screening Funnel"] = {
	onload(report) {
		frappe.require("/assets/bangfu_app/js/export.js", () => bangfu.offer_report_export(report));
	},
	filters: [
		{
			fieldname: "group_by",
			label: __("Group By"),
			fieldtype: "Select",
			options: [
				{ value: "School", label: __("School") },
				{ value: "Class", label: __("Class") },
				{ value: "Source", label: __("Source") },
			],
			default: "School",
		},
		{ fieldname: "school", label: __("School"), fieldtype: "Link", options: "School" },
		{ fieldname: "from_date", label: __("Reported From"), fieldtype: "Date" },
		{ fieldname: "to_date", label: __("Reported To"), fieldtype: "Date" },
	],
};
