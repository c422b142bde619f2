frappe.query_reports["Donor Statement"] = {
	onload(report) {
		frappe.require("/assets/bangfu_app/js/export.js", () => bangfu.offer_report_export(report));
	},
	filters: [
		{ fieldname: "donor", label: __("Donor"), fieldtype: "Link", options: "Partner" },
		{ fieldname: "from_date", label: __("From Date"), fieldtype: "Date" },
		{ fieldname: "to_date", label: __("To Date"), fieldtype: "Date" },
	],
	formatter(value, row, column, data, default_formatter) {
		// whole pieces are read without decimals
		const is_whole = column.fieldtype === "Float" && Number.isInteger(value);
		return default_formatter(value, row, is_whole ? { ...column, fieldtype: "Int" } : column, data);
	},
};
