frappe.query_reports["Coverage Gap"] = {
	onload(report) {
		frappe.require("/assets/bangfu_app/js/export.js", () => bangfu.offer_report_export(report));
		if (frappe.model.can_create("Subsidy Batch")) {
			report.page.add_inner_button(__("Make Subsidy Batch"), () => make_batch(report));
		}
	},
	filters: [
		{ fieldname: "term", label: __("Term"), fieldtype: "Link", options: "School Term" },
		{ fieldname: "from_date", label: __("From Date"), fieldtype: "Date", depends_on: "eval:!doc.term" },
		{ fieldname: "to_date", label: __("To Date"), fieldtype: "Date", depends_on: "eval:!doc.term" },
		{ fieldname: "school", label: __("School"), fieldtype: "Link", options: "School" },
		{ fieldname: "school_class", label: __("Class"), fieldtype: "Link", options: "School Class" },
		{
			fieldname: "need_group",
			label: __("Need Group"),
			fieldtype: "Select",
			options: [
				"",
				...["Economic", "Academic", "Physical-mental", "Emotional", "Special Education", "Conduct"].map(
					(value) => ({ value, label: __(value) }),
				),
			],
			default: "Economic",
			// who reads no file is told no need: the server takes no notice of it
			hidden: !frappe.model.can_read("Student File"),
		},
		{
			fieldname: "count_approved",
			label: __("Count What Is Approved and Not Paid Yet"),
			fieldtype: "Check",
		},
	],
};

function make_batch(report) {
	const scheme = {
		fieldname: "scheme",
		label: __("Scheme"),
		fieldtype: "Link",
		options: "Subsidy Scheme",
		reqd: 1,
		get_query: () => ({ filters: { enabled: 1 } }),
	};
	frappe.prompt(scheme, async (values) => {
		const { message } = await frappe.call({
			method: "bangfu_app.money.coverage_batch.make_batch",
			args: { scheme: values.scheme, filters: report.get_filter_values() },
			freeze: true,
		});
		frappe.show_alert({
			message: __("Added: {0}. Left out: {1}.", [message.added, message.left_out]),
			indicator: message.left_out ? "orange" : "green",
		});
		frappe.set_route("Form", "Subsidy Batch", message.batch);
	}, __("Make Subsidy Batch"), __("Make Subsidy Batch"));
}
