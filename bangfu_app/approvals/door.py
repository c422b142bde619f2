"""The one door: every change of state is one action of the Workflow, with all its checks, or it is refused.

Form, list, Kanban drag, REST, bulk edit, import and `apply_workflow` all end in a save, and so here. What an
action needs beside the record (a reason, votes) comes by `doc.flags.approval_request`, see actions.py.
"""

from dataclasses import dataclass

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.model.workflow import WorkflowPermissionError, is_transition_condition_satisfied

from bangfu_app.approvals import votes
from bangfu_app.approvals.chain import Chain, chain_of
from bangfu_app.approvals.content import changed_fields, describe_changes, digest_of, labels_of
from bangfu_app.approvals.trail import binding_steps, submitters_of, write_step


class SelfApprovalError(WorkflowPermissionError):
	pass


class ReasonMissingError(frappe.MandatoryError):
	pass


@dataclass
class Request:
	"""What the user says with an action. `action` is None where only the new state was sent."""

	action: str | None = None
	reason: str | None = None


@dataclass
class Passage:
	"""A change of state that may pass; written to the trail once it is saved."""

	kind: str
	from_state: str
	action: str | None = None
	reason: str | None = None
	changes: str | None = None
	tally: votes.Tally | None = None

	def write(self, doc: Document) -> None:
		values = {"action": self.action, "reason": self.reason, "changes": self.changes}
		if self.tally:
			values |= self.tally.as_fields()
		write_step(doc, self.kind, self.from_state, **values)


def check_state(doc: Document) -> Passage | None:
	"""The passage that this save is, None when it is none; throws when it may not be."""
	chain = chain_of(doc.doctype)
	before = doc.get_doc_before_save()
	if not before:
		_require_initial(doc, chain)
		return None
	stays = before.status == doc.status
	if stays and before.docstatus == doc.docstatus:
		return _reopen_if_changed(doc, before, chain)
	if not chain:
		frappe.throw(
			_("No workflow is active for {0}: its state cannot change.").format(_(doc.doctype)),
			exc=WorkflowPermissionError,
		)
	# submitted without naming a state: Frappe names it in validate_workflow
	return None if stays else _pass_transition(doc, before, chain)


def _require_initial(doc: Document, chain: Chain | None) -> None:
	initial = chain.initial if chain else doc.meta.get_field("status").default
	if (doc.status or initial) != initial:
		frappe.throw(
			_("A new record begins as {0}; {1} is reached by the actions of its approval.").format(
				frappe.bold(_(initial, context=doc.doctype)), frappe.bold(_(doc.status, context=doc.doctype))
			),
			exc=WorkflowPermissionError,
			title=_("Approval"),
		)


# ---------------------------------------------------------------- a change of state


def _pass_transition(doc: Document, before: Document, chain: Chain) -> Passage:
	request = doc.flags.approval_request or Request()
	transition = _transition_of(doc, before, chain, request)
	if chain.docstatus[doc.status] != doc.docstatus:
		refuse(_("{0} is reached by the action {1} only."), doc, doc.status, transition.action)
	kind = chain.kind_of(transition)
	passage = Passage(kind, before.status, transition.action, (request.reason or "").strip() or None)
	if kind == "Sent Back" and not passage.reason:
		_ask_reason(doc, transition)
	if kind == "Approval":
		require_other_hands(doc)
		_require_unchanged(doc, before, transition)
		if before.status == chain.declaration.voted:
			passage.tally = votes.require_majority(before)
	return passage


def _transition_of(doc: Document, before: Document, chain: Chain, request: Request) -> Document:
	"""The one transition that this change is, of those open to the user; others are refused by their names."""
	ways = chain.between(before.status, doc.status)
	if not ways:
		actions = sorted({_(row.action) for row in chain.from_state(before.status)})
		frappe.throw(
			_("There is no way from {0} to {1}. Actions here: {2}.").format(
				frappe.bold(_(before.status, context=doc.doctype)),
				frappe.bold(_(doc.status, context=doc.doctype)),
				", ".join(actions) or "—",
			),
			exc=WorkflowPermissionError,
			title=_("Approval"),
		)
	roles = set(frappe.get_roles())
	named = [row for row in ways if request.action in (None, row.action)]
	allowed = [row for row in named if row.allowed in roles]
	if not allowed:
		frappe.throw(
			_("{0} is done by: {1}.").format(
				frappe.bold(_(ways[0].action)), ", ".join(sorted({_(row.allowed) for row in ways}))
			),
			exc=WorkflowPermissionError,
			title=_("Approval"),
		)
	fitting = [row for row in allowed if is_transition_condition_satisfied(row, before)]
	if not fitting:
		refuse(_("{0}: the condition of the action {1} is not met."), doc, doc.status, allowed[0].action)
	if len({row.action for row in fitting}) > 1:
		actions = ", ".join(sorted({_(row.action) for row in fitting}))
		refuse(_("{0} is reached by several actions, choose one of them: {1}."), doc, doc.status, actions)
	return fitting[0]


def refuse(message: str, doc: Document, state: str, action: str) -> None:
	frappe.throw(
		message.format(frappe.bold(_(state, context=doc.doctype)), frappe.bold(_(action))),
		exc=WorkflowPermissionError,
		title=_("Approval"),
	)


def _ask_reason(doc: Document, transition: Document) -> None:
	frappe.throw(
		_("{0} needs a reason. Open {1} and use the action {0}.").format(
			frappe.bold(_(transition.action)), frappe.utils.get_link_to_form(doc.doctype, doc.name)
		),
		exc=ReasonMissingError,
		title=_("Reason"),
	)


def require_other_hands(doc: Document) -> None:
	"""Nobody approves their own, at any level: not the owner, the nominator, the supporter, or who submitted it."""
	if frappe.session.user in doc.proposers():
		frappe.throw(
			_("You proposed this record yourself; somebody else has to approve it."),
			exc=SelfApprovalError,
			title=_("Approval"),
		)


def proposers_of(doc: Document) -> set[str]:
	declared = {doc.get(name) for name in doc.approval.proposers}
	return {doc.owner, *declared, *submitters_of(doc.doctype, doc.name)} - {None, ""}


def _require_unchanged(doc: Document, before: Document, transition: Document) -> None:
	"""What is approved is what the approver saw: no change goes along with the approval."""
	if changed := changed_fields(before, doc):
		frappe.throw(
			_("{0} was changed together with the action {1}. Save the change first.").format(
				frappe.bold(labels_of(doc, changed)), frappe.bold(_(transition.action))
			),
			exc=WorkflowPermissionError,
			title=_("Approval"),
		)


# ---------------------------------------------------------------- a change of content


def _reopen_if_changed(doc: Document, before: Document, chain: Chain | None) -> Passage | None:
	"""Approved content has changed: the record goes back to where it has to be approved again."""
	changed = changed_fields(before, doc)
	if not changed or not chain:
		return None
	_require_editor(doc, chain, changed)
	state = gate_of(doc, chain)
	if not state or state == before.status:
		return None
	changes = describe_changes(before, doc, changed)
	doc.status = state
	doc.on_reopen(state)
	frappe.msgprint(
		_("Approved content was changed: {0}. It has to be approved again, from {1} on.").format(
			frappe.bold(labels_of(doc, changed)), frappe.bold(_(state, context=doc.doctype))
		),
		indicator="orange",
		title=_("Approval"),
	)
	return Passage("Reopened", before.status, changes=changes)


def _require_editor(doc: Document, chain: Chain, changed: list[str]) -> None:
	"""The form is closed to other roles in this state (Only Allow Edit For); so is every other door."""
	editors = chain.editors(doc.status)
	if frappe.session.user == "Administrator" or editors & set(frappe.get_roles()):
		return
	frappe.throw(
		_("In the state {0}, {1} is changed by: {2}.").format(
			frappe.bold(_(doc.status, context=doc.doctype)),
			frappe.bold(labels_of(doc, changed)),
			", ".join(sorted(_(role) for role in editors)),
		),
		exc=frappe.PermissionError,
		title=_("Approval"),
	)


def gate_of(doc: Document, chain: Chain) -> str | None:
	"""State in which the earliest approval of another content was given; None when nothing binds."""
	digest = digest_of(doc)
	for step in binding_steps(doc.doctype, doc.name):
		if step.digest != digest:
			return step.from_state or chain.first_review
	return None
