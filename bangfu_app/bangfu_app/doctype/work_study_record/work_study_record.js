frappe.ui.form.on("Work Study Record", {
	setup(frm) {
		frm.set_query("post", () => ({ filters: { enabled: 1, ...(frm.doc.school ? { school: frm.doc.school } : {}) } }));
	},

	onload(frm) {
		if (frm.is_new() && !frm.doc.month) {
			frm.set_value("month", frappe.datetime.get_today().slice(0, 7));
		}
	},
});
