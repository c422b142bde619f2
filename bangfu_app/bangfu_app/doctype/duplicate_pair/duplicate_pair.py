import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import now_datetime

from bangfu_app.persons.duplicate_desk import pair_name
from bangfu_app.privacy import disclosure

DECISIONS = ("Open", "Different", "Linked")
DECIDED = ("status", "relation", "decision_reason", "decided_by", "decided_on", "student_merge")


class DuplicatePair(Document):
	"""Two files that may be of one student, and what was decided about them. `Linked` is kept as a relation."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		decided_by: DF.Link | None
		decided_on: DF.Datetime | None
		decision_reason: DF.SmallText | None
		first_file: DF.Link
		first_name: DF.Data | None
		first_school: DF.Link | None
		found_on: DF.Date | None
		level: DF.Literal["Exact", "Likely", "Possible"]
		reasons: DF.SmallText | None
		relation: DF.Literal["", "Twin", "Sibling", "Other Relative", "Same Household"]
		score: DF.Percent
		second_file: DF.Link
		second_name: DF.Data | None
		second_school: DF.Link | None
		status: DF.Literal["Open", "Different", "Linked", "Merged"]
		student_merge: DF.Link | None
	# end: auto-generated types

	def autoname(self):
		self.name = pair_name(self.first_file, self.second_file)

	def validate(self):
		if self.first_file == self.second_file:
			frappe.throw(_("A file is no duplicate of itself."))
		self.validate_decision()

	def validate_decision(self) -> None:
		"""Decided by its methods only, so that who and when is true."""
		if self.is_new():
			self.update(dict.fromkeys(DECIDED) | {"status": "Open"})
		elif any(self.has_value_changed(name) for name in DECIDED):
			frappe.throw(
				_("Decide by the buttons: who decided, and why, is kept."), title=_("Duplicate Pair")
			)

	@frappe.whitelist(methods=["POST"])
	def decide(self, status: str, reason: str | None = None, relation: str | None = None) -> None:
		"""Different students (why?), linked ones (how?), or open again. Merging is a record: Student Merge."""
		pair = frappe.get_doc("Duplicate Pair", self.name)
		pair.check_permission("write")
		if status not in DECISIONS:
			frappe.throw(_("Choose one of: {0}.").format(", ".join(map(_, DECISIONS))))
		if pair.status == "Merged":
			frappe.throw(_("The files are merged: cancel the merge first."))
		if status == "Linked" and not relation:
			frappe.throw(_("Say how the two are related."), exc=frappe.MandatoryError)
		if status != "Linked":
			relation, reason = None, disclosure.require_reason(reason)
		pair.settle(status, reason, relation)

	def settle(
		self, status: str, reason: str | None = None, relation: str | None = None, merge: str | None = None
	) -> None:
		"""Write a decision of this session's user, who may see only one of the two; `decide` asks for the right."""
		decision = (status, relation, reason, frappe.session.user, now_datetime(), merge)
		self.db_set(dict(zip(DECIDED, decision, strict=True)))
