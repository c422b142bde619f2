// The eye beside a masked number: asks why, shows the number for a moment. Loaded with each form in hooks.doctype_js.
frappe.provide("bangfu");

// drawn here: the icon sets of Frappe 15 and 16 name it differently
const EYE = `<svg width="12" height="12" viewBox="0 0 16 16" fill="none" stroke="currentColor" aria-hidden="true">
	<path d="M1 8s2.5-5 7-5 7 5 7 5-2.5 5-7 5-7-5-7-5z"/><circle cx="8" cy="8" r="2"/></svg>`;

/** Sealed fields of this DocType whose numbers the user may see; the server decides again. */
bangfu.shown_numbers = (doctype) => (frappe.boot.bangfu_shown_numbers || {})[doctype] || [];

bangfu.add_eye = function (control, show) {
	if (!control?.$wrapper) return;
	control.$wrapper.find(".bangfu-eye").remove();
	if (!(control.doc?.[control.df.fieldname] || "").includes("*")) return;
	const eye = $(`<button type="button" class="btn btn-xs btn-default bangfu-eye">${EYE}</button>`);
	eye.attr({ title: __("Show Number"), "aria-label": __("Show Number") });
	eye.css("margin-left", "var(--margin-xs, 5px)").on("click", show);
	control.$wrapper.find(".clearfix").first().append(eye);
};

bangfu.show_number = function (frm, fieldname, label, row) {
	const ask = [{ fieldname: "reason", fieldtype: "Small Text", label: __("Reason"), reqd: 1 }];
	const title = __("Why do you need it? The reason is kept.");
	frappe.prompt(
		ask,
		async ({ reason }) => {
			const { message } = await frappe.call({
				method: "bangfu_app.privacy.unmasking.show_number",
				type: "POST",
				args: { doctype: frm.doctype, name: frm.docname, fieldname, reason, row },
			});
			if (message) bangfu.show_for_a_moment(label, message);
		},
		title,
		__("Show Number")
	);
};

bangfu.show_for_a_moment = function (label, number) {
	const dialog = new frappe.ui.Dialog({
		title: label,
		fields: [{ fieldname: "number", fieldtype: "HTML" }],
	});
	const text = $("<p class='text-center bangfu-number' style='font-size: 1.5rem; user-select: all'></p>");
	dialog.fields_dict.number.$wrapper.append(text.text(number));
	dialog.onhide = () => dialog.$wrapper.remove();
	dialog.show();
	setTimeout(() => dialog.hide(), 20000);
};

bangfu.add_eyes = function (frm) {
	if (frm.is_new()) return;
	for (const fieldname of bangfu.shown_numbers(frm.doctype)) {
		const control = frm.fields_dict[fieldname];
		bangfu.add_eye(control, () => bangfu.show_number(frm, fieldname, __(control.df.label, null, frm.doctype)));
	}
};

for (const doctype of ["Student File", "Supporter", "Payee Account"]) {
	frappe.ui.form.on(doctype, { refresh: bangfu.add_eyes });
}

frappe.ui.form.on("Student Contact", {
	form_render(frm, doctype, name) {
		const row = frappe.get_doc(doctype, name);
		const form = frm.fields_dict[row.parentfield].grid.grid_rows_by_docname[name]?.grid_form;
		if (frm.is_new() || row.__islocal || !form) return;
		for (const fieldname of bangfu.shown_numbers(doctype)) {
			const control = form.fields_dict[fieldname];
			bangfu.add_eye(control, () =>
				bangfu.show_number(frm, fieldname, __(control.df.label, null, doctype), name)
			);
		}
	},
});
