import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import formatdate, getdate

from bangfu_app import enrolment


class EnrolmentCheck(Document):
	"""Who of a class is there in the first week of term (I15)."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from bangfu_app.bangfu_app.doctype.enrolment_check_row.enrolment_check_row import EnrolmentCheckRow

		absent: DF.Int
		checked_by: DF.Link | None
		checked_on: DF.Date
		class_title: DF.Data | None
		school: DF.Link | None
		school_class: DF.Link
		school_term: DF.Link
		students: DF.Table[EnrolmentCheckRow]
	# end: auto-generated types

	def validate(self):
		enrolment.require_own_class(self.school_class)
		self.validate_once()
		self.validate_day()
		self.validate_students()
		self.checked_by = self.checked_by or frappe.session.user
		self.absent = sum(row.state != "Present" for row in self.students)

	def validate_once(self) -> None:
		same = {"school_class": self.school_class, "school_term": self.school_term, "name": ["!=", self.name]}
		if found := frappe.db.exists("Enrolment Check", same):
			frappe.throw(
				_("This class was checked this term already: {0}.").format(found),
				exc=frappe.DuplicateEntryError,
			)

	def validate_day(self) -> None:
		begin, last = enrolment.days_to_check(self.school_term)
		day = getdate(self.checked_on)
		if not begin <= day <= getdate(frappe.get_cached_value("School Term", self.school_term, "end_date")):
			frappe.throw(_("The day lies outside the term."), title=_("Enrolment Check"))
		if day > last and self.is_new():
			frappe.msgprint(_("Later than {0}, the last day for it.").format(formatdate(last)), alert=True)

	def validate_students(self) -> None:
		"""Each once, and of this class when the row is made; an empty table is filled with the class."""
		if not self.students:
			self.extend("students", enrolment.students_to_check(self.school_class))
		before = self.get_doc_before_save()
		known = {row.student for row in before.students} if before else set()
		names = [row.student for row in self.students]
		if len(set(names)) != len(names):
			frappe.throw(_("A student is in the list twice."), title=_("Enrolment Check"))
		new = sorted(set(names) - known)
		of_class = {"name": ["in", new], "school_class": self.school_class}
		if new and len(frappe.get_all("Student File", of_class, pluck="name")) != len(new):
			frappe.throw(_("Only students of the class are in the list."), title=_("Enrolment Check"))

	def on_update(self):
		enrolment.tell_of_absent(self)


def on_doctype_update():
	frappe.db.add_unique("Enrolment Check", ["school_class", "school_term"], constraint_name="class_term")
