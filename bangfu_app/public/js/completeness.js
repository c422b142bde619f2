// How complete the file is, and what is missing, with a way to each missing record.
frappe.provide("bangfu");

bangfu.show_completeness = function (frm) {
	const found = frm.doc.__onload?.completeness;
	frm.$wrapper.find(".bangfu-completeness").remove();
	if (!found || frm.is_new() || frm.doc.merged_into) return;
	const colour = found.percent >= 80 ? "success" : found.percent >= 50 ? "warning" : "danger";
	const links = found.missing.map(
		(row) => `<a href="#" data-doctype="${row.doctype}" data-field="${row.field || ""}">${__(row.item)}</a>`
	);
	const missing = links.length ? `${__("Missing:")} ${links.join("、")}` : __("Nothing is missing.");
	const $box = $(`<div class="bangfu-completeness" style="padding: 8px 15px">
		<div class="progress" style="height: 6px; margin-bottom: 6px">
			<div class="progress-bar bg-${colour}" style="width: ${found.percent}%"></div></div>
		<div class="small text-muted">${__("File complete: {0} %", [found.percent])} · ${missing}</div></div>`);
	$box.on("click", "a", (event) => {
		event.preventDefault();
		const { doctype, field } = event.currentTarget.dataset;
		if (field) frm.scroll_to_field(field);
		else if (doctype === "File") new frappe.ui.FileUploader({ doctype: frm.doctype, docname: frm.docname, frm });
		else frappe.new_doc(doctype, { student: frm.docname });
	});
	frm.layout.wrapper.find(".form-page, .form-layout").addBack(".form-layout").first().prepend($box);
};
