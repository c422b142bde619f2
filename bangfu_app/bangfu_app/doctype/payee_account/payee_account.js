frappe.ui.form.on("Payee Account", {
	refresh(frm) {
		const waiting = !frm.is_new() && frm.doc.changed_on && !frm.doc.confirmed_on;
		if (!waiting) return;
		frm.dashboard.add_indicator(__("Change not confirmed"), "orange");
		if (frm.perm[0]?.write && frm.doc.changed_by !== frappe.session.user) {
			frm.add_custom_button(__("Confirm"), async () => {
				await frm.call("confirm");
				frm.reload_doc();
			});
		}
	},
});
