"""Frappe's hooks on rights: the criteria of criteria.py, for lists, link search and documents alike."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.query_builder import Criterion
from pypika.queries import QueryBuilder

from bangfu_app.rights.criteria import SCHOOL_WIDE_ROLES, criterion_of, is_unrestricted, of_schools, visible
from bangfu_app.rights.relations import teaches

# these roles open the app at all
APP_ROLES = SCHOOL_WIDE_ROLES | {"Class Teacher", "Supporter", "Counsellor"}
# records about a candidate are made by who sees the candidate; records of a class by its teacher
OF_SCREENING = ("Panel Score", "Recognition Evidence")
OF_CLASS = ("Screening", "Class Census")


def record_query(user: str | None = None, doctype: str | None = None) -> str:
	"""Frappe joins hook conditions with "and", unparenthesised: the parentheses are needed."""
	criterion = criterion_of(doctype, user)
	if criterion is None:
		return ""
	return "(" + criterion.get_sql(with_namespace=True, quote_char="`", secondary_quote_char="'") + ")"


def has_record_permission(doc: Document, ptype: str = "read", user: str | None = None) -> bool:
	"""The record as stored, and the students of the one sent: moving a record must not open it.

	A plain bool: Frappe 15 takes None for "no opinion".
	"""
	user = user or frappe.session.user
	if not doc.is_new() and not found(doc.doctype, doc.name, criterion_of(doc.doctype, user, ptype)):
		return False
	if doc.is_new() and doc.doctype in OF_SCREENING and not sees_screening(doc, user):
		return False
	restricted = not is_unrestricted(user, doc.doctype, ptype)
	if restricted and doc.doctype == "Student File":
		return not doc.is_new() or teaches(user, doc.school_class)
	if restricted and doc.is_new() and doc.doctype in OF_CLASS and not teaches(user, doc.school_class):
		return False
	return may_concern(doc, own_students(doc.doctype, user, ptype))


def own_students(doctype: str, user: str, ptype: str) -> QueryBuilder | None:
	"""Subquery: students whom the user's records of this DocType may concern; None without a limit."""
	file = frappe.qb.DocType("Student File")
	visible_file = visible(file.name, doctype, user, ptype)
	if visible_file is None:
		return of_schools(doctype, user)
	return frappe.qb.from_(file).select(file.name).where(visible_file)


def sees_screening(doc: Document, user: str) -> bool:
	"""Does the user see the screening that a record names? One that names none is judged by its student."""
	name = doc.get("screening")
	if not name:
		return True
	if not isinstance(name, str) or not frappe.db.exists("Screening", name):
		return False
	return bool(frappe.has_permission("Screening", "read", name, user=user))


def may_concern(doc: Document, own: QueryBuilder | None) -> bool:
	"""Only own students, and those whom the stored record has already; None: no limit.

	A record of no student, as the evaluation of a programme, is not of those whose rights come by the student;
	a blank one is: it is about to be filled in.
	"""
	sent = students_of(doc)
	if own is None:
		return True
	if not sent:
		return not doc.get("programme")
	strangers = strangers_among(sent, own)
	if not strangers or doc.is_new():
		return not strangers
	return strangers <= students_of(frappe.get_doc(doc.doctype, doc.name))


def strangers_among(students: set[str], own: QueryBuilder | None) -> set[str]:
	"""Those of the students who are not own ones, in one query."""
	if own is None or not students:
		return set()
	file = frappe.qb.DocType("Student File")
	return students - set(own.where(file.name.isin(sorted(students))).run(pluck=True))


def students_of(doc: Document) -> set[str]:
	"""Students that a record names, in its own fields and its rows."""
	rows = [doc, *(row for table in doc.meta.get_table_fields() for row in doc.get(table.fieldname) or [])]
	names = [
		row.get(field.fieldname)
		for row in rows
		for field in row.meta.get_link_fields()
		if field.options == "Student File" and row.get(field.fieldname) not in (None, "")
	]
	if not all(isinstance(name, str) for name in names):
		frappe.throw(_("A student is named by the ID of the file."), title=_("Student"))
	return set(names)


def found(doctype: str, name: str, criterion: Criterion | None) -> bool:
	"""Does the stored record satisfy the criterion?"""
	if criterion is None:
		return True
	table = frappe.qb.DocType(doctype)
	return bool(
		frappe.qb.from_(table).select(table.name).where((table.name == name) & criterion).limit(1).run()
	)


# ---------------------------------------------------------------- apps screen


def has_app_permission() -> bool:
	"""Show the app's tile to whoever may open its workspace."""
	user = frappe.session.user
	return user == "Administrator" or bool(APP_ROLES & set(frappe.get_roles(user)))
