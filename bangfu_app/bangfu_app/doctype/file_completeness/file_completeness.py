from frappe.model.document import Document


class FileCompleteness(Document):
	"""How complete a file is, for those who may read all that counts; written by completeness.py only."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		missing: DF.SmallText | None
		percent: DF.Percent
		school: DF.Link | None
		school_class: DF.Link | None
		status: DF.Data | None
		student: DF.Link
		student_name: DF.Data | None
	# end: auto-generated types
