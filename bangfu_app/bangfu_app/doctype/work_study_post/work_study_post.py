import frappe
from frappe import _
from frappe.model.document import Document

from bangfu_app.money.subsidy_rules import money


class WorkStudyPost(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		duties: DF.SmallText | None
		enabled: DF.Check
		from_date: DF.Date | None
		hourly_pay: DF.Currency
		max_hours_per_month: DF.Float
		min_age: DF.Int
		post_title: DF.Data
		scheme: DF.Link
		school: DF.Link
		seats: DF.Int
		service_point: DF.Link | None
		supervisor: DF.Link | None
		to_date: DF.Date | None
	# end: auto-generated types

	"""A post in which students work for pay (M8): 图书馆管理员助手, 校园环保小卫士."""

	def validate(self):
		self.validate_from_to_dates("from_date", "to_date")
		self.validate_scheme()
		if money(self.hourly_pay) <= 0 or self.max_hours_per_month <= 0:
			frappe.throw(_("Enter the hourly pay and the most hours of a month."), title=_("Pay"))

	def validate_scheme(self) -> None:
		scheme = frappe.get_cached_doc("Subsidy Scheme", self.scheme)
		if (scheme.kind, scheme.amount_rule, scheme.period_kind) != ("Work-study", "By Hours", "Month"):
			frappe.throw(
				_("Choose a scheme of kind Work-study that pays by hours, for each month."), title=_("Scheme")
			)
