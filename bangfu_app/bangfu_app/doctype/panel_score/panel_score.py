import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate

from bangfu_app.surveys import domain_scores


class PanelScore(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from bangfu_app.bangfu_app.doctype.domain_score.domain_score import DomainScore

		candidate_name: DF.Data | None
		rater: DF.Link | None
		remark: DF.SmallText | None
		school: DF.Link | None
		scored_on: DF.Date | None
		scores: DF.Table[DomainScore]
		screening: DF.Link
	# end: auto-generated types

	"""The scores of one rater, entered alone (I3). Others see them once their own are in: criteria.py."""

	def autoname(self):
		self.rater = frappe.session.user
		self.name = f"{self.screening}-{self.rater}"[:140]

	def onload(self):
		self.set_onload("anchors", anchors())

	def validate(self):
		self.validate_rater()
		self.validate_domains()
		domain_scores.complete(self.scores)
		self.scored_on = getdate()

	def on_update(self):
		frappe.get_doc("Screening", self.screening).take_scores()

	def on_trash(self):
		screening = frappe.get_doc("Screening", self.screening)
		screening.require_open()
		screening.take_scores(but=self.name)

	def validate_rater(self) -> None:
		if not self.is_new() and self.has_value_changed("rater"):
			frappe.throw(_("The rater of a score does not change."))
		screening = frappe.get_doc("Screening", self.screening)
		if self.rater not in [row.user for row in screening.panel]:
			frappe.throw(_("You are not in the panel of this screening."), exc=frappe.PermissionError)
		screening.require_open()
		full_name = frappe.utils.get_fullname(self.rater)
		for row in self.scores:
			row.rater = full_name

	def validate_domains(self) -> None:
		domains = [row.domain for row in self.scores]
		if len(set(domains)) != len(domains):
			frappe.throw(_("A domain is scored twice."), title=_("Scores"))


def anchors() -> dict[str, list[dict]]:
	"""Domain → its levels, score and wording, from no need to greatest need."""
	return {
		domain.name: [
			{"score": level.score, "wording": level.wording}
			for level in sorted(domain.levels, key=lambda level: level.score)
		]
		for domain in domain_scores.domains_in_use()
	}


def scores_by_rater(screening: str, but: str | None = None) -> dict[str, list[Document]]:
	"""Rater → the rows scored."""
	sheets = frappe.get_all(
		"Panel Score",
		{"screening": screening, "name": ["!=", but or ""]},
		["name", "rater"],
		order_by="creation",
	)
	return {sheet.rater: frappe.get_doc("Panel Score", sheet.name).scores for sheet in sheets}


def panel_standing(screening: Document) -> list[dict]:
	"""Rater, full name and whether the scores are in; not which they are."""
	scored = frappe.get_all("Panel Score", {"screening": screening.name}, pluck="rater")
	return [
		{"user": row.user, "full_name": row.full_name or row.user, "scored": row.user in scored}
		for row in screening.panel
	]
