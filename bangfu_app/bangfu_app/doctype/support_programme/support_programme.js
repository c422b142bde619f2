frappe.ui.form.on("Support Programme", {
	setup(frm) {
		bangfu.set_next_records(frm, {
			"Support Evaluation":
				"bangfu_app.bangfu_app.doctype.support_programme.support_programme.make_evaluation",
		});
		frm.set_query("school", { filters: { enabled: 1 } });
		bangfu.dash_unknown_figures(frm, "targets", ["baseline", "target"]);
	},

	refresh(frm) {
		if (!frm.is_new()) {
			bangfu.add_next_buttons(frm, ["Support Evaluation"]);
		}
	},
});
