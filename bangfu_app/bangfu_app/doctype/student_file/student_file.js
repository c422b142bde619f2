const STUDENT_FILE = "bangfu_app.bangfu_app.doctype.student_file.student_file";

frappe.ui.form.on("Student File", {
	setup(frm) {
		bangfu.set_next_records(frm, {
			"Needs Survey": `${STUDENT_FILE}.make_needs_survey`,
			"Support Plan": `${STUDENT_FILE}.make_support_plan`,
			Pairing: `${STUDENT_FILE}.make_pairing`,
			"Aid Distribution": "bangfu_app.goods.aid_due.make_distribution_to_student",
			"Case Closure": `${STUDENT_FILE}.make_case_closure`,
		});
		frm.set_query("school", { filters: { enabled: 1 } });
		frm.set_query("school_class", () => ({ filters: frm.doc.school ? { school: frm.doc.school } : {} }));
		frm.set_query("need_category", "needs", { filters: { enabled: 1 } });
		bangfu.duplicates.watch(frm);
	},

	before_save(frm) {
		// what the server is about to refuse is shown, with the field for the reason
		return bangfu.duplicates.look(frm);
	},

	before_workflow_action(frm) {
		return bangfu.approvals.ask(frm);
	},

	refresh(frm) {
		bangfu.approvals.show(frm);
		if (frm.doc.status === "In Support") {
			bangfu.add_next_buttons(frm, ["Needs Survey", "Support Plan", "Pairing", "Aid Distribution", "Case Closure"]);
		}
		if (!frm.is_new() && !["Declined", "Closed", "Archived"].includes(frm.doc.status)) {
			bangfu.add_alert_button(frm);
		}
		frm.trigger("show_next_step");
		frm.trigger("show_support");
		frm.trigger("show_confidential_records");
		frm.trigger("show_relatives");
		bangfu.show_completeness(frm);
		bangfu.duplicates.show(frm, []);
		frm.trigger("show_recognition");
		bangfu.offer_dossier_export(frm);
	},

	show_relatives(frm) {
		for (const row of frm.doc.__onload?.relatives || []) {
			const link = frappe.utils.get_form_link("Student File", row.file, true, row.title);
			frm.dashboard.add_indicator(`${__(row.relation)}: ${link}`, "blue");
		}
		if (frm.doc.merged_into) {
			const link = frappe.utils.get_form_link("Student File", frm.doc.merged_into, true);
			frm.set_intro(__("Merged into {0}.", [link]), "orange");
		}
	},

	show_recognition(frm) {
		if (["Closed", "Archived"].includes(frm.doc.status)) return;
		bangfu.show_recognition(frm);
		if (!frm.is_new() && frappe.model.can_create("Recognition Evidence")) {
			frm.add_custom_button(__("Evidence"), () => bangfu.add_evidence({ student: frm.doc.name }), __("Add"));
		}
	},

	show_confidential_records(frm) {
		const count = frm.doc.__onload?.confidential_records;
		if (count) frm.dashboard.add_indicator(__("Confidential records: {0}", [count]), "grey");
	},

	show_next_step(frm) {
		const in_support = {
			"Needs Survey": __("Next: survey the needs of this student."),
			"Support Plan": __("Next: make a support plan and bring it to approval."),
			Pairing: __("Next: pair the student with a team of supporters."),
		};
		bangfu.show_next_step(frm, {
			Draft: __("Next: the class teacher or the coordinator submits the file for class review."),
			"Class Review": __("Next: the class teacher passes the class review."),
			"School Review": __("Next: the leading group approves the file."),
			Returned: __("Returned: correct the file and submit it for class review again."),
			Declined: __("Declined: the coordinator or the leading group can reconsider."),
			"In Support": in_support[frm.doc.__onload?.support?.next_record],
		});
	},

	show_support(frm) {
		const support = frm.doc.__onload?.support;
		if (!support) return;
		const colour = { High: "red", Medium: "orange", Low: "green" }[frm.doc.priority];
		if (colour) {
			frm.dashboard.add_indicator(__("Priority: {0}", [__(frm.doc.priority)]), colour);
		}
		frm.dashboard.add_indicator(
			support.pairing ? __("Pairing is active") : __("No active pairing"),
			support.pairing ? "green" : "orange"
		);
		frm.dashboard.add_indicator(__("Sessions attended: {0}", [support.attended]), "blue");
		if (support.last_session) {
			const day = frappe.datetime.str_to_user(support.last_session);
			frm.dashboard.add_indicator(__("Last session: {0}", [day]), "blue");
		}
	},

	school(frm) {
		frm.set_value("school_class", null);
	},
});
