frappe.ui.form.on("Aid Return", {
	refresh(frm) {
		// the lines are those of a distribution, by its button; what stays out is deleted or cut down
		frm.set_df_property("items", "cannot_add_rows", 1);
		if (frm.doc.docstatus === 0 && frm.is_new() && !(frm.doc.items || []).length) {
			frm.set_intro(__("Open the distribution and choose Create → Aid Return."), "blue");
		}
	},
});
