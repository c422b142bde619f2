frappe.ui.form.on("Class Census", {
	onload_post_render(frm) {
		frm.trigger("tick_at_once");
	},

	/** Frappe's first click on a row only opens it; here a click on a tick ticks. */
	tick_at_once(frm) {
		const grid = frm.fields_dict.pupils.grid.wrapper[0];
		if (grid.ticks_at_once) return;
		grid.ticks_at_once = true;
		const tick = (event) => {
			const cell = event.target.closest(".grid-static-col");
			const row = cell?.closest(".grid-row");
			const pupil = locals["Census Pupil"]?.[row?.dataset.name];
			const is_open = frm.doc.status === "Open" && frm.perm[0]?.write;
			if (!pupil || !is_open || !TICKS.includes(cell.dataset.fieldname)) return;
			if (row.querySelector(".editable-row")) return;
			event.stopPropagation();
			frappe.model.set_value(pupil.doctype, pupil.name, cell.dataset.fieldname, pupil[cell.dataset.fieldname] ? 0 : 1);
		};
		grid.addEventListener("click", tick, true);
	},

	refresh(frm) {
		const finished = frm.doc.status === "Finished";
		frm.set_df_property("pupils", "cannot_add_rows", finished);
		frm.set_df_property("pupils", "cannot_delete_rows", finished);
		if (frm.is_new()) return;
		if (finished) {
			frm.disable_save();
			frm.trigger("show_result");
		} else if (frm.perm[0]?.write) {
			frm.set_intro(__("Tick what you see of each pupil, then finish. You can save and go on later."), "blue");
			frm.add_custom_button(__("Finish"), () => frm.trigger("finish"));
		}
	},

	finish(frm) {
		const ticked = (frm.doc.pupils || []).filter(is_ticked).length;
		const question = __("Finish the list with {0} ticked of {1} pupils? It cannot be changed afterwards.", [
			ticked,
			(frm.doc.pupils || []).length,
		]);
		frappe.confirm(question, () => {
			const saved = frm.is_dirty() ? frm.save() : Promise.resolve();
			saved
				.then(() => frm.call("finish"))
				.then(({ message }) => {
					const told = __("Screenings made: {0}. Known already: {1}.", [message.listed, message.linked]);
					frappe.show_alert({ message: told, indicator: "green" });
					frm.reload_doc();
				});
		});
	},

	show_result(frm) {
		const pupils = frm.doc.pupils || [];
		const count = (of) => pupils.filter(of).length;
		frm.dashboard.add_indicator(__("Pupils: {0}", [pupils.length]), "blue");
		frm.dashboard.add_indicator(__("Ticked: {0}", [count(is_ticked)]), "orange");
		frm.dashboard.add_indicator(__("Screenings: {0}", [count((row) => row.screening)]), "green");
	},
});

const TICKS = [
	"said_by_self",
	"said_by_teacher",
	"said_by_family",
	"sign_economic",
	"sign_academic",
	"sign_body_mind",
	"sign_emotional",
];

function is_ticked(row) {
	return TICKS.some((name) => row[name]);
}
