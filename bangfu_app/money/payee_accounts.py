"""Where a student's money goes: one active account each, and a second pair of eyes on a change (M4).

The number is sealed (sealed_numbers.py). What money follows is the account, the payee's name and the bank; who
changed one of them stands on the record until somebody else has confirmed it.
"""

from collections.abc import Iterable
from datetime import datetime

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_datetime, getdate, now_datetime

from bangfu_app.privacy import sealed_numbers
from bangfu_app.privacy.number_kinds import MASK

DECISIVE = ("payee_name", "bank_name", "student")
STAMPS = ("changed_by", "changed_on", "changers", "confirmed_by", "confirmed_on")
FIELDS = ("name", "student", "payee_name", "bank_name", "account", "changed_by", "changed_on")
FIELDS += ("confirmed_by", "confirmed_on")
CHUNK = 500


def active_accounts(students: Iterable[str]) -> dict[str, frappe._dict]:
	"""Student → the active account of this day, its number masked; for who may pay the student."""
	account, names, found = frappe.qb.DocType("Payee Account"), sorted(set(students)), {}
	for start in range(0, len(names), CHUNK):
		rows = (
			frappe.qb.from_(account)
			.where(account.student.isin(names[start : start + CHUNK]) & (account.active == 1))
			.where(account.valid_from.isnull() | (account.valid_from <= getdate()))
			.orderby(account.valid_from)
			.orderby(account.creation)
			.select(*(account[field] for field in FIELDS))
		).run(as_dict=True)
		found |= {row.student: row for row in rows}
	return found


def stamp_change(account: Document) -> None:
	"""Who changed where the money goes, and when; a change has to be confirmed anew. Nobody writes these by hand.

	To be called before the number is sealed. `changers`: whoever had a part in it since the number was entered.
	"""
	before = account.get_doc_before_save()
	account.update({field: before.get(field) if before else None for field in STAMPS})
	is_new_number = not before or is_another_number(account, before)
	if not is_new_number and not is_redirected(account, before):
		return
	user = frappe.session.user
	former = set() if is_new_number else set((account.changers or "").split("\n")) - {""}
	account.update(
		{"changed_by": user, "changed_on": now_datetime(), "changers": "\n".join(sorted(former | {user}))}
	)
	account.update({"confirmed_by": None, "confirmed_on": None})


def is_another_number(account: Document, before: Document) -> bool:
	"""A masked number is the one that is there."""
	number = account.account or ""
	return MASK not in number and not sealed_numbers.is_same("Payee Account", before, "account", number)


def is_redirected(account: Document, before: Document) -> bool:
	"""Does money go to another payee, bank or student, or here again?"""
	if account.active and not before.active:
		return True
	return any((account.get(field) or "") != (before.get(field) or "") for field in DECISIVE)


def supersede_others(account: Document) -> None:
	"""The student's other active accounts end; a locking read, so that two new ones do not both stay."""
	table = frappe.qb.DocType("Payee Account")
	others = (
		frappe.qb.from_(table)
		.where((table.student == account.student) & (table.active == 1) & (table.name != account.name))
		.select(table.name)
		.for_update()
		.run(pluck=True)
	)
	for name in others:
		other = frappe.get_doc("Payee Account", name)
		other.db_set("active", 0)
		other.add_comment("Info", _("Not active any more: {0} took its place.").format(account.name))


# ---------------------------------------------------------------- four eyes


def confirm(account: Document) -> None:
	"""A change is confirmed by somebody who had no part in it since the last confirmation."""
	if not account.changed_on or account.confirmed_on:
		frappe.throw(_("There is no change to confirm."), title=_("Confirmation"))
	if frappe.session.user in (account.changers or "").split("\n"):
		frappe.throw(
			_("You changed this account yourself; somebody else has to confirm it."),
			exc=frappe.PermissionError,
			title=_("Confirmation"),
		)
	account.db_set({"confirmed_by": frappe.session.user, "confirmed_on": now_datetime(), "changers": None})
	account.add_comment("Info", _("Account confirmed."))


def changed_since(accounts: Iterable[str], moment: datetime | str | None) -> list[frappe._dict]:
	"""Accounts of these that were changed after this moment (None: ever)."""
	rows = frappe.get_all("Payee Account", {"name": ["in", sorted(set(accounts)) or [""]]}, FIELDS)
	after = get_datetime(moment) if moment else None
	return [row for row in rows if row.changed_on and (after is None or row.changed_on > after)]
