import frappe
from frappe.model.document import Document


class SessionAttendance(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		confirmed_by: DF.Data | None
		minutes: DF.Int
		note: DF.Data | None
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		state: DF.Literal["Attended", "Leave", "Absent"]
		student: DF.Link
		student_name: DF.Data | None
	# end: auto-generated types

	pass


def on_doctype_update():
	"""A student is on a roster once, whoever saves twice (domain §2)."""
	frappe.db.add_unique("Session Attendance", ["parent", "student"], constraint_name="session_student")
