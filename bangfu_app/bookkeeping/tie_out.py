"""Our documents against ERPNext's ledgers, voucher by voucher (report Tie-out).

Ours is read from the documents, ERPNext's from its Stock Ledger and General Ledger; a Ledger Posting joins the two and
is no source of a value. Values have the sign of documents.py, so that both ledgers can be added up.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

import frappe

from bangfu_app.amounts import cents
from bangfu_app.bookkeeping import documents, ledgers
from bangfu_app.bookkeeping.ledgers import Voucher

ZERO = Decimal(0)
CENT = Decimal("0.01")

# what a line says of itself
POSTED = "Posted"
NOT_POSTED = "Not Posted"
GONE = "Voucher Gone"
ORPHAN = "No Record"
CANCELLED = "Cancelled"


@dataclass
class Line:
	"""One document, or one voucher without a document."""

	doctype: str
	name: str
	day: object
	state: str
	value: Decimal = ZERO
	rounding: Decimal = ZERO
	fund: str | None = None
	vouchers: list[Voucher] = field(default_factory=list)
	note: str = ""

	@property
	def stock(self) -> Decimal | None:
		return _sum(voucher.stock for voucher in self.vouchers)

	@property
	def general(self) -> Decimal | None:
		return _sum(voucher.general for voucher in self.vouchers)

	@property
	def difference(self) -> Decimal:
		"""The greater of the two differences. Our lines are whole cents each, ERPNext values the lot: that is no difference."""
		differences = [
			cents(self.value - self.rounding - ledger)
			for ledger in (self.stock, self.general)
			if ledger is not None
		] or [self.value]
		worst = max(differences, key=abs)
		return ZERO if abs(worst) <= CENT * self.inexact else worst

	@property
	def inexact(self) -> int:
		return int(bool(self.rounding))

	@property
	def is_healthy(self) -> bool:
		return not self.difference and self.state in (POSTED, CANCELLED)


def _sum(values: Iterable[Decimal | None]) -> Decimal | None:
	known = [value for value in values if value is not None]
	return sum(known, ZERO) if known else None


def lines(from_date: object = None, to_date: object = None, company: str | None = None) -> list[Line]:
	"""Every document of the period and every voucher that says it is ours, in the order of the books."""
	vouchers = ledgers.read_vouchers(from_date, to_date)
	postings = read_postings(from_date, to_date)
	found = [line_of(doc, postings, vouchers) for doc in documents.submitted(from_date, to_date)]
	found += leftovers(vouchers, found)
	if company:
		# what is not posted yet is of no company
		found = [
			line
			for line in found
			if not line.vouchers or any(one.company == company for one in line.vouchers)
		]
	return found


def line_of(doc: documents.Posted, postings: dict, vouchers: dict) -> Line:
	line = Line(doc.doctype, doc.name, doc.day, NOT_POSTED, doc.value, doc.value - doc.exact, doc.fund)
	for posting in postings.get((doc.doctype, doc.name), ()):
		line.note = posting.error or line.note
		if posting.status == POSTED:
			voucher = vouchers.get((posting.voucher_type, posting.voucher_no))
			line.state = POSTED if voucher and voucher.docstatus == 1 and line.state != GONE else GONE
			line.vouchers += [voucher] if voucher else []
	return line


def leftovers(vouchers: dict, found: Iterable[Line]) -> list[Line]:
	"""Vouchers of no document: those cancelled with it must be worth nothing, any other is too many."""
	used = {voucher.name for line in found for voucher in line.vouchers}
	return [
		Line(
			voucher.ref_doctype,
			voucher.ref_name,
			voucher.day,
			CANCELLED if voucher.docstatus == 2 else ORPHAN,
			vouchers=[voucher],
		)
		for voucher in vouchers.values()
		if voucher.name not in used
	]


def read_postings(from_date: object, to_date: object) -> dict[tuple[str, str], list]:
	table = frappe.qb.DocType("Ledger Posting")
	query = frappe.qb.from_(table).select(
		table.reference_doctype,
		table.reference_name,
		table.voucher_type,
		table.voucher_no,
		table.status,
		table.error,
	)
	found = defaultdict(list)
	for row in ledgers.within(query, table.posting_date, from_date, to_date).run(as_dict=True):
		found[row.reference_doctype, row.reference_name].append(row)
	return found


# ---------------------------------------------------------------- added up


@dataclass
class Total:
	"""A sum by item, fund or account, and by type of document."""

	company: str | None
	key: str
	doctype: str
	value: Decimal = ZERO
	rounding: Decimal = ZERO
	stock: Decimal | None = None
	general: Decimal | None = None
	inexact: int = 0  # documents with rounding in them

	difference = Line.difference  # the same rule


def by_fund(found: Iterable[Line]) -> list[Total]:
	"""Money by fund: ours against the General Ledger."""
	totals: dict[tuple, Total] = {}
	for line in found:
		if line.fund:
			total = totals.setdefault((line.fund, line.doctype), Total(None, line.fund, line.doctype))
			total.value += line.value
			total.general = (total.general or ZERO) + (line.general or ZERO)
	return [totals[key] for key in sorted(totals)]


def by_account(found: Iterable[Line]) -> list[Total]:
	"""By the accounts that the vouchers name: ours against what the General Ledger has there."""
	totals: dict[tuple, Total] = {}
	vouchers = {voucher.name: (line, voucher) for line in found for voucher in line.vouchers}
	for name, account, amount in ledgers.accounts(vouchers):
		line, voucher = vouchers[name]
		total = totals.setdefault((account, line.doctype), Total(voucher.company, account, line.doctype))
		if line.state == POSTED:
			share = line.value if len(line.vouchers) == 1 else voucher.stock or ZERO
			total.value += share
			total.rounding += line.rounding if len(line.vouchers) == 1 else ZERO
			total.inexact += line.inexact
		total.general = (total.general or ZERO) + amount
	return [totals[key] for key in sorted(totals)]


def by_item(from_date: object = None, to_date: object = None) -> list[Total]:
	"""Goods by aid item: ours against the Stock Ledger."""
	totals: dict[tuple, Total] = {}
	for item, doctype, value, exact in documents.values_of_items(from_date, to_date):
		total = totals.setdefault((item, doctype), Total(None, item, doctype))
		total.value += value
		total.rounding += value - exact
		total.inexact = int(bool(total.rounding))
	for item, doctype, stock in ledgers.values_of_items(from_date, to_date):
		total = totals.setdefault((item, doctype), Total(None, item, doctype))
		total.stock = (total.stock or ZERO) + stock
	return [totals[key] for key in sorted(totals)]
