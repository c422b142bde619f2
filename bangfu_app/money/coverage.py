"""Aid coverage (应助尽助; M5, E3): of the students recognised in a period, who got aid in it.

Recognised is whose file is approved and who was identified by the end of the period, unless the file was closed
before it began; the day of the approval is no measure: an office that takes the app up approves years of files.

Aid is a subsidy, counted in the term or month that it is for (one for a year or once: on the day it was paid), and
goods, counted on the day they came into hands, unless all of it was back in stock by the end of the period.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import frappe
from frappe.query_builder import Criterion
from frappe.query_builder.functions import Coalesce, IfNull, Max
from frappe.utils import getdate
from pypika.queries import QueryBuilder

from bangfu_app.goods.aid_stock import BACK_IN_STOCK
from bangfu_app.money.subsidy_claims import term_on
from bangfu_app.rights.criteria import restrict

# the recognised poor, whom E3 counts
POOR = "Economic"
RECOGNISED = ("In Support", "Closed")
OPEN = ("Due", "In Bank File", "Failed")
SUBSIDY, GOODS = "Subsidy", "Goods"


@dataclass(frozen=True)
class Asked:
	"""Whose coverage of which days. `need_group` None: of every need; `count_approved`: what is granted and not
	paid yet is aid too; `own`: only what this session's user may see."""

	from_date: date
	to_date: date
	need_group: str | None = None
	school: str | None = None
	school_class: str | None = None
	grade: str | None = None
	count_approved: bool = False
	own: bool = False


@dataclass(frozen=True)
class Coverage:
	recognised: int
	covered: int

	@property
	def without(self) -> int:
		return self.recognised - self.covered

	@property
	def share(self) -> Decimal | None:
		"""Covered ÷ recognised; None where nobody is recognised, which is not 0 %."""
		return Decimal(self.covered) / self.recognised if self.recognised else None


def coverage_of(students: Iterable[str], aided: set[str]) -> Coverage:
	students = set(students)
	return Coverage(len(students), len(students & aided))


def rate(asked: Asked) -> Coverage:
	names = recognised(asked).run(pluck=True)
	return coverage_of(names, aided(asked))


# ---------------------------------------------------------------- periods


def period_of(
	term: str | None = None, from_date: date | str | None = None, to_date: date | str | None = None
) -> tuple[date, date]:
	"""First and last day: of the term, else as given (without a last day: until today), else of the current term.

	Without a current term the calendar year.
	"""
	if not term and (from_date or to_date):
		return getdate(from_date or "1900-01-01"), getdate(to_date)
	if term := term or current_term():
		return frappe.get_cached_value("School Term", term, ["start_date", "end_date"])
	return date(getdate().year, 1, 1), date(getdate().year, 12, 31)


def current_term() -> str | None:
	return term_on() or frappe.db.get_single_value("Bangfu Settings", "current_term")


# ---------------------------------------------------------------- who is recognised


def recognised(asked: Asked, *fields: str) -> QueryBuilder:
	"""Query: names of the students, and these fields of their files."""
	file = frappe.qb.DocType("Student File")
	query = (
		frappe.qb.from_(file)
		.where(file.status.isin(RECOGNISED) & (file.identified_on <= asked.to_date))
		.where((file.status != "Closed") | (file.closed_on >= asked.from_date))
		.select(file.name, *(file[name] for name in fields))
	)
	for name in ("school", "school_class", "grade"):
		if value := getattr(asked, name):
			query = query.where(file[name] == value)
	if asked.need_group:
		query = query.where(file.name.isin(in_need(asked)))
	return restrict(query, "Student File") if asked.own else query


def in_need(asked: Asked) -> QueryBuilder:
	"""Subquery: files with a need of the group by the end of the period."""
	need, category = frappe.qb.DocType("Student Need"), frappe.qb.DocType("Need Category")
	return (
		frappe.qb.from_(need)
		.join(category)
		.on(category.name == need.need_category)
		.where((need.parenttype == "Student File") & (category.need_group == asked.need_group))
		.where(IfNull(need.since, asked.to_date) <= asked.to_date)
		.select(need.parent)
	)


# ---------------------------------------------------------------- who got aid


def aided(asked: Asked) -> set[str]:
	"""Those of the recognised who got aid in the period."""
	subsidised = subsidy_rows(asked).select(frappe.qb.DocType("Subsidy Batch Row").student).run(pluck=True)
	return {*subsidised, *given_goods(asked)}


def subsidy_rows(asked: Asked) -> QueryBuilder:
	"""Query on the rows of approved batches that are aid of the period; the caller selects."""
	row, batch = frappe.qb.DocType("Subsidy Batch Row"), frappe.qb.DocType("Subsidy Batch")
	term, snapshot = frappe.qb.DocType("School Term"), frappe.qb.DocType("Eligibility Snapshot")
	states = ("Paid", *OPEN) if asked.count_approved else ("Paid",)
	day = Coalesce(row.paid_on, snapshot.taken_on)
	months = (f"{asked.from_date:%Y-%m}", f"{asked.to_date:%Y-%m}")
	in_period = Criterion.any(
		[
			(batch.period_kind == "Term")
			& (term.start_date <= asked.to_date)
			& (term.end_date >= asked.from_date),
			(batch.period_kind == "Month") & (batch.period >= months[0]) & (batch.period <= months[1]),
			batch.period_kind.notin(["Term", "Month"])
			& (day >= asked.from_date)
			& (day < frappe.utils.add_days(asked.to_date, 1)),
		]
	)
	return (
		frappe.qb.from_(row)
		.join(batch)
		.on((batch.name == row.parent) & (row.parenttype == "Subsidy Batch"))
		.left_join(term)
		.on(term.name == batch.term)
		.left_join(snapshot)
		.on(snapshot.name == row.snapshot)
		.where((batch.docstatus == 1) & row.status.isin(states) & in_period)
		.where(row.student.isin(recognised(asked)))
	)


def given_goods(asked: Asked) -> set[str]:
	"""Students who got goods in the period and kept something of it until its end."""
	line, distribution = frappe.qb.DocType("Aid Distribution Item"), frappe.qb.DocType("Aid Distribution")
	day = Coalesce(line.received_on, distribution.distribution_date)
	lines = (
		frappe.qb.from_(line)
		.join(distribution)
		.on(distribution.name == line.parent)
		.where((distribution.docstatus == 1) & (day >= asked.from_date) & (day <= asked.to_date))
		.where(line.student.isin(recognised(asked)))
	)
	kept = {}
	for name, student, qty in lines.select(line.name, line.student, line.qty).run():
		kept[name] = (student, Decimal(str(qty)))
	for name, qty in back_in_stock(lines.select(line.name), asked.to_date):
		student, left = kept[name]
		kept[name] = (student, left - Decimal(str(qty)))
	return {student for student, qty in kept.values() if qty > 0}


def back_in_stock(lines: QueryBuilder, until: date) -> list[tuple[str, float]]:
	back, returned = frappe.qb.DocType("Aid Return Item"), frappe.qb.DocType("Aid Return")
	return (
		frappe.qb.from_(back)
		.join(returned)
		.on(returned.name == back.parent)
		.where((returned.docstatus == 1) & (returned.return_date <= until))
		.where((back.outcome == BACK_IN_STOCK) & back.distribution_line.isin(lines))
		.select(back.distribution_line, back.qty)
	).run()


def last_aid(asked: Asked) -> dict[str, tuple[date, str]]:
	"""Student → day and kind of the newest aid whenever it was, of the recognised."""
	row, line = frappe.qb.DocType("Subsidy Batch Row"), frappe.qb.DocType("Aid Distribution Item")
	distribution = frappe.qb.DocType("Aid Distribution")
	paid = (
		frappe.qb.from_(row)
		.where((row.docstatus == 1) & (row.status == "Paid") & row.student.isin(recognised(asked)))
		.groupby(row.student)
		.select(row.student, Max(row.paid_on))
	).run()
	given = (
		frappe.qb.from_(line)
		.join(distribution)
		.on(distribution.name == line.parent)
		.where((distribution.docstatus == 1) & line.student.isin(recognised(asked)))
		.groupby(line.student)
		.select(line.student, Max(Coalesce(line.received_on, distribution.distribution_date)))
	).run()
	newest: dict[str, tuple[date, str]] = {}
	for kind, found in ((SUBSIDY, paid), (GOODS, given)):
		for student, day in found:
			if day and (student not in newest or getdate(day) > newest[student][0]):
				newest[student] = (getdate(day), kind)
	return newest


# ---------------------------------------------------------------- for the reader


def sees_needs() -> bool:
	"""Who pays does not learn who is poor: only readers of files are told needs, or may ask by them."""
	return bool(frappe.has_permission("Student File", "read"))


def asked_by(filters: dict) -> Asked:
	"""What a reader's filters ask for, of what the reader may see."""
	from_date, to_date = period_of(*(filters.get(name) for name in ("term", "from_date", "to_date")))
	return Asked(
		from_date,
		to_date,
		need_group=(filters.get("need_group") or None) if sees_needs() else None,
		school=filters.get("school"),
		school_class=filters.get("school_class"),
		count_approved=bool(frappe.utils.cint(filters.get("count_approved"))),
		own=True,
	)


@frappe.whitelist()
def students_without_aid(filters: str | list | None = None) -> dict:
	"""Number card: recognised students whom the reader sees and who got no aid in the current term."""
	frappe.has_permission("Subsidy Batch", "read", throw=True)
	without = rate(asked_by({"need_group": POOR})).without
	return {
		"value": without,
		"fieldtype": "Int",
		"route": ["query-report", "Coverage Gap"],
		"route_options": {"need_group": POOR} if sees_needs() else {},
	}
