// Actions with their reason and votes, and the approval trail. Loaded with each form of an approved DocType.
frappe.provide("bangfu.approvals");

/** Before an action: ask what it needs, then apply it ourselves, because Frappe's own call carries neither. */
bangfu.approvals.ask = function (frm) {
	frappe.dom.unfreeze();
	const action = frm.selected_workflow_action;
	const open = frm.doc.__onload?.approval?.actions?.[action];
	const meeting = frm.doc.__onload?.approval?.votes;
	const fields = [];
	if (open?.kind === "Approval" && meeting) fields.push(...bangfu.approvals.ballot_fields(meeting));
	if (open?.kind === "Sent Back") {
		fields.push({ fieldname: "reason", fieldtype: "Small Text", label: __("Reason"), reqd: 1 });
	}
	if (fields.length) {
		frappe.prompt(fields, (values) => bangfu.approvals.act(frm, action, values), __(action), __(action));
	} else {
		bangfu.approvals.act(frm, action, {});
	}
	// never resolves: Frappe's call after this one must not come
	return new Promise(() => {});
};

bangfu.approvals.act = function (frm, action, { reason, names, ...count }) {
	return frappe
		.xcall("bangfu_app.approvals.actions.act", {
			doctype: frm.doctype,
			name: frm.docname,
			action,
			reason,
			ballot: Object.keys(count).length ? { ...count, names } : null,
		})
		.then(() => frm.reload_doc());
};

bangfu.approvals.ballot_fields = function (meeting) {
	const need = __("At least {0} votes, more than {1} % of them for. So far: {2} for, {3} against, {4} abstentions.", [
		meeting.quorum,
		meeting.majority,
		meeting.votes_for,
		meeting.votes_against,
		meeting.abstentions,
	]);
	const count = (fieldname, label) => ({ fieldname, label, fieldtype: "Int", default: 0 });
	return [
		{ fieldname: "need", fieldtype: "HTML", options: `<p class="text-muted">${need}</p>` },
		count("For", __("Votes For")),
		count("Against", __("Votes Against")),
		count("Abstain", __("Abstentions")),
		{ fieldname: "names", fieldtype: "Small Text", label: __("Names (optional)") },
	];
};

/** The trail under the form's head, the vote in person, and what a change would bring about. */
bangfu.approvals.show = function (frm) {
	const approval = !frm.is_new() && frm.doc.__onload?.approval;
	if (!approval) return;
	if (approval.steps.length) {
		frm.dashboard.add_section(bangfu.approvals.trail(frm, approval), __("Approval Trail"));
		frm.dashboard.show();
	}
	if (approval.votes?.may_vote) {
		for (const choice of ["For", "Against", "Abstain"]) {
			frm.add_custom_button(__(choice), () => bangfu.approvals.vote(frm, choice), __("Vote"));
		}
	}
};

bangfu.approvals.vote = function (frm, choice) {
	return frappe
		.xcall("bangfu_app.approvals.actions.vote", { doctype: frm.doctype, name: frm.docname, choice })
		.then((result) => {
			const message = result.moved
				? __("The class review has passed the file.")
				: __("Your vote is recorded.");
			frappe.show_alert({ message, indicator: "green" });
			frm.reload_doc();
		});
};

bangfu.approvals.trail = function (frm, approval) {
	const text = (value) => frappe.utils.escape_html(value || "");
	const state = (value) => text(__(value, null, frm.doctype));
	const row = (step) => {
		const votes =
			step.votes_for || step.votes_against || step.abstentions
				? __("{0} for, {1} against, {2} abstentions", [
						step.votes_for,
						step.votes_against,
						step.abstentions,
				  ])
				: "";
		const said = [votes, text(step.reason), text(step.changes).replace(/\n/g, "<br>")];
		return `<tr>
			<td class="text-muted text-nowrap">${frappe.datetime.str_to_user(step.acted_on)}</td>
			<td>${text(step.full_name)}</td>
			<td>${text(__(step.action || step.kind))}</td>
			<td class="text-nowrap">${state(step.from_state)} → ${state(step.to_state)}</td>
			<td>${said.filter(Boolean).join("<br>")}</td>
		</tr>`;
	};
	const note = approval.bound
		? `<p class="text-muted">${__("A change of {0} sends the record back to {1}.", [
				text(approval.bound.fields),
				text(approval.bound.state),
		  ])}</p>`
		: "";
	return `<div class="table-responsive"><table class="table table-sm">${approval.steps
		.map(row)
		.join("")}</table></div>${note}`;
};
