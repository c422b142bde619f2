frappe.ui.form.on("Service Point", {
	setup(frm) {
		frm.set_query("school", { filters: { enabled: 1 } });
	},
});
