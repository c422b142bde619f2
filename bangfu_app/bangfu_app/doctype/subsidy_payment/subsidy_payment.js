frappe.ui.form.on("Subsidy Payment", {
	setup(frm) {
		frm.set_query("batch", { filters: { docstatus: 1, status: "Approved" } });
		frm.set_query("layout", { filters: { enabled: 1 } });
	},

	refresh(frm) {
		frm.set_df_property("rows", "cannot_add_rows", true);
		frm.set_df_property("rows", "cannot_delete_rows", Boolean(frm.doc.bank_file));
		frm.trigger("show_warnings");
		if (frm.is_new() || frm.doc.docstatus !== 0 || !frm.perm[0]?.write) return;
		frm.add_custom_button(__("Make Bank File"), () => frm.trigger("make_file"));
		frm.add_custom_button(__("Read Bank's Result"), () => frm.trigger("read_file"));
		frm.set_intro(
			frm.doc.bank_file
				? __("The file is at the bank. Read the bank's result or enter it in the rows, then submit.")
				: __("Next: make the bank file. Rows that are not to be paid now can be taken out before."),
			"blue"
		);
	},

	async make_file(frm) {
		if (frm.is_dirty()) await frm.save();
		if (!(await go_on_with(warned_rows(frm)))) return;
		const { message } = await frm.call("make_bank_file");
		await frm.reload_doc();
		if (message) window.open(frappe.urllib.get_full_url(message));
	},

	read_file(frm) {
		new frappe.ui.FileUploader({
			doctype: frm.doctype,
			docname: frm.docname,
			folder: "Home/Attachments",
			restrictions: { allowed_file_types: [".xlsx", ".csv"] },
			make_attachments_public: false,
			on_success: async (file) => {
				const { message } = await frm.call("read_result", { file_url: file.file_url });
				await frm.reload_doc();
				frappe.show_alert(
					message
						? { message: __("Rows without a result: {0}", [message]), indicator: "orange" }
						: { message: __("Every row has its result. Check them, then submit."), indicator: "green" }
				);
			},
		});
	},

	show_warnings(frm) {
		const rows = warned_rows(frm);
		if (rows.length) frm.dashboard.add_comment(rows.join("<br>"), "yellow", true);
	},
});

/** Rows whose account or eligibility has changed since the batch was approved, in words. */
function warned_rows(frm) {
	const warnings = frm.doc.__onload?.warnings || {};
	return (frm.doc.rows || [])
		.filter((row) => warnings[row.name])
		.map((row) => `${row.idx}. ${row.payee_name}: ${warnings[row.name].join("; ")}`)
		.map((line) => frappe.utils.escape_html(line));
}

/** Who pays decides: pay all the same, or take the rows out first. */
function go_on_with(rows) {
	if (!rows.length) return true;
	const question = __("Something has changed since the approval. Pay these rows all the same?");
	return new Promise((resolve) =>
		frappe.confirm(`${question}<br><br>${rows.join("<br>")}`, () => resolve(true), () => resolve(false))
	);
}
