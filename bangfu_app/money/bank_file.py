"""The file that a bank pays by: accounts in clear, in the bank's own layout; never a word of a student's need (M4)."""

import re
from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import now_datetime
from frappe.utils.file_manager import remove_file
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from bangfu_app.amounts import cents
from bangfu_app.money import bank_layouts, subsidy_payments
from bangfu_app.privacy import disclosure, export, sealed_numbers
from bangfu_app.privacy.number_kinds import BANK_ACCOUNT
from bangfu_app.privacy.unmasking import shown_kinds

WIDTHS = {"No.": 6, "Account": 26, "Bank": 28, "Row Reference": 24, "Remark": 20}


def make(payment: Document) -> str:
	"""Write the file of a draft payment, attach it and log it; returns its address.

	What is written to the database comes after the file is whole on the disk: a full disk changes nothing.
	"""
	require_right()
	if payment.docstatus != 0:
		frappe.throw(
			_("The results of this payment are booked; no file is made of it."), title=_("Bank File")
		)
	layout = bank_layouts.layout_for(payment.layout)
	subsidy_payments.hold(payment.batch)
	subsidy_payments.renew_payees(payment)
	subsidy_payments.require_confirmed(payment)
	file = attach(payment, workbook(layout, payment))
	payment.update({"layout": layout.name, "bank_file": file.file_url, "file_made_on": now_datetime()})
	payment.flags.renewed = True
	payment.save()
	disclosure.log(
		"Export",
		payment.doctype,
		payment.name,
		row_count=len(payment.rows),
		file_name=file.file_name,
		reason=_("Bank file, to pay by"),
	)
	discard_others(payment, file.name)
	return file.file_url


def require_right() -> None:
	"""The file shows account numbers: a right of its own, beside the one to make payments."""
	if BANK_ACCOUNT.name not in shown_kinds():
		frappe.throw(
			_("You have no right to see such numbers."), exc=frappe.PermissionError, title=_("Not Permitted")
		)


def attach(payment: Document, content: bytes) -> Document:
	"""Frappe writes the content before the record; what a failing disk leaves of it is taken away."""
	file = frappe.get_doc(
		{
			"doctype": "File",
			"file_name": f"{payment.name}-{now_datetime():%Y%m%d-%H%M%S}.xlsx",
			"attached_to_doctype": payment.doctype,
			"attached_to_name": payment.name,
			"attached_to_field": "bank_file",
			"is_private": 1,
			"content": content,
		}
	)
	try:
		return file.insert()
	except OSError:
		if file.file_url:
			Path(file.get_full_path()).unlink(missing_ok=True)
		frappe.throw(
			_(
				"The bank file could not be written: the disk is full or cannot be reached. Nothing was changed."
			),
			title=_("Bank File"),
		)


def discard_others(payment: Document, kept: str) -> None:
	"""Former files: two of them in one place would be paid twice."""
	filters = {
		"attached_to_doctype": payment.doctype,
		"attached_to_name": payment.name,
		"attached_to_field": "bank_file",
		"name": ["!=", kept],
	}
	for name in frappe.get_all("File", filters, pluck="name"):
		remove_file(name, payment.doctype, payment.name, delete_permanently=True)


# ---------------------------------------------------------------- the workbook


def reference(payment: Document, row: Any) -> str:
	"""What the bank brings back with each row; of this payment alone."""
	return f"{payment.name}-{row.idx:04d}"


def remark(payment: Document) -> str:
	"""What the family reads on the statement: the scheme's neutral name, never its own (M15)."""
	neutral = frappe.db.get_value("Subsidy Scheme", payment.scheme, "neutral_name")
	return neutral or _("Student Subsidy", "zh")


def workbook(layout: Document, payment: Document) -> bytes:
	book = Workbook(write_only=True)
	sheet = book.create_sheet()
	for place, column in enumerate(layout.columns, start=1):
		sheet.column_dimensions[get_column_letter(place)].width = WIDTHS.get(column.holds, 14)
	if layout.title_row:
		sheet.append([export.shown(layout.title_row, {})])
	sheet.append([export.heading(sheet, column.heading) for column in layout.columns])
	for cells in lines(layout, payment):
		sheet.append([cell_of(sheet, *cell) for cell in cells])
	if layout.total_row:
		sheet.append(total_line(sheet, layout, payment))
	content = BytesIO()
	book.save(content)
	return content.getvalue()


def lines(layout: Document, payment: Document) -> Iterator[list[tuple[str, Any]]]:
	"""(what the column holds, value) of each row; the results are the bank's to fill in."""
	numbers, said = numbers_of(payment), remark(payment)
	for row in payment.rows:
		values = {
			"No.": row.idx,
			"Payee": row.payee_name,
			"Account": numbers[row.payee_account],
			"Bank": row.bank_name,
			"Amount": cents(Decimal(str(row.amount))),
			"Remark": said,
			"Row Reference": reference(payment, row),
		}
		yield [
			(column.holds, column.fixed_text if column.holds == "Fixed Text" else values.get(column.holds))
			for column in layout.columns
		]


def numbers_of(payment: Document) -> dict[str, str]:
	"""Payee Account → number in clear; the right to it was asked for (`require_right`)."""
	names = sorted({row.payee_account for row in payment.rows})
	fields = ["name", "account_cipher"]
	accounts = frappe.get_all("Payee Account", {"name": ["in", names]}, fields)
	return {account.name: sealed_numbers.unseal(account, "account") for account in accounts}


def cell_of(sheet: Any, holds: str, value: Any) -> Any:
	"""Amounts are numbers; all else is text, so that no spreadsheet rounds an account."""
	if value is None or holds == "No.":
		return value
	cell = WriteOnlyCell(sheet, value if holds == "Amount" else export.shown(str(value), {}))
	cell.number_format = "0.00" if holds == "Amount" else "@"
	return cell


def total_line(sheet: Any, layout: Document, payment: Document) -> list[Any]:
	"""The sum as a figure, not as a formula: what the bank reads is what was approved."""
	cells: list[Any] = [None] * len(layout.columns)
	places = {column.holds: place for place, column in enumerate(layout.columns)}
	label = WriteOnlyCell(sheet, _("Total", "zh"))
	label.font = Font(bold=True)
	cells[0] = label
	cells[places["Amount"]] = cell_of(sheet, "Amount", cents(Decimal(str(payment.total_amount))))
	return cells


def is_total(cell: Any) -> bool:
	return isinstance(cell, str) and bool(
		re.fullmatch(r"\s*(合\s*计|总\s*计|total)\s*[::]?\s*", cell, re.IGNORECASE)
	)
