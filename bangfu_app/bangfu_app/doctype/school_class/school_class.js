frappe.ui.form.on("School Class", {
	setup(frm) {
		frm.set_query("school", { filters: { enabled: 1 } });
	},
});
