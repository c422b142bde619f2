const BOTTOM_LIST = "bangfu_app.bangfu_app.doctype.bottom_list.bottom_list";

frappe.ui.form.on("Bottom List", {
	refresh(frm) {
		const grid = frm.fields_dict.rows.grid;
		grid.cannot_add_rows = true;
		grid.cannot_delete_rows = true;
		grid.refresh();
		if (frm.is_new()) return;
		frm.trigger("show_long_term");
		frm.trigger("show_next_step");
		if (frm.perm[0]?.write && frm.doc.rows.some((row) => !row.decision)) {
			frm.add_custom_button(__("Confirm All Open"), () => frm.events.confirm_all(frm));
		}
		if (frm.events.without_file(frm).length) frm.trigger("offer_next_record");
	},

	offer_next_record(frm) {
		if (frappe.model.can_create("Screening")) {
			const label = __("Name as Candidate");
			const button = frm.add_custom_button(label, () => frm.events.make_next(frm, "make_screening", label));
			if (frm.doc.status === "Confirmed") button.addClass("btn-primary");
		}
		if (frappe.model.can_create("Student File")) {
			const label = __("Make Student File");
			frm.add_custom_button(label, () => frm.events.make_next(frm, "make_student_file", label));
		}
	},

	show_long_term(frm) {
		const long_term = frm.doc.rows.filter((row) => row.long_term).length;
		if (long_term) frm.dashboard.add_indicator(__("Long-term: {0}", [long_term]), "orange");
	},

	show_next_step(frm) {
		if (frm.doc.status !== "To Confirm") return;
		frm.set_intro(
			__("Confirm each pupil who needs support; where not, say why. Nobody outside sees this list."),
			"blue"
		);
	},

	confirm_all(frm) {
		for (const row of frm.doc.rows.filter((row) => !row.decision)) {
			frappe.model.set_value(row.doctype, row.name, "decision", "Confirmed");
		}
		frm.save();
	},

	without_file(frm) {
		return frm.doc.rows.filter((row) => row.decision === "Confirmed" && !row.student);
	},

	make_next(frm, method, title) {
		const options = frm.events
			.without_file(frm)
			.map((row) => ({ value: row.candidate, label: row.candidate_name }));
		const open = (candidate) =>
			frappe.model.open_mapped_doc({
				method: `${BOTTOM_LIST}.${method}`,
				frm,
				args: { candidate },
			});
		if (options.length === 1) return open(options[0].value);
		frappe.prompt(
			{ fieldname: "candidate", fieldtype: "Select", label: __("Pupil"), options, reqd: 1 },
			({ candidate }) => open(candidate),
			title
		);
	},
});
