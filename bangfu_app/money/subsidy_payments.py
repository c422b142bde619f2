"""Which rows of an approved batch are paid by which payment (M4): each at most once, whoever pays at the same time.

A draft payment is a file at the bank. Its rows hold their batch rows by `open_key`, unique in the database; a row
that failed gives its key back at submit, a paid one never. What a batch row is, is always read from the payments:
so every step has its exact inverse.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_datetime, get_link_to_form, now_datetime

from bangfu_app.approvals import trail
from bangfu_app.money import eligibility_snapshot, payee_accounts

BATCH_ROW, ROW = "Subsidy Batch Row", "Subsidy Payment Row"
OPEN = ("Due", "Failed")  # states of a batch row that can be paid
DUE = {"status": "Due", "paid_on": None, "payment": None, "failure_reason": None}
# what a payment takes from batch and account; nobody changes it by hand
FIXED = (
	"batch_row",
	"student",
	"student_name",
	"amount",
	"payee_account",
	"payee_name",
	"bank_name",
	"account",
)
PAYEE = {"payee_account": "name", "payee_name": "payee_name", "bank_name": "bank_name", "account": "account"}


class AlreadyInPaymentError(frappe.DuplicateEntryError):
	pass


# ---------------------------------------------------------------- rows of a payment


def hold(batch: str) -> frappe._dict:
	"""The approved batch, held until the transaction ends: its payments are made one after the other."""
	fields = ["name", "docstatus", "status"]
	held = frappe.db.get_value("Subsidy Batch", batch, fields, as_dict=True, for_update=True)
	if not held or held.docstatus != 1 or held.status not in ("Approved", "Paid"):
		frappe.throw(_("Money is paid by an approved batch."), title=_("Subsidy Payment"))
	return held


def open_rows(batch: str) -> list[frappe._dict]:
	"""Rows of the batch that are due or failed, in the newest committed state."""
	return [row for row in batch_rows(batch).values() if row.status in OPEN]


def batch_rows(batch: str) -> dict[str, frappe._dict]:
	row = frappe.qb.DocType(BATCH_ROW)
	query = (
		frappe.qb.from_(row)
		.where((row.parent == batch) & (row.parenttype == "Subsidy Batch"))
		.orderby(row.idx)
		.select(row.name, row.idx, row.student, row.student_name, row.amount, row.status)
		.for_update()
	)
	return {found.name: found for found in query.run(as_dict=True)}


def fill(payment: Document) -> list[frappe._dict]:
	"""Rows for all that is open and has an account; returns the open rows without one."""
	rows = open_rows(payment.batch)
	accounts = payee_accounts.active_accounts(row.student for row in rows)
	for row in rows:
		if row.student in accounts:
			payment.append("rows", taken(row, accounts[row.student]))
	return [row for row in rows if row.student not in accounts]


def taken(row: Any, account: Any) -> dict:
	"""A batch row and the account it is paid to, as a payment keeps them."""
	return {
		"batch_row": row.name,
		"student": row.student,
		"student_name": row.student_name,
		"amount": row.amount,
		**{field: account[source] for field, source in PAYEE.items()},
	}


def settle_rows(payment: Document) -> None:
	"""Amounts and payees as batch and accounts have them; new rows must be open, those there stay as they were."""
	before = payment.get_doc_before_save()
	stored = {row.batch_row: row for row in before.rows} if before else {}
	refuse_twice(payment)
	if stored and payment.bank_file and set(stored) != {row.batch_row for row in payment.rows}:
		frappe.throw(
			_("The file is at the bank: its rows stay. Enter their results, or delete the payment."),
			title=_("Bank File"),
		)
	for row in payment.rows:
		if row.batch_row in stored:
			row.update({field: stored[row.batch_row].get(field) for field in FIXED})
	new = [row for row in payment.rows if row.batch_row not in stored]
	if new:
		take_rows(payment, new)
	for row in payment.rows:
		row.open_key = row.batch_row


def refuse_twice(payment: Document) -> None:
	seen = set()
	for row in payment.rows:
		if not row.batch_row or row.batch_row in seen:
			frappe.throw(
				_("Row #{0} is no row of the batch, or stands there twice.").format(row.idx),
				title=_("Subsidy Payment"),
			)
		seen.add(row.batch_row)


def take_rows(payment: Document, new: list[Any]) -> None:
	"""Rows that join the payment: open, in no other payment, with an account. Every fault at once."""
	found = batch_rows(payment.batch)
	holders = holders_of([row.batch_row for row in new], payment.name)
	accounts = payee_accounts.active_accounts(found[r.batch_row].student for r in new if r.batch_row in found)
	faults = []
	for row in new:
		source = found.get(row.batch_row)
		if fault := fault_of(row, source, holders, accounts):
			faults.append(fault)
		else:
			row.update(taken(source, accounts[source.student]))
	if faults:
		exc = AlreadyInPaymentError if holders else frappe.ValidationError
		frappe.throw(faults, exc=exc, title=_("Subsidy Payment"), as_list=True)


def fault_of(row: Any, source: Any, holders: dict, accounts: dict) -> str | None:
	if not source:
		return _("Row #{0} is no row of the batch, or stands there twice.").format(row.idx)
	who = frappe.bold(source.student_name)
	if holder := holders.get(source.name):
		return _("Row #{0}: {1} is in payment {2} already.").format(
			row.idx, who, get_link_to_form("Subsidy Payment", holder)
		)
	if source.status not in OPEN:
		state = _(source.status, context=BATCH_ROW)
		return _("Row #{0}: {1} is {2} and is not paid again.").format(row.idx, who, state)
	if source.student not in accounts:
		return _("Row #{0}: {1} has no active account.").format(row.idx, who)
	return None


def holders_of(names: list[str], but: str | None) -> dict[str, str]:
	"""Batch row → the payment that holds it, other than this one; a locking read."""
	row = frappe.qb.DocType(ROW)
	query = (
		frappe.qb.from_(row)
		.where(row.open_key.isin(names or [""]) & (row.parent != (but or "")))
		.select(row.open_key, row.parent)
		.for_update()
	)
	return dict(query.run())


def renew_payees(payment: Document) -> None:
	"""The accounts as they are now: a file goes to the bank with these."""
	accounts = payee_accounts.active_accounts(row.student for row in payment.rows)
	without = [row for row in payment.rows if row.student not in accounts]
	if without:
		frappe.throw(
			[
				_("Row #{0}: {1} has no active account.").format(row.idx, frappe.bold(row.student_name))
				for row in without
			],
			title=_("Payee Account"),
			as_list=True,
		)
	for row in payment.rows:
		row.update({field: accounts[row.student][source] for field, source in PAYEE.items()})


# ---------------------------------------------------------------- accounts changed since the approval


def approved_on(batch: str) -> datetime | None:
	steps = trail.steps_of("Subsidy Batch", batch)
	approvals = [s.acted_on for s in steps if s.to_state == "Approved" and s.kind == "Approval"]
	return approvals[-1] if approvals else None


def warnings(payment: Document) -> dict[str, list[str]]:
	"""Row → what has changed since the batch was approved: its account, its student's eligibility (M5)."""
	found: dict[str, list[str]] = {}
	batch = frappe.get_doc("Subsidy Batch", payment.batch)
	eligibility = eligibility_snapshot.warnings(batch)
	accounts = changed_accounts(payment)
	for row in payment.rows:
		told = list(filter(None, (accounts.get(row.name), eligibility.get(row.batch_row))))
		if told:
			found[row.name] = told
	return found


def changed_accounts(payment: Document) -> dict[str, str]:
	"""Row → who changed its account since the batch was approved, and whether somebody else confirmed that."""
	names = [row.payee_account for row in payment.rows if row.payee_account]
	changed = {
		account.name: account for account in payee_accounts.changed_since(names, approved_on(payment.batch))
	}
	return {
		row.name: told_change(changed[row.payee_account])
		for row in payment.rows
		if row.payee_account in changed
	}


def told_change(account: Any) -> str:
	if account.confirmed_on:
		return _("account changed since the approval by {0}, confirmed by {1}").format(
			account.changed_by, account.confirmed_by
		)
	return _("account changed since the approval by {0}, not confirmed yet").format(account.changed_by)


def require_confirmed(payment: Document) -> None:
	"""Money goes to an account that was there at the approval, or whose change a second person confirmed."""
	names = [row.payee_account for row in payment.rows if row.payee_account]
	changed = payee_accounts.changed_since(names, approved_on(payment.batch))
	open_changes = {account.name: account for account in changed if not account.confirmed_on}
	faults = [
		_("Row #{0}: the account of {1} was changed by {2} since the batch was approved.").format(
			row.idx, frappe.bold(row.student_name), open_changes[row.payee_account].changed_by
		)
		for row in payment.rows
		if row.payee_account in open_changes
	]
	if faults:
		faults.append(_("Let somebody else confirm it on the Payee Account."))
		frappe.throw(faults, title=_("Account Changed"), as_list=True)


# ---------------------------------------------------------------- what follows on the batch


def follow(batch: str, names: Iterable[str], without: str | None = None) -> None:
	"""Bring these rows of the batch to what its payments say, and the batch with them.

	`without`: a payment that is being deleted.
	"""
	names = sorted(set(names))
	lines = lines_of(names, without)
	alike = defaultdict(list)
	for name in names:
		alike[tuple(state_of(lines.get(name, [])).items())].append(name)
	for values, some in alike.items():
		write_state(some, dict(values))
	# who has the batch open is told to load it again
	frappe.db.set_value("Subsidy Batch", batch, "modified", now_datetime(), update_modified=False)
	frappe.get_doc("Subsidy Batch", batch).follow_rows()


def write_state(names: list[str], values: dict[str, Any]) -> None:
	"""A withdrawn row stays withdrawn; it only lets go of a payment that is cancelled."""
	row = frappe.qb.DocType(BATCH_ROW)
	kept = {field: value for field, value in values.items() if field in ("payment", "failure_reason")}
	for which, told in ((row.status != "Withdrawn", values), (row.status == "Withdrawn", kept)):
		query = frappe.qb.update(row).where(row.name.isin(names or [""]) & which)
		for field, value in told.items():
			query = query.set(row[field], value)
		query.run()


def lines_of(names: list[str], without: str | None) -> dict[str, list[frappe._dict]]:
	"""Batch row → its lines of payments that are not cancelled, oldest payment first."""
	row, payment, found = frappe.qb.DocType(ROW), frappe.qb.DocType("Subsidy Payment"), defaultdict(list)
	query = (
		frappe.qb.from_(row)
		.join(payment)
		.on(payment.name == row.parent)
		.where(row.batch_row.isin(names or [""]) & (payment.docstatus < 2))
		.where(payment.name != (without or ""))
		.orderby(payment.creation)
		.orderby(payment.name)
		.select(row.batch_row, row.result, row.paid_on, row.reason, row.parent, payment.docstatus)
		.select(payment.creation)
		.for_update()
	)
	for line in query.run(as_dict=True):
		found[line.batch_row].append(line)
	return found


def state_of(lines: list[Any]) -> dict[str, Any]:
	"""A batch row's fields by its lines: at the bank, paid, failed last, or due."""
	for line in lines:
		if line.docstatus == 0:
			return {**DUE, "status": "In Bank File", "payment": line.parent}
		if line.result == "Paid":
			return {**DUE, "status": "Paid", "paid_on": line.paid_on, "payment": line.parent}
	if not lines:
		return DUE
	return {**DUE, "status": "Failed", "payment": lines[-1].parent, "failure_reason": lines[-1].reason}


def refuse_if_paid_again(payment: Document) -> None:
	"""Rows that failed here and are in a later payment hold this one."""
	later = sorted(
		{
			line.parent
			for lines in lines_of([row.batch_row for row in payment.rows], payment.name).values()
			for line in lines
			if line.creation > get_datetime(payment.creation)
		}
	)
	if later:
		frappe.throw(
			_("Rows that failed here were taken up again. Cancel or delete these payments first: {0}").format(
				", ".join(get_link_to_form("Subsidy Payment", name) for name in later)
			),
			title=_("Subsidy Payment"),
		)
