frappe.ui.form.on("Aid Pledge", {
	setup(frm) {
		bangfu.set_next_records(frm, {
			"Aid Donation": "bangfu_app.bangfu_app.doctype.aid_pledge.aid_pledge.make_donation",
		});
	},

	refresh(frm) {
		if (!frm.is_new() && frm.doc.status === "Open") {
			bangfu.add_next_buttons(frm, ["Aid Donation"]);
		}
		const { status, next_due } = frm.doc;
		if (status === "Open" && next_due && next_due < frappe.datetime.get_today()) {
			frm.dashboard.add_indicator(__("Late since {0}", [frappe.datetime.str_to_user(next_due)]), "red");
		}
	},
});
