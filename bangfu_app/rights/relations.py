"""What makes a student a user's own (domain §5): as class teacher, reviewer, supporter or counsellor."""

from datetime import date
from functools import lru_cache

import frappe
from frappe.query_builder import Criterion
from frappe.query_builder.functions import IfNull
from frappe.utils import getdate
from pypika.queries import QueryBuilder
from pypika.terms import Field, Parameter, Term, ValueWrapper

from bangfu_app import rendered

# so many names go into a criterion one by one
FEW = 500
NOBODY = ValueWrapper(1) == 0


def class_students(user: str | Term, today: date | Term) -> QueryBuilder:
	"""Subquery: students of the classes whose head teacher the user is."""
	file = frappe.qb.DocType("Student File")
	school_class = frappe.qb.DocType("School Class")
	return (
		frappe.qb.from_(school_class)
		.join(file)
		.on(file.school_class == school_class.name)
		.where(school_class.head_teacher == user)
		.select(file.name)
	)


def reviewed_students(user: str | Term, today: date | Term) -> QueryBuilder:
	"""Subquery: files under class review, of the classes in whose review panel the user sits."""
	file = frappe.qb.DocType("Student File")
	reviewer = frappe.qb.DocType("Class Reviewer")
	return (
		frappe.qb.from_(reviewer)
		.join(file)
		.on(file.school_class == reviewer.parent)
		.where((reviewer.user == user) & (file.status == "Class Review"))
		.select(file.name)
	)


def paired_students(user: str | Term, today: date | Term) -> QueryBuilder:
	"""Subquery: students whose pairing with this user's Supporter is active today (rights end that night)."""
	pairing = frappe.qb.DocType("Pairing")
	member = frappe.qb.DocType("Pairing Member")
	supporter = frappe.qb.DocType("Supporter")
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


def referred_students(user: str | Term, today: date | Term) -> QueryBuilder:
	"""Subquery: students referred to this counsellor, from acceptance until the referral ends (D13)."""
	referral = frappe.qb.DocType("Support Referral")
	has_role = frappe.qb.DocType("Has Role")
	return (
		frappe.qb.from_(referral)
		.join(has_role)
		.on((has_role.parent == referral.counsellor) & (has_role.role == "Counsellor"))
		.where((referral.counsellor == user) & (referral.kind == "Internal"))
		.where((referral.status == "Accepted") & (referral.from_date <= today))
		.where(IfNull(referral.until_date, today) >= today)
		.select(referral.student)
	)


# what makes a student a user's own: subqueries of names, each by an index. A new relation is a line here
RELATIONS = (paired_students, class_students, reviewed_students, referred_students)


def own_classes(user: str) -> QueryBuilder:
	"""Subquery: classes whose head teacher the user is."""
	school_class = frappe.qb.DocType("School Class")
	return frappe.qb.from_(school_class).where(school_class.head_teacher == user).select(school_class.name)


def teaches(user: str, school_class: str | None) -> bool:
	return frappe.get_cached_value("School Class", school_class, "head_teacher") == user


# ---------------------------------------------------------------- all of them as one condition


def is_own(student: Field, user: str) -> Criterion:
	"""Is the student the user's own, by any relation? Their names while they are few: an index can use those."""
	names = names_of_own(user)
	if names is None:
		return Criterion.any([student.isin(students(user, getdate())) for students in RELATIONS])
	return student.isin(names) if names else NOBODY


def names_of_own(user: str) -> list[str] | None:
	"""The user's own students, None when they are not few.

	Kept with the connection until it writes or its transaction ends: opening one form asks a dozen times.
	"""
	asked = (user, str(getdate()))
	if frappe.db.transaction_writes:
		return look_up(*asked)
	if not (kept := getattr(frappe.db, "names_of_own_students", None)):
		kept = frappe.db.names_of_own_students = {}
		# before: what else runs at the end of a transaction finds nothing kept
		frappe.db.before_commit.add(kept.clear)
		frappe.db.before_rollback.add(kept.clear)
	if asked not in kept:
		kept[asked] = look_up(*asked)
	return kept[asked]


def look_up(user: str, today: str) -> list[str] | None:
	query = own_students(frappe.db.db_type, FEW + 1)
	rows = rendered.run(query, {"user": user, "today": today}, pluck=True)
	return None if len(rows) > FEW else sorted(set(rows))


@lru_cache
def own_students(db_type: str, limit: int) -> str:
	"""All relations as one query, rendered once: that takes longer than the database takes to answer."""
	first, *others = (students(Parameter("%(user)s"), Parameter("%(today)s")) for students in RELATIONS)
	first.wrap_set_operation_queries = False  # SQLite knows no parentheses there
	for other in others:
		first = first.union_all(other)
	return first.limit(limit).get_sql()
