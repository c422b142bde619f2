frappe.ui.form.on("Support Programme", {
	setup(frm) {
		bangfu.set_next_records(frm, {
			"Support Evaluation":
				"bangfu_app.bangfu_app.doctype.support_programme.support_programme.make_evaluation",
			"Fund Budget":
				"bangfu_app.bangfu_app.doctype.support_programme.support_programme.make_fund_budget",
		});
		frm.set_query("school", { filters: { enabled: 1 } });
		bangfu.dash_unknown_figures(frm, "targets", ["baseline", "target"]);
	},

	refresh(frm) {
		if (!frm.is_new()) {
			bangfu.add_next_buttons(frm, ["Support Evaluation", "Fund Budget"]);
			show_budget(frm);
		}
	},
});

/** What is earmarked for the programme, for those who see money. */
function show_budget(frm) {
	const money = frm.doc.__onload?.budget;
	if (money) {
		frm.dashboard.add_indicator(__("Budget: {0}", [format_currency(money.budget)]), "blue");
		frm.dashboard.add_indicator(__("Spent: {0}", [format_currency(money.spent)]), "green");
		frm.dashboard.add_indicator(__("Left: {0}", [format_currency(money.left)]), "gray");
	}
}
