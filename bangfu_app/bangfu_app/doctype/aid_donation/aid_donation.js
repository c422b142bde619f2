frappe.ui.form.on("Aid Donation", {
	setup(frm) {
		const path = "bangfu_app.bangfu_app.doctype.aid_donation.aid_donation";
		bangfu.set_next_records(frm, {
			"Aid Distribution": `${path}.make_distribution`,
			"Aid Write Off": `${path}.make_write_off`,
		});
	},

	refresh(frm) {
		if (frm.doc.docstatus !== 1) {
			return;
		}
		if (frm.doc.kind !== "Money") {
			bangfu.add_next_buttons(frm, ["Aid Distribution", "Aid Write Off"]);
		}
		frm.add_custom_button(__("Where It Went"), () =>
			frappe.set_route("query-report", "Aid Ledger", { donation: frm.doc.name })
		);
		if (!frm.doc.thanked_on) {
			frm.add_custom_button(__("Thanked Today"), () => {
				frm.set_value("thanked_on", frappe.datetime.get_today());
				frm.save("Update");
			});
		}
	},
});
