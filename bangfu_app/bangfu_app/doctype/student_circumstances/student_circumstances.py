import frappe
from frappe.model.document import Document


class StudentCircumstances(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from bangfu_app.bangfu_app.doctype.family_member.family_member import FamilyMember

		annual_income: DF.Currency
		disability: DF.Literal[
			"", "Physical", "Hearing", "Vision", "Speech", "Intellectual", "Mental", "Multiple"
		]
		family_members: DF.Table[FamilyMember]
		family_size: DF.Int
		main_income: DF.Data | None
		minimum_living: DF.Check
		notes: DF.SmallText | None
		poverty_registered: DF.Check
		recorded_by: DF.Literal[
			"Registration", "Home Visit", "Community Check", "Civil Affairs", "Statement of the Family"
		]
		recorded_on: DF.Date
		school: DF.Link | None
		student: DF.Link
		student_name: DF.Data | None
		valid_until: DF.Date | None
	# end: auto-generated types

	"""What a helper need not know: income, allowances, disability, the family (domain §5, F10).

	A DocType of its own, because field levels do not hold in lists and filters (peers: traps of the platform).
	Dated records, never overwritten: the newest one holds.
	"""

	def validate(self):
		self.validate_from_to_dates("recorded_on", "valid_until")


def newest_of(student: str) -> str | None:
	"""Name of the record that holds for a student now."""
	return frappe.db.get_value(
		"Student Circumstances", {"student": student}, order_by="recorded_on desc, creation desc"
	)
