"""Who was noticed in the year, and what was done: alerts with their timelines, a questionnaire before and after."""

from datetime import timedelta

import frappe
from frappe.model.document import Document
from frappe.utils import get_datetime

from bangfu_app.demo import people
from bangfu_app.masters import QUESTIONNAIRE, say

# moment, hours to each step: (step, note)
COURSES = (
	(
		"Difficulty",
		"Well-being",
		"近两周情绪低落,课间独处。",
		"2025-04-14 16:20:00",
		(
			(2, "Acknowledged", None),
			(20, "Talked", "课后谈心半小时,愿意参加周六活动。"),
			(27, "Contacted", "与监护人通话。"),
		),
		("Settled", "情绪平稳,已加入兴趣课程。"),
	),
	(
		"Academic Warning",
		"Learning",
		"期中数学明显下滑。",
		"2025-05-06 10:00:00",
		((5, "Contacted", "与数学老师商定补缺内容。"),),
		("Taken into a Plan", "补缺安排写入帮扶方案。"),
	),
	(
		"Crisis",
		"Safety",
		None,
		"2025-06-03 21:40:00",
		((1, "Contacted", None), (11, "Safety Plan", None)),
		("Settled", "已转入常规关怀。"),
	),
)
PRE_TEST = ("2", "4", "5", "2", "2", "4", "2", "4", "否", "否", "2", "希望有人辅导数学")
POST_TEST = ("4", "3", "3", "3", "4", "3", "4", "3", "是", "否", "4", "希望周六活动继续")


def raise_alerts(files: list[Document]) -> None:
	"""Handled ones of the year, one that is open now, and a report of dropout signs with its visit."""
	for file, course in zip(files, COURSES, strict=False):
		walk(file, *course)
	with people.as_user(files[3].head_teacher):
		alert = {"doctype": "Student Alert", "student": files[3].name, "kind": "Difficulty"}
		frappe.get_doc({**alert, "concern": "Family", "observation": "家中无人照料,近日常迟到。"}).insert()
	report_dropout(files[4])


def walk(
	file: Document, kind: str, concern: str, seen: str | None, at: str, steps: tuple, end: tuple
) -> None:
	with people.as_user(file.head_teacher):
		values = {"student": file.name, "kind": kind, "concern": concern, "observation": seen}
		alert = frappe.get_doc({"doctype": "Student Alert", **values}).insert()
		for _hours, step, note in steps:
			alert.add_step(step, note)
		alert.end(*end)
	set_back(alert.name, get_datetime(at), [hours for hours, _step, _note in steps])


def set_back(name: str, raised_on, hours: list[int]) -> None:
	"""The course is of the year 2025: the record keeps its own time, so the demo sets it in the database."""
	alert = frappe.get_doc("Student Alert", name)
	moments = [raised_on, *(raised_on + timedelta(hours=each) for each in hours)]
	moments.append(moments[-1] + timedelta(days=6))
	for row, moment in zip(alert.steps, moments, strict=True):
		row.db_set("at", moment, update_modified=False)
	first = next(row.at for row in alert.steps if row.action not in ("Raised", "Acknowledged"))
	due = raised_on + (get_datetime(alert.due_by) - get_datetime(alert.raised_on))
	values = {"raised_on": raised_on, "acknowledged_on": moments[1], "first_step_on": first}
	alert.db_set({**values, "due_by": due, "ended_on": moments[-1]}, update_modified=False)


def report_dropout(file: Document) -> None:
	with people.as_user(file.head_teacher):
		report = {"doctype": "Dropout Report", "student": file.name, "wants_to_leave": 1, "often_absent": 1}
		report = frappe.get_doc({**report, "reported_on": frappe.utils.today()}).insert()
		visit = {"visited_on": report.reported_on, "visited_by": people.USERS[file.head_teacher][0]}
		report.update({**visit, "visit_result": "与家长商定按时到校,每周联系一次。"})
		report.save()


def ask_before_and_after(file: Document) -> None:
	"""The questionnaire for the bottom 20 % in March and in December."""
	with people.as_user(file.head_teacher):
		before = answer(file, "Pre-test", "2025-03-05", PRE_TEST)
		answer(file, "Post-test", "2025-12-12", POST_TEST, before.name)


def answer(file: Document, phase: str, day: str, answers: tuple, before: str | None = None) -> Document:
	survey = frappe.get_doc(
		{
			"doctype": "Needs Survey",
			"student": file.name,
			"phase": phase,
			"survey_date": day,
			"school_interview": 1,
			"template": say(QUESTIONNAIRE),
			"compared_with": before,
			"circles": [
				{"person": "外婆", "circle": "Family", "strength": "Strong"},
				{"person": "同桌", "circle": "Class", "strength": "Moderate"},
			],
		}
	).insert()
	for row, given in zip(survey.answers, answers, strict=True):
		row.answer = given
	survey.save()
	survey.submit()
	return survey
