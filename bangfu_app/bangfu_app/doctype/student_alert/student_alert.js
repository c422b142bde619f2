frappe.ui.form.on("Student Alert", {
	setup(frm) {
		frm.set_query("student", { filters: { status: ["not in", ["Declined", "Closed", "Archived"]] } });
		frm.set_query("confidential_record", () => ({ filters: { student: frm.doc.student || "" } }));
	},

	refresh(frm) {
		if (frm.is_new()) {
			frm.set_intro(__("Say which concern it is. Who handles it and by when follows from the rules."));
			return;
		}
		frm.trigger("show_clock");
		if (frm.doc.status !== "Ended" && frm.perm[0]?.write) frm.trigger("add_buttons");
	},

	show_clock(frm) {
		const clock = bangfu.alert_clock(frm.doc.__onload?.minutes_left);
		if (clock) frm.dashboard.add_indicator(`${__("First step")}: ${clock.text}`, clock.colour);
		if (frm.doc.level === "Crisis") frm.dashboard.add_indicator(__("Crisis"), "red");
		if (frm.doc.escalated) frm.dashboard.add_indicator(__("Escalated"), "red");
		if (!frm.doc.assigned_to) frm.dashboard.add_indicator(__("Nobody handles it"), "red");
	},

	add_buttons(frm) {
		const reload = () => frm.reload_doc();
		if (frm.doc.status === "Open") {
			frm.add_custom_button(__("Acknowledge"), () =>
				frm.call("add_step", { action: "Acknowledged" }).then(reload)
			);
		}
		frm.add_custom_button(__("Step…"), () => frm.events.ask_step(frm, reload)).addClass("btn-primary");
		frm.add_custom_button(__("Hand Over…"), () => frm.events.ask_user(frm, reload));
		frm.add_custom_button(__("End…"), () => frm.events.ask_end(frm, reload));
	},

	ask_step(frm, then) {
		const steps = ["Contacted", "Visited", "Talked", "Safety Plan", "Referred"];
		frappe.prompt(
			[
				{
					fieldname: "action",
					fieldtype: "Select",
					label: __("Step"),
					options: steps.map((value) => ({ value, label: __(value) })),
					default: steps[0],
					reqd: 1,
				},
				{
					fieldname: "note",
					fieldtype: "Small Text",
					label: __("Note"),
					description: __("In neutral words: no findings, they belong into a confidential record."),
				},
			],
			(values) => frm.call("add_step", values).then(then),
			__("Step")
		);
	},

	ask_user(frm, then) {
		frappe.prompt(
			[
				{ fieldname: "user", fieldtype: "Link", options: "User", label: __("Handled By"), reqd: 1 },
				{ fieldname: "note", fieldtype: "Small Text", label: __("Note") },
			],
			(values) => frm.call("hand_over", values).then(then),
			__("Hand Over")
		);
	},

	ask_end(frm, then) {
		const reasons = frappe.meta
			.get_docfield("Student Alert", "end_reason")
			.options.split("\n")
			.filter(Boolean);
		frappe.prompt(
			[
				{
					fieldname: "reason",
					fieldtype: "Select",
					label: __("End Reason"),
					options: reasons.map((value) => ({ value, label: __(value) })),
					reqd: 1,
				},
				{ fieldname: "outcome", fieldtype: "Small Text", label: __("Outcome"), reqd: 1 },
			],
			(values) => frm.call("end", values).then(then),
			__("End")
		);
	},
});
