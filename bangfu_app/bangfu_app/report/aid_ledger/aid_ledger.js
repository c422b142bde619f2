// from a gift to the students and back: these cells narrow the ledger to what they show
const AID_LEDGER_STEPS = { donor: "donor", donation: "donation", alias: "student" };

frappe.query_reports["Aid Ledger"] = {
	onload(report) {
		frappe.require("/assets/bangfu_app/js/export.js", () => bangfu.offer_report_export(report));
		report.page.main.on("click", "a[data-aid-step]", (event) => {
			event.preventDefault();
			const { aidStep, value } = event.currentTarget.dataset;
			const narrowed = Object.fromEntries(Object.values(AID_LEDGER_STEPS).map((name) => [name, ""]));
			report.set_filter_value({ ...narrowed, [aidStep]: value });
		});
	},
	filters: [
		{ fieldname: "from_date", label: __("From Date"), fieldtype: "Date" },
		{ fieldname: "to_date", label: __("To Date"), fieldtype: "Date" },
		{
			fieldname: "kind",
			label: __("Kind"),
			fieldtype: "Select",
			options: [
				{ value: "", label: "" },
				{ value: "Receipt", label: __("Receipt", null, "Aid Ledger") },
				{ value: "Money Received", label: __("Money Received", null, "Aid Ledger") },
				{ value: "Handed Out", label: __("Handed Out", null, "Aid Ledger") },
				{ value: "Returned", label: __("Returned", null, "Aid Ledger") },
				{ value: "Written Off", label: __("Written Off", null, "Aid Ledger") },
				{ value: "Subsidy Paid", label: __("Subsidy Paid", null, "Aid Ledger") },
				{ value: "Spending", label: __("Spending", null, "Aid Ledger") },
			],
		},
		{ fieldname: "donor", label: __("Donor"), fieldtype: "Link", options: "Partner" },
		{
			fieldname: "donation",
			label: __("Donation"),
			fieldtype: "Link",
			options: "Aid Donation",
			get_query: () => ({ filters: { docstatus: 1 } }),
		},
		{ fieldname: "item", label: __("Item", null, "Aid Item"), fieldtype: "Link", options: "Aid Item" },
		{ fieldname: "fund", label: __("Fund"), fieldtype: "Link", options: "Aid Fund" },
		{ fieldname: "student", label: __("Student"), fieldtype: "Link", options: "Student File" },
		{ fieldname: "school", label: __("School"), fieldtype: "Link", options: "School" },
	],
	formatter(value, row, column, data, default_formatter) {
		const step = AID_LEDGER_STEPS[column.fieldname];
		const target = step && data && data[column.fieldname === "alias" ? "student" : column.fieldname];
		if (target) {
			const [shown, address] = [value, target].map((text) => frappe.utils.escape_html(String(text)));
			return `<a href="#" data-aid-step="${step}" data-value="${address}">${shown}</a>`;
		}
		// whole pieces are read without decimals
		const is_whole = column.fieldtype === "Float" && Number.isInteger(value);
		return default_formatter(value, row, is_whole ? { ...column, fieldtype: "Int" } : column, data);
	},
};
