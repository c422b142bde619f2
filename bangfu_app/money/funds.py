"""What a fund holds (M11–M14, domain §6): limit, committed, paid and left, never spent beyond the limit.

Nothing is stored twice: the figures are read from money donations, rows of subsidy batches, budgets and spendings.
Whoever books on a fund holds its row first, so that two at once cannot take the same money.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import frappe
from frappe import _
from frappe.query_builder.functions import Count
from frappe.utils import cstr, fmt_money, formatdate, getdate
from pypika.queries import QueryBuilder

from bangfu_app.amounts import money

MONEY_RECEIVED = "Money Received"
NOTHING = Decimal("0.00")


class NotEnoughMoney(frappe.ValidationError):
	pass


class FundNotUsable(frappe.ValidationError):
	"""The fund is closed, of another time or of another school."""


@dataclass(frozen=True)
class FundBalance:
	"""Yuan to the cent; limit = committed + paid + left. `received`: donated, whatever the limit goes by."""

	limit: Decimal
	committed: Decimal
	paid: Decimal
	left: Decimal
	received: Decimal = NOTHING


class BooksOnFund:
	"""A record with a `fund` on which it books: it waits for the fund before it holds a row of its own.

	The other way round two of them end in a deadlock: who holds the fund reads the rows of those who wait.
	"""

	def check_if_latest(self):
		if self.get("fund") and isinstance(self.fund, str):
			hold(self.fund)
		super().check_if_latest()


# ---------------------------------------------------------------- what is there


def balance(fund: str, lock: bool = False) -> FundBalance:
	"""`lock` holds the fund until the transaction ends and reads the newest committed state."""
	if lock:
		hold(fund)
	found = balances([fund], lock)
	if fund not in found:
		frappe.throw(_("Fund {0} is not there.").format(frappe.bold(fund)), frappe.DoesNotExistError)
	return found[fund]


def balances(funds: Sequence[str], lock: bool = False) -> dict[str, FundBalance]:
	"""Of many funds, with one query for each source."""
	if not funds:
		return {}
	donated, budgeted = received(funds, lock), earmarked(funds, lock)
	subsidised, subsidies_paid = subsidies(funds, lock)
	spent = spendings(funds, lock)
	found = {}
	for row in limits(funds, lock):
		name = row.name
		limit = donated[name] if row.limit_by == MONEY_RECEIVED else money(row.budget)
		left = limit - subsidised[name] - budgeted[name]
		paid = subsidies_paid[name] + spent[name]
		found[name] = FundBalance(limit, limit - left - paid, paid, left, donated[name])
	return found


def hold(fund: str) -> None:
	"""Wait until whoever books on this fund has committed.

	An update that changes nothing is a row lock on MariaDB and the write lock on SQLite, which has no other.
	"""
	table = frappe.qb.DocType("Aid Fund")
	frappe.qb.update(table).set(table.name, table.name).where(table.name == fund).run()


def limits(funds: Sequence[str], lock: bool = False) -> list[frappe._dict]:
	table = frappe.qb.DocType("Aid Fund")
	query = frappe.qb.from_(table).where(table.name.isin(list(funds) or [""]))
	query = query.select(table.name, table.limit_by, table.budget)
	return (query.for_update() if lock else query).run(as_dict=True)


def received(funds: Sequence[str], lock: bool = False) -> dict[str, Decimal]:
	"""Submitted money donations."""
	table = frappe.qb.DocType("Aid Donation")
	query = frappe.qb.from_(table).where(
		(table.docstatus == 1) & (table.kind == "Money") & table.fund.isin(list(funds) or [""])
	)
	return summed(query, table.fund, table.money_amount, lock)


def earmarked(funds: Sequence[str], lock: bool = False) -> dict[str, Decimal]:
	"""Submitted budgets; of a closed one what was spent, the rest is the fund's again."""
	table, spending = frappe.qb.DocType("Fund Budget"), frappe.qb.DocType("Fund Spending")
	of_funds = table.fund.isin(list(funds) or [""]) & (table.docstatus == 1)
	still_open = frappe.qb.from_(table).where(of_funds & table.closed_on.isnull())
	spent = frappe.qb.from_(spending).join(table).on(table.name == spending.fund_budget)
	spent = spent.where(of_funds & table.closed_on.isnotnull() & (spending.docstatus == 1))
	held = summed(still_open, table.fund, table.amount, lock)
	for fund, amount in summed(spent, table.fund, spending.amount, lock).items():
		held[fund] += amount
	return held


def spendings(funds: Sequence[str], lock: bool = False) -> dict[str, Decimal]:
	table = frappe.qb.DocType("Fund Spending")
	query = frappe.qb.from_(table).where((table.docstatus == 1) & table.fund.isin(list(funds) or [""]))
	return summed(query, table.fund, table.amount, lock)


def subsidies(funds: Sequence[str], lock: bool = False) -> tuple[dict[str, Decimal], dict[str, Decimal]]:
	"""Rows of approved batches that were not withdrawn: all of them, and those paid."""
	batch, row = frappe.qb.DocType("Subsidy Batch"), frappe.qb.DocType("Subsidy Batch Row")
	query = (
		frappe.qb.from_(row)
		.join(batch)
		.on(batch.name == row.parent)
		.where((batch.docstatus == 1) & batch.fund.isin(list(funds) or [""]) & (row.status != "Withdrawn"))
	)
	paid = query.where(row.status == "Paid")
	return summed(query, batch.fund, row.amount, lock), summed(paid, batch.fund, row.amount, lock)


def summed(query: QueryBuilder, key, amount, lock: bool = False) -> dict[str, Decimal]:
	"""Key → sum, exact: the database groups equal amounts, their product is of decimals."""
	query = query.groupby(key, amount).select(key, amount, Count("*"))
	total: dict[str, Decimal] = defaultdict(lambda: NOTHING)
	for name, value, times in (query.for_update() if lock else query).run():
		total[name] += money(value) * int(times)
	return total


# ---------------------------------------------------------------- what may be booked


def require_left(
	fund: str,
	amount: float | str | Decimal,
	days: Sequence[date | str | None] = (),
	school: str | None = None,
) -> None:
	"""Hold the fund and refuse (NotEnoughMoney, FundNotUsable) what it has not or is not for.

	`days`: all of them have to lie within the fund's period. Called before what takes the amount is submitted.
	"""
	hold(fund)
	require_usable(fund, days, school)
	left = balance(fund, lock=True).left
	if money(amount) > left:
		frappe.throw(
			_("Fund {0} has {1} left, {2} is asked for. Ask for less, or have the fund raised first.").format(
				frappe.bold(fund), fmt_money(left), fmt_money(money(amount))
			),
			exc=NotEnoughMoney,
			title=_("Not Enough Money"),
		)


def require_usable(fund: str, days: Sequence[date | str | None] = (), school: str | None = None) -> None:
	found = frappe.db.get_value(
		"Aid Fund", fund, ["enabled", "from_date", "to_date", "school", "for_school"], as_dict=True
	)
	if not found or not found.enabled:
		refuse(_("Fund {0} is not open. Choose another one.").format(frappe.bold(fund)))
	for day in filter(None, days):
		if not getdate(found.from_date) <= getdate(day) <= getdate(found.to_date):
			refuse(
				_("{0} lies outside the time of fund {1}: {2} to {3}.").format(
					formatdate(day), frappe.bold(fund), formatdate(found.from_date), formatdate(found.to_date)
				)
			)
	for own in filter(None, (found.school, found.for_school)):
		if school and school != own:
			refuse(
				_("Fund {0} is for {1} only, not for {2}.").format(
					frappe.bold(fund), frappe.bold(own), frappe.bold(school)
				)
			)


def require_time(fund: str, days: tuple[date, date] | None) -> None:
	"""Money is for its own time (M11): a period paid of a fund has a day in it. A term may run on into the new year."""
	begins, ends = frappe.db.get_value("Aid Fund", fund, ["from_date", "to_date"])
	if days and (days[1] < getdate(begins) or days[0] > getdate(ends)):
		refuse(
			_("The batch is for {0} to {1}, fund {2} for {3} to {4}. Choose a fund of that time.").format(
				*map(formatdate, days), frappe.bold(fund), formatdate(begins), formatdate(ends)
			)
		)


def refuse(message: str) -> None:
	frappe.throw(message, exc=FundNotUsable, title=_("Fund Cannot Be Used"))


def require_covered(fund: str, limit: Decimal, fallen: str) -> None:
	"""Refuse a limit below what is committed and paid; `fallen` says what would make it so."""
	now = balance(fund, lock=True)
	if limit < now.committed + now.paid:
		frappe.throw(
			[
				fallen,
				_("Committed and paid: {0}. Withdraw or cancel some of it first: {1}").format(
					fmt_money(now.committed + now.paid), ", ".join(holders(fund))
				),
			],
			exc=NotEnoughMoney,
			title=_("Money Is Committed"),
			as_list=True,
		)


def holders(fund: str) -> list[str]:
	"""Links to what takes money of the fund: budgets and approved batches."""
	return [
		frappe.utils.get_link_to_form(doctype, cstr(name))
		for doctype in ("Fund Budget", "Subsidy Batch")
		for name in frappe.get_all(
			doctype, {"fund": fund, "docstatus": 1}, pluck="name", order_by="name", limit=10
		)
	]


# ---------------------------------------------------------------- budgets


def left_of_budget(budget: str, lock: bool = False) -> Decimal:
	"""Amount of a Fund Budget less its submitted spendings, of a closed one 0; who locks holds the fund."""
	table = frappe.qb.DocType("Fund Budget")
	query = frappe.qb.from_(table).where(table.name == budget).select(table.amount, table.closed_on)
	((amount, closed_on),) = (query.for_update() if lock else query).run()
	return NOTHING if closed_on else money(amount) - spent_of([budget], lock)[budget]


def spent_of(budgets: Sequence[str], lock: bool = False) -> dict[str, Decimal]:
	"""Submitted spendings of each budget."""
	if not budgets:
		return defaultdict(lambda: NOTHING)
	table = frappe.qb.DocType("Fund Spending")
	query = frappe.qb.from_(table).where(
		(table.docstatus == 1) & table.fund_budget.isin(list(budgets) or [""])
	)
	return summed(query, table.fund_budget, table.amount, lock)


def budget_of(doctype: str, name: str) -> dict[str, float] | None:
	"""For the form of a record: budget, spent and left of all its Fund Budgets; None without any."""
	rows = frappe.get_list(
		"Fund Budget",
		filters={"reference_doctype": doctype, "reference_name": name, "docstatus": 1},
		fields=["name", "amount", "closed_on"],
		limit_page_length=0,
	)
	if not rows:
		return None
	spent_by = spent_of([row.name for row in rows])
	budget = sum((spent_by[row.name] if row.closed_on else money(row.amount) for row in rows), NOTHING)
	spent = sum(spent_by.values(), NOTHING)
	return {"budget": float(budget), "spent": float(spent), "left": float(budget - spent)}
