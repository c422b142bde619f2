"""The approval trail: who did what when, with which reason and votes, on which content."""

from typing import Any

import frappe
from frappe.model.document import Document
from frappe.utils import now_datetime

from bangfu_app.approvals.content import digest_of

# kinds of step that the content is bound to
BINDING = ("Approval", "Agreement", "Taken Over")
# kinds after which whatever was approved before has to be approved again
FRESH_START = ("Sent Back", "Reopened")


def write_step(doc: Document, kind: str, from_state: str, **values: Any) -> Document:
	"""One step of a record that is in its new state by now; `values` are fields of Approval Step."""
	earlier, digest = steps_of(doc.doctype, doc.name), digest_of(doc)
	step = frappe.get_doc(
		{
			"doctype": "Approval Step",
			"reference_doctype": doc.doctype,
			"reference_name": doc.name,
			"student": doc.name if doc.doctype == "Student File" else doc.get("student"),
			"school": doc.get("school"),
			"step_number": len(earlier) + 1,
			"content_version": content_version(earlier, digest),
			"kind": kind,
			"from_state": from_state,
			"to_state": doc.status,
			"user": frappe.session.user,
			"acted_on": now_datetime(),
			"digest": digest,
			**values,
		}
	)
	step.set_new_name()
	step.set_user_and_timestamp()
	# a trail that users could write by hand would prove nothing, so nobody has the right insert() asks for
	step.db_insert()
	return step


def content_version(earlier: list[frappe._dict], digest: str) -> int:
	"""1, 2, 3 …: one more than the last step's when the content is another."""
	if not earlier:
		return 1
	return earlier[-1].content_version + (earlier[-1].digest != digest)


def steps_of(doctype: str, name: str) -> list[frappe._dict]:
	"""All steps of a record, the first one first. For who may read the record."""
	return frappe.get_all(
		"Approval Step",
		{"reference_doctype": doctype, "reference_name": name},
		[
			"step_number",
			"kind",
			"action",
			"from_state",
			"to_state",
			"user",
			"acted_on",
			"reason",
			"changes",
			"digest",
			"votes_for",
			"votes_against",
			"abstentions",
			"content_version",
		],
		order_by="step_number",
	)


def binding_steps(doctype: str, name: str) -> list[frappe._dict]:
	"""What still binds the content: approvals and agreements since the record last went back."""
	steps = steps_of(doctype, name)
	last_start = max((place for place, step in enumerate(steps) if step.kind in FRESH_START), default=-1)
	return [step for step in steps[last_start + 1 :] if step.kind in BINDING]


def submitters_of(doctype: str, name: str) -> set[str]:
	"""Users who brought the record into the chain, at any time."""
	filters = {
		"reference_doctype": doctype,
		"reference_name": name,
		"kind": ["in", ["Submission", "Agreement"]],
	}
	return set(frappe.get_all("Approval Step", filters, pluck="user"))


def delete_trail(doctype: str, name: str) -> None:
	"""Along with a record that was never approved."""
	for log in ("Approval Step", "Approval Vote"):
		frappe.db.delete(log, {"reference_doctype": doctype, "reference_name": name})
