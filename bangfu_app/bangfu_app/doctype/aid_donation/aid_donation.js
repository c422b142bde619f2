frappe.ui.form.on("Aid Donation", {
	setup(frm) {
		bangfu.set_next_records(frm, {
			"Aid Distribution": "bangfu_app.bangfu_app.doctype.aid_donation.aid_donation.make_distribution",
		});
	},

	refresh(frm) {
		if (frm.doc.docstatus === 1) {
			bangfu.add_next_buttons(frm, ["Aid Distribution"]);
		}
	},
});
