"""The Workflow of an approved DocType as a graph, and the rules that an office's edit of it has to keep."""

from collections import deque
from collections.abc import Iterable
from functools import cached_property

import frappe
from frappe import _
from frappe.custom.doctype.property_setter.property_setter import make_property_setter
from frappe.model.base_document import get_controller
from frappe.model.document import Document
from frappe.model.workflow import get_workflow_name

from bangfu_app.approvals.declaration import Approval


def declaration_of(doctype: str) -> Approval | None:
	"""None for a DocType without approvals of ours."""
	return getattr(get_controller(doctype), "approval", None)


def approved_doctypes() -> list[str]:
	"""DocTypes of this app that declare an approval."""
	ours = frappe.get_all("DocType", {"module": "Bangfu App", "istable": 0}, pluck="name", order_by="name")
	return [doctype for doctype in ours if declaration_of(doctype)]


class Chain:
	"""States and transitions of one Workflow, read against the declaration of its DocType.

	A transition that does not allow self-approval is an approval. One that leads away from the approved
	state sends the record back.
	"""

	def __init__(self, workflow: Document):
		self.workflow = workflow
		self.declaration = declaration_of(workflow.document_type)
		self.transitions = list(workflow.transitions)
		self.initial = workflow.states[0].state if workflow.states else None
		self.docstatus = {row.state: int(row.doc_status or 0) for row in workflow.states}

	@cached_property
	def distance(self) -> dict[str, int]:
		"""Least number of steps from each state to the approved one; states that lead nowhere are missing."""
		found, queue = {self.declaration.approved: 0}, deque([self.declaration.approved])
		while queue:
			state = queue.popleft()
			for row in self.transitions:
				if row.next_state == state and row.state not in found:
					found[row.state] = found[state] + 1
					queue.append(row.state)
		return found

	def between(self, old: str, new: str) -> list[Document]:
		return [row for row in self.transitions if (row.state, row.next_state) == (old, new)]

	def from_state(self, state: str) -> list[Document]:
		return [row for row in self.transitions if row.state == state]

	def editors(self, state: str) -> set[str]:
		"""Roles that may change the content in this state."""
		return {row.allow_edit for row in self.workflow.states if row.state == state}

	def is_approval(self, transition: Document) -> bool:
		return not transition.allow_self_approval

	def sends_back(self, transition: Document) -> bool:
		"""Return, decline, reject, revoke: away from the approved state. Completing an approved record is not."""
		if self.docstatus.get(transition.next_state) == 2:
			return True
		if transition.state == self.declaration.approved:
			return False
		far = len(self.transitions) + 1
		return self.distance.get(transition.next_state, far) > self.distance.get(transition.state, far)

	def kind_of(self, transition: Document) -> str:
		"""Kind of Approval Step that this transition writes."""
		if self.sends_back(transition):
			return "Sent Back"
		if self.is_approval(transition):
			return "Approval"
		return "Agreement" if transition.action in self.declaration.binding else "Submission"

	@property
	def first_review(self) -> str:
		"""The state of the first approval on the shortest way from the initial state."""
		state = self.initial
		while state != self.declaration.approved:
			onward = min(
				self.from_state(state),
				key=lambda row: self.distance.get(row.next_state, len(self.transitions)),
			)
			if self.is_approval(onward):
				return state
			state = onward.next_state
		return self.initial


def chain_of(doctype: str) -> Chain | None:
	"""The active chain; None where the office has switched the Workflow off, and no state changes then."""
	name = get_workflow_name(doctype)
	return Chain(frappe.get_cached_doc("Workflow", name)) if name else None


# ---------------------------------------------------------------- an office's edit


def check_chain(workflow: Document, method: str | None = None) -> None:
	"""Refuse an edit that would let records through unapproved or leave them stuck. Called from hooks."""
	if not (workflow.is_active and declaration_of(workflow.document_type)):
		return
	chain = Chain(workflow)
	for fault in (*faults_of_states(chain), *faults_of_approval(chain), *faults_of_roles(chain)):
		frappe.throw(fault, title=_("Approval Chain"))


def faults_of_states(chain: Chain) -> Iterable[str]:
	declaration, workflow = chain.declaration, chain.workflow
	states = list(chain.docstatus)
	if workflow.workflow_state_field != "status":
		yield _("The state of {0} is kept in the field {1}.").format(
			_(workflow.document_type), frappe.bold("status")
		)
	for state in (declaration.approved, *declaration.by_system):
		if state not in states:
			yield _("The state {0} is needed: the app itself sets or awaits it.").format(
				frappe.bold(_(state))
			)
	for state in states:
		if state not in declaration.ends and not chain.from_state(state):
			yield _("Nobody can leave the state {0}: add a transition from it.").format(frappe.bold(_(state)))


def faults_of_approval(chain: Chain) -> Iterable[str]:
	approved = chain.declaration.approved
	if chain.initial not in chain.distance:
		yield _("No way leads from {0} to {1}.").format(
			frappe.bold(_(chain.initial)), frappe.bold(_(approved))
		)
	for row in chain.transitions:
		if row.next_state == approved and not chain.is_approval(row):
			yield _("Row #{0}: {1} leads to {2} and must be an approval: untick Allow Self Approval.").format(
				row.idx, frappe.bold(_(row.action)), frappe.bold(_(approved))
			)


def faults_of_roles(chain: Chain) -> Iterable[str]:
	meta = frappe.get_meta(chain.workflow.document_type)
	writers = {rule.role for rule in meta.permissions if rule.write and not rule.permlevel}
	for row in chain.transitions:
		if row.allowed not in writers:
			yield _("Row #{0}: the role {1} may not write {2}, so nobody could do {3}.").format(
				row.idx,
				frappe.bold(_(row.allowed)),
				_(chain.workflow.document_type),
				frappe.bold(_(row.action)),
			)


def follow_chain(workflow: Document, method: str | None = None) -> None:
	"""A state that the office adds becomes an option of the field and a column of our boards. Called from hooks."""
	if not (workflow.is_active and declaration_of(workflow.document_type)):
		return
	field = frappe.get_meta(workflow.document_type).get_field("status")
	options = (field.options or "").split("\n")
	added = [row.state for row in workflow.states if row.state not in options]
	if not added:
		return
	options += list(dict.fromkeys(added))
	make_property_setter(
		workflow.document_type,
		"status",
		"options",
		"\n".join(options),
		"Text",
		validate_fields_for_doctype=False,
	)
	for name in frappe.get_all(
		"Kanban Board",
		{"reference_doctype": workflow.document_type, "field_name": "status"},
		pluck="name",
	):
		add_columns(frappe.get_doc("Kanban Board", name), dict.fromkeys(added))


def add_columns(board: Document, states: Iterable[str]) -> None:
	columns = {row.column_name for row in board.columns}
	for state in states:
		if state not in columns:
			board.append("columns", {"column_name": state, "status": "Active", "indicator": "Yellow"})
	board.save()
