from frappe.model.document import Document


class EnrolmentCheckRow(Document):
	"""One student of the class."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		note: DF.Data | None
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		state: DF.Literal["Present", "Absent, Unknown", "Left School"]
		student: DF.Link
		student_name: DF.Data | None
	# end: auto-generated types
