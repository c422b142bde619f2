import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate


class RecognitionEvidence(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		attachment: DF.Attach | None
		criterion: DF.Link
		finding: DF.SmallText
		found_by: DF.Data | None
		found_on: DF.Date
		method: DF.Literal["Site Visit", "Data Analysis", "Classmates' Review", "Document"]
		school: DF.Link | None
		screening: DF.Link | None
		student: DF.Link | None
		student_name: DF.Data | None
	# end: auto-generated types

	"""What a student is recognised by, of the candidate or of the file (I9).

	A DocType of its own for the reason of Student Circumstances: a helper need not know it.
	"""

	def validate(self):
		self.validate_subject()
		self.found_by = self.found_by or frappe.utils.get_fullname(frappe.session.user)
		if getdate(self.found_on) > getdate():
			frappe.throw(_("Evidence is not found in the future."))

	def validate_subject(self) -> None:
		"""Of one file or candidate, for good; what is found on a candidate belongs to the file made of it."""
		if not self.is_new() and (self.has_value_changed("screening") or self.has_value_changed("student")):
			frappe.throw(_("Evidence stays with the student it was found on: delete it and enter it there."))
		if self.screening and self.is_new():
			file = frappe.db.get_value("Screening", self.screening, "student_file")
			if self.student and self.student != file:
				frappe.throw(_("{0} {1} belongs to another student.").format(_("Screening"), self.screening))
			self.student = file
		if self.student:
			source = ("Student File", self.student, ["student_name", "school"])
		elif self.screening:
			source = ("Screening", self.screening, ["candidate_name", "school"])
		else:
			frappe.throw(_("Choose the student or the screening."), exc=frappe.MandatoryError)
		self.student_name, self.school = frappe.db.get_value(*source) or (None, None)
