frappe.ui.form.on("Relief Request", {
	setup(frm) {
		frm.set_query("scheme", { filters: { kind: "Temporary Relief", amount_rule: "As Decided", enabled: 1 } });
	},

	refresh(frm) {
		const { may_decide, may_pay_again } = frm.doc.__onload || {};
		frm.trigger("show_clock");
		if (may_decide) {
			frm.add_custom_button(__("Grant…"), () => frm.trigger("grant")).addClass("btn-primary");
			frm.add_custom_button(__("Refuse…"), () => frm.trigger("refuse"));
		}
		if (may_pay_again) {
			frm.add_custom_button(__("Pay by Another Batch"), () => frm.call("pay_again").then(() => frm.reload_doc()));
		}
	},

	show_clock(frm) {
		if (frm.is_new() || frm.doc.status !== "Waiting" || !frm.doc.decide_by) return;
		const minutes = frappe.datetime.get_minute_diff(frm.doc.decide_by, frappe.datetime.system_datetime());
		const clock = bangfu.alert_clock(minutes);
		frm.dashboard.add_indicator(clock.text, clock.colour);
	},

	grant(frm) {
		const fields = [
			{ fieldname: "amount", fieldtype: "Currency", label: __("Amount Granted"), reqd: 1, default: frm.doc.amount_asked },
			{ fieldname: "note", fieldtype: "Small Text", label: __("Decision Note") },
		];
		frappe.prompt(fields, (values) => frm.call("grant", values).then(() => frm.reload_doc()), __("Grant"));
	},

	refuse(frm) {
		const fields = [{ fieldname: "note", fieldtype: "Small Text", label: __("Reason"), reqd: 1 }];
		frappe.prompt(fields, (values) => frm.call("refuse", values).then(() => frm.reload_doc()), __("Refuse"));
	},
});
