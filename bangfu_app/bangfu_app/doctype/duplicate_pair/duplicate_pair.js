frappe.ui.form.on("Duplicate Pair", {
	refresh(frm) {
		frm.disable_save();
		if (frm.doc.status !== "Merged") frm.trigger("add_decisions");
		frm.trigger("show_both");
	},

	async show_both(frm) {
		const names = [frm.doc.first_file, frm.doc.second_file];
		const rows = await bangfu.duplicates.fetch("Student File", names);
		frm.$wrapper.find(".bangfu-both").remove();
		const reasons = (frm.doc.reasons || "").split("\n").map((reason) => __(reason)).join("、");
		const table = bangfu.duplicates.table(rows, names);
		$(`<div class="bangfu-both" style="padding: 15px"><p>${frappe.utils.escape_html(reasons)}</p>${table}</div>`).prependTo(
			frm.layout.wrapper.find(".form-page, .form-layout").addBack(".form-layout").first()
		);
	},

	add_decisions(frm) {
		const reason = { fieldname: "reason", fieldtype: "Small Text", label: __("Reason") };
		const relation = {
			fieldname: "relation",
			fieldtype: "Select",
			label: __("Relation"),
			options: frappe.meta.get_docfield("Duplicate Pair", "relation").options.split("\n").filter(Boolean),
			reqd: 1,
		};
		const ask = (status, fields, title) =>
			frappe.prompt(fields, (values) => frm.call("decide", { status, ...values }).then(() => frm.reload_doc()), title);
		if (frm.doc.status === "Open") {
			frm.add_custom_button(__("Different Students"), () =>
				ask("Different", [{ ...reason, reqd: 1 }], __("Different Students"))
			);
			frm.add_custom_button(__("Link as Relatives"), () =>
				ask("Linked", [relation, reason], __("Link as Relatives"))
			);
			frm.add_custom_button(__("Merge"), () =>
				frappe.new_doc("Student Merge", {
					kept_file: frm.doc.first_file,
					merged_file: frm.doc.second_file,
				})
			).addClass("btn-primary");
		} else {
			frm.add_custom_button(__("Open Again"), () => ask("Open", [{ ...reason, reqd: 1 }], __("Open Again")));
		}
	},
});
