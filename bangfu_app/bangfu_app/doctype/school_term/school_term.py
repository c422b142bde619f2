import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate


class SchoolTerm(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from bangfu_app.bangfu_app.doctype.term_holiday.term_holiday import TermHoliday

		end_date: DF.Date
		holidays: DF.Table[TermHoliday]
		school_year: DF.Data
		start_date: DF.Date
		term_name: DF.Data
	# end: auto-generated types

	def validate(self):
		self.validate_from_to_dates("start_date", "end_date")
		for row in self.holidays:
			row.validate_from_to_dates("from_date", "to_date")
			if getdate(row.from_date) < getdate(self.start_date) or getdate(row.to_date) > getdate(
				self.end_date
			):
				frappe.throw(_("Row #{0}: the holiday lies outside the term.").format(row.idx))


def school_year_of(day: str | None = None) -> str:
	"""The school year a day belongs to, by the term that holds it, else by 1 September: "2025-2026"."""
	day = getdate(day)
	term = frappe.db.get_value(
		"School Term", {"start_date": ["<=", day], "end_date": [">=", day]}, "school_year"
	)
	if term:
		return term
	first = day.year if day.month >= 9 else day.year - 1
	return f"{first}-{first + 1}"
