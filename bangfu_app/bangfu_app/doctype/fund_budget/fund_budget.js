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
	},
});
