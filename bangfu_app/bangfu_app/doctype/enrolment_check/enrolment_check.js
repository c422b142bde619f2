frappe.ui.form.on("Enrolment Check", {
	async onload(frm) {
		if (!frm.is_new() || frm.doc.school_term) return;
		const { message } = await frappe.db.get_value("Bangfu Settings", "Bangfu Settings", "current_term");
		if (message?.current_term) frm.set_value("school_term", message.current_term);
	},

	async school_class(frm) {
		if (!frm.is_new() || !frm.doc.school_class) return;
		const { message } = await frappe.call("bangfu_app.enrolment.class_list", {
			school_class: frm.doc.school_class,
		});
		frm.clear_table("students");
		for (const row of message || []) frm.add_child("students", row);
		frm.refresh_field("students");
	},

	refresh(frm) {
		frm.set_intro(frm.is_new() ? __("All are present until you say otherwise.") : "", "blue");
	},
});
