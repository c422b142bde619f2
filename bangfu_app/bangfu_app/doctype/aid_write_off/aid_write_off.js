frappe.ui.form.on("Aid Write Off", {
	setup(frm) {
		frm.set_query("donation", "items", (doc, cdt, cdn) => ({
			filters: [
				["Aid Donation", "docstatus", "=", 1],
				["Aid Donation Item", "item", "=", locals[cdt][cdn].item || ""],
			],
		}));
	},
});
