"""What is missing before the books of ERPNext can be kept, in words."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_link_to_form, getdate

from bangfu_app.bookkeeping import companies, documents, presence, stock_entries

ERROR, WARNING, HINT = "red", "orange", "blue"


class Finding(NamedTuple):
	level: str
	text: str


@frappe.whitelist()
def check_bookkeeping() -> list[dict]:
	"""Button of Bangfu Settings. Findings {level, text}, the worst first; none when all is set."""
	presence.require_bookkeeper()
	if not presence.installed():
		return [Finding(HINT, _("ERPNext is not on this site. Nothing is posted."))._asdict()]
	found = [finding for part in PARTS for finding in part()]
	return [
		finding._asdict()
		for finding in sorted(found, key=lambda one: (ERROR, WARNING, HINT).index(one.level))
	]


def check_switch() -> Iterator[Finding]:
	if not presence.is_on():
		yield Finding(WARNING, _("Posting to ERPNext is off: submitted documents wait in the backlog."))
	for name in (stock_entries.RECEIPT, stock_entries.ISSUE):
		if not frappe.db.exists("Stock Entry Type", name):
			yield Finding(
				ERROR, _("ERPNext has no Stock Entry Type {0}: finish ERPNext's setup.").format(name)
			)


def check_companies() -> Iterator[Finding]:
	rows = companies.rows()
	if not rows:
		yield Finding(ERROR, _("No company: add a row under Companies."))
	if sum(bool(row.is_default) for row in rows) > 1:
		yield Finding(ERROR, _("More than one company is the default."))
	if len({row.company for row in rows}) < len(rows):
		yield Finding(ERROR, _("A company has two rows."))
	for row in rows:
		if not frappe.db.exists("Company", row.company):
			yield Finding(ERROR, _("Row #{0}: there is no company {1}.").format(row.idx, row.company))
			continue
		yield from check_accounts(row)
		yield from check_places(row)


def check_accounts(row: Document) -> Iterator[Finding]:
	currency = frappe.get_cached_value("Company", row.company, "default_currency")
	for fieldname, root_type in companies.ACCOUNTS.items():
		name, label = row.get(fieldname), companies.label(fieldname)
		account = name and frappe.db.get_value(
			"Account",
			name,
			["company", "root_type", "is_group", "disabled", "account_currency", "freeze_account"],
			as_dict=True,
		)
		if not account:
			yield Finding(ERROR, _("{0}: {1} is not set.").format(row.company, label))
			continue
		for is_wrong, fault in (
			(account.company != row.company, _("belongs to another company")),
			(account.is_group, _("is a group")),
			(account.disabled, _("is disabled")),
			(account.root_type != root_type, _("is not an account of the type {0}").format(_(root_type))),
			(account.account_currency not in (None, "", currency), _("is kept in another currency")),
			(account.freeze_account == "Yes", _("is frozen")),
		):
			if is_wrong:
				yield Finding(ERROR, f"{row.company}: {label} {name} {fault}")


def check_places(row: Document) -> Iterator[Finding]:
	"""Warehouse, cost centre, currency."""
	for doctype, fieldname in (("Warehouse", "warehouse"), ("Cost Center", "cost_center")):
		name = row.get(fieldname)
		place = name and frappe.db.get_value(doctype, name, ["company", "is_group", "disabled"], as_dict=True)
		if not place:
			if fieldname == "warehouse":
				yield Finding(
					ERROR, _("{0}: {1} is not set.").format(row.company, companies.label(fieldname))
				)
			continue
		if place.company != row.company:
			yield Finding(
				ERROR, _("{0} {1} belongs to another company than {2}.").format(_(doctype), name, row.company)
			)
		if place.is_group or place.disabled:
			yield Finding(ERROR, _("{0} {1} is a group or disabled.").format(_(doctype), name))
	ours = frappe.db.get_default("currency")
	theirs = frappe.get_cached_value("Company", row.company, "default_currency")
	if ours and ours != theirs:
		yield Finding(
			ERROR, _("{0} keeps its books in {1}, this site counts in {2}.").format(row.company, theirs, ours)
		)


def check_schools() -> Iterator[Finding]:
	rows = companies.rows()
	known, has_default = {row.company for row in rows}, any(row.is_default for row in rows)
	for school in frappe.get_all("School", {"enabled": 1}, ["name", "company"]):
		link = get_link_to_form("School", school.name)
		if school.company and school.company not in known:
			yield Finding(ERROR, _("Company {0} of school {1} has no row.").format(school.company, link))
		elif not school.company and len(rows) > 1:
			text = _("School {0} has no company; it is booked in the default company.")
			without = _("School {0} has no company, and there is no default company.")
			yield Finding(WARNING, text.format(link)) if has_default else Finding(ERROR, without.format(link))
	for point in frappe.get_all("Service Point", {"warehouse": ["is", "set"]}, ["name", "warehouse"]):
		place = frappe.db.get_value("Warehouse", point.warehouse, ["is_group", "disabled"], as_dict=True)
		if not place or place.is_group or place.disabled:
			link = get_link_to_form("Service Point", point.name)
			yield Finding(ERROR, _("The warehouse of {0} is missing, a group or disabled.").format(link))


def check_items() -> Iterator[Finding]:
	settings = frappe.get_cached_doc("Bangfu Settings")
	if not settings.get("create_erpnext_items"):
		for item in frappe.get_all("Aid Item", {"erpnext_item": ["is", "not set"]}, pluck="name"):
			link = get_link_to_form("Aid Item", item)
			yield Finding(ERROR, _("Aid item {0} has no Item in ERPNext.").format(link))
	for aid_item in frappe.get_all(
		"Aid Item", {"erpnext_item": ["is", "set"]}, ["name", "erpnext_item", "uom"]
	):
		yield from check_item(aid_item)
	if frappe.db.get_single_value("Stock Settings", "do_not_use_batchwise_valuation"):
		yield Finding(
			WARNING,
			_(
				"Stock Settings: without valuation by batch, issues are not worth exactly what their lot is worth."
			),
		)


def check_item(aid_item: frappe._dict) -> Iterator[Finding]:
	link = get_link_to_form("Aid Item", aid_item.name)
	fields = ["is_stock_item", "disabled", "has_batch_no", "has_serial_no", "stock_uom"]
	item = frappe.db.get_value("Item", aid_item.erpnext_item, fields, as_dict=True)
	if not item:
		yield Finding(
			WARNING, _("The Item of {0} is gone; another one is made at its next donation.").format(link)
		)
		return
	if item.disabled or not item.is_stock_item or item.has_serial_no:
		yield Finding(
			ERROR, _("The Item of {0} is disabled, has serial numbers, or is not kept in stock.").format(link)
		)
	if not item.has_batch_no:
		yield Finding(
			WARNING,
			_("The Item of {0} has no batches: ERPNext's values of what is issued may differ.").format(link),
		)
	if item.stock_uom != aid_item.uom:
		yield Finding(
			HINT,
			_("{0} is counted in {1} here and in {2} in ERPNext.").format(link, aid_item.uom, item.stock_uom),
		)


def check_funds() -> Iterator[Finding]:
	for fund in frappe.get_all("Aid Fund", {"enabled": 1, "cost_center": ["is", "not set"]}, pluck="name"):
		link = get_link_to_form("Aid Fund", fund)
		yield Finding(
			HINT, _("Fund {0} has no cost centre: it is booked in that of its company.").format(link)
		)


def check_periods() -> Iterator[Finding]:
	"""Days of documents outside every fiscal year; periods that are closed or frozen."""
	days = [doc.day for doc in documents.submitted()] or [getdate()]
	for row in companies.rows():
		years = fiscal_years(row.company)
		for year in sorted(
			{day.year for day in days if not any(first <= day <= last for first, last in years)}
		):
			yield Finding(
				ERROR, _("{0}: ERPNext has no fiscal year for days of {1}.").format(row.company, year)
			)
		for first, last in closed_periods(row.company):
			if any(first <= day <= last for day in days):
				text = _(
					"{0}: {1} to {2} is closed for Stock Entries or Journal Entries; there are documents in it."
				)
				yield Finding(WARNING, text.format(row.company, first, last))
	for doctype, fieldname in (
		("Stock Settings", "stock_frozen_upto"),
		("Accounts Settings", "acc_frozen_upto"),
	):
		if frappe.get_meta(doctype).has_field(fieldname):
			until = frappe.db.get_single_value(doctype, fieldname)
			if until and min(days) <= getdate(until):
				text = _("{0}: frozen up to {1}; there are older documents.")
				yield Finding(WARNING, text.format(_(doctype), until))


def fiscal_years(company: str) -> list[tuple[date, date]]:
	"""First and last day of the years that hold for the company."""
	year, only = frappe.qb.DocType("Fiscal Year"), frappe.qb.DocType("Fiscal Year Company")
	rows = (
		frappe.qb.from_(year)
		.left_join(only)
		.on(only.parent == year.name)
		.where((year.disabled == 0) & (only.company.isnull() | (only.company == company)))
		.select(year.year_start_date, year.year_end_date)
	).run()
	return [(getdate(first), getdate(last)) for first, last in rows]


def closed_periods(company: str) -> list[tuple[date, date]]:
	period, closed = frappe.qb.DocType("Accounting Period"), frappe.qb.DocType("Closed Document")
	rows = (
		frappe.qb.from_(period)
		.join(closed)
		.on(closed.parent == period.name)
		.where((period.company == company) & (closed.closed == 1))
		.where(closed.document_type.isin(["Stock Entry", "Journal Entry"]))
		.select(period.start_date, period.end_date)
		.distinct()
	).run()
	return [(getdate(first), getdate(last)) for first, last in rows]


PARTS = (check_switch, check_companies, check_schools, check_items, check_funds, check_periods)
