// The export of lists and reports, for those who hold the role. Loaded with each list in hooks.doctype_list_js
// and by the reports.
frappe.provide("bangfu");

bangfu.may_export = () => frappe.user.has_role("Bangfu Exporter");

// lists that an import takes back (excel/layouts.py)
bangfu.has_import = [
	"Student File",
	"School Class",
	"Supporter",
	"Partner",
	"Aid Donation",
	"Support Session",
	"Exam Score",
	"Payee Account",
];

bangfu.ask_export = function (method, args) {
	frappe.prompt(
		[
			{ fieldname: "purpose", fieldtype: "Small Text", label: __("Purpose of the Export"), reqd: 1 },
			{
				fieldname: "anonymous",
				fieldtype: "Check",
				label: __("Anonymous"),
				description: __("Aliases for names, no identity; small groups are hidden."),
				default: 1,
			},
			...(bangfu.has_import.includes(args.doctype)
				? [
						{
							fieldname: "as_import",
							fieldtype: "Check",
							label: __("In the Columns of the Import"),
							description: __("To be changed and imported again; not anonymous."),
							depends_on: "eval:!doc.anonymous",
						},
				  ]
				: []),
			{ fieldname: "recipient", fieldtype: "Link", label: __("Recipient"), options: "Partner" },
		],
		(values) => open_url_post(`/api/method/bangfu_app.privacy.export.${method}`, { ...args, ...values }),
		__("Export"),
		__("Export")
	);
};

bangfu.offer_list_export = function (listview) {
	if (!bangfu.may_export()) return;
	listview.page.add_menu_item(__("Export …"), () =>
		bangfu.ask_export("export_list", {
			doctype: listview.doctype,
			filters: JSON.stringify(listview.get_filters_for_args()),
		})
	);
};

bangfu.offer_report_export = function (report) {
	if (!bangfu.may_export()) return;
	report.page.add_menu_item(__("Export …"), () =>
		bangfu.ask_export("export_report", {
			report_name: report.report_name,
			filters: JSON.stringify(report.get_filter_values()),
		})
	);
};

bangfu.offer_dossier_export = function (frm) {
	if (!bangfu.may_export() || frm.is_new()) return;
	frm.page.add_menu_item(__("Export Dossier …"), () =>
		frappe.prompt(
			[{ fieldname: "purpose", fieldtype: "Small Text", label: __("Purpose of the Export"), reqd: 1 }],
			({ purpose }) =>
				open_url_post("/api/method/bangfu_app.privacy.export.export_dossier", {
					student: frm.doc.name,
					purpose,
				}),
			__("Export"),
			__("Export")
		)
	);
};
