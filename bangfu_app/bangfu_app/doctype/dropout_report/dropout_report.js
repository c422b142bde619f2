frappe.ui.form.on("Dropout Report", {
	setup(frm) {
		frm.set_query("student", { filters: { status: ["not in", ["Declined", "Closed", "Archived"]] } });
	},

	refresh(frm) {
		if (!frm.is_new() && !frm.doc.visited_on) {
			frm.set_intro(__("Next: visit the student at home and enter the result here."), "orange");
		}
	},
});
