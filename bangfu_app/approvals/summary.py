"""What the form of an approved record shows: the trail, the actions open to this user, what binds."""

from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.model.workflow import is_transition_condition_satisfied

from bangfu_app.approvals import votes
from bangfu_app.approvals.chain import Chain, chain_of
from bangfu_app.approvals.content import labels_of
from bangfu_app.approvals.trail import binding_steps, steps_of


def approval_summary(doc: Document) -> dict[str, Any]:
	"""Sent along with the record to who may read it."""
	chain = chain_of(doc.doctype)
	return {
		"steps": [with_names(step) for step in steps_of(doc.doctype, doc.name)],
		"actions": open_actions(doc, chain) if chain else {},
		"votes": meeting(doc, chain) if chain and doc.status == chain.declaration.voted else None,
		"bound": bound(doc, chain) if chain else None,
	}


def with_names(step: frappe._dict) -> frappe._dict:
	return step | {"full_name": frappe.utils.get_fullname(step.user), "digest": None}


def open_actions(doc: Document, chain: Chain) -> dict[str, dict]:
	"""Action → its kind and next state, for the roles of this user."""
	roles = set(frappe.get_roles())
	return {
		row.action: {"kind": chain.kind_of(row), "next_state": row.next_state}
		for row in chain.from_state(doc.status)
		if row.allowed in roles and is_transition_condition_satisfied(row, doc)
	}


def meeting(doc: Document, chain: Chain) -> dict[str, Any]:
	"""How the vote stands, and whether this user may take part."""
	quorum, majority = votes.rules()
	return {
		**votes.tally(doc).as_fields(),
		"quorum": quorum,
		"majority": majority,
		"may_vote": votes.may_vote(doc, chain, frappe.session.user),
	}


def bound(doc: Document, chain: Chain) -> dict[str, str] | None:
	"""Which fields send the record back when they change, and to which state; None when nothing binds yet."""
	steps = binding_steps(doc.doctype, doc.name)
	if not steps or doc.docstatus or doc.status in chain.declaration.by_system:
		return None
	state = steps[0].from_state or chain.first_review
	if state == doc.status:
		return None
	names = [name for name in chain.declaration.content if not doc.meta.get_field(name).hidden]
	return {"fields": labels_of(doc, names), "state": _(state, context=doc.doctype)}
