import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate

from bangfu_app.alerts import raising

SIGNS = (
	"wants_to_leave",
	"works_for_money",
	"often_absent",
	"stopped_learning",
	"family_disagrees",
	"no_contact",
)
SIGNALS = ("Dropout Signs", "Absent from School")


class DropoutReport(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		days_absent: DF.Int
		family_disagrees: DF.Check
		no_contact: DF.Check
		note: DF.SmallText | None
		often_absent: DF.Check
		reported_by: DF.Link | None
		reported_on: DF.Date
		school: DF.Link | None
		signs: DF.Int
		stopped_learning: DF.Check
		student: DF.Link
		student_name: DF.Data | None
		visit_result: DF.SmallText | None
		visited_by: DF.Data | None
		visited_on: DF.Date | None
		wants_to_leave: DF.Check
		works_for_money: DF.Check
	# end: auto-generated types

	"""Signs that a student may leave school, and the home visit that answers them (I14)."""

	def before_insert(self):
		self.reported_by = frappe.session.user

	def validate(self):
		self.signs = sum(bool(self.get(sign)) for sign in SIGNS)
		if not self.signs and not self.days_absent:
			frappe.throw(_("Tick a sign, or enter the days of absence."), title=_("Signs"))
		if getdate(self.reported_on) > getdate():
			frappe.throw(_("The day of the report lies in the future."))
		self.validate_visit()

	def validate_visit(self) -> None:
		if not self.visited_on:
			return
		if getdate(self.visited_on) > getdate():
			frappe.throw(_("The visit lies in the future: enter it when it was made."), title=_("Home Visit"))
		if not (self.visited_by and self.visit_result):
			frappe.throw(_("Who visited, and with what result?"), title=_("Home Visit"))

	def on_update(self):
		self.raise_alerts()
		if self.visited_on and self.has_value_changed("visited_on"):
			self.tell_visit()

	def raise_alerts(self) -> None:
		rules = {"enabled": 1, "signal": ["in", SIGNALS]}
		for name in frappe.get_all("Alert Rule", rules, pluck="name", order_by="name"):
			raising.raise_now(frappe.get_cached_doc("Alert Rule", name), self.student)

	def tell_visit(self) -> None:
		"""The visit is the first step of the alerts that the signs raised."""
		about = {"student": self.student, "kind": "Dropout Risk", "status": ["!=", "Ended"]}
		for name in frappe.get_all("Student Alert", about, pluck="name"):
			alert = frappe.get_doc("Student Alert", name, for_update=True)
			alert.take_step("Visited", _("Home visit, see {0}").format(self.name))
