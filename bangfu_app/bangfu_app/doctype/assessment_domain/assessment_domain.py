import frappe
from frappe import _
from frappe.model.document import Document


class AssessmentDomain(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from bangfu_app.bangfu_app.doctype.domain_level.domain_level import DomainLevel

		domain_name: DF.Data
		enabled: DF.Check
		levels: DF.Table[DomainLevel]
		weight: DF.Float
	# end: auto-generated types

	def validate(self):
		scores = [row.score for row in self.levels]
		if len(set(scores)) != len(scores):
			frappe.throw(_("Each score can have one level only."), title=_("Levels"))
		if len(scores) < 2:
			frappe.throw(_("A domain needs at least two levels."), title=_("Levels"))

	@property
	def scale(self) -> tuple[int, int]:
		"""Lowest and highest score."""
		scores = [row.score for row in self.levels]
		return min(scores), max(scores)

	def wording_of(self, score: int) -> str | None:
		return next((row.wording for row in self.levels if row.score == score), None)
