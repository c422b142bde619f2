frappe.ui.form.on("Needs Survey", {
	setup(frm) {
		bangfu.set_next_records(frm, {
			"Support Plan": "bangfu_app.bangfu_app.doctype.needs_survey.needs_survey.make_support_plan",
		});
		frm.set_query("student", { filters: { status: ["not in", ["Declined", "Closed", "Archived"]] } });
		frm.set_query("domain", "scores", { filters: { enabled: 1 } });
	},

	refresh(frm) {
		if (frm.doc.docstatus === 1) {
			bangfu.add_next_buttons(frm, ["Support Plan"]);
		}
	},
});
