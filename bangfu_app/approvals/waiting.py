"""Who has to act on which record: one rule for to-dos, the list "Waiting for My Approval" and the daily digest."""

from collections import Counter, defaultdict

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.model.workflow import is_transition_condition_satisfied
from frappe.utils import get_url_to_report

from bangfu_app.approvals.chain import Chain, approved_doctypes, chain_of
from bangfu_app.todos import close_todos, give_todo

# more do not fit one screen; what is left comes up when these are done
ROWS_LISTED = 500


def approvals_open_to(chain: Chain, roles: set[str]) -> dict[str, list[Document]]:
	"""State → the approvals that one of these roles gives there; which one a record gets, conditions say."""
	found = defaultdict(list)
	for row in chain.transitions:
		if chain.is_approval(row) and row.allowed in roles:
			found[row.state].append(row)
	return dict(found)


def waiting_for() -> list[frappe._dict]:
	"""Records that wait for an approval of this session's user: readable, in reach of a role, not own proposals."""
	user = frappe.session.user
	roles = set(frappe.get_roles())
	return [row for doctype in approved_doctypes() for row in _waiting_records(doctype, user, roles)]


def _waiting_records(doctype: str, user: str, roles: set[str]) -> list[frappe._dict]:
	chain = chain_of(doctype)
	approvals = approvals_open_to(chain, roles) if chain else {}
	if not approvals or not frappe.has_permission(doctype, "write", user=user):
		return []
	proposers = [name for name in chain.declaration.proposers if name != "owner"]
	meta = frappe.get_meta(doctype)
	known = [name for name in ("student", "student_name", meta.title_field) if name and meta.has_field(name)]
	conditional = any(row.condition for ways in approvals.values() for row in ways)
	rows = frappe.get_list(
		doctype,
		filters={"status": ["in", list(approvals)], "owner": ["!=", user], "docstatus": 0},
		# a condition may ask for any field of the record
		fields=["*"] if conditional else ["name", "school", "status", "modified", *known, *proposers],
		order_by="modified asc",
		limit=ROWS_LISTED,
	)
	submitted = submitted_by(doctype, [row.name for row in rows], user)
	return [
		frappe._dict(
			{name: row.get(name) for name in ("name", "school", "status", "modified", "student")},
			doctype=doctype,
			student_name=row.get("student_name") or row.get(meta.title_field or "name"),
			action=action,
		)
		for row in rows
		if row.name not in submitted
		and user not in [row[name] for name in proposers]
		and (action := action_open(doctype, row, approvals[row.status]))
	]


def action_open(doctype: str, row: frappe._dict, ways: list[Document]) -> str | None:
	"""Of these approvals the first whose condition the record meets."""
	doc = frappe.get_doc({"doctype": doctype, **row})
	return next((way.action for way in ways if is_transition_condition_satisfied(way, doc)), None)


def submitted_by(doctype: str, names: list[str], user: str) -> set[str]:
	"""Of these records, the ones that this user brought into the chain."""
	if not names:
		return set()
	filters = {
		"reference_doctype": doctype,
		"reference_name": ["in", names],
		"user": user,
		"kind": ["in", ["Submission", "Agreement"]],
	}
	return set(frappe.get_all("Approval Step", filters, pluck="reference_name"))


# ---------------------------------------------------------------- to-dos


def approvers_of(doc: Document) -> dict[str, str]:
	"""User → role: who can give the next approval of this record."""
	chain = chain_of(doc.doctype)
	roles = (
		{row.allowed for row in chain.from_state(doc.status) if chain.is_approval(row)} if chain else set()
	)
	if not roles:
		return {}
	proposers = doc.proposers()
	return {
		user: role
		for user, role in users_with(roles).items()
		if user not in proposers and frappe.has_permission(doc.doctype, "write", doc=doc, user=user)
	}


def users_with(roles: set[str]) -> dict[str, str]:
	"""Enabled users with one of these roles, and that role."""
	user, has_role = frappe.qb.DocType("User"), frappe.qb.DocType("Has Role")
	rows = (
		frappe.qb.from_(user)
		.join(has_role)
		.on((has_role.parent == user.name) & (has_role.parenttype == "User"))
		.where((user.enabled == 1) & has_role.role.isin(sorted(roles)))
		.where(user.name.notin(["Administrator", "Guest"]))
		.select(user.name, has_role.role)
	).run()
	return dict(rows)


def renew_todos(doc: Document) -> None:
	"""The record is in a new state: what was to do is done, and the next approvers have it on their list."""
	close_todos(doc.doctype, doc.name)
	state = _(doc.status, context=doc.doctype)
	for user, role in approvers_of(doc).items():
		give_todo(doc, user, role, _("{0}: {1} waits for your approval.").format(state, doc.name))


# ---------------------------------------------------------------- digest


def send_digests() -> None:
	"""Each working morning: how many records wait, by kind and state. Called daily from hooks."""
	if not frappe.get_cached_doc("Bangfu Settings").approval_digest:
		return
	roles = {
		row.allowed
		for doctype in approved_doctypes()
		if (chain := chain_of(doctype))
		for row in chain.transitions
		if chain.is_approval(row)
	}
	before = frappe.session.user
	for user in users_with(roles):
		frappe.set_user(user)
		try:
			send_digest()
		finally:
			frappe.set_user(before)


def send_digest() -> None:
	"""To this session's user, in their language; without any name of a student."""
	user = frappe.session.user
	frappe.set_user_lang(user)
	counts = Counter((row.doctype, row.status) for row in waiting_for())
	if not counts:
		return
	lines = [
		_("{0} – {1}: {2} waiting").format(_(doctype), _(status, context=doctype), count)
		for (doctype, status), count in sorted(counts.items())
	]
	subject = _("{0} records wait for your approval").format(sum(counts.values()))
	link = get_url_to_report("Waiting for My Approval", "Script Report")
	frappe.get_doc(
		{
			"doctype": "Notification Log",
			"for_user": user,
			"type": "Alert",
			"subject": subject,
			"email_content": "<br>".join([*lines, f'<a href="{link}">{_("Open the list")}</a>']),
		}
	).insert(ignore_permissions=True)  # nightly job: nobody may send notices by hand
