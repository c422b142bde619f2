frappe.ui.form.on("Supporter", {
	setup(frm) {
		bangfu.set_next_records(frm, {
			Pairing: "bangfu_app.bangfu_app.doctype.supporter.supporter.make_pairing",
		});
	},

	refresh(frm) {
		if (frm.is_new()) return;
		if (frm.doc.status === "Active") {
			bangfu.add_next_buttons(frm, ["Pairing"]);
		}
		const free = frm.doc.__onload?.free_places;
		frm.dashboard.add_indicator(
			__("Students: {0} of {1}", [frm.doc.active_students || 0, frm.doc.capacity]),
			"blue"
		);
		frm.dashboard.add_indicator(__("Free places: {0}", [free]), free ? "green" : "orange");
		frm.dashboard.add_indicator(
			frm.doc.trained ? __("Trained") : __("Not trained yet"),
			frm.doc.trained ? "green" : "orange"
		);
	},
});
