"""Enrolment: what a change of it sets and takes back, and who was there in the first week of term (I15)."""

from datetime import date

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.query_builder.functions import IfNull
from frappe.utils import add_days, cint, getdate

from bangfu_app.rights.criteria import is_unrestricted
from bangfu_app.rights.relations import teaches

FILE = "Student File"
# kind of change → enrolment it may begin from, enrolment it leads to
CHANGES = {
	"Transfer In": (("Enrolled", "Transferred", "Dropped Out"), "Enrolled"),
	"Transfer Out": (("Enrolled", "Suspended"), "Transferred"),
	"Suspend": (("Enrolled",), "Suspended"),
	"Resume": (("Suspended", "Dropped Out"), "Enrolled"),
	"Drop Out": (("Enrolled", "Suspended"), "Dropped Out"),
	"Graduate": (("Enrolled",), "Graduated"),
}
# records that stay with the school of their time: what was decided, approved or earned there
STAYS = ("Enrolment Change", "Eligibility Snapshot", "Work Study Record")
NEEDS_CERTIFICATE = ("Transfer In", "Transfer Out")
# field of the change that keeps what the file held → field of the file
KEPT = {
	"old_status": "enrolment_status",
	"old_school": "school",
	"old_class": "school_class",
	"old_grade": "grade",
	"old_teacher": "head_teacher",
}


def may_begin(change: Document) -> None:
	"""The kind fits the enrolment that the file is in."""
	current = frappe.db.get_value(FILE, change.student, "enrolment_status")
	begins, _leads_to = CHANGES[change.change_type]
	if current not in begins:
		frappe.throw(
			_("{0} is for students who are: {1}. This one is: {2}.").format(
				frappe.bold(_(change.change_type, context=change.doctype)),
				"、".join(_(status, context=FILE) for status in begins),
				frappe.bold(_(current, context=FILE)),
			),
			title=_("Enrolment"),
		)


def values_after(change: Document) -> dict[str, str | None]:
	"""What the file holds after the change: who left the school is in no class of it."""
	values: dict[str, str | None] = {"enrolment_status": CHANGES[change.change_type][1]}
	if change.new_school:
		values |= {"school": change.new_school}
	if change.new_class:
		grade, teacher = frappe.db.get_value("School Class", change.new_class, ["grade", "head_teacher"])
		values |= {"school_class": change.new_class, "grade": grade, "head_teacher": teacher}
	elif change.new_school or change.change_type in ("Transfer Out", "Graduate"):
		values |= {"school_class": None, "head_teacher": None}
	return values


def apply(change: Document) -> None:
	"""`on_submit`: a system step, so that no approval of the file is touched."""
	file = frappe.get_doc(FILE, change.student)
	change.db_set({own: file.get(name) for own, name in KEPT.items()})
	file.db_set(values_after(change))
	take_records_along(file)
	file.add_comment("Info", _said(change))


def take_back(change: Document) -> None:
	"""`on_cancel`: exactly what was there; not below a later change."""
	file = frappe.get_doc(FILE, change.student)
	later = {name for name, value in values_after(change).items() if (file.get(name) or None) != value}
	# a class may get another teacher, that is no later change
	if later - {"head_teacher"}:
		frappe.throw(
			_("The file has changed since: cancel the later change first."), title=_("Enrolment Change")
		)
	file.db_set({name: change.get(own) for own, name in KEPT.items()})
	take_records_along(file)
	file.add_comment("Info", _("Taken back: {0}").format(_said(change)))


def follow_school(file: Document, method: str | None = None) -> None:
	"""`on_update` of a file, from hooks."""
	if file.has_value_changed("school") and not file.is_new():
		take_records_along(file)


def take_records_along(file: Document) -> None:
	"""The student's records are those of the school where the student is: who sees them goes by their school.

	A part of the move, by whoever may make it; the records' content and their approvals are not touched.
	"""
	for doctype in records_by_school():
		table = frappe.qb.DocType(doctype)
		moved = (table.student == file.name) & (IfNull(table.school, "") != (file.school or ""))
		frappe.qb.update(table).set(table.school, file.school).where(moved).run()


def records_by_school() -> list[str]:
	"""DocTypes whose school is fetched from the student, without those that stay."""
	fetched = {"fieldname": "school", "fetch_from": "student.school", "parent": ["not in", STAYS]}
	return frappe.get_all("DocField", fetched, pluck="parent", order_by="parent")


def _said(change: Document) -> str:
	day = frappe.utils.formatdate(change.change_date)
	return _("Enrolment: {0}, {1}").format(_(change.change_type, context=change.doctype), day)


# ---------------------------------------------------------------- first week of term


def days_to_check(term: str) -> tuple[date, date]:
	"""First and last day on which the check of a term is on time (# days in Bangfu Settings)."""
	begin = getdate(frappe.get_cached_value("School Term", term, "start_date"))
	days = cint(frappe.get_cached_doc("Bangfu Settings").enrolment_check_days) or 7
	return begin, add_days(begin, days - 1)


def require_own_class(school_class: str | None) -> None:
	"""A class teacher checks the own class; who sees whole schools is limited by them as everywhere."""
	user = frappe.session.user
	if not is_unrestricted(user, "Enrolment Check", "create") and not teaches(user, school_class):
		frappe.throw(_("You check your own class only."), exc=frappe.PermissionError)


def students_to_check(school_class: str) -> list[frappe._dict]:
	"""Files of the class whose students have not left."""
	rows = frappe.get_list(
		FILE,
		filters={
			"school_class": school_class,
			"enrolment_status": ["in", ["Enrolled", "Suspended"]],
			"merged_into": ["is", "not set"],
		},
		fields=["name as student", "student_name"],
		order_by="student_name, name",
		limit_page_length=0,
	)
	return [frappe._dict(row, state="Present") for row in rows]


@frappe.whitelist()
def class_list(school_class: str) -> list[dict[str, str]]:
	"""Rows for a new check, of the files that the user may read."""
	if not frappe.has_permission("Enrolment Check", "create"):
		frappe.throw(_("You check your own class only."), frappe.PermissionError)
	require_own_class(school_class)
	return students_to_check(school_class)


def tell_of_absent(check: Document) -> None:
	"""Raise a flag for each student newly absent or gone.

	Hook `bangfu_student_absent`: dotted paths of functions (student, state, check) of this app or another, called
	once for each student and check. `state` is "Absent, Unknown" or "Left School".
	"""
	before = check.get_doc_before_save()
	known = {(row.student, row.state) for row in before.students} if before else set()
	for row in check.students:
		if row.state != "Present" and (row.student, row.state) not in known:
			for method in frappe.get_hooks("bangfu_student_absent"):
				frappe.get_attr(method)(row.student, row.state, check.name)
