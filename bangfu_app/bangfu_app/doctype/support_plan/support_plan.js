const SUPPORT_PLAN = "bangfu_app.bangfu_app.doctype.support_plan.support_plan";

frappe.ui.form.on("Support Plan", {
	setup(frm) {
		bangfu.set_next_records(frm, {
			Pairing: `${SUPPORT_PLAN}.make_pairing`,
			"Support Session": `${SUPPORT_PLAN}.make_support_session`,
			"Support Evaluation": `${SUPPORT_PLAN}.make_evaluation`,
			"Aid Distribution": "bangfu_app.goods.aid_due.make_distribution_of_plan",
		});
		frm.set_query("student", { filters: { status: "In Support" } });
		frm.set_query("programme", { filters: { status: ["!=", "Completed"] } });
		frm.set_query("needs_survey", () => ({ filters: { student: frm.doc.student, docstatus: 1 } }));
		frm.set_query("resource_teacher", { filters: { status: "Active" } });
		frm.set_query("supporter", "measures", { filters: { status: "Active" } });
		frm.set_query("domain", "goals", { filters: { enabled: 1 } });
	},

	before_workflow_action(frm) {
		return bangfu.approvals.ask(frm);
	},

	refresh(frm) {
		bangfu.approvals.show(frm);
		if (frm.doc.status === "Active") {
			const goods = frm.doc.aid?.length ? ["Aid Distribution"] : [];
			bangfu.add_next_buttons(frm, ["Pairing", "Support Session", "Support Evaluation", ...goods]);
			frm.trigger("offer_new_version");
		}
		bangfu.show_next_step(frm, {
			Draft: __("Next: both sides tick that they agree, then the agreement is confirmed."),
			Agreed: __("Next: submit the plan for review."),
			"Department Review": __("Next: the leading group approves the plan."),
			Returned: __("Returned: revise the plan and confirm the agreement again."),
		});
	},

	offer_new_version(frm) {
		if (!frappe.model.can_create("Support Plan")) return;
		frm.add_custom_button(
			__("New Version"),
			() => frappe.model.open_mapped_doc({ method: `${SUPPORT_PLAN}.make_new_version`, frm }),
			__("Create")
		);
	},
});
