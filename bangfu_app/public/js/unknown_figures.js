// A figure that is not known reads "—" in a table, not 0. Loaded with each form named in hooks.doctype_js.
frappe.provide("bangfu");

/** `fieldnames` are numbers in the rows of `table`, each with a tick `has_…` that says whether it is known. */
bangfu.dash_unknown_figures = function (frm, table, fieldnames) {
	const as_number = frappe.form.get_formatter("Float");
	for (const fieldname of fieldnames) {
		frm.get_docfield(table, fieldname).formatter = (value, df, options, row) =>
			row && !row[`has_${fieldname}`] && !value ? "—" : as_number(value, df, options, row);
	}
};
