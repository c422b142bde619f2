frappe.ui.form.on("Fund Spending", {
	setup(frm) {
		frm.set_query("fund_budget", { filters: { docstatus: 1 } });
	},
});
