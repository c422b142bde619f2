"""Why a user can see a student's file: each way of relations.py told as a sentence, for the access report (F13).

`REASONS` has one function for each way that criteria.py and relations.py know, in the same order; each asks the very subquery
that the lists ask, for all users at once (a field in place of the user). A new way there is a new function here.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

import frappe
from frappe import _
from frappe.utils import formatdate, getdate
from pypika.queries import QueryBuilder
from pypika.terms import Field

from bangfu_app.rights.criteria import SCHOOL_WIDE_ROLES
from bangfu_app.rights.relations import class_students, paired_students, referred_students, reviewed_students


@dataclass(frozen=True)
class Reason:
	"""`doctype` and `name`: the record that gives the right; no dates: as long as that record stands."""

	user: str
	student: str
	why: str
	doctype: str
	name: str
	from_date: date | None = None
	to_date: date | None = None


def reasons_for(user: str, student: str) -> list[Reason]:
	"""None exactly when the user may not read the file; who is disabled cannot sign in and has none."""
	return find_reasons(user, student)


def users_of(student: str) -> dict[str, list[Reason]]:
	"""Who can see the student: user → why."""
	by_user = defaultdict(list)
	for reason in find_reasons(student=student):
		by_user[reason.user].append(reason)
	return dict(by_user)


def students_of(user: str) -> dict[str, list[Reason]]:
	"""Whom the user can see: student → why."""
	by_student = defaultdict(list)
	for reason in find_reasons(user):
		by_student[reason.student].append(reason)
	return dict(by_student)


def find_reasons(user: str | None = None, student: str | None = None) -> list[Reason]:
	"""All reasons of one user, or for one student, or both, in a fixed number of queries."""
	asked = Asked(user, student)
	given = [reason for find in REASONS for reason in find(asked) if reason.user in asked.readers]
	own_ways = [*by_being_administrator(asked), *by_share(asked)]
	return within_user_permissions(given, asked) + own_ways


@dataclass
class Asked:
	"""What is asked for, and who comes into question: user → roles that read files, user → User Permissions."""

	user: str | None
	student: str | None
	readers: dict[str, set[str]] = field(init=False)
	allowed: dict[str, dict[str, set[str]]] = field(init=False)

	def __post_init__(self):
		self.readers = readers(self.user)
		self.allowed = user_permissions(self.user)

	def rows(self, query: QueryBuilder, user: Field, student: Field) -> list[dict]:
		if self.user:
			query = query.where(user == self.user)
		if self.student:
			query = query.where(student == self.student)
		return query.run(as_dict=True)

	def students(self) -> list[str]:
		file = frappe.qb.DocType("Student File")
		query = frappe.qb.from_(file).select(file.name).orderby(file.name)
		return (
			query.where(file.name == self.student).run(pluck=True) if self.student else query.run(pluck=True)
		)


# ---------------------------------------------------------------- the ways of criteria.py and relations.py, in their order


def by_school_wide_role(asked: Asked) -> Iterator[Reason]:
	"""is_unrestricted: a school-wide role that itself reads files; User Permissions on School narrow it."""
	held = {user: roles & SCHOOL_WIDE_ROLES for user, roles in asked.readers.items()}
	held = {user: sorted(roles) for user, roles in held.items() if roles}
	students = asked.students() if held else []
	for user, roles in held.items():
		schools = sorted(asked.allowed.get(user, {}).get("School", ()))
		for role in roles:
			why = (
				_("{0} of {1}").format(_(role), ", ".join(schools))
				if schools
				else _("{0}, all schools").format(_(role))
			)
			for student in students:
				yield Reason(user, student, why, "Role", role)


def by_pairing(asked: Asked) -> Iterator[Reason]:
	"""paired_students"""
	pairing = frappe.qb.DocType("Pairing")
	member = frappe.qb.DocType("Pairing Member")
	supporter = frappe.qb.DocType("Supporter")
	query = paired_students(supporter.user, getdate()).select(
		supporter.user,
		pairing.name,
		member.member_role,
		pairing.from_date,
		pairing.to_date,
		member.from_date.as_("member_from"),
		member.to_date.as_("member_to"),
	)
	for row in asked.rows(query, supporter.user, pairing.student):
		from_date = max(filter(None, (row.from_date, row.member_from)), default=None)
		to_date = min(filter(None, (row.to_date, row.member_to)), default=None)
		role = _(row.member_role or "Supporter", context="Pairing Member")
		why = (
			_("Pairing {0} as {1}, {2} to {3}").format(
				row.name, role, formatdate(from_date), formatdate(to_date)
			)
			if to_date
			else _("Pairing {0} as {1}, since {2}").format(row.name, role, formatdate(from_date))
		)
		yield Reason(row.user, row.student, why, "Pairing", row.name, from_date, to_date)


def by_own_class(asked: Asked) -> Iterator[Reason]:
	"""class_students"""
	file = frappe.qb.DocType("Student File")
	school_class = frappe.qb.DocType("School Class")
	query = class_students(school_class.head_teacher, getdate()).select(
		school_class.head_teacher.as_("user"),
		school_class.name.as_("school_class"),
		school_class.class_title,
	)
	for row in asked.rows(query, school_class.head_teacher, file.name):
		why = _("Class teacher of {0}").format(row.class_title or row.school_class)
		yield Reason(row.user, row.name, why, "School Class", row.school_class)


def by_class_review(asked: Asked) -> Iterator[Reason]:
	"""reviewed_students"""
	file = frappe.qb.DocType("Student File")
	reviewer = frappe.qb.DocType("Class Reviewer")
	query = reviewed_students(reviewer.user, getdate()).select(reviewer.user, file.school_class)
	for row in asked.rows(query, reviewer.user, file.name):
		title = frappe.get_cached_value("School Class", row.school_class, "class_title")
		why = _("In the review panel of {0}, while the file is under class review").format(title)
		yield Reason(row.user, row.name, why, "School Class", row.school_class)


def by_referral(asked: Asked) -> Iterator[Reason]:
	"""referred_students"""
	referral = frappe.qb.DocType("Support Referral")
	query = referred_students(referral.counsellor, getdate()).select(
		referral.counsellor.as_("user"), referral.name, referral.from_date, referral.until_date
	)
	for row in asked.rows(query, referral.counsellor, referral.student):
		why = _("Referral {0}").format(row.name)
		yield Reason(row.user, row.student, why, "Support Referral", row.name, row.from_date, row.until_date)


REASONS: tuple[Callable[[Asked], Iterable[Reason]], ...] = (
	by_school_wide_role,
	by_pairing,
	by_own_class,
	by_class_review,
	by_referral,
)


# ---------------------------------------------------------------- ways of Frappe, before and beside roles


def by_being_administrator(asked: Asked) -> Iterator[Reason]:
	if asked.user in (None, "Administrator"):
		for student in asked.students():
			yield Reason("Administrator", student, _("Administrator of the site"), "User", "Administrator")


def by_share(asked: Asked) -> Iterator[Reason]:
	"""A share opens a file without any role; offices cannot share files, but a row may be left from elsewhere."""
	share = frappe.qb.DocType("DocShare")
	query = frappe.qb.from_(share).where((share.share_doctype == "Student File") & (share.read == 1))
	query = query.select(share.name, share.share_name, share.user, share.everyone, share.owner)
	if asked.student:
		query = query.where(share.share_name == asked.student)
	if asked.user:
		query = query.where((share.user == asked.user) | (share.everyone == 1))
	shares = query.run(as_dict=True)
	enabled = enabled_users(asked.user) if shares else []
	for row in shares:
		for user in enabled if row.everyone else {row.user} & set(enabled):
			why = _("File shared by {0}").format(row.owner)
			yield Reason(user, row.share_name, why, "DocShare", row.name)


# ---------------------------------------------------------------- roles and User Permissions of all at once


def readers(user: str | None = None) -> dict[str, set[str]]:
	"""Enabled user → the roles by which the user reads files."""
	rules = frappe.get_meta("Student File").permissions
	reading = sorted({rule.role for rule in rules if rule.read and not rule.permlevel})
	has_role = frappe.qb.DocType("Has Role")
	account = frappe.qb.DocType("User")
	query = (
		frappe.qb.from_(has_role)
		.join(account)
		.on((has_role.parent == account.name) & (has_role.parenttype == "User"))
		.where((account.enabled == 1) & has_role.role.isin(reading) & (account.name != "Administrator"))
		.select(account.name, has_role.role)
		.orderby(account.name)
	)
	if user:
		query = query.where(account.name == user)
	held = defaultdict(set)
	for name, role in query.run():
		held[name].add(role)
	return dict(held)


def enabled_users(user: str | None = None) -> list[str]:
	account = frappe.qb.DocType("User")
	query = frappe.qb.from_(account).select(account.name).where(account.enabled == 1)
	query = query.where(account.name.notin(("Administrator", "Guest")))
	return query.where(account.name == user).run(pluck=True) if user else query.run(pluck=True)


def user_permissions(user: str | None = None) -> dict[str, dict[str, set[str]]]:
	"""User → DocType → the values that Frappe allows in a Student File."""
	rule = frappe.qb.DocType("User Permission")
	query = frappe.qb.from_(rule).select(rule.user, rule.allow, rule.for_value, rule.applicable_for)
	allowed = defaultdict(lambda: defaultdict(set))
	for name, allow, value, applicable_for in (query.where(rule.user == user) if user else query).run():
		if not applicable_for or applicable_for == "Student File":
			allowed[name][allow].add(value)
	return {name: dict(values) for name, values in allowed.items()}


def within_user_permissions(reasons: list[Reason], asked: Asked) -> list[Reason]:
	"""Frappe narrows every role by them: a file passes with allowed values, or none, in all its links."""
	if not any(reason.user in asked.allowed for reason in reasons):
		return reasons
	files = linked_values(asked.student)
	return [
		reason
		for reason in reasons
		if reason.user not in asked.allowed or passes(files[reason.student], asked.allowed[reason.user])
	]


def linked_values(student: str | None) -> dict[str, list[tuple[str, str | None]]]:
	"""File → (DocType, value) of itself and of its links."""
	meta = frappe.get_meta("Student File")
	links = [link for link in meta.get_link_fields() if not link.ignore_user_permissions]
	file = frappe.qb.DocType("Student File")
	query = frappe.qb.from_(file).select(file.name, *(file[link.fieldname] for link in links))
	rows = (query.where(file.name == student) if student else query).run()
	targets = ["Student File", *(link.options for link in links)]
	return {row[0]: list(zip(targets, row, strict=True)) for row in rows}


def passes(values: list[tuple[str, str | None]], allowed: dict[str, set[str]]) -> bool:
	strict = frappe.get_system_settings("apply_strict_user_permissions")
	return all(
		value in allowed[target] if value or strict else True
		for target, value in values
		if allowed.get(target)
	)
