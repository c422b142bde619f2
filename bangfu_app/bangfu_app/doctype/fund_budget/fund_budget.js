frappe.ui.form.on("Fund Budget", {
	setup(frm) {
		bangfu.set_next_records(frm, {
			"Fund Spending": "bangfu_app.bangfu_app.doctype.fund_budget.fund_budget.make_fund_spending",
		});
		frm.set_query("fund", { filters: { enabled: 1 } });
		frm.set_query("school", { filters: { enabled: 1 } });
	},

	refresh(frm) {
		const use = frm.doc.__onload?.use;
		if (frm.doc.docstatus !== 1 || !use) {
			return;
		}
		frm.dashboard.add_indicator(__("Spent: {0}", [format_currency(use.spent)]), "green");
		frm.dashboard.add_indicator(__("Left: {0}", [format_currency(use.left)]), use.left > 0 ? "blue" : "gray");
		if (use.left > 0) {
			bangfu.add_next_buttons(frm, ["Fund Spending"]);
		}
		if (!frm.perm[0]?.submit) return;
		if (frm.doc.closed_on) {
			frm.add_custom_button(__("Reopen Budget"), () => frm.events.settle(frm, "reopen"));
		} else if (use.left > 0) {
			frm.add_custom_button(__("Close Budget"), () => frm.events.close_budget(frm, use.left));
		}
	},

	close_budget(frm, left) {
		frappe.confirm(
			__("{0} go back to fund {1}. Nothing more can be spent of this budget. Close it?", [
				format_currency(left),
				frappe.utils.escape_html(frm.doc.fund).bold(),
			]),
			() => frm.events.settle(frm, "close")
		);
	},

	async settle(frm, step) {
		await frm.call(step);
		await frm.reload_doc();
	},
});
