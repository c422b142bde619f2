"""Figures of indicators that the app computes itself, into a programme's evaluation (E3).

Another one joins by an option of Support Indicator's `computed_by` and a line in SOURCES.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import frappe
from frappe import _
from frappe.utils import formatdate

from bangfu_app.money import coverage
from bangfu_app.money.subsidy_claims import term_on
from bangfu_app.rights.criteria import allowed_schools


@dataclass(frozen=True)
class Figure:
	"""`value`: a ratio, None where it is not defined; `basis` says of what, in words."""

	value: Decimal | None
	basis: str


@dataclass(frozen=True)
class Place:
	"""What a row of an evaluation is about: fields of the student file and what they must hold."""

	school: str | None = None
	grade: str | None = None
	school_class: str | None = None


def fill(evaluation: Any) -> dict[str, list[str]]:
	"""Write the figures into the rows whose indicator is computed; {"computed", "left_out"}: their indicators.

	Of a row of another scope than programme, school, grade and class nothing is computed.
	"""
	period = period_of(evaluation)
	school = frappe.db.get_value("Support Programme", evaluation.programme, "school")
	require_whole(school)
	done: dict[str, list[str]] = {"computed": [], "left_out": []}
	for row in evaluation.indicator_results:
		indicator = frappe.get_cached_doc("Support Indicator", row.indicator)
		if not indicator.computed_by:
			continue
		place = place_of(row, school)
		done["computed" if place else "left_out"].append(row.indicator)
		if place:
			enter(row, SOURCES[indicator.computed_by](indicator, place, *period))
	return done


def require_whole(school: str | None) -> None:
	"""A figure of all schools is not computed by who sees only some."""
	schools = allowed_schools("Student File")
	if schools and school not in schools:
		frappe.throw(
			_("You see only part of the students of this programme. Ask who sees all of them to compute it."),
			frappe.PermissionError,
			title=_("Compute Figures"),
		)


def period_of(evaluation: Any) -> tuple[date, date]:
	"""The programme's term; of a term's evaluation the term it was made in; else the programme's days."""
	programme = frappe.get_cached_doc("Support Programme", evaluation.programme)
	of_term = term_on(evaluation.evaluated_on) if evaluation.purpose == "Term" else None
	if term := of_term or programme.term:
		return coverage.period_of(term)
	return coverage.period_of(None, programme.from_date, programme.to_date)


def place_of(row: Any, school: str | None) -> Place | None:
	"""None where the scope is none of the app's records. A place outside the programme's school is none of it."""
	if row.scope in (None, "", "Programme"):
		return Place(school)
	if row.scope == "School":
		name = row.scope_name or school
		return (
			Place(name) if name and name in (school or name,) and frappe.db.exists("School", name) else None
		)
	if row.scope == "Grade":
		return Place(school, grade=row.scope_name) if row.scope_name else None
	if row.scope == "Class" and frappe.db.exists("School Class", row.scope_name):
		return Place(school, school_class=row.scope_name)
	return None


def enter(row: Any, figure: Figure) -> None:
	"""The figure, and its basis as one line of the evidence; what was written beside it stays."""
	row.has_actual = int(figure.value is not None)
	# as far as the field keeps it
	row.actual = float((figure.value or Decimal(0)).quantize(Decimal("0.000001"), ROUND_HALF_UP))
	mark = _("Computed:")
	lines = [line for line in (row.evidence or "").splitlines() if not line.startswith(mark)]
	row.evidence = "\n".join([*lines, f"{mark} {figure.basis}"])


def aid_coverage(indicator: Any, place: Place, from_date: date, to_date: date) -> Figure:
	counts = coverage.rate(
		coverage.Asked(
			from_date,
			to_date,
			need_group=indicator.need_group or None,
			count_approved=bool(indicator.count_approved),
			**vars(place),
		)
	)
	basis = _("{0} of {1} recognised students got aid, {2} to {3}.").format(
		counts.covered, counts.recognised, formatdate(from_date), formatdate(to_date)
	)
	return Figure(counts.share, basis)


SOURCES: dict[str, Callable[..., Figure]] = {"Aid Coverage": aid_coverage}
