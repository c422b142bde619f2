frappe.ui.form.on("Partner", {
	refresh(frm) {
		if (!frm.is_new() && frappe.model.can_read("Aid Donation")) {
			frm.add_custom_button(__("Donor Statement"), () =>
				frappe.set_route("query-report", "Donor Statement", { donor: frm.doc.name })
			);
		}
	},
});
