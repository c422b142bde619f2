"""A survey by template: its questions, what the answers say, and who of a screening is heard of (S5–S7, S10, I17)."""

from decimal import Decimal

import frappe
from frappe import _
from frappe.model.document import Document

from bangfu_app.surveys import survey_score
from bangfu_app.surveys.survey_score import UnreadableAnswer

QUESTION_FIELDS = ("question", "domain", "answer_type", "highest", "weight", "reverse", "cause")

# who enters a screening of everyone, and sees it (criteria.needs_survey_criterion)
SCREENERS = {"Counsellor", "Bangfu Manager", "Administrator"}


def template_of(survey: Document) -> Document | None:
	return frappe.get_cached_doc("Survey Template", survey.template) if survey.template else None


def take_template(survey: Document) -> None:
	"""Questions and instrument of the template, when it is chosen: later changes of it do not reach this survey."""
	template = template_of(survey)
	survey.confidential = int(bool(template) and template.purpose == "Screening of Everyone")
	if survey.confidential and not SCREENERS & set(frappe.get_roles()):
		frappe.throw(_("A screening of everyone is the counsellor's."), frappe.PermissionError)
	if not template or not (survey.is_new() or survey.has_value_changed("template")):
		return
	if template.instrument:
		survey.update({"tool": template.instrument, "version": template.version, "standard_tool": 1})
	given = {row.question: row.answer for row in survey.answers}
	survey.set("answers", [])
	for row in template.questions:
		values = {field: row.get(field) for field in QUESTION_FIELDS}
		survey.append("answers", {**values, "answer": given.get(row.question)})


def domain_weights(template: str | None) -> dict[str, float]:
	if not template:
		return {}
	return {row.domain: row.weight for row in frappe.get_cached_doc("Survey Template", template).domains}


def score_answers(survey: Document) -> None:
	"""Need of each answer, sum, domain scores and causes. Without an answer nothing is touched."""
	values = [value_of(row) for row in survey.answers]
	answered = [value for value in values if value is not None]
	survey.answer_total = float(sum(answered)) if answered else None
	for row, value in zip(survey.answers, values, strict=True):
		need = survey_score.need_of(row.answer_type, value, exact(row.highest), bool(row.reverse))
		row.need = None if need is None else f"{need * 100:.0f}"
	if answered and not survey.confidential:
		fill_domains(survey)
		fill_causes(survey)


def value_of(row: Document) -> Decimal | None:
	try:
		return survey_score.value_of(row.answer_type, row.answer, exact(row.highest))
	except UnreadableAnswer as unreadable:
		lowest, highest = unreadable.args
		wanted = _("yes or no") if lowest is None else _("a number from {0} to {1}").format(lowest, highest)
		frappe.throw(
			_("Answer {0}: “{1}” is not {2}.").format(row.idx, frappe.utils.escape_html(row.answer), wanted),
			title=_("Answers"),
		)


def exact(number: float | None) -> Decimal:
	return Decimal(str(number or 0))


def need_of(row: Document) -> Decimal | None:
	"""As `score_answers` computes it, unrounded."""
	return survey_score.need_of(row.answer_type, value_of(row), exact(row.highest), bool(row.reverse))


def fill_domains(survey: Document) -> None:
	"""Score from the answers where the template says so; a score that the panel has changed stays the panel's."""
	for declared in template_of(survey).domains if survey.template else ():
		need = survey_score.mean_need(
			(need_of(row), exact(row.weight)) for row in survey.answers if row.domain == declared.domain
		)
		if need is None or not declared.from_answers:
			continue
		row = next((row for row in survey.scores if row.domain == declared.domain), None)
		row = row or survey.append("scores", {"domain": declared.domain, "score": 0})
		lowest, highest = frappe.get_cached_doc("Assessment Domain", declared.domain).scale
		by_answers = survey_score.on_scale(need, lowest, highest)
		untouched = not row.score or (row.answer_score or str(lowest)) == str(row.score)
		row.answer_score = str(by_answers)
		if untouched:
			row.score = by_answers


def fill_causes(survey: Document) -> None:
	"""Causes that the answers speak for, with the questions behind each; none that the panel has weighed."""
	weights = survey_score.cause_weights(
		(row.cause, need_of(row), exact(row.weight)) for row in survey.answers
	)
	behind = {
		cause: "、".join(str(row.idx) for row in survey.answers if row.cause == cause and need_of(row))
		for cause in weights
	}
	if not survey.causes:
		for cause, weight in sorted(weights.items(), key=lambda item: -item[1]):
			survey.append("causes", {"cause": cause, "weight": float(weight)})
	for row in survey.causes:
		row.questions = behind.get(row.cause)


# ---------------------------------------------------------------- screening of everyone


def keep_only_who_needs_help(survey: Document) -> None:
	"""Above the cut-off an alert in neutral words; below it no answers are kept, only that it took place (I17)."""
	template = template_of(survey)
	if (survey.answer_total or 0) >= template.cut_off:
		raise_alert(survey)
		return
	# the log of changes would keep what is taken out here
	survey.flags.ignore_version = True
	frappe.db.delete("Version", {"ref_doctype": "Needs Survey", "docname": survey.name})
	for doctype in ("Survey Answer", "Domain Score", "Survey Cause"):
		frappe.db.delete(doctype, {"parent": survey.name, "parenttype": "Needs Survey"})
	survey.db_set({"answer_total": 0, "composite": 0, "priority": None}, update_modified=False)
	for table in ("answers", "scores", "causes"):
		survey.set(table, [])


def raise_alert(survey: Document) -> None:
	"""One at a time: what is open already is handled already."""
	alert = frappe.get_doc(
		{"doctype": "Student Alert", "student": survey.student, "kind": "Difficulty", "concern": "Well-being"}
	)
	try:
		alert.insert()
	except frappe.DuplicateEntryError:
		frappe.clear_last_message()
