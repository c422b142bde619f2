import frappe
from frappe import _
from frappe.model.document import Document

from bangfu_app import census


class ScreeningCampaign(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		data_comparison: DF.Check
		family_interview: DF.Check
		from_date: DF.Date
		home_visit: DF.Check
		notes: DF.SmallText | None
		school: DF.Link
		school_year: DF.Data
		self_report: DF.Check
		status: DF.Literal["Draft", "Running", "Finished"]
		teacher_nomination: DF.Check
		title: DF.Data
		to_date: DF.Date
	# end: auto-generated types

	"""The yearly census of a school: a list for each class, filled in by its teacher (I4, I5)."""

	def onload(self):
		self.set_onload("progress", census.progress_of(self.name))

	def validate(self):
		self.validate_from_to_dates("from_date", "to_date")
		if not any(self.get(method) for method in census.METHODS):
			frappe.throw(_("Tick at least one method of the census."), title=_("Methods"))
		before = self.get_doc_before_save()
		self.status = before.status if before else "Draft"

	@frappe.whitelist(methods=["POST"])
	def start(self) -> int:
		"""A list for each class of the school and year that has none yet; returns how many were made."""
		campaign = frappe.get_doc("Screening Campaign", self.name)
		campaign.check_permission("write")
		made = census.open_lists(campaign)
		campaign.refresh_status()
		return made

	def refresh_status(self) -> None:
		"""Finished when all lists are."""
		states = frappe.get_all("Class Census", {"campaign": self.name}, pluck="status")
		status = "Draft" if not states else "Running" if "Open" in states else "Finished"
		self.db_set("status", status)
