const SCREENING = "bangfu_app.bangfu_app.doctype.screening.screening";

frappe.ui.form.on("Screening", {
	setup(frm) {
		frm.set_query("school", { filters: { enabled: 1 } });
		frm.set_query("school_class", () => ({ filters: frm.doc.school ? { school: frm.doc.school } : {} }));
		frm.set_query("need_category", "needs", { filters: { enabled: 1 } });
		bangfu.set_next_records(frm, { "Panel Score": `${SCREENING}.make_panel_score` });
		bangfu.duplicates.watch(frm);
	},

	before_save(frm) {
		return bangfu.duplicates.look(frm);
	},

	onload(frm) {
		if (frm.is_new() && !frm.doc.school_class) frm.trigger("take_own_class");
	},

	take_own_class(frm) {
		const filters = { head_teacher: frappe.session.user };
		frappe.db.get_list("School Class", { filters, fields: ["name", "school"], limit: 2 }).then((classes) => {
			if (classes.length !== 1 || frm.doc.school_class) return;
			frm.set_value("school", classes[0].school).then(() => frm.set_value("school_class", classes[0].name));
		});
	},

	refresh(frm) {
		const may_decide = frm.is_new() || frm.doc.__onload?.may_decide;
		for (const field of ["decision", "decision_reason", "recheck_on", "referred_to"]) {
			frm.set_df_property(field, "read_only", may_decide ? 0 : 1);
		}
		frm.trigger("show_steps");
		frm.trigger("show_panel");
		bangfu.show_recognition(frm);
		bangfu.duplicates.show(frm, []);
		if (frm.is_new()) return;
		frm.trigger("offer_score");
		frm.trigger("offer_file");
		if (frappe.model.can_create("Recognition Evidence")) {
			frm.add_custom_button(__("Evidence"), () => bangfu.add_evidence({ screening: frm.doc.name }), __("Add"));
		}
	},

	show_steps(frm) {
		const steps = {
			Listed: __("Next: visit the home and the school, and record the visit."),
			Visited: __("Next: name the panel; each rater scores alone."),
			Scored: __("Next: the coordinator or the leading group decides."),
		};
		bangfu.show_next_step(frm, steps);
	},

	show_panel(frm) {
		for (const rater of frm.doc.__onload?.panel || []) {
			const label = rater.scored ? __("{0} has scored", [rater.full_name]) : __("{0} has to score", [rater.full_name]);
			frm.dashboard.add_indicator(frappe.utils.escape_html(label), rater.scored ? "green" : "orange");
		}
	},

	offer_score(frm) {
		const own = (frm.doc.__onload?.panel || []).find((rater) => rater.user === frappe.session.user);
		if (!own || frm.doc.decision) return;
		if (own.scored) {
			const filters = { screening: frm.doc.name, rater: frappe.session.user };
			frm.add_custom_button(__("My Scores"), () =>
				frappe.db
					.get_value("Panel Score", filters, "name")
					.then(({ message }) => frappe.set_route("Form", "Panel Score", message.name))
			);
		} else {
			frm.add_custom_button(__("Score"), frm.make_methods["Panel Score"]).addClass("btn-primary");
		}
	},

	offer_file(frm) {
		if (frm.doc.student_file) {
			frm.add_custom_button(__("Student File"), () =>
				frappe.set_route("Form", "Student File", frm.doc.student_file)
			);
		} else if (frm.doc.decision === "Admit" && frappe.model.can_create("Student File")) {
			frm.add_custom_button(__("Make Student File"), () =>
				frappe
					.xcall(`${SCREENING}.make_student_file`, { source_name: frm.doc.name })
					.then((name) => frappe.set_route("Form", "Student File", name))
			).addClass("btn-primary");
		}
	},

	school(frm) {
		frm.set_value("school_class", null);
	},
});

frappe.ui.form.on("Screening Visit", {
	visits_add(frm, cdt, cdn) {
		frappe.model.set_value(cdt, cdn, "visited_by", frappe.session.user_fullname);
	},
});
