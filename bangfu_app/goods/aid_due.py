"""What plans promise and students have not received yet (应发未发, M3, P3).

A promise is a line of `aid` of an active Support Plan. Nothing is stored twice: what was received is read from the
distributions. A line that names its promise counts to it; other goods of the same item, given since the plan began,
fill up the oldest promises first, so that nothing is issued twice.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.query_builder import Criterion
from frappe.utils import flt, getdate
from pypika.queries import QueryBuilder

from bangfu_app.arguments import parse
from bangfu_app.goods import aid_stock, restriction
from bangfu_app.rights.criteria import aid_due_criterion


@dataclass
class Promise:
	"""One line of a plan, in units of the item. `name` is that of the plan's row."""

	name: str
	plan: str
	student: str
	item: str
	from_date: date
	due_by: date | None
	promised: Decimal
	received: Decimal = Decimal(0)

	@property
	def left(self) -> Decimal:
		return max(self.promised - self.received, Decimal(0))

	@property
	def age(self) -> tuple:
		"""The oldest first: by the day due, those without one last."""
		return (self.due_by is None, self.due_by or self.from_date, self.from_date, self.name)

	def is_overdue(self, day: date) -> bool:
		return bool(self.left and self.due_by and self.due_by < day)


@dataclass(frozen=True)
class Handed:
	"""One line of a submitted distribution; `promise` is None for goods of no plan, or of one that is over."""

	promise: str | None
	student: str
	item: str
	day: date
	qty: Decimal


def fill_up(promises: Sequence[Promise], handed: Iterable[Handed]) -> None:
	"""Count what was handed out to the promises; each line counts once."""
	by_name = {promise.name: promise for promise in promises}
	of_student = defaultdict(list)
	for promise in sorted(promises, key=lambda promise: promise.age):
		of_student[promise.student, promise.item].append(promise)
	free = []
	for line in handed:
		promise = by_name.get(line.promise)
		if promise and (promise.student, promise.item) == (line.student, line.item):
			promise.received += line.qty
		else:
			free.append(line)
	for line in sorted(free, key=lambda line: line.day):
		left = line.qty
		for promise in of_student[line.student, line.item]:
			if line.day >= promise.from_date:
				take = min(left, promise.left)
				promise.received += take
				left -= take


# ---------------------------------------------------------------- from the documents


def promises_query() -> QueryBuilder:
	"""Lines of active plans, joined with plan and file; the caller narrows it."""
	line, plan, file = _tables()
	return (
		frappe.qb.from_(line)
		.join(plan)
		.on((line.parent == plan.name) & (line.parenttype == "Support Plan"))
		.join(file)
		.on(plan.student == file.name)
		.where(plan.status == "Active")
	)


def _tables() -> tuple:
	return tuple(frappe.qb.DocType(doctype) for doctype in ("Plan Aid", "Support Plan", "Student File"))


def promises_of(query: QueryBuilder, day: date | None = None, lock: bool = False) -> list[Promise]:
	"""The promises of a query of `promises_query`, the oldest first, with what was received up to the day.

	Other promises of the same students count too, whatever the query leaves out: goods are counted once.
	"""
	line, plan, _file = _tables()
	wanted = set(query.select(line.name).run(pluck=True))
	if not wanted:
		return []
	students = promises_query().where(line.name.isin(sorted(wanted))).select(plan.student).distinct()
	everything = promises_query().where(plan.student.isin(sorted(students.run(pluck=True))))
	everything = everything.select(
		line.name, line.item, line.qty, line.due_by, plan.name.as_("plan"), plan.student, plan.from_date
	)
	promises = [
		Promise(
			name=row.name,
			plan=row.plan,
			student=row.student,
			item=row.item,
			from_date=getdate(row.from_date),
			due_by=row.due_by and getdate(row.due_by),
			promised=Decimal(str(row.qty)),
		)
		for row in (everything.for_update() if lock else everything).run(as_dict=True)
	]
	fill_up(promises, handed_to({promise.student for promise in promises}, day, lock))
	return sorted((p for p in promises if p.name in wanted), key=lambda promise: promise.age)


def handed_to(students: Iterable[str], day: date | None = None, lock: bool = False) -> list[Handed]:
	"""What these students were given, up to the day."""
	line, distribution = frappe.qb.DocType("Aid Distribution Item"), frappe.qb.DocType("Aid Distribution")
	query = (
		frappe.qb.from_(line)
		.join(distribution)
		.on(distribution.name == line.parent)
		.where((distribution.docstatus == 1) & line.student.isin(sorted(students) or [""]))
		.orderby(distribution.distribution_date)
		.orderby(line.name)
		.select(line.plan_aid, line.student, line.item, line.qty, distribution.distribution_date)
	)
	if day:
		query = query.where(distribution.distribution_date <= day)
	return [
		Handed(plan_aid or None, student, item, getdate(given_on), Decimal(str(qty)))
		for plan_aid, student, item, qty, given_on in (query.for_update() if lock else query).run()
	]


# ---------------------------------------------------------------- a distribution names its promises


def check_lines(distribution: Document, method: str | None = None) -> None:
	"""A line that names a promise is of its student and item, of an active plan, and not more than is due.

	Called from hooks, in validate. On submit the plans are locked, so that two drafts cannot keep one promise.
	"""
	named = [row for row in distribution.items if row.plan_aid]
	for row in distribution.items:
		row.plan = None
	if not named:
		return
	line = frappe.qb.DocType("Plan Aid")
	query = promises_query().where(line.name.isin(sorted({str(row.plan_aid) for row in named})))
	promises = {p.name: p for p in promises_of(query, lock=distribution.docstatus == 1)}
	asked: dict[str, Decimal] = defaultdict(Decimal)
	for row in named:
		promise = promises.get(row.plan_aid)
		if not promise or (promise.student, promise.item) != (row.student, row.item):
			frappe.throw(
				_("Row #{0}: no active plan of this student promises this. Enter the row anew.").format(
					row.idx
				),
				title=_("Support Plan"),
			)
		row.plan = promise.plan
		asked[promise.name] += Decimal(str(row.qty))
		if asked[promise.name] > promise.left:
			frappe.throw(
				_("Row #{0}: the plan promises {1} more of {2}, no more than that.").format(
					row.idx, flt(promise.left), frappe.bold(row.item)
				),
				title=_("Support Plan"),
			)


# ---------------------------------------------------------------- the distribution of what is due


@frappe.whitelist()
def make_distribution(promises: str | list) -> Document:
	"""A distribution, not saved, of these promises (names of plan lines), as far as goods are in stock."""
	frappe.has_permission("Aid Distribution", "create", throw=True)
	names = parse(promises, list)
	line, _plan, _file = _tables()
	return _distribution_of(_due(line.name.isin([str(name) for name in names] or [""])))


@frappe.whitelist()
def make_distribution_to_student(source_name: str) -> Document:
	"""What is due to the student of this file; where no plan promises anything, a line to be filled in."""
	frappe.has_permission("Student File", "read", source_name, throw=True)
	frappe.has_permission("Aid Distribution", "create", throw=True)
	_line, plan, _file = _tables()
	due = _due(plan.student == source_name)
	if due:
		return _distribution_of(due)
	distribution = frappe.new_doc("Aid Distribution")
	distribution.append("items", {"student": source_name})
	return distribution


@frappe.whitelist()
def make_distribution_of_plan(source_name: str) -> Document:
	"""What is due by this plan."""
	frappe.has_permission("Support Plan", "read", source_name, throw=True)
	frappe.has_permission("Aid Distribution", "create", throw=True)
	_line, plan, _file = _tables()
	return _distribution_of(_due(plan.name == source_name))


def _due(wanted: Criterion) -> list[Promise]:
	"""Of the promises wanted those not kept yet whose students the user may give to, the oldest due first."""
	query = promises_query().where(wanted)
	criterion = aid_due_criterion(ptype="create")
	if criterion is not None:
		query = query.where(criterion)
	return [promise for promise in promises_of(query) if promise.left]


def _distribution_of(due: list[Promise]) -> Document:
	"""As far as the stock goes; what is missing is said."""
	if not due:
		frappe.throw(_("Nothing is due."), title=_("Aid Distribution"))
	served, missing = serve(due, aid_stock.lots(sorted({promise.item for promise in due})))
	if not served:
		frappe.throw(
			[_missing_words(item, qty) for item, qty in missing.items()],
			title=_("Not Enough in Stock"),
			exc=aid_stock.NotEnoughStock,
			as_list=True,
		)
	if missing:
		frappe.msgprint(
			[_missing_words(item, qty) for item, qty in missing.items()],
			title=_("Not Enough in Stock"),
			indicator="orange",
			as_list=True,
		)
	return _draft(served)


def serve(
	due: Iterable[Promise], available: Iterable[aid_stock.Lot]
) -> tuple[list[tuple[Promise, Decimal]], dict[str, Decimal]]:
	"""(promise, quantity) in the order given, as far as goods that may go to the student are in stock; and what is
	missing by item."""
	due = list(due)
	facts = restriction.facts_of(sorted({promise.student for promise in due}))

	def suits(number: int, lot: aid_stock.Lot) -> bool:
		return not restriction.misfit(lot.restriction, facts.get(due[number].student))

	wanted = [(promise.item, None, promise.left) for promise in due]
	portions, missing = aid_stock.first_in_first_out(wanted, available, suits)
	taken: dict[int, Decimal] = defaultdict(Decimal)
	for portion in portions:
		taken[portion.line] += portion.qty
	return [(due[line], qty) for line, qty in sorted(taken.items())], missing


def _missing_words(item: str, qty: Decimal) -> str:
	return _("{0}: {1} more are due than are in stock.").format(frappe.bold(item), flt(qty))


def _draft(served: list[tuple[Promise, Decimal]]) -> Document:
	distribution = frappe.new_doc("Aid Distribution")
	distribution.purpose = _("Goods promised in plans")
	for promise, qty in served:
		distribution.append(
			"items",
			{
				"student": promise.student,
				"item": promise.item,
				"qty": float(qty),
				"uom": frappe.get_cached_value("Aid Item", promise.item, "uom"),
				"transfer": "Gift",
				"plan": promise.plan,
				"plan_aid": promise.name,
			},
		)
	return distribution
