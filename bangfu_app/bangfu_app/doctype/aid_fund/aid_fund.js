frappe.ui.form.on("Aid Fund", {
	setup(frm) {
		bangfu.set_next_records(frm, {
			"Fund Budget": "bangfu_app.bangfu_app.doctype.aid_fund.aid_fund.make_fund_budget",
		});
		frm.set_query("school", { filters: { enabled: 1 } });
		frm.set_query("for_school", { filters: { enabled: 1 } });
	},

	refresh(frm) {
		if (frm.is_new()) {
			return;
		}
		show_balance(frm);
		if (frm.doc.enabled) {
			bangfu.add_next_buttons(frm, ["Fund Budget"]);
		}
		frm.add_custom_button(__("Fund Use"), () =>
			frappe.set_route("query-report", "Fund Use", { fund: frm.doc.name, by_month: 1 })
		);
	},
});

/** Limit, committed, paid, left: as figures, and as a bar of what is gone. */
function show_balance(frm) {
	const balance = frm.doc.__onload?.balance;
	if (!balance) {
		return;
	}
	const yuan = (value) => format_currency(value);
	frm.dashboard.add_indicator(__("Limit: {0}", [yuan(balance.limit)]), "blue");
	frm.dashboard.add_indicator(__("Committed: {0}", [yuan(balance.committed)]), "orange");
	frm.dashboard.add_indicator(__("Paid: {0}", [yuan(balance.paid)]), "green");
	frm.dashboard.add_indicator(__("Left: {0}", [yuan(balance.left)]), balance.left > 0 ? "gray" : "red");
	if (balance.limit > 0) {
		const part = (value) => `${Math.max(0, (100 * value) / balance.limit)}%`;
		frm.dashboard.add_progress(__("Use of the Fund"), [
			{
				title: __("Paid: {0}", [yuan(balance.paid)]),
				width: part(balance.paid),
				progress_class: "progress-bar-success",
			},
			{
				title: __("Committed: {0}", [yuan(balance.committed)]),
				width: part(balance.committed),
				progress_class: "progress-bar-warning",
			},
		]);
	}
}
