frappe.query_reports["Student Statistics"] = {
	onload(report) {
		frappe.require("/assets/bangfu_app/js/export.js", () => bangfu.offer_report_export(report));
	},
	filters: [
		{
			fieldname: "group_by",
			label: __("Group By"),
			fieldtype: "Select",
			options: [
				{ value: "Stage of Work", label: __("Stage of Work") },
				{ value: "School", label: __("School") },
				{ value: "Grade", label: __("Grade") },
				{ value: "Priority", label: __("Priority") },
				{ value: "Focus of Support", label: __("Focus of Support") },
			],
			default: "Stage of Work",
		},
		{ fieldname: "school", label: __("School"), fieldtype: "Link", options: "School" },
	],
};
