const CONFIDENTIAL_RECORD = "bangfu_app.bangfu_app.doctype.confidential_record.confidential_record";

frappe.ui.form.on("Confidential Record", {
	setup(frm) {
		frm.set_query("referral", () => ({ filters: { student: frm.doc.student, kind: "Internal" } }));
	},

	onload(frm) {
		if (frm.is_new() && !frm.doc.counsellor) frm.set_value("counsellor", frappe.session.user);
	},

	refresh(frm) {
		// what others would see is refused by the server, and not offered here
		frm.page.wrapper.find(".form-assignments, .form-tags, .form-shared, .comment-box").hide();
		if (frm.is_new()) return;
		frm.add_custom_button(__("Open…"), () => open_record(frm));
		if (frm.perm[0]?.write) {
			frm.add_custom_button(__("Add to Record…"), () => add_to_record(frm));
			frm.add_custom_button(__("Add Paper…"), () => add_paper(frm));
			if (!frm.doc.withdrawn) frm.add_custom_button(__("Withdraw…"), () => withdraw(frm));
		}
		const { entries, papers } = frm.doc.__onload || {};
		frm.dashboard.add_indicator(__("Texts: {0}", [entries || 0]), "blue");
		frm.dashboard.add_indicator(__("Papers: {0}", [(papers || []).length]), "blue");
	},
});

const REASON = () => ({
	fieldname: "reason",
	fieldtype: "Small Text",
	label: __("Reason"),
	description: __("The reason is kept."),
	reqd: 1,
});

function ask_reason(title, then) {
	frappe.prompt([REASON()], ({ reason }) => then(reason), title, __("Continue"));
}

function open_record(frm) {
	ask_reason(__("Open Confidential Record"), (reason) =>
		frappe
			.call({ method: `${CONFIDENTIAL_RECORD}.open_record`, type: "POST", args: { name: frm.doc.name, reason } })
			.then(({ message }) => show_record(frm, message))
	);
}

function show_record(frm, record) {
	const dialog = new frappe.ui.Dialog({ title: frm.doc.name, size: "large" });
	const escape = frappe.utils.escape_html;
	for (const entry of record.entries) {
		const head = [frappe.datetime.str_to_user(entry.written_on), frappe.user.full_name(entry.written_by), entry.reason];
		$("<div class='mb-4'>")
			.append($("<div class='text-muted small'>").text(head.filter(Boolean).join(" · ")))
			.append($("<div>").html(escape(entry.text).replace(/\n/g, "<br>")))
			.appendTo(dialog.body);
	}
	for (const paper of record.papers) {
		$("<button class='btn btn-default btn-sm mr-2'>")
			.text(__("Open {0}", [paper.file_name]))
			.on("click", () => open_paper(frm, paper))
			.appendTo(dialog.body);
	}
	// nothing of it stays in the page
	dialog.onhide = () => dialog.$wrapper.remove();
	dialog.show();
}

function open_paper(frm, paper) {
	ask_reason(__("Open Paper"), (reason) =>
		open_url_post(`/api/method/${CONFIDENTIAL_RECORD}.open_paper`, {
			name: frm.doc.name,
			file: paper.name,
			reason,
		})
	);
}

function add_to_record(frm) {
	const content = { fieldname: "content", fieldtype: "Long Text", label: __("Content"), reqd: 1 };
	frappe.prompt(
		[content, REASON()],
		(values) =>
			frappe
				.call({
					method: `${CONFIDENTIAL_RECORD}.amend_record`,
					type: "POST",
					args: { name: frm.doc.name, ...values },
				})
				.then(() => frm.reload_doc()),
		__("Add to Record"),
		__("Add")
	);
}

function add_paper(frm) {
	new frappe.ui.FileUploader({
		doctype: frm.doctype,
		docname: frm.docname,
		method: `${CONFIDENTIAL_RECORD}.add_paper`,
		allow_multiple: false,
		disable_file_browser: true,
		on_success: () => frm.reload_doc(),
	});
}

function withdraw(frm) {
	ask_reason(__("Withdraw"), (reason) => frm.call("withdraw", { reason }).then(() => frm.reload_doc()));
}
