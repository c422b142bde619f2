frappe.ui.form.on("Support Consent", {
	refresh(frm) {
		if (frm.is_new() || frm.doc.withdrawn_on) return;
		frm.add_custom_button(__("Withdraw…"), () =>
			frappe.prompt(
				[{ fieldname: "reason", fieldtype: "Small Text", label: __("Reason"), reqd: 1 }],
				(values) => frm.call("withdraw", values).then(() => frm.reload_doc()),
				__("Withdraw")
			)
		);
	},
});
