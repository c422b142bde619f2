"""Who sees which student (domain §5): one criterion, used by lists, link search, documents and reports.

A criterion is a qb condition on Student File names or rows; None means "not restricted by the student".
"""

import frappe
from frappe.desk import search
from frappe.model.document import Document
from frappe.query_builder import Criterion
from frappe.query_builder.functions import IfNull
from frappe.utils import getdate
from pypika.queries import QueryBuilder, Table

# these roles see every student of their schools (User Permission on School narrows them)
SCHOOL_WIDE_ROLES = {"Bangfu Manager", "Bangfu Coordinator", "Bangfu Finance", "Evaluator"}
# these roles open the app at all
APP_ROLES = SCHOOL_WIDE_ROLES | {"Class Teacher", "Supporter", "Counsellor"}

# kinds of session that only who held them sees, of all whose rights come by the student
PRIVATE_KINDS = ("Individual Counselling",)


def is_unrestricted(user: str, doctype: str, ptype: str = "read") -> bool:
	"""Does a school-wide role itself give this right on the DocType? A right by another role follows the student.

	Who may only choose a record in a link (select, as Finance the students it pays) chooses among all.
	"""
	if user == "Administrator":
		return True
	roles = set(frappe.get_roles(user))
	rules = [
		rule for rule in frappe.get_meta(doctype).permissions if rule.role in roles and not rule.permlevel
	]
	school_wide = [rule for rule in rules if rule.role in SCHOOL_WIDE_ROLES]
	if any(rule.get(ptype) for rule in school_wide):
		return True
	return not any(rule.read for rule in rules) and any(rule.select for rule in school_wide)


def student_file_criterion(user: str | None = None, ptype: str = "read") -> Criterion | None:
	"""Files by which the user has this right; condition on Student File."""
	user = user or frappe.session.user
	return None if is_unrestricted(user, "Student File", ptype) else own_students(user)


def own_students(user: str) -> Criterion:
	"""Students of own classes and of own active pairings; condition on Student File."""
	file = frappe.qb.DocType("Student File")
	return file.name.isin(paired_students(user)) | (file.head_teacher == user)


def paired_students(user: str) -> QueryBuilder:
	"""Subquery: students whose pairing with this user's Supporter is active today (rights end that night)."""
	pairing = frappe.qb.DocType("Pairing")
	member = frappe.qb.DocType("Pairing Member")
	supporter = frappe.qb.DocType("Supporter")
	today = getdate()
	return (
		frappe.qb.from_(pairing)
		.join(member)
		.on(member.parent == pairing.name)
		.join(supporter)
		.on(member.supporter == supporter.name)
		.where((supporter.user == user) & (supporter.status == "Active"))
		.where((pairing.status == "Active") & (pairing.from_date <= today))
		.where(IfNull(pairing.to_date, today) >= today)
		.where(IfNull(member.from_date, today) <= today)
		.where(IfNull(member.to_date, today) >= today)
		.select(pairing.student)
	)


def visible_students(
	user: str | None = None, doctype: str = "Student File", ptype: str = "read"
) -> QueryBuilder | None:
	"""Subquery of the students by whom the user has this right on the DocType; None when not restricted."""
	user = user or frappe.session.user
	if is_unrestricted(user, doctype, ptype):
		return None
	file = frappe.qb.DocType("Student File")
	return frappe.qb.from_(file).select(file.name).where(own_students(user))


def student_record_criterion(doctype: str, user: str | None = None) -> Criterion | None:
	"""Records that follow one student, by their field `student`."""
	students = visible_students(user, doctype)
	return None if students is None else frappe.qb.DocType(doctype).student.isin(students)


def support_session_criterion(user: str | None = None, ptype: str = "read") -> Criterion | None:
	"""Sessions with a visible student on the roster, and own ones without roster.

	What is said in a counselling room stays there: of those kinds only the own sessions (D11), but for the
	leading group. A counsellor keeps the own ones after the pairing has ended, a supporter does not.
	"""
	user = user or frappe.session.user
	roles = set(frappe.get_roles(user))
	if user == "Administrator" or "Bangfu Manager" in roles:
		return None
	session = frappe.qb.DocType("Support Session")
	open_kind = session.session_kind.notin(PRIVATE_KINDS)
	countable = countable_session_criterion(user, ptype)
	if countable is None:
		return open_kind | own_sessions(user)
	own = own_sessions(user)
	return (countable & open_kind) | (own if "Counsellor" in roles else own & (session.has_roster == 0))


def countable_session_criterion(user: str | None = None, ptype: str = "read") -> Criterion | None:
	"""Sessions that the user's figures count: counselling too, of which the record stays closed."""
	user = user or frappe.session.user
	students = visible_students(user, "Support Session", ptype)
	if students is None:
		return None
	session = frappe.qb.DocType("Support Session")
	attendance = frappe.qb.DocType("Session Attendance")
	with_student = (
		frappe.qb.from_(attendance).select(attendance.parent).where(attendance.student.isin(students))
	)
	return session.name.isin(with_student) | (own_sessions(user) & (session.has_roster == 0))


def own_sessions(user: str) -> Criterion:
	session = frappe.qb.DocType("Support Session")
	return session.name.isin(sessions_held_by(user)) | (session.owner == user)


def sessions_held_by(user: str) -> QueryBuilder:
	"""Subquery: sessions with this user's Supporter among the supporters."""
	held_by = frappe.qb.DocType("Session Supporter")
	supporter = frappe.qb.DocType("Supporter")
	return (
		frappe.qb.from_(held_by)
		.join(supporter)
		.on(held_by.supporter == supporter.name)
		.where(supporter.user == user)
		.select(held_by.parent)
	)


def aid_distribution_criterion(user: str | None = None) -> Criterion | None:
	"""Distributions to students of the user's schools, or to no student at all."""
	schools = allowed_schools("Aid Distribution", user)
	if not schools:
		return None
	distribution = frappe.qb.DocType("Aid Distribution")
	line = frappe.qb.DocType("Aid Distribution Item")
	file = frappe.qb.DocType("Student File")
	to_students = frappe.qb.from_(line).join(file).on(line.student == file.name).select(line.parent)
	return distribution.name.isin(to_students.where(file.school.isin(schools))) | distribution.name.notin(
		to_students
	)


def allowed_schools(doctype: str, user: str | None = None) -> list[str]:
	"""Schools of the User Permissions; none means all."""
	permissions = frappe.permissions.get_user_permissions(user or frappe.session.user)
	return frappe.permissions.get_allowed_docs_for_doctype(permissions.get("School", []), doctype)


def restrict_to_schools(query: QueryBuilder, table: Table, doctype: str) -> QueryBuilder:
	"""Reports: User Permissions on School as Frappe applies them to lists; a record of no school passes."""
	schools = allowed_schools(doctype)
	if not schools:
		return query
	return query.where(table.school.isin(schools) | (IfNull(table.school, "") == ""))


# ---------------------------------------------------------------- hooks: lists and link search


def student_file_query(user: str | None = None, doctype: str | None = None) -> str:
	return _sql(student_file_criterion(user))


def student_record_query(user: str | None = None, doctype: str | None = None) -> str:
	return _sql(student_record_criterion(doctype, user))


def support_session_query(user: str | None = None, doctype: str | None = None) -> str:
	return _sql(support_session_criterion(user))


def aid_distribution_query(user: str | None = None, doctype: str | None = None) -> str:
	return _sql(aid_distribution_criterion(user))


def _sql(criterion: Criterion | None) -> str:
	"""Frappe joins hook conditions with "and", unparenthesised: the parentheses are needed."""
	if criterion is None:
		return ""
	return "(" + criterion.get_sql(with_namespace=True, quote_char="`", secondary_quote_char="'") + ")"


# ---------------------------------------------------------------- hooks: documents


def has_student_file_permission(doc: Document, ptype: str = "read", user: str | None = None) -> bool:
	user = user or frappe.session.user
	criterion = student_file_criterion(user, ptype)
	if criterion is None:
		return True
	if doc.is_new():
		return frappe.get_cached_value("School Class", doc.school_class, "head_teacher") == user
	return found("Student File", doc.name, criterion)


def has_student_record_permission(doc: Document, ptype: str = "read", user: str | None = None) -> bool:
	"""The student as stored and the student as sent: changing the field must not open a record.

	A record of no student, as the evaluation of a programme, is not of those whose rights come by the student;
	a blank one is: it is about to be filled in.
	"""
	students = visible_students(user, doc.doctype, ptype)
	if students is None:
		return True
	stored = None if doc.is_new() else frappe.db.get_value(doc.doctype, doc.name, "student")
	concerned = {name for name in (stored, doc.get("student")) if name}
	if not concerned:
		# a plain bool: Frappe 15 takes None for "no opinion"
		return bool(doc.is_new()) and not doc.get("programme")
	return are_visible(concerned, students)


def has_support_session_permission(doc: Document, ptype: str = "read", user: str | None = None) -> bool:
	"""A readable session; and whoever is put on its roster must be visible, or a session would open any file."""
	students = visible_students(user, "Support Session", ptype)
	if not doc.is_new() and not found("Support Session", doc.name, support_session_criterion(user, ptype)):
		return False
	return students is None or are_visible(added_students(doc), students)


def has_aid_distribution_permission(doc: Document, ptype: str = "read", user: str | None = None) -> bool:
	return bool(doc.is_new()) or found("Aid Distribution", doc.name, aid_distribution_criterion(user))


def added_students(session: Document) -> set[str]:
	"""Students of a session that the stored one does not have."""
	sent = {row.student for row in session.get("attendance") or []} | {session.get("student")}
	if session.is_new():
		return {student for student in sent if student}
	stored = frappe.get_all("Session Attendance", {"parent": session.name}, pluck="student")
	stored.append(frappe.db.get_value("Support Session", session.name, "student"))
	return {student for student in sent - set(stored) if student}


def are_visible(names: set[str], students: QueryBuilder) -> bool:
	if not names:
		return True
	file = frappe.qb.DocType("Student File")
	return len(students.where(file.name.isin(sorted(names))).run()) == len(names)


def found(doctype: str, name: str, criterion: Criterion | None) -> bool:
	"""Does the stored record satisfy the criterion?"""
	if criterion is None:
		return True
	table = frappe.qb.DocType(doctype)
	return bool(
		frappe.qb.from_(table).select(table.name).where((table.name == name) & criterion).limit(1).run()
	)


# ---------------------------------------------------------------- what Frappe itself lets through


@frappe.whitelist()
def get_link_title(doctype: str, docname: str) -> str | None:
	"""Frappe's own gives the title of any record to anybody; a student's name goes to who may read or choose it."""
	if frappe.get_meta(doctype).module == "Bangfu App" and not (
		frappe.has_permission(doctype, "read", docname) or frappe.has_permission(doctype, "select", docname)
	):
		return docname
	return search.get_link_title(doctype, docname)


def hide_identity_numbers(version: Document, method: str | None = None) -> None:
	"""A version tells that an identity number was changed, not to what: it obeys no field level."""
	if version.ref_doctype != "Student File":
		return
	data = frappe.parse_json(version.data or "{}")
	hidden = ("id_number_cipher", "id_number_hash")
	changed = [row for row in data.get("changed", []) if row[0] not in hidden]
	data["changed"] = [[row[0], "***", "***"] if row[0] == "id_number" else row for row in changed]
	version.data = frappe.as_json(data, indent=None, separators=(",", ":"))


# ---------------------------------------------------------------- hook: apps screen


def has_app_permission() -> bool:
	"""Show the app's tile to whoever may open its workspace."""
	user = frappe.session.user
	return user == "Administrator" or bool(APP_ROLES & set(frappe.get_roles(user)))
