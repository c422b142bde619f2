from decimal import Decimal

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate

from bangfu_app.amounts import cents
from bangfu_app.money import bank_file, bank_result, subsidy_payments


class SubsidyPayment(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from bangfu_app.bangfu_app.doctype.subsidy_payment_row.subsidy_payment_row import SubsidyPaymentRow

		amended_from: DF.Link | None
		bank_file: DF.Attach | None
		batch: DF.Link
		file_made_on: DF.Datetime | None
		fund: DF.Link | None
		layout: DF.Link | None
		payment_date: DF.Date
		result_file: DF.Attach | None
		rows: DF.Table[SubsidyPaymentRow]
		scheme: DF.Link | None
		school: DF.Link | None
		total_amount: DF.Currency
		total_failed: DF.Currency
		total_paid: DF.Currency
	# end: auto-generated types

	def onload(self):
		if self.docstatus == 0:
			self.set_onload("warnings", subsidy_payments.warnings(self))

	def validate(self):
		if self.docstatus == 0:
			self.take_rows()
		self.settle_results()
		self.set_totals()

	def before_submit(self):
		subsidy_payments.hold(self.batch)
		self.require_results()
		if not self.file_made_on:
			# a file is made with confirmed accounts only; what changes later does not reach the bank
			subsidy_payments.require_confirmed(self)
		for row in self.rows:
			row.open_key = row.batch_row if row.result == "Paid" else None

	def on_update(self):
		if self.docstatus == 0:
			before = self.get_doc_before_save()
			self.follow(before.rows if before else ())

	def on_submit(self):
		self.follow()

	def before_cancel(self):
		subsidy_payments.hold(self.batch)
		subsidy_payments.refuse_if_paid_again(self)
		for row in self.rows:
			row.open_key = None

	def on_cancel(self):
		self.follow()

	def on_trash(self):
		if self.docstatus == 0:
			subsidy_payments.hold(self.batch)
			subsidy_payments.follow(self.batch, [row.batch_row for row in self.rows], without=self.name)

	def take_rows(self) -> None:
		"""Amounts and payees from batch and accounts; the file's own fields from the app's step alone."""
		subsidy_payments.hold(self.batch)
		before, renewed = self.get_doc_before_save(), self.flags.pop("renewed", False)
		if renewed:
			return
		for field in ("bank_file", "file_made_on", "result_file"):
			if not self.flags.get(field):
				self.set(field, before.get(field) if before else None)
		subsidy_payments.settle_rows(self)
		# the rows as they came were judged before; these are of the batch
		self.check_permission("create" if self.is_new() else "write")

	def settle_results(self) -> None:
		"""Each result has what belongs to it and nothing else."""
		today = getdate()
		for row in self.rows:
			row.result = row.result or "Waiting"
			if row.result != "Paid":
				row.paid_on = None
			elif not row.paid_on:
				row.paid_on = min(getdate(self.payment_date), today)
			if row.result != "Failed":
				row.reason = None
			if row.paid_on and getdate(row.paid_on) > today:
				frappe.throw(_("Row #{0}: the day of payment is still to come.").format(row.idx))

	def set_totals(self) -> None:
		amounts = [(row.result, cents(Decimal(str(row.amount or 0)))) for row in self.rows]
		self.total_amount = sum((amount for _result, amount in amounts), Decimal(0))
		self.total_paid = sum((amount for result, amount in amounts if result == "Paid"), Decimal(0))
		self.total_failed = sum((amount for result, amount in amounts if result == "Failed"), Decimal(0))

	def require_results(self) -> None:
		faults = []
		for row in self.rows:
			who = frappe.bold(row.payee_name)
			if row.result not in ("Paid", "Failed"):
				faults.append(_("Row #{0}: {1} has no result yet.").format(row.idx, who))
			elif row.result == "Failed" and not (row.reason or "").strip():
				faults.append(_("Row #{0}: say why the payment to {1} failed.").format(row.idx, who))
		if faults:
			frappe.throw(faults, title=_("Results"), as_list=True)

	def follow(self, former: tuple | list = ()) -> None:
		names = {row.batch_row for row in (*self.rows, *former)}
		subsidy_payments.follow(self.batch, names)

	@frappe.whitelist(methods=["POST"])
	def make_bank_file(self) -> str:
		"""The file for the bank, attached to the payment; returns its address."""
		return bank_file.make(for_writing(self.name))

	@frappe.whitelist(methods=["POST"])
	def read_result(self, file_url: str) -> int:
		"""Take the results from the bank's file, attached to this payment; returns how many rows have none yet."""
		payment = for_writing(self.name)
		if payment.docstatus != 0:
			frappe.throw(_("The results of this payment are booked."), title=_("Result of the Bank"))
		waiting = bank_result.take(payment, bank_result.content_of(payment, str(file_url)))
		payment.result_file = file_url
		payment.flags.result_file = True
		payment.save()
		return waiting


def for_writing(name: str) -> SubsidyPayment:
	"""The stored payment, held until the request ends."""
	payment = frappe.get_doc("Subsidy Payment", name, for_update=True)
	payment.check_permission("write")
	return payment
