"""Work-study (M8): shifts of a month become hours, hours become pay; seats and most hours are the post's."""

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt, formatdate, get_link_to_form, getdate

from bangfu_app.amounts import cents

RECORD = "Work Study Record"
DAY_HOURS = Decimal(24)


def hours_of(shifts: Iterable[Any]) -> Decimal:
	return sum((Decimal(str(shift.hours or 0)) for shift in shifts), Decimal(0))


def pay_for(shifts: Iterable[Any], hourly_pay: Any) -> Decimal:
	"""Hours of the month × hourly pay, to the cent, rounded once."""
	return cents(hours_of(shifts) * Decimal(str(hourly_pay or 0)))


# ---------------------------------------------------------------- what a record must hold


def require_month(month: str) -> None:
	if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", month or ""):
		frappe.throw(_("Write the month as 2025-03."), title=_("Month"))


def require_post(record: Document, post: Document) -> None:
	"""An open post of the student's school."""
	if not post.enabled and record.is_new():
		frappe.throw(_("The post {0} is closed.").format(frappe.bold(post.post_title)), title=_("Post"))
	school = frappe.db.get_value("Student File", record.student, "school")
	if school != post.school:
		frappe.throw(
			_("The post is at {0}, the student is not.").format(frappe.bold(post.school)), title=_("Post")
		)


def require_sound_shifts(record: Document, post: Document) -> None:
	"""Every fault of every shift at once, by its row."""
	born = frappe.db.get_value("Student File", record.student, "birth_date")
	by_day: dict[date, Decimal] = {}
	faults = []
	for shift in record.shifts:
		day, hours = getdate(shift.work_date), Decimal(str(shift.hours or 0))
		by_day[day] = by_day.get(day, Decimal(0)) + hours
		faults += [
			fault.format(shift.idx) for fault in faults_of(day, hours, by_day[day], record.month, post)
		]
		if post.min_age and born and age_on(getdate(born), day) < post.min_age:
			faults.append(
				_("Row #{0}: on {1} the student was younger than {2}.").format(
					shift.idx, formatdate(day), post.min_age
				)
			)
	if faults:
		frappe.throw(faults, title=_("Shifts"), as_list=True)


def faults_of(
	day: date, hours: Decimal, hours_that_day: Decimal, month: str, post: Document
) -> Iterable[str]:
	if hours <= 0:
		yield _("Row #{0}: the hours must be more than 0.")
	if f"{day:%Y-%m}" != month:
		yield _("Row #{0}: the day lies outside the month.")
	if hours_that_day > DAY_HOURS:
		yield _("Row #{0}: more than 24 hours on one day.")
	if (post.from_date and day < getdate(post.from_date)) or (post.to_date and day > getdate(post.to_date)):
		yield _("Row #{0}: the post did not exist on that day.")


def age_on(born: date, day: date) -> int:
	return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def require_hours_left(record: Document, post: Document) -> None:
	if Decimal(str(record.total_hours)) > Decimal(str(post.max_hours_per_month)):
		frappe.throw(
			_("{0} hours are more than the {1} of a month.").format(
				flt(record.total_hours), flt(post.max_hours_per_month)
			),
			title=_("Hours"),
		)


# ---------------------------------------------------------------- beside other records


def others_of(record: Document) -> list[dict]:
	"""Submitted records of the post and month, of whomever; the post's row is held, so that two wait for each other."""
	frappe.db.get_value("Work Study Post", record.post, "name", for_update=True)
	row = frappe.qb.DocType(RECORD)
	return (
		frappe.qb.from_(row)
		.where((row.post == record.post) & (row.month == record.month) & (row.docstatus == 1))
		.where(row.name != record.name)
		.select(row.name, row.student)
		.for_update()
	).run(as_dict=True)


def require_only_one(record: Document, others: list[dict]) -> None:
	for other in others:
		if other.student == record.student:
			frappe.throw(
				_("The month is recorded already: {0}").format(get_link_to_form(RECORD, other.name)),
				title=_("Work Study Record"),
			)


def require_seat(record: Document, others: list[dict]) -> None:
	seats = frappe.get_cached_value("Work Study Post", record.post, "seats")
	if seats and len({other.student for other in others}) >= seats:
		frappe.throw(
			_("The post has {0} seats, and all are taken in {1}.").format(seats, record.month),
			title=_("Seats"),
		)


def require_not_claimed(record: Document) -> None:
	"""What a month came to stays as it is once a batch pays it."""
	row, batch = frappe.qb.DocType("Subsidy Batch Row"), frappe.qb.DocType("Subsidy Batch")
	held_by = (
		frappe.qb.from_(row)
		.join(batch)
		.on(batch.name == row.parent)
		.where((row.student == record.student) & row.claim_key.notnull())
		.where((batch.scheme == record.scheme) & (batch.period == record.month))
		.select(batch.name)
		.for_update()
	).run(pluck=True)
	if held_by:
		frappe.throw(
			_("The month is paid by {0}. Withdraw its row or revoke the batch first.").format(
				get_link_to_form("Subsidy Batch", held_by[0])
			),
			title=_("Already Granted"),
		)
