frappe.query_reports["Tie-out"] = {
	onload(report) {
		frappe.require("/assets/bangfu_app/js/export.js", () => bangfu.offer_report_export(report));
		const method = "bangfu_app.bookkeeping.backlog.post_backlog";
		report.page.add_inner_button(__("Post Backlog"), () =>
			frappe.xcall(method).then((count) => {
				const text = count ? __("{0} records are being posted.", [count]) : __("Nothing waits to be posted.");
				frappe.show_alert({ message: text, indicator: count ? "blue" : "green" });
			})
		);
		frappe.realtime.on("bangfu_backlog_posted", ({ posted, failed }) => {
			const text = __("{0} records were posted, {1} failed. The reasons stand in the column Note.", [posted, failed]);
			frappe.show_alert({ message: text, indicator: failed ? "orange" : "green" }, 15);
			report.refresh();
		});
	},
	filters: [
		{
			fieldname: "view",
			label: __("By"),
			fieldtype: "Select",
			options: ["Record", "Item", "Fund", "Account"].map((value) => ({ value, label: __(value) })),
			default: "Record",
		},
		{ fieldname: "from_date", label: __("From Date"), fieldtype: "Date" },
		{ fieldname: "to_date", label: __("To Date"), fieldtype: "Date" },
		...(frappe.boot.user.can_read.includes("Company")
			? [{ fieldname: "company", label: __("Company"), fieldtype: "Link", options: "Company" }]
			: []),
		{ fieldname: "only_differences", label: __("Only Differences"), fieldtype: "Check" },
	],
	formatter(value, row, column, data, default_formatter) {
		const text = default_formatter(value, row, column, data);
		return column.fieldname === "difference" && value ? `<span class="text-danger">${text}</span>` : text;
	},
};
