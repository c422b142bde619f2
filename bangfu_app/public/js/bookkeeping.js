// ERPNext's books: the check in Bangfu Settings, and the way back from a voucher to its record.
frappe.ui.form.on("Bangfu Settings", {
	refresh(frm) {
		if (!frm.fields_dict.post_to_erpnext) {
			return; // no ERPNext on this site
		}
		const company = (_doc, cdt, cdn) => ({ company: locals[cdt][cdn].company, is_group: 0 });
		for (const fieldname of [
			"donation_income_account",
			"aid_expense_account",
			"write_off_account",
			"bank_account",
			"warehouse",
			"cost_center",
		]) {
			frm.set_query(fieldname, "bookkeeping_companies", (...row) => ({ filters: company(...row) }));
		}
		frm.add_custom_button(__("Check Bookkeeping"), () => check_bookkeeping(frm));
		frm.add_custom_button(__("Tie-out"), () => frappe.set_route("query-report", "Tie-out"));
	},
});

async function check_bookkeeping(frm) {
	if (frm.is_dirty()) {
		await frm.save();
	}
	const found = await frappe.xcall("bangfu_app.bookkeeping.check.check_bookkeeping");
	const lines = found.map(({ level, text }) => `<li><span class="indicator ${level}"></span>${text}</li>`);
	frappe.msgprint({
		title: __("Check Bookkeeping"),
		indicator: found.length ? found[0].level : "green",
		message: lines.length ? `<ul class="list-unstyled">${lines.join("")}</ul>` : __("All is set."),
	});
}

for (const doctype of ["Stock Entry", "Journal Entry"]) {
	frappe.ui.form.on(doctype, {
		refresh(frm) {
			const { bangfu_document_type, bangfu_document } = frm.doc;
			if (bangfu_document) {
				frm.add_custom_button(__("Aid Record"), () =>
					frappe.set_route("Form", bangfu_document_type, bangfu_document)
				);
			}
		},
	});
}
