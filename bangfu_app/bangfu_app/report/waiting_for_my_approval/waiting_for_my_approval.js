frappe.query_reports["Waiting for My Approval"] = {
	filters: [],

	get_datatable_options(options) {
		return Object.assign(options, { checkboxColumn: true });
	},

	onload(report) {
		const decide = "bangfu_app.approvals.actions.decide";
		const chosen = () =>
			report.datatable.rowmanager
				.getCheckedRows()
				.map((row) => report.data[row])
				.filter((row) => row?.name)
				.map(({ doctype, name }) => ({ doctype, name }));

		const send = (decision, reason) => {
			const records = chosen();
			frappe
				.xcall(decide, { records, decision, reason })
				.then((results) => {
					this.show_results(results);
					report.refresh();
				});
		};

		const with_choice = (next) => () =>
			chosen().length
				? next()
				: frappe.show_alert({ message: __("Tick the records first."), indicator: "orange" });

		report.page.add_inner_button(
			__("Approve Ticked"),
			with_choice(() =>
				frappe.confirm(__("Approve {0} records?", [chosen().length]), () => send("approve"))
			)
		);
		report.page.add_inner_button(
			__("Return Ticked"),
			with_choice(() =>
				frappe.prompt(
					{ fieldname: "reason", fieldtype: "Small Text", label: __("Reason"), reqd: 1 },
					({ reason }) => send("return", reason),
					__("Return"),
					__("Return")
				)
			)
		);
	},

	/** What was done and, row by row, what was refused and why. */
	show_results(results) {
		const refused = results.filter((row) => !row.done);
		const done = __("Done: {0}. Refused: {1}.", [results.length - refused.length, refused.length]);
		if (!refused.length) {
			frappe.show_alert({ message: done, indicator: "green" });
			return;
		}
		const rows = refused
			.map((row) => `<tr><td>${frappe.utils.escape_html(row.name)}</td><td>${row.message}</td></tr>`)
			.join("");
		frappe.msgprint({
			title: __("Approval"),
			indicator: "orange",
			message: `<p>${done}</p><table class="table table-bordered">${rows}</table>`,
		});
	},
};
