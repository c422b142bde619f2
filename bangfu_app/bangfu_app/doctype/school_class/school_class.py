from collections.abc import Callable

import frappe
from frappe import _
from frappe.model.document import Document


class SchoolClass(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from bangfu_app.bangfu_app.doctype.class_reviewer.class_reviewer import ClassReviewer
		from bangfu_app.bangfu_app.doctype.class_subject_teacher.class_subject_teacher import (
			ClassSubjectTeacher,
		)

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
		reviewers: DF.TableMultiSelect[ClassReviewer]
		school: DF.Link
		school_year: DF.Data
		subject_teachers: DF.Table[ClassSubjectTeacher]
	# end: auto-generated types

	def autoname(self):
		self.name = name_of(self)

	def validate(self):
		settle(self)

	def on_update(self):
		if self.has_value_changed("head_teacher"):
			self.hand_over_students()

	def hand_over_students(self) -> None:
		"""Rights of a class teacher follow the class, so its files and census lists follow too."""
		for doctype in ("Student File", "Class Census"):
			record = frappe.qb.DocType(doctype)
			(
				frappe.qb.update(record)
				.set(record.head_teacher, self.head_teacher)
				.where(record.school_class == self.name)
			).run()


def require_class_of(
	school_class: str | None, school: str | None, value_of: Callable = frappe.get_cached_value
) -> None:
	"""The class, where one is named, is a class of the school."""
	if school_class and value_of("School Class", school_class, "school") != school:
		frappe.throw(_("Class {0} is not a class of {1}.").format(school_class, school))


def stage_of(school: str, grade: str | None) -> str:
	"""Stage of education by the type of the school and the grade."""
	school_type = frappe.get_cached_value("School", school, "school_type")
	if school_type in STAGES:
		return STAGES[school_type]
	return "Senior Secondary" if grade in SENIOR_GRADES else "Compulsory Education"


STAGES = {
	"Senior Secondary School": "Senior Secondary",
	"Vocational School": "Vocational Education",
	"University": "Higher Education",
}
SENIOR_GRADES = ("Grade 10", "Grade 11", "Grade 12")


# ---------------------------------------------------------------- of a document, and of a row of a workbook


def name_of(school_class: Document | frappe._dict) -> str:
	grade = school_class.grade.replace("Grade ", "G")
	return "-".join((school_class.school, school_class.school_year, grade, school_class.class_name))


def settle(school_class: Document | frappe._dict, value_of: Callable = frappe.get_cached_value) -> None:
	language = frappe.db.get_single_value("System Settings", "language")
	school_class.class_title = (
		f"{school_class.school} {_(school_class.grade, language)} {school_class.class_name}"
	)
