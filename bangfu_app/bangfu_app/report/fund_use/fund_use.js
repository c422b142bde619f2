frappe.query_reports["Fund Use"] = {
	onload(report) {
		frappe.require("/assets/bangfu_app/js/export.js", () => bangfu.offer_report_export(report));
	},
	filters: [
		{ fieldname: "from_date", label: __("From Date"), fieldtype: "Date" },
		{ fieldname: "to_date", label: __("To Date"), fieldtype: "Date" },
		{
			fieldname: "source_type",
			label: __("Source Type"),
			fieldtype: "Select",
			options: [
				"",
				...[
					"Government Purchase",
					"Government Budget",
					"Foundation",
					"Enterprise",
					"Crowdfunding",
					"Love Fund",
					"School Budget",
				].map((value) => ({ value, label: __(value) })),
			],
		},
		{ fieldname: "school", label: __("School"), fieldtype: "Link", options: "School" },
		{ fieldname: "fund", label: __("Fund"), fieldtype: "Link", options: "Aid Fund" },
		{ fieldname: "by_month", label: __("By Month"), fieldtype: "Check" },
	],
	tree: true,
	name_field: "fund",
	parent_field: "",
	initial_depth: 2,
};
