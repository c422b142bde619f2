"""Base class of the controllers whose records are approved."""

from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document

from bangfu_app.approvals import door, trail, waiting
from bangfu_app.approvals.declaration import Approval
from bangfu_app.approvals.summary import approval_summary


class ApprovedDocument(Document):
	"""A record on its way through an approval; `approval` says what an approval of it means."""

	approval: Approval

	def onload(self):
		self.set_onload("approval", approval_summary(self))

	def validate_workflow(self) -> None:
		"""Frappe calls this on every save, after `validate` and before writing."""
		self.flags.passage = None
		passage = door.check_state(self)
		# Frappe looks for a transition of its own where the state differs; a reopened gate is none
		if not (passage and passage.kind == "Reopened"):
			super().validate_workflow()
			# submitting without naming a state: Frappe has set it only now
			passage = passage or door.check_state(self)
		if passage and passage.kind != "Reopened":
			self.before_passage()
		self.flags.passage = passage

	def before_cancel(self):
		"""Frappe validates no workflow on cancel: a cancel from outside is the action that cancels."""
		if not self.has_value_changed("status"):
			self.status = self.cancelled_state()
		self.flags.passage = door.check_state(self)

	def before_discard(self):
		frappe.throw(_("A draft of {0} is not discarded: delete it.").format(_(self.doctype)))

	def on_trash(self):
		"""What was approved once is history; a record that never was goes with its trail."""
		steps = trail.steps_of(self.doctype, self.name)
		if any(step.to_state == self.approval.approved for step in steps):
			frappe.throw(_("{0} was approved: it is history and is not deleted.").format(self.name))
		trail.delete_trail(self.doctype, self.name)

	def on_change(self):
		if passage := self.flags.pop("passage", None):
			passage.write(self)
			waiting.renew_todos(self)

	def on_reopen(self, state: str) -> None:
		"""For controllers: what else goes back when approved content was changed."""

	def before_passage(self) -> None:
		"""For controllers: what a change of state still waits for; `status` is the state it leads to."""

	def proposers(self) -> set[str]:
		"""Users who may not approve this record."""
		return door.proposers_of(self)

	def cancelled_state(self) -> str:
		chain = door.chain_of(self.doctype)
		return next((state for state, docstatus in chain.docstatus.items() if docstatus == 2), self.status)

	def set_state(self, status: str, **values: Any) -> None:
		"""The app's own step, outside the actions; on the trail and the timeline like they are."""
		before = self.status
		self.db_set({"status": status, **values})
		trail.write_step(self, "By the App", before)
		waiting.renew_todos(self)
		self.add_comment("Workflow", _(status, context=self.doctype))
