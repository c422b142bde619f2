"""The bank's answer to a bank file: which row was paid, which failed and why (M4). All of it, or every fault by name."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate

from bangfu_app.amounts import cents
from bangfu_app.excel import values
from bangfu_app.excel.reading import Cells, Sheet, read_sheets
from bangfu_app.excel.values import key
from bangfu_app.money import bank_file, bank_layouts
from bangfu_app.privacy import sealed_numbers
from bangfu_app.privacy.number_kinds import MASK

FAULTS_SHOWN = 50
WHOLE = 10**15  # a number cell beyond this has lost digits


def account_text(cell: Any) -> str:
	"""What is typed; empty for a number that a spreadsheet has rounded, whose last digits are noise."""
	return "" if isinstance(cell, float) and abs(cell) >= WHOLE else values.text(cell)


PARSERS = {
	"Amount": values.number,
	"Paid On": values.calendar_date,
	"Row Reference": values.text,
	"Payee": values.name,
	"Failure Reason": values.text,
	"Bank Reference": values.text,
	"Account": account_text,
	"Result": values.key,
}


@dataclass
class Answer:
	"""What one line of the bank's file says of a row."""

	number: int
	said: dict[str, Any]
	faults: list[str] = field(default_factory=list)

	def fault(self, heading: str, reason: str) -> None:
		self.faults.append(_("Row {0}, {1}: {2}").format(self.number, heading, reason))


def take(payment: Document, content: bytes) -> int:
	"""Enter the results into the rows of the draft, not saved yet; returns for how many rows there is none.

	Throws with every fault of the file by row and column; then no row is changed.
	"""
	reader = Reader(payment)
	answers = reader.read(content)
	by_row = reader.match(answers)
	faults = [fault for answer in answers for fault in answer.faults]
	if faults:
		shown = faults[:FAULTS_SHOWN]
		if len(faults) > len(shown):
			shown.append(_("… and {0} more").format(len(faults) - len(shown)))
		lines = [frappe.utils.escape_html(line) for line in shown]
		frappe.throw(lines, title=_("Result of the Bank"), as_list=True)
	for row in payment.rows:
		if row.name in by_row:
			row.update(by_row[row.name])
	return sum(row.result not in ("Paid", "Failed") for row in payment.rows)


class Reader:
	def __init__(self, payment: Document):
		self.payment = payment
		self.layout = bank_layouts.layout_for(payment.layout)
		self.headings = bank_layouts.Headings(self.layout)
		self.paid = bank_layouts.words(self.layout.paid_words)
		self.failed = bank_layouts.words(self.layout.failed_words)
		self.rows = {bank_file.reference(payment, row): row for row in payment.rows}
		self.accounts = self._accounts()

	def _accounts(self) -> dict[str, frappe._dict]:
		names = sorted({row.payee_account for row in self.payment.rows})
		fields = ["name", "account_hash"]
		return {row.name: row for row in frappe.get_all("Payee Account", {"name": ["in", names]}, fields)}

	# ------------------------------------------------------------ the sheet

	def read(self, content: bytes) -> list[Answer]:
		(sheet,) = read_sheets(content, self.headings.score)
		places = self.places(sheet)
		lines = [(number, cells) for number, cells in sheet.rows() if not self.is_total_line(cells, places)]
		return [self.answer(number, cells, places) for number, cells in lines]

	def places(self, sheet: Sheet) -> dict[str, int]:
		"""What a column holds → where it stands, in whatever order."""
		places, twice = {}, []
		for index, heading in enumerate(sheet.headings):
			holds = self.headings.holds(heading) if heading else None
			if holds in places:
				twice.append(heading)
			elif holds:
				places[holds] = index
		if missing := [holds for holds in bank_layouts.NEEDED_OF_RESULT if holds not in places]:
			self.refuse(_("This column is missing: {0}"), [self.headings.heading_of(m) for m in missing])
		if twice:
			self.refuse(_("This column appears twice: {0}"), twice)
		return places

	@staticmethod
	def refuse(message: str, headings: list[str]) -> None:
		frappe.throw([message.format(h) for h in headings], title=_("Result of the Bank"), as_list=True)

	@staticmethod
	def is_total_line(cells: Cells, places: dict[str, int]) -> bool:
		blank = values.is_blank(cell_at(cells, places["Row Reference"]))
		return blank and any(bank_file.is_total(cell) for cell in cells)

	def answer(self, number: int, cells: Cells, places: dict[str, int]) -> Answer:
		answer = Answer(number, {})
		for holds, index in places.items():
			cell = cell_at(cells, index)
			if holds not in PARSERS or values.is_blank(cell):
				continue
			try:
				values.refuse_formula(cell)
				answer.said[holds] = PARSERS[holds](cell)
			except values.CellFault as fault:
				answer.fault(self.headings.heading_of(holds), str(fault))
		return answer

	# ------------------------------------------------------------ each line to its row

	def match(self, answers: Iterable[Answer]) -> dict[str, dict]:
		"""Row of the payment → result fields; what is wrong is noted on the answers."""
		found, seen = {}, {}
		for answer in answers:
			word = answer.said.get("Row Reference")
			row = self.rows.get(word or "")
			if not row:
				self.fault(answer, "Row Reference", _("not a row of this payment") if word else _("required"))
				continue
			if word in seen:
				self.fault(answer, "Row Reference", _("the same as row {0}").format(seen[word]))
				continue
			seen[word] = answer.number
			self.compare(answer, row)
			if result := self.result_of(answer):
				found[row.name] = result
		return found

	def fault(self, answer: Answer, holds: str, reason: str) -> None:
		answer.fault(self.headings.heading_of(holds), reason)

	def compare(self, answer: Answer, row: Any) -> None:
		"""The bank speaks of the same money, payee and account."""
		said = answer.said
		amount = said.get("Amount")
		if amount is None and not answer.faults:
			self.fault(answer, "Amount", _("required"))
		elif amount is not None and cents(amount) != cents(Decimal(str(row.amount))):
			self.fault(answer, "Amount", _("not the amount of the payment"))
		if said.get("Payee") and key(said["Payee"]) != key(row.payee_name):
			self.fault(answer, "Payee", _("not the payee of the payment"))
		if self.is_other_account(said.get("Account"), row):
			self.fault(answer, "Account", _("not the account of the payment"))

	def is_other_account(self, number: str | None, row: Any) -> bool:
		"""A masked number, or one that a spreadsheet has rounded, says nothing."""
		if not number or MASK in number or not number.replace(" ", "").isdecimal():
			return False
		digits = number.replace(" ", "")
		if len(digits) > 15 and digits.endswith("0" * (len(digits) - 15)):
			return False
		account = self.accounts.get(row.payee_account)
		return bool(account) and not sealed_numbers.is_same("Payee Account", account, "account", digits)

	def result_of(self, answer: Answer) -> dict | None:
		"""Fields of the row; None where the bank says nothing yet."""
		word = answer.said.get("Result")
		if not word:
			return None
		more = {"bank_reference": answer.said.get("Bank Reference")}
		if word in self.paid:
			return {"result": "Paid", "paid_on": self.paid_on(answer), "reason": None, **more}
		if word in self.failed:
			return {"result": "Failed", "paid_on": None, "reason": answer.said.get("Failure Reason"), **more}
		self.fault(answer, "Result", _("neither a word for paid nor one for failed (Bank File Layout)"))
		return None

	def paid_on(self, answer: Answer) -> date | None:
		"""As the bank says; else the form gives the day of the payment."""
		day = answer.said.get("Paid On")
		if day and day > getdate():
			self.fault(answer, "Paid On", _("a day that is still to come"))
		return day


def cell_at(cells: Cells, index: int) -> Any:
	return cells[index] if index < len(cells) else None


def content_of(payment: Document, file_url: str) -> bytes:
	"""The file as it is attached to this payment: an address alone gives no right."""
	filters = {
		"file_url": file_url or "no file",
		"attached_to_doctype": payment.doctype,
		"attached_to_name": payment.name,
	}
	for name in frappe.get_all("File", filters, pluck="name", order_by="creation desc"):
		file = frappe.get_doc("File", name)
		if file.has_permission("read"):
			return Path(file.get_full_path()).read_bytes()
	frappe.throw(_("Attach the bank's file to this payment."), title=_("Result of the Bank"))
