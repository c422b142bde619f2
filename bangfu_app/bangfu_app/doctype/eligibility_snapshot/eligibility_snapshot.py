from frappe.model.document import Document


class EligibilitySnapshot(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		batch: DF.Link | None
		digest: DF.Data | None
		facts: DF.LongText | None
		scheme: DF.Link | None
		school: DF.Link | None
		student: DF.Link
		student_name: DF.Data | None
		taken_on: DF.Datetime | None
	# end: auto-generated types

	pass
