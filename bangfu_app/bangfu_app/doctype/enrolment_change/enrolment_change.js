frappe.ui.form.on("Enrolment Change", {
	setup(frm) {
		frm.set_query("new_class", () => ({ filters: { school: frm.doc.new_school || frm.doc.school } }));
		frm.set_query("new_school", { filters: { enabled: 1 } });
	},

	change_type(frm) {
		for (const fieldname of ["new_school", "new_class", "other_school"]) frm.set_value(fieldname, null);
	},

	new_school(frm) {
		frm.set_value("new_class", null);
	},
});
