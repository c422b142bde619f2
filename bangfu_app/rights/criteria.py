"""Who sees which student (domain §5): one criterion for each restricted DocType.

A criterion is a qb condition on the DocType's rows; None means "not restricted by the student". Lists, link search,
documents (permissions.py) and reports obey the same one.
"""

from collections.abc import Callable

import frappe
from frappe.query_builder import Criterion
from frappe.query_builder.functions import IfNull
from frappe.utils import getdate
from pypika.queries import QueryBuilder, Table
from pypika.terms import Field

from bangfu_app.rights.relations import (
	class_students,
	is_own,
	own_classes,
	paired_students,
	referred_students,
)

# these roles see every student of their schools (User Permission on School narrows them)
SCHOOL_WIDE_ROLES = {"Bangfu Manager", "Bangfu Coordinator", "Bangfu Finance", "Evaluator"}

# kinds of session that only who held them sees, of all whose rights come by the student
PRIVATE_KINDS = ("Individual Counselling",)
# concerns that no supporter hears of but who raised the alert: a screening of everyone raises such
PRIVATE_CONCERNS = ("Well-being", "Safety")
# records of the own classes only: who supports a student, with whichever role beside, sees no account
OF_OWN_CLASS = ("Payee Account",)


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


def visible(student: Field, doctype: str, user: str, ptype: str = "read") -> Criterion | None:
	"""Does `student` name one by whom the user has this right on the DocType? None when not restricted."""
	if is_unrestricted(user, doctype, ptype):
		return None
	if doctype in OF_OWN_CLASS:
		return student.isin(class_students(user, getdate()))
	return is_own(student, user)


# ---------------------------------------------------------------- schools


def allowed_schools(doctype: str, user: str | None = None) -> list[str]:
	"""Schools of the User Permissions; none means all."""
	permissions = frappe.permissions.get_user_permissions(user or frappe.session.user)
	return frappe.permissions.get_allowed_docs_for_doctype(permissions.get("School", []), doctype)


def of_schools(doctype: str, user: str) -> QueryBuilder | None:
	"""Subquery: students of the user's schools; None without such a limit."""
	schools = allowed_schools(doctype, user)
	file = frappe.qb.DocType("Student File")
	return frappe.qb.from_(file).select(file.name).where(file.school.isin(schools)) if schools else None


def concerns_schools(doctype: str, child: str, user: str) -> Criterion | None:
	"""Records with a student of the user's schools in their rows, or with none at all; None without such a limit.

	The school on the record is no measure: it may be blank, and a blank one passes Frappe's User Permissions.
	"""
	schools = allowed_schools(doctype, user)
	if not schools:
		return None
	record, row = frappe.qb.DocType(doctype), frappe.qb.DocType(child)
	file = frappe.qb.DocType("Student File")
	with_students = frappe.qb.from_(row).join(file).on(row.student == file.name).select(row.parent)
	return record.name.isin(with_students.where(file.school.isin(schools))) | record.name.notin(with_students)


def restrict_to_schools(query: QueryBuilder, table: Table, doctype: str) -> QueryBuilder:
	"""Reports: User Permissions on School as Frappe applies them to lists; a record of no school passes."""
	schools = allowed_schools(doctype)
	if not schools:
		return query
	return query.where(table.school.isin(schools) | (IfNull(table.school, "") == ""))


# ---------------------------------------------------------------- the criterion of each DocType


def student_file_criterion(doctype: str, user: str, ptype: str = "read") -> Criterion | None:
	"""Files by which the user has this right, of the user's schools.

	Frappe asks for the school too, but lets a blank one pass, and no index finds "blank or one of these".
	"""
	file = frappe.qb.DocType("Student File")
	own = visible(file.name, doctype, user, ptype)
	schools = allowed_schools(doctype, user)
	if not schools:
		return own
	return file.school.isin(schools) if own is None else own & file.school.isin(schools)


def student_record_criterion(doctype: str, user: str, ptype: str = "read") -> Criterion | None:
	"""Records that follow one student, by their field `student`."""
	return visible(frappe.qb.DocType(doctype).student, doctype, user, ptype)


def confidential_record_criterion(doctype: str, user: str, ptype: str = "read") -> Criterion | None:
	"""Records of students referred to the counsellor, and those the counsellor is responsible for."""
	if user == "Administrator" or "Bangfu Manager" in frappe.get_roles(user):
		return None
	record = frappe.qb.DocType("Confidential Record")
	return record.student.isin(referred_students(user, getdate())) | (record.counsellor == user)


def support_referral_criterion(doctype: str, user: str, ptype: str = "read") -> Criterion | None:
	"""Referrals of visible students, and those to the user: a counsellor sees what to accept."""
	referral = frappe.qb.DocType("Support Referral")
	own = visible(referral.student, doctype, user, ptype)
	return None if own is None else own | (referral.counsellor == user)


def student_alert_criterion(doctype: str, user: str, ptype: str = "read") -> Criterion | None:
	"""Alerts of the own classes; of a counsellor those referred or assigned to; of the own students no crisis
	and nothing of their mind but what the user raised: what is said in confidence does not reach a helper (D12)."""
	if is_unrestricted(user, doctype, ptype):
		return None
	alert, today = frappe.qb.DocType("Student Alert"), getdate()
	roles = set(frappe.get_roles(user))
	no_crisis = (alert.kind != "Crisis") & (alert.level != "Crisis")
	open_concern = IfNull(alert.concern, "").notin(PRIVATE_CONCERNS)
	told = no_crisis & open_concern | (alert.raised_by == user)
	ways = [alert.student.isin(paired_students(user, today)) & told]
	if "Class Teacher" in roles:
		ways.append(alert.student.isin(class_students(user, today)))
	if "Counsellor" in roles:
		ways.append(alert.student.isin(referred_students(user, today)))
		ways.append((alert.assigned_to == user) & (alert.status != "Ended"))
	return Criterion.any(ways)


def needs_survey_criterion(doctype: str, user: str, ptype: str = "read") -> Criterion | None:
	"""A screening of everyone is the counsellor's: teachers hear of who needs looking after, not of answers."""
	own = student_record_criterion(doctype, user, ptype)
	if user == "Administrator" or {"Bangfu Manager", "Counsellor"} & set(frappe.get_roles(user)):
		return own
	survey = frappe.qb.DocType("Needs Survey")
	plain = survey.confidential == 0
	return plain if own is None else own & plain


def support_session_criterion(doctype: str, user: str, ptype: str = "read") -> Criterion | None:
	"""Sessions with a visible student on the roster, and own ones without roster.

	What is said in a counselling room stays there: of those kinds only the own sessions (D11), but for the
	leading group. A counsellor keeps the own ones after the pairing has ended, a supporter does not.
	"""
	roles = set(frappe.get_roles(user))
	if user == "Administrator" or "Bangfu Manager" in roles:
		return None
	session = frappe.qb.DocType("Support Session")
	open_kind = session.session_kind.notin(PRIVATE_KINDS)
	own = own_sessions(user)
	countable = countable_session_criterion(user, ptype)
	if is_unrestricted(user, doctype, ptype):
		return open_kind | own if countable is None else (open_kind | own) & countable
	return (countable & open_kind) | (own if "Counsellor" in roles else own & (session.has_roster == 0))


def countable_session_criterion(user: str | None = None, ptype: str = "read") -> Criterion | None:
	"""Sessions that the user's figures count: counselling too, of which the record stays closed."""
	user = user or frappe.session.user
	attendance = frappe.qb.DocType("Session Attendance")
	attended_by_own = visible(attendance.student, "Support Session", user, ptype)
	if attended_by_own is None:
		return concerns_schools("Support Session", "Session Attendance", user)
	session = frappe.qb.DocType("Support Session")
	with_student = frappe.qb.from_(attendance).select(attendance.parent).where(attended_by_own)
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


def two_files_criterion(doctype: str, user: str, ptype: str = "read") -> Criterion | None:
	"""Records of two files, for who may see both: a coordinator of both schools, the leading group."""
	schools = of_schools(doctype, user)
	if schools is None:
		return None
	record = frappe.qb.DocType(doctype)
	links = [field.fieldname for field in record_links(doctype)]
	return Criterion.all([record[name].isin(schools) for name in links])


def record_links(doctype: str) -> list:
	return [field for field in frappe.get_meta(doctype).get_link_fields() if field.options == "Student File"]


def enrolment_check_criterion(doctype: str, user: str, ptype: str = "read") -> Criterion | None:
	"""Checks of own classes; whole schools are limited as everywhere."""
	if is_unrestricted(user, doctype, ptype):
		return None
	return frappe.qb.DocType(doctype).school_class.isin(own_classes(user))


def class_census_criterion(doctype: str, user: str, ptype: str = "read") -> Criterion | None:
	"""Lists of own classes."""
	if is_unrestricted(user, doctype, ptype):
		return None
	return frappe.qb.DocType("Class Census").school_class.isin(own_classes(user))


def screening_criterion(doctype: str, user: str, ptype: str = "read") -> Criterion | None:
	"""Candidates of own classes; read also those of own students, and those the user has to score."""
	if is_unrestricted(user, doctype, ptype):
		return None
	screening = frappe.qb.DocType("Screening")
	own = screening.school_class.isin(own_classes(user))
	if ptype != "read":
		return own
	to_score = (screening.status != "Decided") & screening.name.isin(panels_of(user))
	return own | screening.student_file.isin(class_students(user, getdate())) | to_score


def panels_of(user: str) -> QueryBuilder:
	"""Subquery: screenings in whose panel the user sits."""
	rater = frappe.qb.DocType("Screening Rater")
	return frappe.qb.from_(rater).where(rater.user == user).select(rater.parent)


def screenings_open_to(user: str) -> QueryBuilder | None:
	"""Subquery: screenings that the user reads; None: all."""
	criterion = screening_criterion("Screening", user)
	screening = frappe.qb.DocType("Screening")
	return None if criterion is None else frappe.qb.from_(screening).select(screening.name).where(criterion)


def panel_score_criterion(doctype: str, user: str, ptype: str = "read") -> Criterion | None:
	"""Own sheets. Those of others, of a screening open to the user, once no own one is due: who scores, scores
	alone (I3). Nobody writes another's."""
	sheet = frappe.qb.DocType("Panel Score")
	own = sheet.rater == user
	if ptype == "write":
		return own
	mine = frappe.qb.DocType("Panel Score").as_("mine")
	scored = frappe.qb.from_(mine).where(mine.rater == user).select(mine.screening)
	others = sheet.screening.notin(panels_of(user)) | sheet.screening.isin(scored)
	screenings = screenings_open_to(user)
	return own | (others if screenings is None else others & sheet.screening.isin(screenings))


def recognition_evidence_criterion(doctype: str, user: str, ptype: str = "read") -> Criterion | None:
	"""Evidence on visible students, and on candidates open to the user."""
	evidence = frappe.qb.DocType("Recognition Evidence")
	own, screenings = visible(evidence.student, doctype, user, ptype), screenings_open_to(user)
	return own if own is None or screenings is None else own | evidence.screening.isin(screenings)


def exam_score_criterion(doctype: str, user: str, ptype: str = "read") -> Criterion | None:
	"""Scores of visible students, and of whoever sat the exam in a class whose head teacher the user is."""
	score = frappe.qb.DocType("Exam Score")
	own = visible(score.student, doctype, user, ptype)
	return None if own is None else own | score.school_class.isin(own_classes(user))


def bottom_list_criterion(doctype: str, user: str, ptype: str = "read") -> Criterion | None:
	"""Lists of the own class, and of the own subject in a class where the user teaches it (I12)."""
	if is_unrestricted(user, doctype, ptype):
		return None
	bottom_list, teacher = frappe.qb.DocType("Bottom List"), frappe.qb.DocType("Class Subject Teacher")
	taught = (
		frappe.qb.from_(teacher)
		.select(teacher.parent)
		.where((teacher.teacher == user) & (teacher.subject == bottom_list.subject))
	)
	return bottom_list.school_class.isin(own_classes(user)) | bottom_list.school_class.isin(taught)


def aid_distribution_criterion(doctype: str, user: str, ptype: str = "read") -> Criterion | None:
	return concerns_schools(doctype, "Aid Distribution Item", user)


def subsidy_batch_criterion(doctype: str, user: str, ptype: str = "read") -> Criterion | None:
	return concerns_schools(doctype, "Subsidy Batch Row", user)


def subsidy_payment_criterion(doctype: str, user: str, ptype: str = "read") -> Criterion | None:
	return concerns_schools(doctype, "Subsidy Payment Row", user)


def aid_due_criterion(user: str | None = None, ptype: str = "read") -> Criterion | None:
	"""Goods that plans promise, on a query with Support Plan and Student File: of own students, and of whole schools
	for who sees (`ptype`) what they are given. Finance is among those and learns of the plan no more than this."""
	user = user or frappe.session.user
	plan, file = frappe.qb.DocType("Support Plan"), frappe.qb.DocType("Student File")
	own = visible(plan.student, "Aid Distribution", user, ptype)
	schools = allowed_schools("Student File", user)
	if not schools:
		return own
	return file.school.isin(schools) if own is None else own & file.school.isin(schools)


def aid_return_criterion(doctype: str, user: str, ptype: str = "read") -> Criterion | None:
	return concerns_schools(doctype, "Aid Return Item", user)


# Restricted DocType → the criterion of its records. A DocType that follows a student joins by a line here:
# lists, link search, documents, attachments, shares, exports and what Frappe keeps beside a record obey it.
CRITERIA: dict[str, Callable[[str, str, str], Criterion | None]] = {
	"Student File": student_file_criterion,
	"Student Circumstances": student_record_criterion,
	"Needs Survey": needs_survey_criterion,
	"Student Alert": student_alert_criterion,
	"Dropout Report": student_record_criterion,
	"Support Plan": student_record_criterion,
	"Pairing": student_record_criterion,
	"Support Evaluation": student_record_criterion,
	"Case Closure": student_record_criterion,
	"Approval Step": student_record_criterion,
	"Approval Vote": student_record_criterion,
	"Support Session": support_session_criterion,
	"Aid Distribution": aid_distribution_criterion,
	"Subsidy Batch": subsidy_batch_criterion,
	"Relief Request": student_record_criterion,
	"Work Study Record": student_record_criterion,
	"Eligibility Snapshot": student_record_criterion,
	"Device Application": student_record_criterion,
	"Aid Return": aid_return_criterion,
	"Support Referral": support_referral_criterion,
	"Support Consent": student_record_criterion,
	"Published Case": student_record_criterion,
	"Confidential Record": confidential_record_criterion,
	"Duplicate Pair": two_files_criterion,
	"Student Merge": two_files_criterion,
	"File Completeness": student_record_criterion,
	"Enrolment Change": student_record_criterion,
	"Enrolment Check": enrolment_check_criterion,
	"Screening": screening_criterion,
	"Panel Score": panel_score_criterion,
	"Recognition Evidence": recognition_evidence_criterion,
	"Class Census": class_census_criterion,
	"Exam Score": exam_score_criterion,
	"Bottom List": bottom_list_criterion,
	"Payee Account": student_record_criterion,
	"Subsidy Payment": subsidy_payment_criterion,
}


def criterion_of(doctype: str, user: str | None = None, ptype: str = "read") -> Criterion | None:
	return CRITERIA[doctype](doctype, user or frappe.session.user, ptype)


def restrict(query: QueryBuilder, doctype: str, user: str | None = None) -> QueryBuilder:
	"""Reports: narrow a query on a restricted DocType to what the user may read."""
	criterion = criterion_of(doctype, user)
	if criterion is not None:
		query = query.where(criterion)
	return restrict_to_schools(query, frappe.qb.DocType(doctype), doctype)
