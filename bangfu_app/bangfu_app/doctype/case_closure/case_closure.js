frappe.ui.form.on("Case Closure", {
	setup(frm) {
		frm.set_query("student", { filters: { status: "In Support" } });
		frm.set_query("plan", () => ({ filters: { student: frm.doc.student, status: "Active" } }));
	},

	before_workflow_action(frm) {
		return bangfu.approvals.ask(frm);
	},

	refresh(frm) {
		bangfu.approvals.show(frm);
		bangfu.show_next_step(frm, {
			Draft: __("Next: settle each open item or give a reason, then submit the closure for review."),
			"Department Review": __("Next: the coordinator recommends the closure."),
			"Leading Group Review": __("Next: the leading group approves the closure."),
			Returned: __("Returned: revise the closure and submit it for review again."),
		});
	},
});
