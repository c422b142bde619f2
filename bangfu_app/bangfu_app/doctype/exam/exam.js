frappe.ui.form.on("Exam", {
	setup(frm) {
		frm.set_query("school", { filters: { enabled: 1 } });
	},

	refresh(frm) {
		if (frm.is_new()) return;
		frm.trigger("show_figures");
		if (frappe.model.can_read("Bottom List")) {
			frm.add_custom_button(__("Bottom 20 % Analysis"), () =>
				frappe.set_route("query-report", "Bottom 20 Percent Analysis", { exam: frm.doc.name })
			);
		}
		if (frm.perm[0]?.write) {
			frm.add_custom_button(__("Lists for the Teachers"), () => frm.events.ask_for_lists(frm));
		}
	},

	show_figures(frm) {
		const figures = frm.doc.__onload?.figures;
		if (!figures) return;
		frm.dashboard.add_indicator(__("Candidates: {0}", [figures.candidates]), "blue");
		frm.dashboard.add_indicator(__("Sat every subject: {0}", [figures.sat_all]), "green");
		frm.dashboard.add_indicator(__("Papers not sat: {0}", [figures.absent]), "orange");
	},

	ask_for_lists(frm) {
		const subjects = frm.doc.subjects.map((row) => ({ value: row.subject, label: __(row.subject) }));
		const scopes = { County: "the grade in the county", Grade: "the grade at the school", Class: "the class" };
		const dialog = new frappe.ui.Dialog({
			title: __("Lists for the Teachers"),
			fields: [
				{
					fieldname: "scope",
					fieldtype: "Select",
					label: __("Bottom 20 % of"),
					options: Object.entries(scopes).map(([value, label]) => ({ value, label: __(label) })),
					default: frm.doc.scope === "School" ? "Grade" : frm.doc.scope,
					reqd: 1,
				},
				{
					fieldname: "subject",
					fieldtype: "Select",
					label: __("Subject", null, "School Subject"),
					options: [{ value: "", label: __("Total Score") }, ...subjects],
				},
				{
					fieldtype: "HTML",
					options: `<p class="text-muted">${__(
						"Class and subject teachers get a to-do to confirm the list of each class. Lists made before are brought up to date; what teachers decided stays."
					)}</p>`,
				},
			],
			primary_action_label: __("Make Lists"),
			async primary_action(values) {
				dialog.hide();
				const { message } = await frm.call({ method: "make_bottom_lists", doc: frm.doc, args: values, freeze: true });
				frappe.set_route("List", "Bottom List", { exam: frm.doc.name });
				const said = message ?? null;
				frappe.show_alert({
					message: said === null ? __("The lists are being made; look again in a minute.") : __("Lists made: {0}", [said]),
					indicator: "green",
				});
			},
		});
		dialog.show();
	},
});
