// Search before create: who is like the person of this form? And two records side by side.
frappe.provide("bangfu.duplicates");

const LOOKED_AT = ["gender", "birth_date", "student_no", "id_number", "guardian_phone"];

// The field with the person's name differs from form to form.
bangfu.duplicates.name_field = (doctype) => (doctype === "Screening" ? "candidate_name" : "student_name");

bangfu.duplicates.watch = function (frm) {
	const look = frappe.utils.debounce(() => bangfu.duplicates.look(frm), 600);
	for (const fieldname of [bangfu.duplicates.name_field(frm.doctype), ...LOOKED_AT]) {
		frappe.ui.form.on(frm.doctype, fieldname, () => frm.is_new() && look());
	}
};

// One look-up for equal values, however often it is asked for.
bangfu.duplicates.look = async function (frm) {
	if (!frm.is_new()) return;
	const name_field = bangfu.duplicates.name_field(frm.doctype);
	const names = [name_field, ...LOOKED_AT];
	const values = Object.fromEntries(names.map((name) => [name, frm.doc[name]]).filter(([, value]) => value));
	const asked = JSON.stringify(values);
	const enough = values.student_no || values.id_number || (values[name_field] && values.birth_date);
	if (!enough || frm.bangfu_asked === asked) return;
	frm.bangfu_asked = asked;
	const answer = await frappe
		.call({
			method: "bangfu_app.persons.search_before_create.search",
			type: "POST",
			args: { doctype: frm.doctype, values },
			silent: true,
		})
		.catch(() => ({}));
	if (frm.bangfu_asked === asked) bangfu.duplicates.show(frm, answer.message || []);
};

bangfu.duplicates.show = function (frm, found) {
	frm.doc.__duplicates = found.some((row) => row.hidden || row.level !== "Possible");
	frm.layout.refresh_dependency();
	frm.$wrapper.find(".bangfu-duplicates").remove();
	if (!found.length) return;
	const $box = $(`<div class="bangfu-duplicates form-message orange" style="padding: 12px 15px">
		<b>${__("Is it one of these?")}</b>
		${found.map(bangfu.duplicates.line).join("")}</div>`);
	$box.on("click", "[data-compare]", (event) => {
		event.preventDefault();
		const { compare, doctype } = event.currentTarget.dataset;
		bangfu.duplicates.compare(doctype, [compare], frm);
	});
	frm.layout.wrapper.find(".form-page, .form-layout").addBack(".form-layout").first().prepend($box);
};

bangfu.duplicates.line = function (row) {
	if (row.hidden) return `<div>${frappe.utils.escape_html(row.text)}</div>`;
	const reasons = row.reasons.map((reason) => __(reason)).join("、");
	const kind = row.doctype === "Student File" ? "" : __(row.doctype);
	const known = [kind, row.title, frappe.datetime.str_to_user(row.birth_date), row.school].filter(Boolean).join(", ");
	return `<div><span class="indicator-pill ${row.level === "Possible" ? "orange" : "red"}">${__(row.level)}</span>
		<a href="${frappe.utils.get_form_link(row.doctype, row.record)}">${frappe.utils.escape_html(known)}</a>
		<span class="text-muted">${frappe.utils.escape_html(reasons)}</span>
		<a href="#" data-doctype="${row.doctype}" data-compare="${frappe.utils.escape_html(row.record)}">${__("Compare")}</a></div>`;
};

// `frm`: a new form to stand beside the one record, which may be of another DocType.
bangfu.duplicates.compare = async function (doctype, records, frm) {
	const rows = await bangfu.duplicates.fetch(doctype, records);
	if (frm) {
		for (const row of rows) {
			const is_name = row.fieldname === bangfu.duplicates.name_field(doctype);
			const fieldname = is_name ? bangfu.duplicates.name_field(frm.doctype) : row.fieldname;
			const docfield = frappe.meta.get_docfield(frm.doctype, fieldname);
			const value = docfield && frm.doc[fieldname];
			const shown = value ? (docfield.fieldtype === "Select" ? __(value, null, frm.doctype) : frappe.format(value, docfield, { inline: true })) : "";
			row.values.unshift(strip_html(String(shown)).trim());
			row.differs = row.values[0] !== row.values[1];
		}
	}
	const heads = frm ? [frm.doctype === "Student File" ? __("New File") : __("New Candidate"), records[0]] : records;
	const dialog = new frappe.ui.Dialog({ title: __("Side by Side"), size: "large" });
	dialog.$body.html(bangfu.duplicates.table(rows, heads));
	dialog.show();
};

bangfu.duplicates.fetch = async function (doctype, records) {
	const { message } = await frappe.call({
		method: "bangfu_app.persons.search_before_create.side_by_side",
		type: "POST",
		args: { doctype, records },
	});
	return message || [];
};

bangfu.duplicates.table = function (rows, heads) {
	const escape = frappe.utils.escape_html;
	const cell = (value) => `<td style="width: 40%; word-break: break-word">${escape(value)}</td>`;
	const lines = rows.map(
		(row) => `<tr${row.differs ? ' style="background: var(--bg-yellow)"' : ""}>
			<td class="text-muted">${escape(row.label)}</td>${row.values.map(cell).join("")}</tr>`
	);
	const titles = heads.map((head) => `<th>${escape(head)}</th>`).join("");
	return `<table class="table table-bordered"><thead><tr><th></th>${titles}</tr></thead>
		<tbody>${lines.join("")}</tbody></table>
		<p class="text-muted">${__("Only fields that you may read. Coloured: they differ.")}</p>`;
};
