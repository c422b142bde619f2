// The buttons that open the next record, filled in. Loaded with each form named in hooks.doctype_js.
frappe.provide("bangfu");

/** Name the methods once: the plus sign of a connection and the "Create" buttons use the same. */
bangfu.set_next_records = function (frm, methods) {
	frm.make_methods = {};
	for (const [doctype, method] of Object.entries(methods)) {
		frm.make_methods[doctype] = () => frappe.model.open_mapped_doc({ method, frm });
	}
};

/** A "Create" button for those of the next records that the user may make. */
bangfu.add_next_buttons = function (frm, doctypes) {
	const allowed = doctypes.filter((doctype) => frappe.model.can_create(doctype));
	for (const doctype of allowed) {
		frm.add_custom_button(__(doctype), frm.make_methods[doctype], __("Create"));
	}
	if (allowed.length) {
		frm.page.set_inner_btn_group_as_primary(__("Create"));
	}
};

/** Above the form: what comes next and who does it, by status. */
bangfu.show_next_step = function (frm, steps) {
	const step = !frm.is_new() && steps[frm.doc.status];
	if (step) {
		frm.set_intro(step, frm.doc.status === "Returned" ? "orange" : "blue");
	}
};
