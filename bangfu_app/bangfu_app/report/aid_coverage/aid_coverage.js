frappe.query_reports["Aid Coverage"] = {
	onload(report) {
		frappe.require("/assets/bangfu_app/js/export.js", () => bangfu.offer_report_export(report));
	},
	filters: [
		{
			fieldname: "group_by",
			label: __("Group By"),
			fieldtype: "Select",
			options: ["School", "Class", ...(frappe.model.can_read("Student File") ? ["Need Group"] : []), "Term"].map(
				(value) => ({ value, label: __(value) }),
			),
			default: "School",
		},
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
