from frappe.model.document import Document


class CensusPupil(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		birth_date: DF.Date | None
		gender: DF.Literal["", "Female", "Male"]
		note: DF.Data | None
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		pupil_name: DF.Data
		said_by_family: DF.Check
		said_by_self: DF.Check
		said_by_teacher: DF.Check
		screening: DF.Link | None
		sign_academic: DF.Check
		sign_body_mind: DF.Check
		sign_economic: DF.Check
		sign_emotional: DF.Check
		student_file: DF.Link | None
		student_no: DF.Data | None
	# end: auto-generated types

	pass
