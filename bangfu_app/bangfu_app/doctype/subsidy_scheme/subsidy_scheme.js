frappe.ui.form.on("Subsidy Scheme", {
	setup(frm) {
		frm.set_query("fund", { filters: { enabled: 1 } });
		frm.set_query("criterion", { filters: { enabled: 1 } });
	},
});
