frappe.ui.form.on("Workbook Import", {
	setup(frm) {
		frm.get_field("workbook").df.options = {
			restrictions: { allowed_file_types: [".xlsx", ".csv"] },
			allow_toggle_private: false,
		};
	},

	refresh(frm) {
		show_faults(frm);
		clearTimeout(frm.poll);
		if (frm.is_new()) {
			return;
		}
		if (frm.doc.status === "In Progress") {
			frm.dashboard.set_headline(__("The workbook is being read in the background."));
			// where no push reaches the browser
			frm.poll = setTimeout(() => frm.doc.status === "In Progress" && frm.reload_doc(), 5000);
		}
		if (frm.doc.workbook) {
			frm.add_custom_button(__("Check"), () => run(frm, "check_workbook", __("Checking")));
			frm.add_custom_button(__("Import"), () => run(frm, "run_import", __("Importing"))).addClass(
				"btn-primary"
			);
		} else if (frm.doc.status === "Imported") {
			frm.dashboard.set_headline(__("All rows are imported; the workbook was deleted."));
		}
		if (["Imported", "Partly Imported"].includes(frm.doc.status)) {
			const doctype = frm.doc.__onload.doctype;
			frm.add_custom_button(__("Show {0}", [__(doctype)]), () => frappe.set_route("List", doctype));
		}
	},
});

const SHOWN = 200;

async function run(frm, method, message) {
	if (frm.is_dirty()) {
		await frm.save();
	}
	await frm.call({ doc: frm.doc, method, freeze: true, freeze_message: message });
	await frm.reload_doc();
}

function show_faults(frm) {
	const result = JSON.parse(frm.doc.faults || "{}");
	const html = [ignored_headings(result.ignored_headings), fault_table(result.rows)].join("");
	frm.get_field("preview_html").$wrapper.html(html);
	frm.toggle_display("result_section", frm.doc.status !== "Draft");
}

function ignored_headings(headings) {
	if (!headings?.length) {
		return "";
	}
	const names = headings.map(frappe.utils.escape_html).join(", ");
	return `<p class="text-muted">${__("Columns left out: {0}", [names])}</p>`;
}

function fault_table(rows) {
	if (!rows?.length) {
		return "";
	}
	const cells = (row) => [row.row, row.column, row.reason].map((text) => frappe.utils.escape_html(`${text}`));
	const body = rows.slice(0, SHOWN).map((row) => `<tr><td>${cells(row).join("</td><td>")}</td></tr>`);
	const head = [__("Row"), __("Column"), __("Fault")].join("</th><th>");
	const more = rows.length - SHOWN;
	return `<table class="table table-bordered table-sm">
		<thead><tr><th>${head}</th></tr></thead>
		<tbody>${body.join("")}</tbody>
	</table>${more > 0 ? `<p class="text-muted">${__("… and {0} more faults.", [more])}</p>` : ""}`;
}
