import frappe
from frappe import _
from frappe.model.document import Document


class SchoolClass(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		class_name: DF.Data
		class_title: DF.Data | None
		grade: DF.Literal[
			"Grade 1",
			"Grade 2",
			"Grade 3",
			"Grade 4",
			"Grade 5",
			"Grade 6",
			"Grade 7",
			"Grade 8",
			"Grade 9",
			"Grade 10",
			"Grade 11",
			"Grade 12",
		]
		head_teacher: DF.Link | None
		school: DF.Link
		school_year: DF.Data
	# end: auto-generated types

	def autoname(self):
		grade = self.grade.replace("Grade ", "G")
		self.name = "-".join((self.school, self.school_year, grade, self.class_name))

	def validate(self):
		language = frappe.db.get_single_value("System Settings", "language")
		self.class_title = f"{self.school} {_(self.grade, language)} {self.class_name}"

	def on_update(self):
		if self.has_value_changed("head_teacher"):
			self.hand_over_students()

	def hand_over_students(self) -> None:
		"""Rights of a class teacher follow the class, so the files follow too."""
		file = frappe.qb.DocType("Student File")
		(
			frappe.qb.update(file)
			.set(file.head_teacher, self.head_teacher)
			.where(file.school_class == self.name)
		).run()
