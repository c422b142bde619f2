import frappe
from frappe import _
from frappe.model.document import Document


class SurveyTemplate(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from bangfu_app.bangfu_app.doctype.survey_question.survey_question import SurveyQuestion
		from bangfu_app.bangfu_app.doctype.survey_template_domain.survey_template_domain import (
			SurveyTemplateDomain,
		)

		cut_off: DF.Float
		domains: DF.Table[SurveyTemplateDomain]
		enabled: DF.Check
		instrument: DF.Data | None
		purpose: DF.Literal["Needs", "Questionnaire", "Screening of Everyone"]
		questions: DF.Table[SurveyQuestion]
		stage: DF.Literal[
			"", "Compulsory Education", "Senior Secondary", "Vocational Education", "Higher Education"
		]
		template_name: DF.Data
		version: DF.Data | None
	# end: auto-generated types

	"""Domains and questions of a survey, by school stage; a questionnaire, a standard tool, a screening (S5, S10)."""

	def validate(self):
		domains = [row.domain for row in self.domains]
		for row in self.domains:
			if domains.count(row.domain) > 1:
				frappe.throw(_("Row #{0}: {1} stands here twice.").format(row.idx, row.domain))
		for row in self.questions:
			self.validate_question(row, domains)
		if self.purpose == "Screening of Everyone" and not self.cut_off:
			frappe.throw(_("A screening needs a cut-off."), title=_("Cut-off"))

	def validate_question(self, row: Document, domains: list[str]) -> None:
		lowest = {"Scale": 1, "Number": 0}.get(row.answer_type)
		if lowest is not None and row.highest <= lowest:
			frappe.throw(_("Question {0}: the highest answer must be more than {1}.").format(row.idx, lowest))
		if row.domain and row.domain not in domains:
			frappe.throw(_("Question {0}: {1} is no domain of this template.").format(row.idx, row.domain))
		if [other.question for other in self.questions].count(row.question) > 1:
			frappe.throw(_("Question {0} stands here twice.").format(row.idx))
