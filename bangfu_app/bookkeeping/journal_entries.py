"""Money in ERPNext: one Journal Entry between the bank and what it was for; the fund is the cost centre."""

from decimal import Decimal

import frappe
from frappe import _
from frappe.model.document import Document

from bangfu_app.bookkeeping import companies, documents


def of_donation(doc: Document) -> list[Document]:
	return _entry(doc, "bank_account", "donation_income_account")


def of_payment(doc: Document) -> list[Document]:
	"""The rows stay with the payment: ERPNext gets their sum and no name."""
	return _entry(doc, "aid_expense_account", "bank_account")


def of_spending(doc: Document) -> list[Document]:
	return _entry(doc, "aid_expense_account", "bank_account")


def _entry(doc: Document, debit: str, credit: str) -> list[Document]:
	"""The Journal Entry, not inserted; none of a payment in which nothing was paid."""
	value = documents.value_of(doc)
	amount = abs(value)
	if not amount:
		return []
	books = companies.books_for(doc)
	day = doc.get(documents.DATES[doc.doctype])
	sides = ((debit, "debit_in_account_currency"), (credit, "credit_in_account_currency"))
	voucher = frappe.get_doc(
		{
			"doctype": "Journal Entry",
			"voucher_type": "Bank Entry",
			"company": books.company,
			"posting_date": day,
			"cheque_no": doc.name,
			"cheque_date": day,
			"user_remark": f"{_(doc.doctype)} {doc.name}",
			"accounts": [_row(doc, books, account, side, amount) for account, side in sides],
		}
	)
	voucher.flags.bangfu_value = value
	return [voucher]


def _row(doc: Document, books: companies.Books, account: str, side: str, amount: Decimal) -> dict:
	return {
		"account": books.account(account),
		"cost_center": books.cost_center(doc.get("fund")),
		side: float(amount),
	}
