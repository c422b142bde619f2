frappe.ui.form.on("Screening Campaign", {
	setup(frm) {
		frm.set_query("school", { filters: { enabled: 1 } });
	},

	refresh(frm) {
		if (frm.is_new()) return;
		const may_start = frm.perm[0]?.write && frm.doc.status !== "Finished";
		if (may_start) {
			const label = frm.doc.status === "Draft" ? __("Start") : __("Add Missing Classes");
			const button = frm.add_custom_button(label, () => frm.trigger("start"));
			if (frm.doc.status === "Draft") button.addClass("btn-primary");
		}
		frm.trigger("show_progress");
	},

	start(frm) {
		frm.call("start").then(({ message }) => {
			frappe.show_alert({ message: __("Lists made: {0}", [message]), indicator: "green" });
			frm.reload_doc();
		});
	},

	show_progress(frm) {
		const lists = frm.doc.__onload?.progress || [];
		if (!lists.length) return;
		const done = lists.filter((row) => row.status === "Finished").length;
		const title = __("{0} of {1} classes have finished", [done, lists.length]);
		frm.dashboard.add_progress(__("Progress"), (done * 100) / lists.length, title);
		frm.dashboard.add_section(progress_table(lists), __("Classes"));
		frm.dashboard.show();
	},
});

function progress_table(lists) {
	const text = (value) => frappe.utils.escape_html(value || "—");
	const late = (row) => row.status === "Open" && row.due_on < frappe.datetime.get_today();
	const state = (row) => {
		if (row.status === "Finished") return ["green", __("Finished", null, "Class Census")];
		return late(row) ? ["red", __("Late")] : ["orange", __("Open", null, "Class Census")];
	};
	const heads = [__("Pupils"), __("Ticked"), __("Screenings")];
	const rows = lists.map((row) => {
		const [colour, label] = state(row);
		return `<tr>
			<td>${frappe.utils.get_form_link("Class Census", row.name, true, text(row.class_title))}</td>
			<td>${text(row.teacher)}</td>
			<td><span class="indicator-pill ${colour}">${label}</span></td>
			<td class="text-right">${row.pupils}</td>
			<td class="text-right">${row.ticked}</td>
			<td class="text-right">${row.screenings}</td>
		</tr>`;
	});
	return `<div class="table-responsive"><table class="table table-sm">
		<tr class="text-muted"><th>${__("Class")}</th><th>${__("Class Teacher")}</th><th></th>${heads
			.map((label) => `<th class="text-right">${label}</th>`)
			.join("")}</tr>
		${rows.join("")}
	</table></div>`;
}
