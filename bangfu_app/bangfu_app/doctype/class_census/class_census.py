import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate

from bangfu_app import census
from bangfu_app.todos import close_todos


class ClassCensus(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from bangfu_app.bangfu_app.doctype.census_pupil.census_pupil import CensusPupil

		campaign: DF.Link
		class_title: DF.Data | None
		due_on: DF.Date | None
		finished_on: DF.Date | None
		head_teacher: DF.Link | None
		pupils: DF.Table[CensusPupil]
		reminded_on: DF.Date | None
		school: DF.Link | None
		school_class: DF.Link
		status: DF.Literal["Open", "Finished"]
	# end: auto-generated types

	"""The list of one class in a census: the class teacher ticks what is seen (I5)."""

	def autoname(self):
		self.name = f"{self.campaign}-{self.school_class}"[:140]

	def validate(self):
		before = self.get_doc_before_save()
		if before and before.status == "Finished":
			frappe.throw(
				_("The list is finished: make a screening for another pupil."), title=_("Class Census")
			)
		if not self.flags.finishing:
			self.status = "Open"
		self.validate_pupils()

	def validate_pupils(self) -> None:
		"""Nobody stands on the list twice: two of a name differ in their dates of birth."""
		rows: dict[tuple, int] = {}
		for row in self.pupils:
			row.pupil_name = " ".join((row.pupil_name or "").split())
			if row.birth_date and getdate(row.birth_date) > getdate():
				frappe.throw(_("Row #{0}: the date of birth lies in the future.").format(row.idx))
			first = rows.setdefault((row.pupil_name, str(row.birth_date or "")), row.idx)
			if first != row.idx:
				frappe.throw(
					_("Rows {0} and {1} are the same pupil: delete one of them.").format(first, row.idx),
					title=_("Pupils"),
				)

	@frappe.whitelist(methods=["POST"])
	def finish(self) -> dict[str, int]:
		"""A screening for each ticked pupil, or the link to what there is; returns how many of each."""
		doc = frappe.get_doc("Class Census", self.name, for_update=True)
		doc.check_permission("write")
		if doc.status == "Finished":
			frappe.throw(_("The list is finished already."), title=_("Class Census"))
		counts = census.list_candidates(doc)
		doc.update({"status": "Finished", "finished_on": getdate()})
		doc.flags.finishing = True
		doc.save()
		close_todos(doc.doctype, doc.name)
		frappe.get_doc("Screening Campaign", doc.campaign).refresh_status()
		return counts
