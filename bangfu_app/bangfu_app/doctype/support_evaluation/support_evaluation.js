frappe.ui.form.on("Support Evaluation", {
	setup(frm) {
		bangfu.dash_unknown_figures(frm, "indicator_results", ["baseline", "target", "actual"]);
		frm.set_query("student", { filters: { status: ["in", ["In Support", "Closed"]] } });
		frm.set_query("plan", () => ({ filters: { student: frm.doc.student } }));
		frm.set_query("domain", "domain_results", { filters: { enabled: 1 } });
	},

	refresh(frm) {
		const of_programme = frm.doc.programme && !frm.doc.student && frm.doc.docstatus === 0;
		if (of_programme && !frm.is_new() && frm.perm[0]?.write && frappe.model.can_read("Subsidy Batch")) {
			frm.add_custom_button(__("Compute Figures"), () => frm.trigger("compute_figures"));
		}
	},

	async compute_figures(frm) {
		if (frm.is_dirty()) await frm.save();
		const { message } = await frm.call("compute_figures");
		await frm.reload_doc();
		const parts = [__("Computed: {0}.", [message.computed.join(", ") || "—"])];
		if (message.left_out.length) {
			parts.push(
				__("Left out, a scope that the app does not know: {0}.", [message.left_out.join(", ")]),
			);
		}
		frappe.msgprint({ title: __("Compute Figures"), message: parts.map(frappe.utils.escape_html).join("<br>") });
	},
});
