frappe.ui.form.on("Panel Score", {
	setup(frm) {
		frm.set_query("domain", "scores", { filters: { enabled: 1 } });
	},

	refresh(frm) {
		// a mapped form has no onload of the server's
		frm.anchors = frm.doc.__onload?.anchors;
		if (!frm.anchors) return;
		frm.dashboard.add_section(anchor_table(frm.anchors), __("What the Scores Mean"));
		frm.dashboard.show();
		for (const row of frm.doc.scores || []) word(frm, row);
		frm.refresh_field("scores");
	},
});

frappe.ui.form.on("Domain Score", {
	score(frm, cdt, cdn) {
		word(frm, locals[cdt][cdn]);
		frm.refresh_field("scores");
	},
	domain(frm, cdt, cdn) {
		word(frm, locals[cdt][cdn]);
		frm.refresh_field("scores");
	},
});

function word(frm, row) {
	const level = (frm.anchors?.[row.domain] || []).find((anchor) => anchor.score === row.score);
	row.wording = level?.wording || "";
}

function anchor_table(anchors) {
	const text = (value) => frappe.utils.escape_html(value);
	const rows = Object.entries(anchors).map(([domain, levels]) => {
		const cells = levels.map((level) => `<td><b>${level.score}</b> ${text(level.wording)}</td>`);
		return `<tr><th>${text(domain)}</th>${cells.join("")}</tr>`;
	});
	return `<div class="table-responsive"><table class="table table-sm">${rows.join("")}</table></div>`;
}
