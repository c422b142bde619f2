frappe.query_reports["Aid Stock"] = {
	onload(report) {
		frappe.require("/assets/bangfu_app/js/export.js", () => bangfu.offer_report_export(report));
	},
	filters: [
		{ fieldname: "item", label: __("Item", null, "Aid Item"), fieldtype: "Link", options: "Aid Item" },
		{ fieldname: "donor", label: __("Donor"), fieldtype: "Link", options: "Partner" },
		{ fieldname: "from_date", label: __("Donated From"), fieldtype: "Date" },
		{ fieldname: "to_date", label: __("Donated To"), fieldtype: "Date" },
	],
	formatter(value, row, column, data, default_formatter) {
		// whole pieces are read without decimals
		const is_whole = column.fieldtype === "Float" && Number.isInteger(value);
		return default_formatter(value, row, is_whole ? { ...column, fieldtype: "Int" } : column, data);
	},
};
