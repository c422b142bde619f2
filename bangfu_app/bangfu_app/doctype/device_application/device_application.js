frappe.ui.form.on("Device Application", {
	setup(frm) {
		frm.set_query("student", { filters: { status: "In Support" } });
		frm.set_query("item", { filters: { lendable: 1 } });
	},

	refresh(frm) {
		bangfu.show_next_step(frm, {
			Draft: __("Next: send the application to the foundation and choose Apply."),
			Applied: __("Next: enter the foundation's decision."),
			Granted: __("Next: enter the donation, then lend the device to the student."),
		});
		if (frm.is_new() || !frm.perm[0]?.write) return;
		if (frm.doc.status === "Draft") frm.events.offer_apply(frm);
		if (frm.doc.status === "Applied") frm.events.offer_decision(frm);
		if (frm.doc.status === "Granted") frm.events.offer_goods(frm);
	},

	offer_apply(frm) {
		const day = { fieldname: "applied_on", fieldtype: "Date", label: __("Applied On"), reqd: 1 };
		frm.add_custom_button(__("Apply…"), () =>
			frappe.prompt(
				[{ ...day, default: frm.doc.applied_on || frappe.datetime.get_today() }],
				(values) => frm.call("apply", values).then(() => frm.reload_doc()),
				__("Apply")
			)
		).addClass("btn-primary");
	},

	offer_decision(frm) {
		const ask = (method, title, note_needed) =>
			frappe.prompt(
				[
					{
						fieldname: "decided_on",
						fieldtype: "Date",
						label: __("Decided On"),
						default: frappe.datetime.get_today(),
						reqd: 1,
					},
					{
						fieldname: "note",
						fieldtype: "Small Text",
						label: __("Decision Note"),
						reqd: note_needed ? 1 : 0,
					},
				],
				(values) => frm.call(method, values).then(() => frm.reload_doc()),
				title
			);
		frm.add_custom_button(__("Grant…"), () => ask("grant", __("Grant"))).addClass("btn-primary");
		frm.add_custom_button(__("Refuse…"), () => ask("refuse", __("Refuse"), true));
	},

	offer_goods(frm) {
		const open = (doctype, call) =>
			call.then(({ message }) => message && frappe.set_route("Form", doctype, message));
		if (!frm.doc.donation && frappe.model.can_create("Aid Donation")) {
			frm.add_custom_button(
				__("Aid Donation"),
				() => open("Aid Donation", frm.call("make_donation")),
				__("Create")
			);
		}
		if (frm.doc.donation && !frm.doc.distribution && frappe.model.can_create("Aid Distribution")) {
			const day = { fieldname: "due_back", fieldtype: "Date", label: __("Due Back"), reqd: 1 };
			frm.add_custom_button(
				__("Aid Distribution"),
				() =>
					frappe.prompt(
						[day],
						(values) => open("Aid Distribution", frm.call("make_distribution", values)),
						__("Loan")
					),
				__("Create")
			);
		}
	},
});
