"""Consents: what holds on a day, what may not be done without, what ends with it (domain §2, X2).

One rule everywhere: a consent holds on day D if it was given by D, is valid until D or later, and was not
withdrawn on D or before. So a withdrawal works from that moment.
"""

from datetime import date

import frappe
from frappe import _
from frappe.query_builder import Criterion
from frappe.query_builder.functions import IfNull
from frappe.utils import add_days, add_years, getdate
from pypika.queries import QueryBuilder

# kinds of session to which, for a minor, somebody has to agree first
COUNSELLING_KINDS = ("Individual Counselling",)


def valid_on(day: date | str | None = None) -> Criterion:
	"""Condition on Support Consent."""
	consent = frappe.qb.DocType("Support Consent")
	day = getdate(day)
	return (
		(consent.given_on <= day)
		& (IfNull(consent.valid_until, day) >= day)
		& (IfNull(consent.withdrawn_on, add_days(day, 1)) > day)
	)


def students_with_consent(scope: str, day: date | str | None = None) -> QueryBuilder:
	"""Subquery of the students with a consent of this scope on the day (default today)."""
	consent = frappe.qb.DocType("Support Consent")
	return frappe.qb.from_(consent).select(consent.student).where((consent.scope == scope) & valid_on(day))


def consent_of(student: str, scope: str, day: date | str | None = None) -> str | None:
	"""Name of a consent that holds on the day."""
	consent = frappe.qb.DocType("Support Consent")
	query = students_with_consent(scope, day).where(consent.student == student)
	found = query.select(consent.name).orderby(consent.given_on).limit(1).run()
	return found[0][1] if found else None


def has_consent(student: str, scope: str, day: date | str | None = None) -> bool:
	return bool(consent_of(student, scope, day))


def require_consent(student: str, scope: str, what: str, day: date | str | None = None) -> str:
	"""Stop `what` (a translated noun) without a consent of this scope on the day; returns the consent's name."""
	if name := consent_of(student, scope, day):
		return name
	frappe.throw(
		_("{0}: there is no valid consent of the scope {1} for {2}.").format(
			what,
			frappe.bold(_(scope, context="Support Consent")),
			frappe.bold(frappe.db.get_value("Student File", student, "student_name") or student),
		),
		title=_("Consent Missing"),
	)


def is_minor(student: str, day: date | str | None = None) -> bool:
	"""Below the age of majority (Bangfu Settings) on the day."""
	age = frappe.get_cached_doc("Bangfu Settings").age_of_majority or 18
	birth_date = frappe.db.get_value("Student File", student, "birth_date")
	return getdate(add_years(birth_date, age)) > getdate(day)


def needs_counselling_consent(student: str, day: date | str) -> bool:
	"""A minor without consent to counselling on that day."""
	return is_minor(student, day) and not has_consent(student, "Counselling", day)


# ---------------------------------------------------------------- what ends with a consent


def end_what_needs_it(student: str, scope: str) -> None:
	"""A consent of this scope was withdrawn; another one of the same scope may still hold."""
	if has_consent(student, scope):
		return
	if scope in ("Published Case", "Photo and Publicity"):
		withdraw_cases(student, with_photo=scope == "Photo and Publicity")
	if scope == "Photo and Publicity":
		# system step: who withdraws a consent need not have the right to write the file
		frappe.db.set_value("Student File", student, "photo", None)
	if scope == "Counselling":
		flag_planned_counselling(student)


def withdraw_cases(student: str, with_photo: bool = False) -> None:
	"""System step: who withdraws a consent need not have the right to write the case."""
	filters = {"student": student, "status": "Published"}
	if with_photo:
		filters["photo"] = ["is", "set"]
	for name in frappe.get_all("Published Case", filters, pluck="name"):
		frappe.get_doc("Published Case", name).db_set({"status": "Withdrawn", "withdrawn_on": getdate()})


def withdraw_lapsed_cases() -> None:
	"""Daily: published cases whose consent ended by its date."""
	for case in frappe.get_all("Published Case", {"status": "Published"}, ["student", "photo"]):
		if not has_consent(case.student, "Published Case"):
			withdraw_cases(case.student)
		elif case.photo and not has_consent(case.student, "Photo and Publicity"):
			withdraw_cases(case.student, with_photo=True)


def flag_planned_counselling(student: str) -> None:
	"""Mark the counselling still to come, so that whoever planned it sees to it."""
	session = frappe.qb.DocType("Support Session")
	attendance = frappe.qb.DocType("Session Attendance")
	with_student = frappe.qb.from_(attendance).select(attendance.parent).where(attendance.student == student)
	planned = (
		frappe.qb.from_(session)
		.select(session.name, session.session_date)
		.where(session.name.isin(with_student) & (session.status == "Planned"))
		.where(session.session_kind.isin(COUNSELLING_KINDS))
	).run()
	for name, day in planned:
		if needs_counselling_consent(student, day):
			frappe.db.set_value("Support Session", name, "consent_missing", 1)
