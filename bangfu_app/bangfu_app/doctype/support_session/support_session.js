frappe.ui.form.on("Support Session", {
	setup(frm) {
		const of_student = (status) => () => ({
			filters: { status, ...(frm.doc.student ? { student: frm.doc.student } : {}) },
		});
		frm.set_query("student", { filters: { status: "In Support" } });
		frm.set_query("student", "attendance", { filters: { status: "In Support" } });
		frm.set_query("supporter", "supporters", { filters: { status: "Active" } });
		frm.set_query("pairing", of_student("Active"));
		frm.set_query("plan", of_student("Active"));
		frm.set_query("school", { filters: { enabled: 1 } });
		frm.set_query("service_point", { filters: { enabled: 1 } });
	},

	refresh(frm) {
		bangfu.offer_students(frm, "attendance");
	},
});
