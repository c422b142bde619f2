frappe.query_reports["Aid Due"] = {
	onload(report) {
		frappe.require("/assets/bangfu_app/js/export.js", () => bangfu.offer_report_export(report));
		if (!frappe.model.can_create("Aid Distribution")) return;
		report.page.add_inner_button(__("Make Distribution"), () => {
			// the rows ticked, or else all that are shown
			const ticked = report.get_checked_items?.() || [];
			const rows = (ticked.length ? ticked : report.data || []).filter((row) => row.due > 0);
			frappe
				.call("bangfu_app.goods.aid_due.make_distribution", { promises: rows.map((row) => row.plan_aid) })
				.then(({ message }) => {
					if (!message) return;
					const [doc] = frappe.model.sync(message);
					frappe.set_route("Form", doc.doctype, doc.name);
				});
		});
	},
	filters: [
		{ fieldname: "school", label: __("School"), fieldtype: "Link", options: "School" },
		{
			fieldname: "school_class",
			label: __("Class"),
			fieldtype: "Link",
			options: "School Class",
			get_query() {
				const school = frappe.query_report.get_filter_value("school");
				return { filters: school ? { school } : {} };
			},
		},
		{ fieldname: "item", label: __("Item", null, "Aid Item"), fieldtype: "Link", options: "Aid Item" },
		{ fieldname: "only_overdue", label: __("Only Overdue"), fieldtype: "Check" },
		{ fieldname: "on_date", label: __("On Date"), fieldtype: "Date", default: frappe.datetime.get_today() },
	],
	get_datatable_options(options) {
		return { ...options, checkboxColumn: true };
	},
	formatter(value, row, column, data, default_formatter) {
		// whole pieces are read without decimals
		const is_whole = column.fieldtype === "Float" && Number.isInteger(value);
		const shown = default_formatter(value, row, is_whole ? { ...column, fieldtype: "Int" } : column, data);
		return column.fieldname === "due_by" && data?.overdue ? `<span class="text-danger">${shown}</span>` : shown;
	},
};
