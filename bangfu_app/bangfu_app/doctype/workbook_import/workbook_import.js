frappe.ui.form.on("Workbook Import", {
	setup(frm) {
		frm.get_field("workbook").df.options = {
			restrictions: { allowed_file_types: [".xlsx", ".csv"] },
			allow_toggle_private: false,
		};
	},

	refresh(frm) {
		show_result(frm);
		clearTimeout(frm.poll);
		frm.add_custom_button(__("Template"), () => download_template(frm));
		if (frm.is_new()) {
			return;
		}
		if (frm.doc.status === "In Progress") {
			follow_progress(frm);
		}
		if (frm.doc.workbook) {
			add_actions(frm);
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
// a row for each student
const OF_STUDENTS = ["Needs Surveys", "Survey Answers", "Session Rosters"];

function download_template(frm) {
	const { layout, exam, survey_template } = frm.doc;
	if (!layout) {
		frappe.throw(__("Choose what to import first."));
	}
	if (layout === "Survey Answers" && !survey_template) {
		frappe.throw(__("Choose the survey template first: its questions are the columns."));
	}
	const fetch = (school_class) => open_template({ layout, exam, survey_template, school_class });
	if (!OF_STUDENTS.includes(layout)) return fetch();
	const field = { fieldname: "school_class", fieldtype: "Link", options: "School Class", label: __("School Class") };
	field.description = __("Its students are filled in. Leave it blank for an empty workbook.");
	frappe.prompt([field], (values) => fetch(values.school_class), __("Template"), __("Download"));
}

function open_template(args) {
	const said = Object.entries(args).filter(([, value]) => value);
	const method =
		"/api/method/bangfu_app.bangfu_app.doctype.workbook_import.workbook_import.download_template";
	window.open(`${method}?${new URLSearchParams(said)}`);
}

function add_actions(frm) {
	if (frm.doc.batches?.length && frm.doc.status !== "Imported") {
		frm.add_custom_button(__("Continue"), () => run(frm, "run_import", __("Importing"))).addClass(
			"btn-primary"
		);
		return;
	}
	frm.add_custom_button(__("Check"), () => run(frm, "check_workbook", __("Checking")));
	frm.add_custom_button(__("Import"), () => run(frm, "run_import", __("Importing"))).addClass("btn-primary");
}

function follow_progress(frm) {
	frm.dashboard.set_headline(__("The workbook is being read in the background."));
	frm.add_custom_button(__("Stop"), () => frm.call("cancel_import"));
	// where no push reaches the browser
	frm.poll = setTimeout(async () => {
		if (frm.doc.status !== "In Progress") {
			return;
		}
		const { message } = await frm.call("get_progress");
		await frm.reload_doc();
		if (message && frm.doc.status === "In Progress") {
			frm.dashboard.set_headline(frappe.utils.escape_html(message));
		}
	}, 5000);
}

async function run(frm, method, message) {
	if (frm.is_dirty()) {
		await frm.save();
	}
	await frm.call({ doc: frm.doc, method, freeze: true, freeze_message: message });
	await frm.reload_doc();
}

function show_result(frm) {
	const result = JSON.parse(frm.doc.faults || "{}");
	const html = [
		notes(result.notices),
		ignored_headings(result.ignored_headings),
		fault_table(result.rows, result.more),
		preview_table(result.preview),
	].join("");
	frm.get_field("preview_html").$wrapper.html(html);
	frm.toggle_display("result_section", frm.doc.status !== "Draft");
}

const escape = (text) => frappe.utils.escape_html(`${text ?? ""}`);

function notes(notices) {
	return (notices || []).map((text) => `<p class="text-muted">${escape(text)}</p>`).join("");
}

function ignored_headings(headings) {
	if (!headings?.length) {
		return "";
	}
	return `<p class="text-muted">${__("Columns left out: {0}", [headings.map(escape).join(", ")])}</p>`;
}

function table(head, body) {
	return `<div style="overflow-x: auto"><table class="table table-bordered table-sm" style="white-space: nowrap">
		<thead><tr><th>${head.join("</th><th>")}</th></tr></thead>
		<tbody>${body.map((cells) => `<tr><td>${cells.join("</td><td>")}</td></tr>`).join("")}</tbody>
	</table></div>`;
}

function fault_table(rows, left) {
	if (!rows?.length) {
		return "";
	}
	const body = rows.slice(0, SHOWN).map((row) => [row.row, row.column, row.reason].map(escape));
	const more = rows.length - SHOWN + (left || 0);
	return (
		`<h6 class="bangfu-faults">${__("Faults")}</h6>` +
		table([__("Row"), __("Column"), __("Fault")], body) +
		(more > 0 ? `<p class="text-muted">${__("… and {0} more faults.", [more])}</p>` : "")
	);
}

const OUTCOMES = {
	created: ["green", __("New")],
	updated: ["blue", __("Changed")],
	unchanged: ["gray", __("Unchanged")],
	skipped: ["gray", __("Skipped")],
	faulty: ["red", __("Faulty")],
};

function preview_table(preview) {
	if (!preview?.rows?.length) {
		return "";
	}
	const cell = (found) => {
		if (!found) return "";
		const value = escape(found.value);
		return "old" in found ? `<s class="text-muted">${escape(found.old)}</s> → <b>${value}</b>` : value;
	};
	const body = preview.rows.map((row) => {
		const [color, word] = OUTCOMES[row.outcome] || ["gray", ""];
		return [
			escape(row.row),
			`<span class="indicator-pill ${color}">${word}</span>`,
			...preview.columns.map((column) => cell(row.cells[column.path])),
		];
	});
	const head = [__("Row"), __("Result"), ...preview.columns.map((column) => escape(column.heading))];
	return `<h6 class="bangfu-preview">${__("The first rows as they will be stored")}</h6>` + table(head, body);
}
