"""How sessions are counted (domain §6): 场 events, 人次 person-times, 人数 persons, 课时 class hours.

Events are sessions held. Person-times are attendances with state Attended, or the stated headcount of a
session without roster. Persons are distinct students of the rosters and None ("—") as soon as one session
of the group kept no roster: a smaller number would look like a true one.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal

import frappe
from frappe.query_builder import Case
from frappe.query_builder.functions import Count, Sum
from pypika.queries import QueryBuilder


@dataclass
class SessionCount:
	events: int = 0
	person_times: int = 0
	minutes: int = 0
	without_roster: int = 0
	students: set[str] = field(default_factory=set)

	@property
	def persons(self) -> int | None:
		return None if self.without_roster else len(self.students)

	@property
	def class_hours(self) -> Decimal:
		return class_hours(self.minutes)


def class_hours(minutes: int) -> Decimal:
	"""课时 = minutes ÷ Bangfu Settings.class_hour_minutes."""
	per_hour = frappe.get_cached_doc("Bangfu Settings").class_hour_minutes
	return (Decimal(int(minutes or 0)) / Decimal(per_hour)).quantize(Decimal("0.01"))


def held_sessions(filters: dict | None = None) -> QueryBuilder:
	"""Sessions that count: held, within from_date…to_date, of one kind, point or school where given."""
	filters = filters or {}
	session = frappe.qb.DocType("Support Session")
	query = frappe.qb.from_(session).where(session.status == "Held")
	for fieldname in ("session_kind", "service_point", "school"):
		if filters.get(fieldname):
			query = query.where(session[fieldname] == filters[fieldname])
	if filters.get("from_date"):
		query = query.where(session.session_date >= filters["from_date"])
	if filters.get("to_date"):
		query = query.where(session.session_date <= filters["to_date"])
	return query


def count_sessions(
	key: Callable[[dict], tuple],
	filters: dict | None = None,
	restrict: Callable[[QueryBuilder], QueryBuilder] = lambda query: query,
) -> dict[tuple, SessionCount]:
	"""Count the sessions held by `key(row)`; a row has session_date, session_kind and service_point.

	`restrict` narrows the sessions to what the reader may see (criteria.py). Two queries, whatever the size.
	"""
	session = frappe.qb.DocType("Support Session")
	attendance = frappe.qb.DocType("Session Attendance")
	dimensions = (session.session_date, session.session_kind, session.service_point)

	totals = (
		restrict(held_sessions(filters))
		.select(
			*dimensions,
			Count(session.name).as_("events"),
			Sum(session.attended).as_("person_times"),
			Sum(session.minutes).as_("minutes"),
			Sum(Case().when(session.has_roster == 1, 0).else_(1)).as_("without_roster"),
		)
		.groupby(*dimensions)
	).run(as_dict=True)
	students = (
		restrict(held_sessions(filters))
		.join(attendance)
		.on(attendance.parent == session.name)
		.where(attendance.state == "Attended")
		.select(*dimensions, attendance.student)
		.distinct()
	).run(as_dict=True)
	return _fold(key, totals, students)


def _fold(
	key: Callable[[dict], tuple], totals: Iterable[dict], students: Iterable[dict]
) -> dict[tuple, SessionCount]:
	counts: dict[tuple, SessionCount] = defaultdict(SessionCount)
	for row in totals:
		count = counts[key(row)]
		count.events += row.events
		count.person_times += int(row.person_times or 0)
		count.minutes += int(row.minutes or 0)
		count.without_roster += int(row.without_roster or 0)
	for row in students:
		counts[key(row)].students.add(row.student)
	return dict(counts)
