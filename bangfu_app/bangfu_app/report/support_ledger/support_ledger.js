frappe.query_reports["Support Ledger"] = {
	onload(report) {
		frappe.require("/assets/bangfu_app/js/export.js", () => bangfu.offer_report_export(report));
	},
	filters: [
		{ fieldname: "from_date", label: __("From Date"), fieldtype: "Date" },
		{ fieldname: "to_date", label: __("To Date"), fieldtype: "Date" },
		{ fieldname: "school", label: __("School"), fieldtype: "Link", options: "School" },
		{ fieldname: "student", label: __("Student"), fieldtype: "Link", options: "Student File" },
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
				"Aid",
			].map((kind) => ({ value: kind, label: __(kind, null, "Support Session") })),
		},
	],
	formatter(value, row, column, data, default_formatter) {
		// whole pieces are read without decimals
		const is_whole = column.fieldtype === "Float" && Number.isInteger(value);
		return default_formatter(value, row, is_whole ? { ...column, fieldtype: "Int" } : column, data);
	},
};
