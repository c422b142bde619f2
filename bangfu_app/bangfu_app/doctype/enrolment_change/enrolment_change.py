import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate

from bangfu_app import enrolment


class EnrolmentChange(Document):
	"""One change of a student's enrolment, with its paper; the only way by which the enrolment changes (I15)."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		amended_from: DF.Link | None
		certificate: DF.Attach | None
		change_date: DF.Date
		change_type: DF.Literal["Transfer In", "Transfer Out", "Suspend", "Resume", "Drop Out", "Graduate"]
		new_class: DF.Link | None
		new_school: DF.Link | None
		old_class: DF.Data | None
		old_grade: DF.Data | None
		old_school: DF.Data | None
		old_status: DF.Data | None
		old_teacher: DF.Data | None
		other_school: DF.Data | None
		reason: DF.SmallText | None
		school: DF.Link | None
		student: DF.Link
		student_name: DF.Data | None
	# end: auto-generated types

	def validate(self):
		if getdate(self.change_date) > getdate():
			frappe.throw(_("The day lies in the future."), title=_("Enrolment Change"))
		self.validate_class()
		if self.docstatus == 0:
			enrolment.may_begin(self)

	def validate_class(self) -> None:
		"""A new class is one of the school that the student comes to or is in."""
		if not self.new_class:
			return
		school = self.new_school or self.school
		if frappe.get_cached_value("School Class", self.new_class, "school") != school:
			frappe.throw(_("Class {0} is not a class of {1}.").format(self.new_class, school))

	def before_submit(self):
		if self.change_type in enrolment.NEEDS_CERTIFICATE and not self.certificate:
			frappe.throw(
				_("Attach the certificate: of the old school, or of the acceptance by the new one."),
				exc=frappe.MandatoryError,
				title=_("Certificate"),
			)
		enrolment.may_begin(self)

	def on_submit(self):
		enrolment.apply(self)

	def on_cancel(self):
		enrolment.take_back(self)
