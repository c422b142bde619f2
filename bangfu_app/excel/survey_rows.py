"""Needs surveys in a workbook: a column for each assessment domain, or for each question of a template."""

from collections.abc import Callable, Iterable
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document

from bangfu_app.excel import roster_rows, values
from bangfu_app.excel.layout import Column
from bangfu_app.excel.masters import CHINESE
from bangfu_app.surveys import survey_answers, survey_score

DOMAIN = "domain="  # path of the column of a domain
QUESTION = "question="  # path of the column of a question, by its number
FIELDS = (
	"student",
	"survey_date",
	"phase",
	"home_visit",
	"school_interview",
	"community_questionnaire",
	"standard_tool",
	"observation",
	"tool",
)


def domain_columns(batch: Any) -> tuple[Column, ...]:
	"""A column for each domain in use; its scale is judged by the survey itself."""
	enabled = {"enabled": 1}
	batch.domains = frappe.get_all("Assessment Domain", enabled, pluck="name", order_by="weight desc, name")
	return columns_of(batch.domains)


def columns_of(domains: Iterable[str]) -> tuple[Column, ...]:
	return tuple(
		Column(
			DOMAIN + name,
			tuple(dict.fromkeys((name, _(name, CHINESE)))),
			parse=values.whole_number,
			example=3,
		)
		for name in domains
	)


def check_scores(row: Any, batch: Any) -> None:
	if not any(DOMAIN + name in row.values for name in batch.domains):
		row.fault(None, _("no score in any domain"))


def find_students(rows: list[Any], batch: Any) -> None:
	"""By number, else by a name that only one of the user's students has."""
	by_number = roster_rows.students("student_no", {row.values.get("student_no") for row in rows} - {None})
	by_name = roster_rows.students("student_name", {row.values.get("student_name") for row in rows} - {None})
	for row in rows:
		number, name = row.values.get("student_no"), row.values.get("student_name")
		found = by_number[number] if number else by_name[name]
		if len(found) == 1:
			row.values["student"] = found[0]
		elif number or name:
			row.fault("student_no" if number else "student_name", roster_rows.why_not(number or name, found))


def surveys_of(row: Any, batch: Any) -> list[dict]:
	return [{**said(row), "scores": scores_of(row, batch)}]


def said(row: Any) -> dict:
	return {"phase": "First Survey", **{name: row.values[name] for name in FIELDS if name in row.values}}


def scores_of(row: Any, batch: Any) -> list[dict]:
	return [
		{"domain": name, "score": row.values[DOMAIN + name]}
		for name in batch.domains
		if DOMAIN + name in row.values
	]


# ---------------------------------------------------------------- answers to a template


def question_columns(batch: Any) -> tuple[Column, ...]:
	"""A column for each question of the template, and for each domain that the panel scores beside the answers."""
	if not batch.options.get("survey_template"):
		return ()
	template = frappe.get_doc("Survey Template", batch.options["survey_template"])
	template.check_permission("read")
	batch.questions = {f"{QUESTION}{row.idx}": row for row in template.questions}
	batch.domains = [row.domain for row in template.domains if not row.from_answers]
	questions = tuple(question_column(path, row) for path, row in batch.questions.items())
	return questions + columns_of(batch.domains)


def question_column(path: str, question: Document) -> Column:
	"""Headed by number and words, as the printed form has them; the words alone are a heading too."""
	words = " ".join(question.question.split())
	choices = choices_of(question)
	return Column(
		path,
		(f"{question.idx}. {words}", words),
		parse=answer_parser(question),
		choices=choices,
		example=choices[-1] if choices else "",
		hint=told_scale(question),
	)


def choices_of(question: Document) -> tuple[str, ...]:
	if question.answer_type == "Yes/No":
		return ("是", "否")
	if question.answer_type == "Scale":
		return tuple(str(step) for step in range(1, int(question.highest or 0) + 1))
	return ()


def told_scale(question: Document) -> str:
	return f"0 到 {question.highest:g}" if question.answer_type == "Number" else ""


def answer_parser(question: Document) -> Callable[[Any], str]:
	"""The answer as typed, if it fits the question; a spreadsheet's yes is one too."""
	highest = survey_answers.exact(question.highest)

	def parse(cell: Any) -> str:
		answer = {True: "是", False: "否"}[cell] if isinstance(cell, bool) else values.text(cell)
		try:
			survey_score.value_of(question.answer_type, answer, highest)
		except survey_score.UnreadableAnswer as unreadable:
			raise values.CellFault(told_unreadable(*unreadable.args)) from None
		return answer

	return parse


def told_unreadable(lowest: Any, highest: Any) -> str:
	if lowest is None:
		return _("not yes or no")
	return _("not a number from {0} to {1}").format(f"{lowest:f}", f"{highest.normalize():f}")


def check_answers(row: Any, batch: Any) -> None:
	if not any(path in row.values for path in batch.questions):
		row.fault(None, _("no answer to any question"))


def answered_surveys_of(row: Any, batch: Any) -> list[dict]:
	"""Every question of the template, answered or not: the survey holds them all."""
	answers = [
		{"question": question.question, "answer": row.values.get(path)}
		for path, question in batch.questions.items()
	]
	survey = {**said(row), "template": batch.options["survey_template"], "answers": answers}
	if scores := scores_of(row, batch):
		survey["scores"] = scores
	return [survey]


def keep_computed(survey: Document, wanted: dict) -> None:
	"""Leave alone what the workbook says nothing of: scores made of answers, and answers that are not kept (I17)."""
	if survey.confidential and survey.docstatus == 1:
		wanted.pop("answers", None)
		wanted.pop("scores", None)
	elif "scores" in wanted:
		given = {row["domain"] for row in wanted["scores"]}
		wanted["scores"] += [
			{"domain": row.domain, "score": row.score} for row in survey.scores if row.domain not in given
		]
