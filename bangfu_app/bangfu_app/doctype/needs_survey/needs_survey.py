from decimal import Decimal

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.model.mapper import get_mapped_doc

from bangfu_app.needs_score import Rating, composite, priority_of


class NeedsSurvey(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from bangfu_app.bangfu_app.doctype.domain_score.domain_score import DomainScore
		from bangfu_app.bangfu_app.doctype.survey_cause.survey_cause import SurveyCause
		from bangfu_app.bangfu_app.doctype.survey_panel_member.survey_panel_member import SurveyPanelMember

		amended_from: DF.Link | None
		causes: DF.Table[SurveyCause]
		community_questionnaire: DF.Check
		composite: DF.Float
		diagnosed_by: DF.Data | None
		diagnosis_status: DF.Literal["Not Applicable", "Suspected", "Confirmed", "Temporary"]
		difficulties: DF.SmallText | None
		family_situation: DF.SmallText | None
		home_visit: DF.Check
		interests: DF.SmallText | None
		learning_base: DF.SmallText | None
		observation: DF.Check
		panel: DF.Table[SurveyPanelMember]
		phase: DF.Literal["First Survey", "Pre-test", "Post-test", "Repeat Survey"]
		priority: DF.Literal["", "High", "Medium", "Low"]
		school: DF.Link | None
		school_interview: DF.Check
		scores: DF.Table[DomainScore]
		standard_tool: DF.Check
		student: DF.Link
		student_name: DF.Data | None
		survey_date: DF.Date
		tool: DF.Data | None
	# end: auto-generated types

	def validate(self):
		self.validate_methods()
		self.set_score_rows()
		self.set_composite()

	def on_submit(self):
		self.refresh_student()

	def on_cancel(self):
		self.refresh_student()

	def validate_methods(self) -> None:
		methods = (
			"home_visit",
			"school_interview",
			"community_questionnaire",
			"standard_tool",
			"observation",
		)
		if not any(self.get(method) for method in methods):
			frappe.throw(_("Tick at least one method of the survey."), title=_("Methods"))

	def set_score_rows(self) -> None:
		"""Take wording and weight from the domain, so that the result keeps what it was computed with."""
		last = last_scores(self.student, self.name, self.survey_date)
		for row in self.scores:
			domain = frappe.get_cached_doc("Assessment Domain", row.domain)
			low, high = domain.scale
			if not low <= row.score <= high:
				frappe.throw(
					_("Row #{0}: the score of {1} must lie between {2} and {3}.").format(
						row.idx, frappe.bold(row.domain), low, high
					)
				)
			row.wording = domain.wording_of(row.score)
			row.weight = domain.weight
			row.last_score = last.get(row.domain)

	def set_composite(self) -> None:
		"""Composite and priority band (domain §6)."""
		ratings = []
		for row in self.scores:
			low, high = frappe.get_cached_doc("Assessment Domain", row.domain).scale
			ratings.append(Rating(row.domain, Decimal(str(row.weight)), row.score, low, high))
		score = composite(ratings)
		bands = frappe.get_cached_doc("Bangfu Settings").priority_bands
		self.composite = float(score) if score is not None else None
		self.priority = priority_of(score, ((band.priority, band.from_score) for band in bands))

	def add_domains(self) -> None:
		"""One row for each domain in use, lowest score first filled in."""
		last = last_scores(self.student)
		for name in frappe.get_all(
			"Assessment Domain", {"enabled": 1}, order_by="weight desc, name", pluck="name"
		):
			domain = frappe.get_cached_doc("Assessment Domain", name)
			self.append(
				"scores",
				{
					"domain": name,
					"score": domain.scale[0],
					"weight": domain.weight,
					"last_score": last.get(name),
				},
			)

	def refresh_student(self) -> None:
		frappe.get_doc("Student File", self.student).refresh_priority()


def last_scores(student: str, but: str | None = None, before: str | None = None) -> dict[str, str]:
	"""Domain → score (as text; the mean of several raters) of the newest submitted survey."""
	filters = {"student": student, "docstatus": 1}
	if but:
		filters["name"] = ["!=", but]
	if before:
		filters["survey_date"] = ["<=", before]
	survey = frappe.db.get_value("Needs Survey", filters, order_by="survey_date desc, creation desc")
	if not survey:
		return {}
	by_domain: dict[str, list[int]] = {}
	for row in frappe.get_all("Domain Score", {"parent": survey}, ["domain", "score"]):
		by_domain.setdefault(row.domain, []).append(row.score)
	return {domain: f"{sum(scores) / len(scores):g}" for domain, scores in by_domain.items()}


def lowest_score(domain: str) -> int:
	return frappe.get_cached_doc("Assessment Domain", domain).scale[0]


@frappe.whitelist()
def make_support_plan(source_name: str, target_doc: str | Document | None = None) -> Document:
	"""A plan with one goal for each domain scored above the lowest level, the greatest need last (P3)."""
	frappe.has_permission("Needs Survey", "read", source_name, throw=True)

	def add_goals(source, target):
		target.needs_survey = source.name
		needs = [row for row in source.scores if row.score > lowest_score(row.domain)]
		for step, row in enumerate(sorted(needs, key=lambda row: row.score), start=1):
			target.append("goals", {"step": step, "domain": row.domain, "baseline": str(row.score)})

	return get_mapped_doc(
		"Needs Survey",
		source_name,
		{"Needs Survey": {"doctype": "Support Plan", "validation": {"docstatus": ["=", 1]}}},
		target_doc,
		add_goals,
	)
