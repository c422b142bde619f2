frappe.ui.form.on("Work Study Post", {
	setup(frm) {
		frm.set_query("scheme", { filters: { kind: "Work-study", amount_rule: "By Hours", enabled: 1 } });
		frm.set_query("school", { filters: { enabled: 1 } });
	},
});
