const NEEDS_SURVEY = "bangfu_app.bangfu_app.doctype.needs_survey.needs_survey";

frappe.ui.form.on("Needs Survey", {
	setup(frm) {
		bangfu.set_next_records(frm, { "Support Plan": `${NEEDS_SURVEY}.make_support_plan` });
		frm.set_query("student", { filters: { status: ["not in", ["Declined", "Closed", "Archived"]] } });
		frm.set_query("domain", "scores", { filters: { enabled: 1 } });
		frm.set_query("template", { filters: { enabled: 1 } });
		frm.set_query("compared_with", () => ({
			filters: {
				student: frm.doc.student || "",
				template: frm.doc.template || "",
				phase: "Pre-test",
				docstatus: 1,
			},
		}));
	},

	refresh(frm) {
		if (frm.doc.docstatus === 1) {
			bangfu.add_next_buttons(frm, ["Support Plan"]);
		} else if (frm.doc.student) {
			frm.add_custom_button(__("Fill from Exams"), () => frm.trigger("fill_facts"));
		}
		frm.set_df_property("answers", "cannot_add_rows", true);
		frm.set_df_property("answers", "cannot_delete_rows", true);
		frm.trigger("show_anchors");
	},

	/** Questions appear at once: the server takes them from the template when it saves. */
	template(frm) {
		if (frm.doc.template && frm.doc.student && !frm.is_new()) frm.save();
	},

	fill_facts(frm) {
		frappe.xcall(`${NEEDS_SURVEY}.exam_facts`, { student: frm.doc.student }).then((facts) => {
			if (!Object.keys(facts).length) {
				frappe.show_alert({ message: __("No exam of this student is recorded."), indicator: "orange" });
				return;
			}
			frm.set_value(facts);
		});
	},

	show_anchors(frm) {
		const wrapper = frm.get_field("anchors").$wrapper;
		if (frm.doc.confidential) {
			wrapper.empty();
			return;
		}
		bangfu.domain_anchors ??= frappe.xcall(`${NEEDS_SURVEY}.domain_anchors`);
		bangfu.domain_anchors.then((domains) => {
			wrapper.html(anchor_table(frm, domains));
			wrapper.find("[data-score]").on("click", (event) => choose_level(frm, event.currentTarget.dataset));
		});
	},

	scores_remove: (frm) => frm.trigger("show_anchors"),
});

frappe.ui.form.on("Domain Score", {
	score: (frm) => frm.trigger("show_anchors"),
	domain: (frm) => frm.trigger("show_anchors"),
});

/** A row for each domain scored: its levels in words and colour, the chosen one filled, last score and change. */
function anchor_table(frm, domains) {
	const escape = frappe.utils.escape_html;
	const open = frm.doc.docstatus === 0 && frm.perm[0]?.write;
	const rows = (frm.doc.scores || []).map((row) => {
		const domain = domains.find((one) => one.domain === row.domain);
		if (!domain) return "";
		const cells = domain.levels.map((level) => {
			const chosen = level.score === cint(row.score);
			const colour = /^#[0-9a-f]{3,8}$/i.test(level.colour || "") ? level.colour : "#8d99a6";
			const style = `border-left: 4px solid ${colour};${chosen ? `background: ${colour}33; font-weight: 600;` : ""}${
				open ? "cursor: pointer;" : ""
			}`;
			const data = open ? `data-score="${level.score}" data-row="${escape(row.name)}"` : "";
			return `<td ${data} style="${style}">${level.score} · ${escape(level.wording)}</td>`;
		});
		const change = row.difference ? ` (${escape(row.difference)})` : "";
		const rater = row.rater ? `<br><small class="text-muted">${escape(row.rater)}</small>` : "";
		return `<tr><th>${escape(row.domain)}${rater}</th>${cells.join("")}
			<td class="text-muted">${escape(row.last_score || "—")}${change}</td></tr>`;
	});
	if (!rows.length) return "";
	const most = Math.max(...domains.map((domain) => domain.levels.length));
	return `<div class="table-responsive"><table class="table table-bordered table-sm small">
		<thead><tr><th>${__("Domain")}</th><th colspan="${most}">${__("Choose the level that fits")}</th>
		<th>${__("Last Score")}</th></tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
}

function choose_level(frm, { row, score }) {
	frappe.model.set_value("Domain Score", row, "score", cint(score));
}
