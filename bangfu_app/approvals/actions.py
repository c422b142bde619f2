"""What the desk calls: one action with its reason and votes, a vote, and one decision on many records."""

from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.model.workflow import apply_workflow, is_transition_condition_satisfied

from bangfu_app.approvals import votes
from bangfu_app.approvals.chain import Chain, chain_of, declaration_of
from bangfu_app.approvals.door import Request, require_other_hands
from bangfu_app.arguments import parse

# decisions on many records at once → the kind of action that each of them gets
DECISIONS = {"approve": "Approval", "return": "Sent Back"}
BATCH = 200


@frappe.whitelist(methods=["POST"])
def act(
	doctype: str, name: str, action: str, reason: str | None = None, ballot: dict | str | None = None
) -> None:
	"""Apply an action with its reason. `ballot`: votes on paper {"For": n, "Against": n, "Abstain": n, "names": "…"}."""
	doc = record(doctype, name, "read")
	if ballot and doc.status == doc.approval.voted:
		record_ballot(doc, parse(ballot, dict))
	perform(doc, action, reason)


@frappe.whitelist(methods=["POST"])
def vote(doctype: str, name: str, choice: str) -> dict[str, Any]:
	"""One vote in person; the record moves on when quorum and majority are met. Returns how the vote stands."""
	doc = record(doctype, name, "read")
	chain = require_meeting(doc)
	votes.cast(doc, choice, voter=frappe.session.user)
	result = votes.tally(doc)
	moved = result.is_passed(*votes.rules())
	if moved:
		perform(doc, passing_action(doc, chain), None)
	return {**result.as_fields(), "moved": moved}


@frappe.whitelist(methods=["POST"])
def decide(records: list | str, decision: str, reason: str | None = None) -> list[dict[str, Any]]:
	"""One decision on many records, each checked as if it were alone; what is refused comes back with its reason.

	`records`: [{"doctype": …, "name": …}], at most 200; `decision`: "approve" or "return".
	"""
	rows = parse(records, list)
	if decision not in DECISIONS or len(rows) > BATCH:
		frappe.throw(_("Choose at most {0} records and a decision.").format(BATCH))
	results = []
	for place, row in enumerate(rows, start=1):
		results.append(decide_one(frappe._dict(parse(row, dict)), decision, reason))
		if len(rows) > 10:
			frappe.publish_progress(place * 100 / len(rows), title=_("Approval"))
	return results


def decide_one(row: frappe._dict, decision: str, reason: str | None) -> dict[str, Any]:
	"""In a savepoint of its own, so that a refusal takes back this record alone."""
	result = {"doctype": row.doctype, "name": row.name, "done": True, "message": ""}
	frappe.db.savepoint("decide_one")
	messages = len(frappe.local.message_log)
	try:
		doc = record(row.doctype, row.name, "read")
		perform(doc, action_of(doc, DECISIONS[decision]), reason)
	except (frappe.ValidationError, frappe.PermissionError, frappe.DoesNotExistError) as error:
		frappe.db.rollback(save_point="decide_one")
		result |= {"done": False, "message": str(error)}
	# the results say it, row by row
	del frappe.local.message_log[messages:]
	return result


def record(doctype: str, name: str, ptype: str) -> Document:
	"""The stored record of an approved DocType, for who has this right."""
	if (
		not isinstance(doctype, str)
		or not frappe.db.exists("DocType", doctype)
		or not declaration_of(doctype)
	):
		frappe.throw(_("Records of this kind are not approved."), exc=frappe.PermissionError)
	doc = frappe.get_doc(doctype, name)
	doc.check_permission(ptype)
	return doc


def perform(doc: Document, action: str, reason: str | None) -> None:
	"""Frappe's apply_workflow; the door reads what goes with the action from the flags."""
	doc.flags.approval_request = Request(action, reason)
	apply_workflow(doc, action)


def action_of(doc: Document, kind: str) -> str:
	"""The action of this kind from the record's state that this user may do; the nearest one if there are several."""
	chain = chain_of(doc.doctype)
	roles = set(frappe.get_roles())
	fitting = [row for row in chain.from_state(doc.status) if chain.kind_of(row) == kind]
	allowed = [row for row in fitting if row.allowed in roles and is_transition_condition_satisfied(row, doc)]
	if not allowed:
		frappe.throw(
			_("In the state {0} there is no such decision for you.").format(
				frappe.bold(_(doc.status, context=doc.doctype))
			),
			exc=frappe.PermissionError,
		)
	far = len(chain.transitions) + 1
	return min(allowed, key=lambda row: chain.distance.get(row.next_state, far)).action


def passing_action(doc: Document, chain: Chain) -> str:
	return next(row.action for row in chain.from_state(doc.status) if chain.is_approval(row))


def require_meeting(doc: Document) -> Chain:
	chain = chain_of(doc.doctype)
	if not chain or doc.status != doc.approval.voted:
		frappe.throw(_("No vote is taken on {0} now.").format(doc.name), title=_("Class Review"))
	require_other_hands(doc)
	if not votes.may_vote(doc, chain, frappe.session.user):
		frappe.throw(_("You are not in this meeting."), exc=frappe.PermissionError)
	return chain


def record_ballot(doc: Document, ballot: dict) -> None:
	"""Votes on paper, as the chair of the meeting counted them."""
	require_meeting(doc)
	for choice in votes.CHOICES:
		votes.cast(doc, choice, votes=frappe.utils.cint(ballot.get(choice)), names=ballot.get("names"))
