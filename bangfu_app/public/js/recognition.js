// By what a student is recognised: evidence, score sheet and criteria on the file and the screening.
frappe.provide("bangfu");

/** A new record of evidence, for `{student}` or `{screening}`. */
bangfu.add_evidence = function (about) {
	frappe.hide_msgprint(true);
	frappe.new_doc("Recognition Evidence", about);
};

bangfu.show_recognition = function (frm) {
	const recognition = !frm.is_new() && frm.doc.__onload?.recognition;
	if (!recognition) return;
	const parts = [
		bangfu.evidence_table(recognition),
		bangfu.score_sheet(recognition.score_sheet),
		bangfu.criteria_list(recognition.criteria),
	];
	frm.dashboard.add_section(parts.filter(Boolean).join(""), __("Recognition"));
	frm.dashboard.show();
};

bangfu.evidence_table = function ({ evidence, missing }) {
	const text = (value) => frappe.utils.escape_html(value || "");
	const rows = evidence.map(
		(row) => `<tr>
			<td class="text-nowrap">${frappe.utils.get_form_link(
				"Recognition Evidence",
				row.name,
				true,
				frappe.datetime.str_to_user(row.found_on)
			)}</td>
			<td class="text-nowrap">${__(row.method, null, "Recognition Evidence")}</td>
			<td>${text(row.criterion)}</td>
			<td>${text(row.finding)}</td>
			<td class="text-muted">${text(row.found_by)}</td>
		</tr>`
	);
	const lacking = missing?.length
		? `<p class="text-warning">${__("Before approval: {0}", [missing.map(text).join("; ")])}</p>`
		: "";
	const table = rows.length
		? `<div class="table-responsive"><table class="table table-sm">${rows.join("")}</table></div>`
		: "";
	return `<p class="bold mt-3 mb-1">${__("Evidence")}</p>${table}${lacking}`;
};

bangfu.score_sheet = function (sheet) {
	if (!sheet) return "";
	const number = (value) => frappe.format(value, { fieldtype: "Float", precision: 1 }, { inline: 1 });
	const rows = sheet.results.map(
		(row) => `<tr>
			<td>${frappe.utils.escape_html(row.domain)}</td>
			<td class="text-right">${number(row.score)}</td>
			<td class="text-right">${number(row.normalised)}</td>
			<td class="text-right">${number(row.weight)}</td>
			<td class="text-right">${row.raters}</td>
		</tr>`
	);
	const heads = [__("Mean Score"), __("Degree of Need"), __("Weight"), __("Raters")];
	const head = heads.map((label) => `<th class="text-right">${label}</th>`).join("");
	const link = frappe.utils.get_form_link("Screening", sheet.screening, true);
	const priority = sheet.priority ? __(sheet.priority, null, "Screening") : "—";
	return `<p class="bold mt-3 mb-1">${__("Score Sheet")}</p>
		<p>${__("Composite {0}, priority {1}: {2}", [number(sheet.composite), priority, link])}</p>
		<div class="table-responsive"><table class="table table-sm">
			<tr class="text-muted"><th>${__("Domain")}</th>${head}</tr>${rows.join("")}
		</table></div>`;
};

bangfu.criteria_list = function (criteria) {
	if (!criteria.length) return "";
	const text = (value) => frappe.utils.escape_html(value || "");
	const line = (row) =>
		row.monthly_line ? ` (${__("{0} a month per person", [format_currency(row.monthly_line)])})` : "";
	const items = criteria.map(
		(row) => `<li><b>${text(row.criterion_name)}</b>: ${text(row.wording)}${line(row)}</li>`
	);
	return `<p class="bold mt-3 mb-1">${__("Criteria")}</p><ul class="text-muted">${items.join("")}</ul>`;
};
