"""Access to Students: for a user, whom it reaches and why; for a student, who can see it and why, and who did see what."""

from collections import Counter, defaultdict
from datetime import date, timedelta

import frappe
from frappe import _
from frappe.utils import add_days, getdate

from bangfu_app.privacy.sightings import Sighting, find_sightings
from bangfu_app.report_parts import CHART_COLOURS, chosen, column, figure_card, period_message
from bangfu_app.rights.access import Reason, find_reasons, students_of

FILTERS = ("user", "student", "from_date", "to_date")
DAYS = 90


def execute(filters: dict | None = None) -> tuple:
	filters = checked(filters)
	reasons, sightings = find(filters)
	rows = get_rows(reasons, sightings)
	chart = get_chart(sightings, filters)
	summary = get_summary(reasons, sightings, filters)
	return get_columns(), rows, period_message(filters), chart, summary


def checked(filters: dict | None) -> frappe._dict:
	"""The filters; without days the last ninety."""
	filters = chosen(filters, FILTERS)
	if not filters.user and not filters.student:
		frappe.throw(_("Choose a user or a student."), title=_("Access to Students"))
	filters.to_date = getdate(filters.to_date)
	filters.from_date = getdate(filters.from_date or add_days(filters.to_date, 1 - DAYS))
	if filters.from_date > filters.to_date:
		frappe.throw(_("The period ends before it starts."), title=_("Access to Students"))
	return filters


def find(filters: dict) -> tuple[list[Reason], list[Sighting]]:
	"""Reasons and sightings of what was asked for, within the students that the reader may read."""
	reasons = find_reasons(filters.user, filters.student)
	sightings = find_sightings(filters.from_date, filters.to_date, filters.user, filters.student)
	reader = frappe.session.user
	if not frappe.permissions.get_user_permissions(reader):
		return reasons, sightings
	readable = {*students_of(reader), None}
	return (
		[reason for reason in reasons if reason.student in readable],
		[sighting for sighting in sightings if sighting.student in readable],
	)


def get_columns() -> list[dict]:
	return [
		column(_("User"), "user", "Link", 200, options="User"),
		column(_("Full Name"), "full_name", width=130),
		column(_("Student"), "student", "Link", 150, options="Student File"),
		column(_("Why"), "why", width=330),
		column(_("From"), "from_date", "Date"),
		column(_("To"), "to_date", "Date"),
		column(_("Last Seen On"), "last_seen_on", "Datetime", 160),
		column(_("Times Seen"), "times_seen", "Int", 100),
		column(_("What Was Seen"), "what", width=420),
	]


def get_rows(reasons: list[Reason], sightings: list[Sighting]) -> list[dict]:
	"""A row for each reason; what was seen stands beside the first reason of a user and student."""
	why, seen = defaultdict(list), defaultdict(list)
	for reason in reasons:
		why[reason.user, reason.student].append(reason)
	for sighting in sightings:
		seen[sighting.user, sighting.student].append(sighting)
	names = full_names({user for user, _student in (*why, *seen)})
	pairs = sorted({*why, *seen}, key=lambda pair: (names.get(pair[0]) or pair[0], pair[0], pair[1] or ""))
	return [
		row | {"full_name": names.get(row["user"])}
		for pair in pairs
		for row in rows_of(*pair, why.get(pair), seen.get(pair))
	]


def rows_of(
	user: str, student: str | None, reasons: list[Reason] | None, seen: list[Sighting] | None
) -> list[dict]:
	rows = [
		{"why": reason.why, "from_date": reason.from_date, "to_date": reason.to_date}
		for reason in reasons or []
	] or [{"why": _("No right to the file today") if student else _("A list of many students")}]
	if seen:
		rows[0] |= {"last_seen_on": seen[-1].seen_on, "times_seen": len(seen), "what": told(seen)}
	return [{"user": user, "student": student, **row} for row in rows]


def told(seen: list[Sighting]) -> str:
	"""What was seen, the most often seen first."""
	times = Counter(sighting.what for sighting in seen).most_common()
	return " · ".join(f"{what} × {number}" if number > 1 else what for what, number in times)


def full_names(users: set[str]) -> dict[str, str]:
	account = frappe.qb.DocType("User")
	query = frappe.qb.from_(account).select(account.name, account.full_name)
	return dict(query.where(account.name.isin(sorted(users) or [""])).run())


def get_chart(sightings: list[Sighting], filters: dict) -> dict | None:
	"""Forms opened, day by day, also on days without."""
	opened = Counter(sighting.seen_on.date() for sighting in sightings if sighting.kind == "Opened")
	if not opened:
		return None
	days = days_through(filters.from_date, filters.to_date)
	return {
		"data": {
			"labels": [f"{day:%m-%d}" for day in days],
			"datasets": [{"name": _("Records Opened"), "values": [opened[day] for day in days]}],
		},
		"type": "bar",
		"colors": CHART_COLOURS[:1],
	}


def days_through(from_date: date, to_date: date) -> list[date]:
	return [from_date + timedelta(days=number) for number in range((to_date - from_date).days + 1)]


def get_summary(reasons: list[Reason], sightings: list[Sighting], filters: dict) -> list[dict]:
	"""Users of the student asked for, or students of the user; an export of many counts as a disclosure only."""
	closed = [sighting for sighting in sightings if sighting.kind in ("Disclosure", "Export")]
	if filters.student:
		able, did = {reason.user for reason in reasons}, {s.user for s in sightings if s.student}
		labels = _("Users Who Can See"), _("Users Who Did See")
	else:
		able, did = {reason.student for reason in reasons}, {s.student for s in sightings if s.student}
		labels = _("Students in Reach"), _("Students Seen")
	return [
		figure_card(labels[0], len(able)),
		figure_card(labels[1], len(did), indicator="Red" if did - able else "Green"),
		figure_card(_("Disclosures and Exports"), len(closed), indicator="Orange" if closed else "Green"),
	]
