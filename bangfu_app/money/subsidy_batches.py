"""The rows of a Subsidy Batch: who is added by the scheme's rules, and what every row is checked by (M4, M5, M7).

Facts, claims and accounts of all rows are looked up at once: 5,000 students take as many queries as five.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.query_builder import Criterion
from frappe.utils import fmt_money

from bangfu_app.bulk import insert_rows
from bangfu_app.goods import restriction
from bangfu_app.money import student_facts, subsidy_claims
from bangfu_app.money.payee_accounts import active_accounts
from bangfu_app.money.subsidy_rules import FREE, Facts, Rule, amount_for, failed_tests, money
from bangfu_app.rights.permissions import own_students

DOCTYPE, ROW = "Subsidy Batch", "Subsidy Batch Row"


@dataclass
class Ground:
	"""What the rows of a batch are judged by: the scheme's rule, the fund's restriction, facts, claims held."""

	rule: Rule
	fund: Document
	facts: Mapping[str, Facts]
	holders: Mapping[str, str] = field(default_factory=dict)

	def failed(self, student: str) -> list[str]:
		"""Labels of what the student does not meet, by scheme and fund."""
		facts = self.facts.get(student)
		if not facts:
			return ["Student File"]
		return [*failed_tests(self.rule, facts), *(["Fund"] if restriction.misfit(self.fund, facts) else [])]


def ground_of(batch: Any, which: Criterion | None = None) -> Ground:
	"""`which`: a condition on Student File; None: the students of the rows."""
	scheme = frappe.get_cached_doc("Subsidy Scheme", batch.scheme)
	rule = Rule.of(scheme)
	students = None if which is not None else [row.student for row in batch.rows]
	if which is None:
		which = frappe.qb.DocType("Student File").name.isin(sorted(set(students)) or [""])
	work = student_facts.work_of(batch.scheme, batch.period) if rule.amount_rule == "By Hours" else None
	return Ground(
		rule=rule,
		fund=frappe.get_cached_doc("Aid Fund", batch.fund),
		facts=student_facts.load(which, work=work),
		holders=subsidy_claims.holders(batch.scheme, batch.period, students),
	)


# ---------------------------------------------------------------- payees


def set_payees(batch: Any, may_choose: bool) -> None:
	"""Name and mask of each row's account; `may_choose`: a blank or retired account gives way to the student's own."""
	own = active_accounts(row.student for row in batch.rows)
	names = sorted({row.payee_account for row in batch.rows if row.payee_account})
	fields = ["name", "student", "payee_name", "account", "active"]
	chosen = {a.name: a for a in frappe.get_all("Payee Account", {"name": ["in", names or [""]]}, fields)}
	for row in batch.rows:
		in_use = row.payee_account in chosen and chosen[row.payee_account].active
		if may_choose and not in_use and row.student in own:
			row.payee_account = own[row.student].name
			chosen[row.payee_account] = own[row.student]
		account = chosen.get(row.payee_account)
		if account and account.student != row.student:
			frappe.throw(
				_("Row #{0}: the account is of another student.").format(row.idx), title=_("Payee Account")
			)
		row.payee_name = account.payee_name if account else None
		row.account = account.account if account else None


# ---------------------------------------------------------------- amounts


def set_amounts(batch: Any, ground: Ground) -> None:
	"""What a row leaves blank is what the scheme gives."""
	for row in batch.rows:
		facts = ground.facts.get(row.student)
		given = facts and amount_for(ground.rule, facts)
		row.hours = float(facts.hours) if facts else 0
		if not row.amount and given:
			row.amount = given


def total_of(rows: Iterable[Any]) -> Decimal:
	return sum((money(row.amount) for row in rows if row.status != "Withdrawn"), Decimal(0))


# ---------------------------------------------------------------- checks


def require_once(batch: Any) -> None:
	places: dict[str, list[int]] = {}
	for row in batch.rows:
		places.setdefault(row.student, []).append(row.idx)
	twice = {student: rows for student, rows in places.items() if len(rows) > 1}
	if not twice:
		return
	names = {row.student: row.student_name or row.student for row in batch.rows}
	frappe.throw(
		[
			_("Rows {0}: {1} stands more than once.").format(
				", ".join(map(str, rows)), frappe.bold(names[student])
			)
			for student, rows in twice.items()
		],
		title=_("Same Student Twice"),
		as_list=True,
	)


def require_sound(batch: Any, ground: Ground) -> None:
	"""Every fault of every row at once, by its number."""
	faults = [fault for row in batch.rows for fault in faults_of(row, ground)]
	if faults:
		frappe.throw(faults, title=_("Rows of the Batch"), as_list=True)


def faults_of(row: Any, ground: Ground) -> Iterable[str]:
	who = frappe.bold(row.student_name or row.student)
	if row.student in ground.holders and ground.holders[row.student] != row.parent:
		yield subsidy_claims.taken_fault(row, ground.holders[row.student])
	if failed := ground.failed(row.student):
		yield _("Row #{0}: {1} is not eligible for this scheme{2}.").format(
			row.idx, who, told_reasons(failed)
		)
		return
	amount, given = money(row.amount), amount_for(ground.rule, ground.facts[row.student])
	if amount <= 0:
		yield _("Row #{0}: the amount for {1} must be more than 0.").format(row.idx, who)
	elif ground.rule.amount_rule != FREE and amount != given:
		yield _("Row #{0}: the scheme gives {1} {2}, not {3}.").format(
			row.idx, who, fmt_money(given), fmt_money(amount)
		)


def told_reasons(failed: Iterable[str]) -> str:
	"""Which rules are not met is a fact of the student's life: for who may read those only."""
	if not frappe.has_permission("Student Circumstances", "read"):
		return ""
	return " (" + "、".join(_(label, context="Student File") for label in failed) + ")"


# ---------------------------------------------------------------- fill from the scheme


def fill(batch: Any, only: Criterion | None = None) -> dict[str, int]:
	"""Add the students whom the scheme fits and who have no claim yet; returns how many of each kind.

	`only`: a condition on Student File that narrows them further.

	{"added", "without_account", "claimed", "not_eligible"}; "without_account" are among those added.
	The batch is a draft as stored, its rows are written at once.
	"""
	which = in_reach(batch)
	ground = ground_of(batch, which if only is None else which & only)
	present = {row.student for row in batch.rows}
	counts, students = Counter(added=0, without_account=0, claimed=0, not_eligible=0), []
	for student in ground.facts:
		if student in present:
			continue
		if student in ground.holders:
			counts["claimed"] += 1
		elif ground.failed(student):
			counts["not_eligible"] += 1
		else:
			students.append(student)
	rows = new_rows(batch, ground, students)
	counts["added"] = len(rows)
	counts["without_account"] = sum(not row["payee_account"] for row in rows)
	insert_rows(ROW, rows)
	batch.reload()
	batch.write_totals()
	return dict(counts)


def in_reach(batch: Any) -> Criterion:
	"""Files In Support of the batch's school that the user's batches may concern."""
	file = frappe.qb.DocType("Student File")
	which = file.status == "In Support"
	if batch.school:
		which &= file.school == batch.school
	own = own_students(DOCTYPE, frappe.session.user, "write")
	return which if own is None else which & file.name.isin(own)


def new_rows(batch: Any, ground: Ground, students: list[str]) -> list[dict]:
	accounts = active_accounts(students)
	rows = []
	for idx, student in enumerate(students, start=len(batch.rows) + 1):
		facts, account = ground.facts[student], accounts.get(student) or frappe._dict()
		rows.append(
			{
				"parent": batch.name,
				"parenttype": DOCTYPE,
				"parentfield": "rows",
				"idx": idx,
				"student": student,
				"student_name": facts.student_name,
				"payee_account": account.name,
				"payee_name": account.payee_name,
				"account": account.account,
				"amount": amount_for(ground.rule, facts) or 0,
				"hours": float(facts.hours),
				"status": "Due",
			}
		)
	return rows


# ---------------------------------------------------------------- withdraw


def withdraw(batch: Any, name: str, reason: str) -> None:
	row = frappe.qb.DocType(ROW)
	held = (
		frappe.qb.from_(row)
		.where((row.parent == batch.name) & (row.name == str(name)))
		.select(row.name, row.idx, row.student_name, row.status)
		.for_update()
	).run(as_dict=True)
	if batch.docstatus != 1 or not held:
		frappe.throw(_("Rows of an approved batch are withdrawn."), title=_("Withdraw"))
	if held[0].status not in ("Due", "Failed"):
		frappe.throw(
			_("Row #{0}: {1} is {2} and is not withdrawn.").format(
				held[0].idx, held[0].student_name, _(held[0].status, context=ROW)
			),
			title=_("Withdraw"),
		)
	values = {"status": "Withdrawn", "withdrawn_reason": reason, "claim_key": None, "eligibility_changed": 0}
	frappe.db.set_value(ROW, held[0].name, values)
	batch.add_comment(
		"Info", _("Row #{0} ({1}) withdrawn: {2}").format(held[0].idx, held[0].student_name, reason)
	)
	batch.reload()
	batch.db_set("total_amount", total_of(batch.rows))


def paid_rows(batch: str) -> list[str]:
	"""Rows that are paid or at the bank, in words; a locking read, for a payment may be booked at this moment."""
	row = frappe.qb.DocType(ROW)
	held = (
		frappe.qb.from_(row)
		.where((row.parent == batch) & row.status.isin(["In Bank File", "Paid"]))
		.orderby(row.idx)
		.select(row.idx, row.student_name, row.status)
		.for_update()
	).run(as_dict=True)
	return [
		_("Row #{0}: {1} is {2}.").format(line.idx, line.student_name, _(line.status, context=ROW))
		for line in held
	]
