frappe.query_reports["Session Statistics"] = {
	onload(report) {
		frappe.require("/assets/bangfu_app/js/export.js", () => bangfu.offer_report_export(report));
	},
	filters: [
		{
			fieldname: "group_by",
			label: __("Group By"),
			fieldtype: "Select",
			options: ["Kind", "Month", "Service Point"],
			default: "Kind",
			reqd: 1,
		},
		{ fieldname: "from_date", label: __("From Date"), fieldtype: "Date" },
		{ fieldname: "to_date", label: __("To Date"), fieldtype: "Date" },
		{
			fieldname: "session_kind",
			label: __("Kind", null, "Support Session"),
			fieldtype: "Select",
			options: [
				"",
				"Tutoring",
				"Individual Counselling",
				"Group Counselling",
				"Activity",
				"Interest Course",
				"Parent School",
				"Companionship",
				"Heart-to-heart Talk",
				"Home Visit",
				"Training",
			].map((kind) => ({ value: kind, label: __(kind, null, "Support Session") })),
		},
		{
			fieldname: "service_point",
			label: __("Service Point"),
			fieldtype: "Link",
			options: "Service Point",
		},
		{ fieldname: "school", label: __("School"), fieldtype: "Link", options: "School" },
	],
};
