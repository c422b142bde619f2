frappe.ui.form.on("Pairing", {
	setup(frm) {
		bangfu.set_next_records(frm, {
			"Support Session": "bangfu_app.bangfu_app.doctype.pairing.pairing.make_support_session",
		});
		frm.set_query("student", { filters: { status: "In Support" } });
		frm.set_query("plan", () => ({ filters: { student: frm.doc.student, status: "Active" } }));
		frm.set_query("supporter", "members", { filters: { status: "Active" } });
	},

	refresh(frm) {
		if (frm.is_new()) return;
		const may_write = frm.has_perm("write");
		if (frm.doc.status === "Proposed" && may_write) {
			frm.add_custom_button(__("Start Pairing"), () => frm.trigger("activate")).addClass("btn-primary");
		}
		if (frm.doc.status === "Active") {
			bangfu.add_next_buttons(frm, ["Support Session"]);
			if (may_write) {
				frm.add_custom_button(__("End Pairing"), () => frm.trigger("end"));
				frm.add_custom_button(__("Revoke at Once"), () => frm.trigger("revoke"));
			}
		}
		const handover = frm.doc.__onload && frm.doc.__onload.handover;
		if (handover) {
			const note = frappe.utils.escape_html(handover);
			frm.dashboard.add_comment(__("Handover note of the pairing before: {0}", [note]), "blue", true);
		}
		if (frm.doc.status === "Active" && frm.doc.to_date) {
			const day = frappe.datetime.str_to_user(frm.doc.to_date);
			frm.dashboard.add_comment(__("Last day: {0}. The team keeps its rights until that night.", [day]), "yellow", true);
		}
		bangfu.show_next_step(frm, {
			Proposed: __("Next: complete the team and the consents, then activate the pairing."),
		});
	},

	activate(frm) {
		const question = __("Start the pairing of {0}? From now on the team sees the student's file.", [
			frappe.utils.escape_html(frm.doc.student_name),
		]);
		frappe.confirm(question, () => frm.call("activate").then(() => frm.reload_doc()));
	},

	end(frm) {
		// a closure ends its pairings itself, revoking has its own button
		const reasons = frappe.meta
			.get_docfield("Pairing", "end_reason")
			.options.split("\n")
			.filter((reason) => reason && !["Case Closed", "Revoked"].includes(reason));
		frappe.prompt(
			[
				{ fieldname: "reason", fieldtype: "Select", label: __("End Reason"), options: reasons, reqd: 1 },
				{ fieldname: "to_date", fieldtype: "Date", label: __("Last Day"), default: "Today", reqd: 1 },
				{
					fieldname: "handover_note",
					fieldtype: "Small Text",
					label: __("Handover Note"),
					description: __("What the next supporter should know"),
					default: frm.doc.handover_note,
					reqd: 1,
				},
			],
			(values) => frm.call("end", values).then(() => frm.reload_doc()),
			__("End Pairing"),
			__("End Pairing")
		);
	},

	revoke(frm) {
		frappe.prompt(
			{ fieldname: "reason", fieldtype: "Small Text", label: __("Reason"), reqd: 1 },
			(values) => frm.call("revoke", values).then(() => frm.reload_doc()),
			__("The team loses its rights at once"),
			__("Revoke at Once")
		);
	},
});
