"""Who is in the bottom 20 % of an exam, class by class, and for how many terms: lists for teachers to confirm (I12)."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

import frappe
from frappe import _
from frappe.desk.doctype.notification_log.notification_log import enqueue_create_notification
from frappe.model.document import Document

from bangfu_app.rights.criteria import allowed_schools
from bangfu_app.scores import bottom_share, exam_marks
from bangfu_app.scores.exam_marks import GROUP, Group
from bangfu_app.todos import close_todos, give_todo

# so many terms back a series is followed at most
TERMS_FOLLOWED = 12


def make_lists(exam: Document, scope: str, subject: str | None = None) -> list[str]:
	"""A list for each class with somebody in it, in the schools of the user; one made before is brought up to date.

	What teachers decided stays. Returns the names of the lists.
	"""
	groups = exam_marks.tallies(exam.name, subject, by_class=True)
	cuts = exam_marks.cuts(groups, scope)
	schools = allowed_schools("Bottom List")
	rows = [
		row
		for row in bottom_rows(exam.name, subject, scope, cuts)
		if not schools or row.group.school in schools
	]
	add_terms_running(exam, scope, subject, rows)
	by_class = defaultdict(list)
	for row in rows:
		by_class[row.group].append(row)
	lists = [
		bring_up_to_date(exam, scope, subject, group, cuts[group.within(scope)][0], members)
		for group, members in sorted(by_class.items())
	]
	push(lists)
	return [bottom_list.name for bottom_list in lists]


def make_lists_of(exam: str, scope: str, subject: str | None = None) -> None:
	"""The background job, as the user who asked."""
	make_lists(frappe.get_doc("Exam", exam), scope, subject)


# ---------------------------------------------------------------- who is in it


def bottom_rows(exam: str, subject: str | None, scope: str, cuts: dict) -> list[frappe._dict]:
	"""Candidates with a mark at or below the cut of their population: candidate, mark, below_cut, group, …"""
	known = [cut for cut, _size in cuts.values() if cut is not None]
	if not known:
		return []
	sitting = exam_marks.marks(exam, subject).as_("sitting")
	query = frappe.qb.from_(sitting).select(sitting.star).where(sitting.mark <= float(max(known)))
	rows = []
	for row in query.run(as_dict=True):
		row.group = Group(*(row[name] or "" for name in GROUP))
		row.below_cut = cuts[row.group.within(scope)][0] - bottom_share.exact(row.mark)
		if row.below_cut >= 0:
			rows.append(row)
	return rows


def add_terms_running(exam: Document, scope: str, subject: str | None, rows: list[frappe._dict]) -> None:
	"""How many terms running each is in the set. Only a student number tells the same pupil in another exam."""
	following = {row.student_no: row for row in rows if row.student_no}
	for row in rows:
		row.terms_running = 1
	for earlier in exams_of_terms_before(exam):
		following = {number: following[number] for number in members_of(earlier, scope, subject, following)}
		for row in following.values():
			row.terms_running += 1
		if not following:
			break


def members_of(exam: str, scope: str, subject: str | None, student_nos: Iterable[str]) -> list[str]:
	"""Those of these pupils who are in the bottom of the exam."""
	cuts = exam_marks.cuts(exam_marks.tallies(exam, subject, by_class=True), scope)
	sat = exam_marks.sitting_of(exam, subject, student_nos)
	return [number for number, (mark, group) in sat.items() if mark <= cuts[group.within(scope)][0]]


def exams_of_terms_before(exam: Document) -> list[str]:
	"""The last exam of each earlier term among exams of the same place, newest first."""
	start = frappe.db.get_value("School Term", exam.school_term, "start_date")
	record, term = frappe.qb.DocType("Exam"), frappe.qb.DocType("School Term")
	query = (
		frappe.qb.from_(record)
		.join(term)
		.on(record.school_term == term.name)
		.where((record.scope == exam.scope) & (term.start_date < start))
		.orderby(term.start_date, record.exam_date)
		.select(term.name, record.name)
	)
	if exam.scope != "County":
		query = query.where(record.school == exam.school)
	last_of_term = dict(query.run())
	return list(reversed(last_of_term.values()))[:TERMS_FOLLOWED]


# ---------------------------------------------------------------- the records


def bring_up_to_date(
	exam: Document,
	scope: str,
	subject: str | None,
	group: Group,
	cut: Decimal,
	members: list[frappe._dict],
) -> Document:
	key = key_of(exam.name, scope, subject, group)
	language = frappe.db.get_single_value("System Settings", "language")
	name = frappe.db.get_value("Bottom List", {"list_key": key})
	doc = frappe.get_doc("Bottom List", name) if name else frappe.new_doc("Bottom List", list_key=key)
	doc.update({"exam": exam.name, "scope": scope, "subject": subject, **group._asdict()})
	doc.update(
		{
			"population": exam_marks.population_in_words(exam.name, scope, group, language),
			"cut_score": float(cut),
		}
	)
	decided = {row.candidate: row for row in doc.rows if row.decision}
	doc.rows = []
	for member in sorted(members, key=lambda member: (-member.terms_running, -member.below_cut)):
		doc.append("rows", row_values(member) | decision_of(decided.pop(member.candidate, None)))
	for row in decided.values():  # corrected scores took them out of the set, but a teacher has spoken
		doc.append("rows", row.as_dict(no_default_fields=True))
	doc.flags.from_exam = True
	return doc.save()


def key_of(exam: str, scope: str, subject: str | None, group: Group) -> str:
	"""One list of each class, subject and scope: in the database, too."""
	return hashlib.sha256("\n".join((exam, scope, subject or "", *group)).encode()).hexdigest()


def row_values(member: frappe._dict) -> dict:
	terms = frappe.get_cached_doc("Bangfu Settings").long_term_terms or 2
	names = ("candidate", "candidate_name", "student_no", "student", "terms_running")
	return {
		**{name: member[name] for name in names},
		"score": member.mark,
		"below_cut": float(member.below_cut),
		"long_term": int(member.terms_running >= terms),
	}


def decision_of(row: Document | None) -> dict:
	names = ("decision", "reason", "decided_by", "decided_on")
	return {name: row.get(name) for name in names} if row else {}


# ---------------------------------------------------------------- to the teachers


def teachers_of(bottom_list: Document) -> set[str]:
	"""The class teacher, and who teaches the subject in the class."""
	if not bottom_list.school_class:
		return set()
	subject_teachers = frappe.get_all(
		"Class Subject Teacher",
		{"parent": bottom_list.school_class, "subject": bottom_list.subject or ""},
		pluck="teacher",
	)
	head_teacher = frappe.get_cached_value("School Class", bottom_list.school_class, "head_teacher")
	return {*subject_teachers, head_teacher} - {None, ""}


def push(lists: list[Document]) -> None:
	"""A to-do for each list, and one notice for each teacher, however many lists there are."""
	notices: dict[str, Document] = {}
	for bottom_list in lists:
		close_todos("Bottom List", bottom_list.name)
		for teacher in teachers_of(bottom_list) if bottom_list.status == "To Confirm" else ():
			if not frappe.has_permission("Bottom List", "write", bottom_list, user=teacher):
				continue
			description = _("{0}: a list waits for your confirmation.").format(bottom_list.name)
			give_todo(bottom_list, teacher, "Class Teacher", description)
			notices.setdefault(teacher, bottom_list)
	for teacher, bottom_list in notices.items():
		notice = {"type": "Alert", "document_type": "Bottom List", "document_name": bottom_list.name}
		enqueue_create_notification(
			[teacher],
			frappe._dict(
				notice, subject=_("Lists wait for your confirmation"), from_user=frappe.session.user
			),
		)
