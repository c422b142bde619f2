frappe.ui.form.on("Subsidy Batch", {
	setup(frm) {
		bangfu.set_next_records(frm, {
			"Subsidy Payment": "bangfu_app.bangfu_app.doctype.subsidy_batch.subsidy_batch.make_payment",
		});
		frm.set_query("scheme", { filters: { enabled: 1 } });
		frm.set_query("fund", { filters: { enabled: 1 } });
		frm.set_query("student", "rows", () => ({
			filters: { status: "In Support", ...(frm.doc.school ? { school: frm.doc.school } : {}) },
		}));
		frm.set_query("payee_account", "rows", (doc, cdt, cdn) => ({
			filters: { student: locals[cdt][cdn].student, active: 1 },
		}));
	},

	before_workflow_action(frm) {
		return bangfu.approvals.ask(frm);
	},

	refresh(frm) {
		bangfu.approvals.show(frm);
		frm.trigger("show_warnings");
		if (["Draft", "Returned"].includes(frm.doc.status) && !frm.is_new() && frm.perm[0]?.write) {
			frm.add_custom_button(__("Fill from Scheme"), () => frm.trigger("fill"));
			bangfu.offer_students(frm, "rows");
		}
		if (frm.doc.status === "Approved" && frm.doc.rows.some((row) => ["Due", "Failed"].includes(row.status))) {
			bangfu.add_next_buttons(frm, ["Subsidy Payment"]);
		}
		if (frm.doc.docstatus === 1 && frappe.model.can_submit("Subsidy Batch")) {
			frm.add_custom_button(__("Withdraw a Row"), () => frm.trigger("withdraw"));
		}
		bangfu.show_next_step(frm, {
			Draft: __("Next: add the students, then submit the batch for review."),
			"Finance Check": __("Next: finance checks the rows and approves, or passes the batch to the leading group."),
			"Leading Group Review": __("Next: the leading group approves the batch."),
			Approved: __("Next: finance pays the rows that have an account."),
			Returned: __("Returned: correct the batch and submit it for review again."),
		});
	},

	async fill(frm) {
		if (frm.is_dirty()) await frm.save();
		const { message } = await frm.call("fill_from_scheme");
		await frm.reload_doc();
		frappe.msgprint({
			title: __("Fill from Scheme"),
			indicator: message.without_account ? "orange" : "green",
			message: [
				__("Added: {0}.", [message.added]),
				__("Of these without an account: {0}. They cannot be paid yet.", [message.without_account]),
				__("Left out, granted already: {0}.", [message.claimed]),
				__("Left out, not eligible: {0}.", [message.not_eligible]),
			].join("<br>"),
		});
	},

	/** Rows for which something that the scheme asks for has changed since the approval. */
	show_warnings(frm) {
		const warnings = frm.doc.__onload?.eligibility || {};
		const lines = (frm.doc.rows || [])
			.filter((row) => warnings[row.name])
			.map((row) => `${row.idx}. ${row.student_name}: ${warnings[row.name]}`);
		if (!lines.length) return;
		const text = lines.map((line) => frappe.utils.escape_html(line)).join("<br>");
		frm.dashboard.add_comment(`${__("Changed since the approval:")}<br>${text}`, "yellow", true);
	},

	withdraw(frm) {
		const open = frm.doc.rows.filter((row) => ["Due", "Failed"].includes(row.status));
		if (!open.length) {
			frappe.msgprint(__("No row is left that could be withdrawn."));
			return;
		}
		const fields = [
			{
				fieldname: "row",
				fieldtype: "Select",
				label: __("Row"),
				options: open.map((row) => ({ value: row.name, label: `${row.idx}. ${row.student_name}` })),
				reqd: 1,
			},
			{ fieldname: "reason", fieldtype: "Small Text", label: __("Reason"), reqd: 1 },
		];
		frappe.prompt(
			fields,
			(values) => frm.call("withdraw", values).then(() => frm.reload_doc()),
			__("Withdraw a Row"),
			__("Withdraw")
		);
	},
});
