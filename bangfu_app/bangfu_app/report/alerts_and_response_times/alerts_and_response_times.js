frappe.query_reports["Alerts and Response Times"] = {
	filters: [
		{
			fieldname: "from_date",
			label: __("From Date"),
			fieldtype: "Date",
			default: frappe.datetime.add_days(frappe.datetime.get_today(), -180),
		},
		{ fieldname: "to_date", label: __("To Date"), fieldtype: "Date", default: frappe.datetime.get_today() },
		{ fieldname: "school", label: __("School"), fieldtype: "Link", options: "School" },
		{
			fieldname: "kind",
			label: __("Kind"),
			fieldtype: "Select",
			options: ["", "Academic Warning", "Dropout Risk", "Crisis", "Difficulty"].map((value) => ({
				value,
				label: value && __(value),
			})),
		},
		{
			fieldname: "level",
			label: __("Level"),
			fieldtype: "Select",
			options: ["", "Warning", "Crisis"].map((value) => ({ value, label: value && __(value) })),
		},
	],

	formatter(value, row, column, data, default_formatter) {
		const shown = default_formatter(value, row, column, data);
		return column.fieldname === "overdue" && value ? `<span class="text-danger bold">${shown}</span>` : shown;
	},
};
