frappe.ui.form.on("Student Merge", {
	setup(frm) {
		for (const side of ["kept_file", "merged_file"]) {
			frm.set_query(side, { filters: { merged_into: ["is", "not set"] } });
		}
	},

	refresh(frm) {
		frm.set_df_property("choices", "cannot_add_rows", true);
		frm.set_df_property("choices", "cannot_delete_rows", true);
		if (frm.is_new() || frm.doc.docstatus) return;
		frm.add_custom_button(__("Side by Side"), () =>
			bangfu.duplicates.compare("Student File", [frm.doc.kept_file, frm.doc.merged_file])
		);
		frm.set_intro("");
		frm.set_intro(
			__("Choose what is taken from which file, save, then submit. Cancelling undoes the merge."),
			"blue"
		);
	},
});
