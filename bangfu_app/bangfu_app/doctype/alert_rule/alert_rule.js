frappe.ui.form.on("Alert Rule", {
	setup(frm) {
		const readers = ["Bangfu Manager", "Bangfu Coordinator", "Class Teacher", "Counsellor"];
		for (const field of ["handler_role", "escalate_role"]) {
			frm.set_query(field, { filters: { name: ["in", readers] } });
		}
	},
});
