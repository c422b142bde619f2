from decimal import Decimal

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, getdate

from bangfu_app.mapping import get_mapped_doc
from bangfu_app.surveys import domain_scores, survey_answers, survey_facts
from bangfu_app.surveys.survey_score import change, to_hundred


class NeedsSurvey(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from bangfu_app.bangfu_app.doctype.domain_score.domain_score import DomainScore
		from bangfu_app.bangfu_app.doctype.support_circle.support_circle import SupportCircle
		from bangfu_app.bangfu_app.doctype.survey_answer.survey_answer import SurveyAnswer
		from bangfu_app.bangfu_app.doctype.survey_cause.survey_cause import SurveyCause
		from bangfu_app.bangfu_app.doctype.survey_panel_member.survey_panel_member import SurveyPanelMember

		amended_from: DF.Link | None
		answer_total: DF.Float
		answers: DF.Table[SurveyAnswer]
		causes: DF.Table[SurveyCause]
		circles: DF.Table[SupportCircle]
		community_questionnaire: DF.Check
		compared_with: DF.Link | None
		composite: DF.Float
		composite_change: DF.Data | None
		confidential: DF.Check
		diagnosed_by: DF.Data | None
		diagnosed_on: DF.Date | None
		diagnosis_paper: DF.Attach | None
		diagnosis_status: DF.Literal["Not Applicable", "Suspected", "Confirmed", "Temporary"]
		difficulties: DF.SmallText | None
		exam: DF.Link | None
		failed_names: DF.Data | None
		failed_subjects: DF.Int
		family_situation: DF.SmallText | None
		gap_to_peers: DF.Data | None
		home_visit: DF.Check
		interests: DF.SmallText | None
		learning_base: DF.SmallText | None
		level_group: DF.Literal["", "Consolidation", "Improvement", "Extension"]
		level_test: DF.Percent
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
		subjects_sat: DF.Int
		suggested_group: DF.Literal["", "Consolidation", "Improvement", "Extension"]
		survey_date: DF.Date
		template: DF.Link | None
		tool: DF.Data | None
		version: DF.Data | None
	# end: auto-generated types

	def before_validate(self):
		survey_answers.take_template(self)

	def validate(self):
		self.validate_methods()
		self.validate_compared()
		self.validate_diagnosis()
		survey_answers.score_answers(self)
		self.set_score_rows()
		self.set_composite()
		self.set_causes()
		self.suggested_group = survey_facts.level_group_of(self.level_test or None)

	def before_submit(self):
		if not self.scores and not self.confidential:
			frappe.throw(_("Score at least one domain."), title=_("Domain Scores"))

	def on_submit(self):
		if self.confidential:
			survey_answers.keep_only_who_needs_help(self)
		else:
			self.refresh_student()

	def on_cancel(self):
		if not self.confidential:
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

	def validate_compared(self) -> None:
		"""Before and after are measured with the same instrument (S11)."""
		if self.phase != "Post-test":
			self.compared_with = None
			return
		if not self.compared_with:
			frappe.throw(_("Choose the pre-test to compare with."), title=_("Post-test"))
		before = frappe.get_doc("Needs Survey", self.compared_with)
		if (
			before.student != self.student
			or before.phase != "Pre-test"
			or not before.docstatus.is_submitted()
		):
			frappe.throw(_("{0} is no submitted pre-test of this student.").format(before.name))
		if getdate(before.survey_date) > getdate(self.survey_date):
			frappe.throw(_("The pre-test lies after the post-test."), title=_("Post-test"))
		if (before.template, before.version) != (self.template, self.version):
			frappe.throw(
				_("Pre-test and post-test use the same template and version: {0}.").format(
					" ".join(filter(None, (before.template, before.version))) or _("none")
				),
				title=_("Post-test"),
			)

	def validate_diagnosis(self) -> None:
		"""A disorder is told from a temporary difficulty by who found it; confirmed, by the paper (I19)."""
		if self.diagnosis_status == "Not Applicable":
			self.update({"diagnosed_by": None, "diagnosed_on": None, "diagnosis_paper": None})
		if self.diagnosis_status == "Confirmed" and not (self.diagnosed_by and self.diagnosis_paper):
			frappe.throw(
				_("A confirmed diagnosis names who made it and has its paper."), title=_("Diagnosis")
			)

	def set_score_rows(self) -> None:
		last = self.scores_before()
		domain_scores.complete(self.scores, survey_answers.domain_weights(self.template))
		for row in self.scores:
			row.last_score = last.get(row.domain)
			row.difference = change(row.score, row.last_score)

	def scores_before(self) -> dict[str, str]:
		"""Of the pre-test compared with, else of the newest survey before this one."""
		if self.compared_with:
			return mean_scores(self.compared_with)
		return last_scores(self.student, self.name, self.survey_date, self.confidential)

	def set_composite(self) -> None:
		"""Composite and priority band (domain §6)."""
		self.composite, self.priority = domain_scores.judge(self.scores)
		before = self.compared_with and mean_scores(self.compared_with)  # without scores its 0 is none
		old = frappe.db.get_value("Needs Survey", self.compared_with, "composite") if before else None
		self.composite_change = change(self.composite, old)

	def set_causes(self) -> None:
		"""Weights of the causes, whatever they were entered as, in percent of all (S7)."""
		causes = [row.cause for row in self.causes]
		for row in self.causes:
			if causes.count(row.cause) > 1:
				frappe.throw(_("Row #{0}: {1} stands here twice.").format(row.idx, _(row.cause)))
		percent = to_hundred({row.cause: Decimal(str(row.weight or 0)) for row in self.causes})
		for row in self.causes:
			row.weight = float(percent[row.cause])

	def add_domains(self) -> None:
		"""One row for each domain of the template or in use, lowest score first filled in."""
		last = last_scores(self.student)
		of_template = survey_answers.domain_weights(self.template)
		in_use = [domain.name for domain in domain_scores.domains_in_use()]
		for name in of_template or in_use:
			domain = frappe.get_cached_doc("Assessment Domain", name)
			self.append(
				"scores",
				{
					"domain": domain.name,
					"score": domain.scale[0],
					"weight": domain.weight,
					"last_score": last.get(domain.name),
				},
			)

	def refresh_student(self) -> None:
		frappe.get_doc("Student File", self.student).refresh_priority()


def last_scores(
	student: str, but: str | None = None, before: str | None = None, confidential: int = 0
) -> dict[str, str]:
	"""Domain → score (as text; the mean of several raters) of the newest submitted survey."""
	filters = {"student": student, "docstatus": 1, "confidential": cint(confidential)}
	if but:
		filters["name"] = ["!=", but]
	if before:
		filters["survey_date"] = ["<=", before]
	survey = frappe.db.get_value("Needs Survey", filters, order_by="survey_date desc, creation desc")
	return mean_scores(survey) if survey else {}


def mean_scores(survey: str) -> dict[str, str]:
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


@frappe.whitelist()
def domain_anchors() -> list[dict]:
	"""Domains in use with the wording and colour of each level, for the form."""
	frappe.has_permission("Needs Survey", "read", throw=True)
	names = frappe.get_all("Assessment Domain", {"enabled": 1}, order_by="weight desc, name", pluck="name")
	levels = frappe.get_all(
		"Domain Level",
		{"parent": ["in", names], "parenttype": "Assessment Domain"},
		["parent", "score", "wording", "colour"],
		order_by="score",
	)
	return [{"domain": name, "levels": [row for row in levels if row.parent == name]} for name in names]


@frappe.whitelist()
def exam_facts(student: str) -> dict:
	"""What the newest exam tells of the student, to be filled into a survey (S8)."""
	frappe.has_permission("Student File", "read", student, throw=True)
	frappe.has_permission("Needs Survey", "write", throw=True)
	return survey_facts.facts_of(student)
