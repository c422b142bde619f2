"""A student is paid once for a scheme and period (M5): the claim, unique in the database, and whose it is.

A row of a Subsidy Batch has its claim from the approval until it is withdrawn or the batch is revoked.
"""

import hashlib
import re
from collections.abc import Iterable
from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.utils import get_first_day, get_last_day, getdate

SETTLED = ("Paid", "Withdrawn")


class AlreadyClaimedError(frappe.DuplicateEntryError):
	pass


# ---------------------------------------------------------------- periods


def period_of(scheme: Any, term: str | None = None, day: date | str | None = None) -> str:
	"""The period's key: "Once", "2024-2025", the term's name, "2025-03".

	`scheme`: what has `period_kind`. Without a term the one that holds the day (today); throws where there is none.
	"""
	kind = scheme.get("period_kind")
	if kind == "Once":
		return "Once"
	if kind == "Month":
		return f"{getdate(day):%Y-%m}"
	term = term or term_on(day)
	if not term:
		frappe.throw(
			_("Choose the term that the subsidy is for."), exc=frappe.MandatoryError, title=_("Period")
		)
	if kind == "Term":
		return term
	return school_year_key(frappe.get_cached_value("School Term", term, "school_year"))


def school_year_key(school_year: str | None) -> str:
	"""One spelling: "2024-2025学年" and "2024/2025" are "2024-2025"."""
	years = re.findall(r"\d{4}", school_year or "")
	return "-".join(years) or (school_year or "").strip()


def term_on(day: date | str | None = None) -> str | None:
	day = getdate(day)
	return frappe.db.get_value("School Term", {"start_date": ["<=", day], "end_date": [">=", day]})


def days_of(batch: Any) -> tuple[date, date] | None:
	"""First and last day that a batch pays for; None for what is paid once, whenever."""
	if batch.relief_request:
		asked = getdate(frappe.db.get_value("Relief Request", batch.relief_request, "asked_on"))
		return asked, asked
	if batch.period_kind == "Month":
		return get_first_day(batch.month), get_last_day(batch.month)
	if batch.period_kind not in ("Term", "School Year"):
		return None
	same = {"name": batch.term}
	if batch.period_kind == "School Year":
		same = {"school_year": frappe.get_cached_value("School Term", batch.term, "school_year")}
	terms = frappe.get_all("School Term", same, ["start_date", "end_date"])
	return min(term.start_date for term in terms), max(term.end_date for term in terms)


# ---------------------------------------------------------------- claims


def claim_key(student: str, scheme: str, period: str) -> str:
	return hashlib.sha256(f"{student}|{scheme}|{period}".encode()).hexdigest()


def hold(scheme: str) -> None:
	"""Wait until whoever approves a batch of this scheme has committed; before any row of the own batch is held.

	An update that changes nothing is a row lock on MariaDB and the write lock on SQLite, which has no other.
	"""
	table = frappe.qb.DocType("Subsidy Scheme")
	frappe.qb.update(table).set(table.name, table.name).where(table.name == scheme).run()


def holders(scheme: str, period: str, students: Iterable[str] | None = None) -> dict[str, str]:
	"""Student → the batch that holds the claim; `students` None: all.

	No locking read: what another batch has taken meanwhile is refused by the unique column (`throw_taken`).
	"""
	row, batch = frappe.qb.DocType("Subsidy Batch Row"), frappe.qb.DocType("Subsidy Batch")
	query = (
		frappe.qb.from_(row)
		.join(batch)
		.on(batch.name == row.parent)
		.where((batch.scheme == scheme) & (batch.period == period) & row.claim_key.notnull())
		.select(row.student, batch.name)
	)
	if students is not None:
		query = query.where(row.student.isin(sorted(set(students)) or [""]))
	return dict(query.run())


def take(batch: Any) -> None:
	"""Claim for every row, in the transaction that approves the batch; all who have theirs are told at once."""
	taken = holders(batch.scheme, batch.period, [row.student for row in batch.rows])
	if faults := [taken_fault(row, taken[row.student]) for row in batch.rows if row.student in taken]:
		frappe.throw(faults, exc=AlreadyClaimedError, title=_("Already Granted"), as_list=True)
	for row in batch.rows:
		row.claim_key = claim_key(row.student, batch.scheme, batch.period)


def taken_fault(row: Any, holder: str) -> str:
	return _("Row #{0}: {1} has this subsidy for the period already, by {2}.").format(
		row.idx, frappe.bold(row.student_name or row.student), holder
	)


def throw_taken(row: Any) -> None:
	"""The database has refused the claim: another batch was quicker."""
	taken = frappe.qb.DocType("Subsidy Batch Row")
	holder = (
		frappe.qb.from_(taken).where(taken.claim_key == row.claim_key).select(taken.parent).for_update()
	).run()
	frappe.throw(
		taken_fault(row, holder[0][0] if holder else "—"), exc=AlreadyClaimedError, title=_("Already Granted")
	)


def free(batch: Any) -> None:
	for row in batch.rows:
		row.claim_key = None


def renew_keys(students: Iterable[str]) -> None:
	"""Claims follow the student where files were merged or parted; a key that is taken already stays as it was,
	for the student has that claim by the other row."""
	row, batch = frappe.qb.DocType("Subsidy Batch Row"), frappe.qb.DocType("Subsidy Batch")
	claims = (
		frappe.qb.from_(row)
		.join(batch)
		.on(batch.name == row.parent)
		.where(row.student.isin(sorted(set(students)) or [""]) & row.claim_key.notnull())
		.select(row.name, row.student, row.claim_key, batch.scheme, batch.period)
	).run(as_dict=True)
	taken = {claim.claim_key for claim in claims}
	for claim in claims:
		key = claim_key(claim.student, claim.scheme, claim.period)
		if key not in taken:
			taken.add(key)
			frappe.db.set_value("Subsidy Batch Row", claim.name, "claim_key", key, update_modified=False)
