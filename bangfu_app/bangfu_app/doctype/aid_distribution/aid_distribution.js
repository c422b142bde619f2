frappe.ui.form.on("Aid Distribution", {
	setup(frm) {
		bangfu.set_next_records(frm, {
			"Aid Return": "bangfu_app.bangfu_app.doctype.aid_distribution.aid_distribution.make_return",
		});
		frm.set_query("service_point", { filters: { enabled: 1 } });
		frm.set_query("student", "items", { filters: { status: "In Support" } });
		frm.set_query("donation", "items", (doc, cdt, cdn) => ({
			filters: [
				["Aid Donation", "docstatus", "=", 1],
				["Aid Donation Item", "item", "=", locals[cdt][cdn].item || ""],
			],
		}));
	},

	refresh(frm) {
		if (frm.doc.docstatus === 1) {
			bangfu.add_next_buttons(frm, ["Aid Return"]);
			frm.add_custom_button(__("Received Today"), () => {
				// whoever signs later keeps an empty line: clear it before saving
				const today = frappe.datetime.get_today();
				frm.doc.items
					.filter((row) => !row.received_on)
					.forEach((row) => frappe.model.set_value(row.doctype, row.name, "received_on", today));
			});
		}
		if (frm.doc.docstatus === 0) {
			// one row for each student, of what the first row hands out
			bangfu.offer_students(frm, "items", () => {
				const { item, uom, qty = 1, transfer = "Gift", due_back } = frm.doc.items?.[0] || {};
				return { item, uom, qty, transfer, due_back };
			});
		}
	},
});
