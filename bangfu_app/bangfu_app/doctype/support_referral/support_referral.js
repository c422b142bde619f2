frappe.ui.form.on("Support Referral", {
	refresh(frm) {
		const { may_decide, may_accept } = frm.doc.__onload || {};
		if (frm.is_new() || !may_decide) return;
		const reload = () => frm.reload_doc();
		const ask = (fieldname, label, then) =>
			frappe.prompt([{ fieldname, fieldtype: "Small Text", label, reqd: fieldname === "reason" ? 1 : 0 }], then, label);
		if (frm.doc.status === "Proposed") {
			if (may_accept) {
				frm.add_custom_button(__("Accept"), () => frm.call("accept").then(reload)).addClass("btn-primary");
			}
			frm.add_custom_button(__("Decline…"), () =>
				ask("reason", __("Reason for Declining"), (values) => frm.call("decline", values).then(reload))
			);
		}
		if (frm.doc.status === "Accepted") {
			frm.add_custom_button(__("Close…"), () =>
				ask("result", __("Result Reported Back"), (values) => frm.call("close", values).then(reload))
			);
		}
	},
});
