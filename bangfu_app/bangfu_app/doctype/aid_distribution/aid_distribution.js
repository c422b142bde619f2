frappe.ui.form.on("Aid Distribution", {
	setup(frm) {
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
		if (frm.doc.docstatus === 0) {
			// one row for each student, of what the first row hands out
			bangfu.offer_students(frm, "items", () => {
				const { item, uom, qty = 1, transfer = "Gift", due_back } = frm.doc.items?.[0] || {};
				return { item, uom, qty, transfer, due_back };
			});
		}
	},
});
