frappe.ui.form.on("Recognition Evidence", {
	setup(frm) {
		frm.set_query("criterion", { filters: { enabled: 1 } });
	},

	refresh(frm) {
		frm.set_df_property("student", "hidden", frm.doc.screening && !frm.doc.student ? 1 : 0);
		frm.set_df_property("screening", "hidden", frm.doc.screening ? 0 : 1);
		for (const field of ["student", "screening"]) {
			frm.set_df_property(field, "read_only", frm.is_new() ? 0 : 1);
		}
		if (frm.is_new() && !frm.doc.found_by) frm.set_value("found_by", frappe.session.user_fullname);
	},
});
