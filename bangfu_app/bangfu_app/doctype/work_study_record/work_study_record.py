import frappe
from frappe.model.document import Document

from bangfu_app.money import work_study


class WorkStudyRecord(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from bangfu_app.bangfu_app.doctype.work_study_shift.work_study_shift import WorkStudyShift

		amended_from: DF.Link | None
		hourly_pay: DF.Currency
		month: DF.Data
		pay: DF.Currency
		post: DF.Link
		scheme: DF.Link | None
		school: DF.Link | None
		shifts: DF.Table[WorkStudyShift]
		student: DF.Link
		student_name: DF.Data | None
		total_hours: DF.Float
	# end: auto-generated types

	"""What one student worked in one post in a month, and the pay for it (M8)."""

	def before_validate(self):
		# the pay is the post's, whatever was sent
		self.hourly_pay = frappe.get_cached_value("Work Study Post", self.post, "hourly_pay")

	def validate(self):
		work_study.require_month(self.month)
		post = frappe.get_cached_doc("Work Study Post", self.post)
		work_study.require_post(self, post)
		work_study.require_sound_shifts(self, post)
		self.total_hours = float(work_study.hours_of(self.shifts))
		self.pay = work_study.pay_for(self.shifts, self.hourly_pay)
		work_study.require_hours_left(self, post)

	def before_submit(self):
		others = work_study.others_of(self)
		work_study.require_only_one(self, others)
		work_study.require_seat(self, others)
		work_study.require_not_claimed(self)

	def before_cancel(self):
		work_study.require_not_claimed(self)
