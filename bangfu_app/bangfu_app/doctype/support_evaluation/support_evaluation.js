frappe.ui.form.on("Support Evaluation", {
	setup(frm) {
		bangfu.dash_unknown_figures(frm, "indicator_results", ["baseline", "target", "actual"]);
		frm.set_query("student", { filters: { status: ["in", ["In Support", "Closed"]] } });
		frm.set_query("plan", () => ({ filters: { student: frm.doc.student } }));
		frm.set_query("domain", "domain_results", { filters: { enabled: 1 } });
	},
});
