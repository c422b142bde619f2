frappe.query_reports["Bottom 20 Percent Analysis"] = {
	onload(report) {
		frappe.require("/assets/bangfu_app/js/export.js", () => bangfu.offer_report_export(report));
		if (report.get_filter_value("exam")) return;
		frappe.db
			.get_list("Exam", { fields: ["name"], order_by: "exam_date desc", limit: 1 })
			.then(([newest]) => newest && report.set_filter_value("exam", newest.name));
	},
	filters: [
		{ fieldname: "exam", label: __("Exam"), fieldtype: "Link", options: "Exam" },
		{
			fieldname: "scope",
			label: __("Bottom 20 % of"),
			fieldtype: "Select",
			options: [
				{ value: "County", label: __("the grade in the county") },
				{ value: "School", label: __("the school, all grades") },
				{ value: "Grade", label: __("the grade at the school") },
				{ value: "Class", label: __("the class") },
			],
			default: "County",
			reqd: 1,
		},
		{
			fieldname: "subject",
			label: __("Subject (blank: total)"),
			fieldtype: "Link",
			options: "School Subject",
		},
		{
			fieldname: "group_by",
			label: __("Group By"),
			fieldtype: "Select",
			options: [
				{ value: "School", label: __("School") },
				{ value: "Class", label: __("Class") },
			],
			default: "School",
		},
		{
			fieldname: "grade",
			label: __("Grade"),
			fieldtype: "Select",
			options: ["", ...Array.from({ length: 12 }, (_, i) => `Grade ${i + 1}`)].map((value) => ({
				value,
				label: __(value),
			})),
		},
		{ fieldname: "school", label: __("School"), fieldtype: "Link", options: "School" },
	],
	formatter(value, row, column, data, default_formatter) {
		const shown = default_formatter(value, row, column, data);
		if (column.fieldname !== "change" || data?.change == null) return shown;
		const colour = data.change < 0 ? "green" : data.change > 0 ? "red" : "gray";
		return `<span class="text-${colour}" style="color: var(--${colour}-600)">${shown}</span>`;
	},
};
