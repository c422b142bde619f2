import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_link_to_form, getdate

from bangfu_app.approvals.approved_document import ApprovedDocument
from bangfu_app.approvals.declaration import Approval
from bangfu_app.money import (
	approval_bands,
	eligibility_snapshot,
	funds,
	subsidy_batches,
	subsidy_claims,
	subsidy_payments,
)
from bangfu_app.privacy.disclosure import require_reason


class SubsidyBatch(funds.BooksOnFund, ApprovedDocument):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from bangfu_app.bangfu_app.doctype.subsidy_batch_row.subsidy_batch_row import SubsidyBatchRow

		amended_from: DF.Link | None
		approval_band: DF.Literal["", "Finance", "Leading Group"]
		fund: DF.Link
		month: DF.Date | None
		notes: DF.SmallText | None
		period: DF.Data | None
		period_kind: DF.Data | None
		relief_request: DF.Link | None
		row_count: DF.Int
		rows: DF.Table[SubsidyBatchRow]
		scheme: DF.Link
		school: DF.Link | None
		status: DF.Literal[
			"Draft", "Finance Check", "Leading Group Review", "Approved", "Paid", "Returned", "Revoked"
		]
		term: DF.Link | None
		title: DF.Data
		total_amount: DF.Currency
	# end: auto-generated types

	approval = Approval(
		approved="Approved",
		content=("title", "scheme", "school", "term", "month", "fund", "relief_request", "rows"),
		ends=("Approved", "Paid", "Revoked"),
		by_system=("Paid",),
	)

	def onload(self):
		super().onload()
		self.set_onload("eligibility", eligibility_snapshot.warnings(self))

	def before_validate(self):
		self.settle_period()

	def validate(self):
		subsidy_batches.require_once(self)
		ground = subsidy_batches.ground_of(self)
		stays = self.is_new() or not self.has_value_changed("status")
		subsidy_batches.set_payees(self, may_choose=stays)
		if stays:
			subsidy_batches.set_amounts(self, ground)
		if stays or self.status != "Returned":
			subsidy_batches.require_sound(self, ground)
		self.set_totals()
		approval_bands.require_granted_relief(self)
		if stays or self.status != "Returned":
			funds.require_time(self.fund, subsidy_claims.days_of(self))
		self.flags.ground = ground

	def before_passage(self) -> None:
		if self.status != "Returned" and not self.rows:
			frappe.throw(_("Add the students first."), title=_("Rows of the Batch"))

	def before_submit(self):
		self.require_same_band()
		subsidy_claims.take(self)
		funds.require_left(self.fund, self.total_amount, school=self.school)
		ground = self.flags.ground
		eligibility_snapshot.take(self, ground.rule, ground.facts)

	def before_cancel(self):
		super().before_cancel()
		self.require_nothing_paid()
		subsidy_claims.free(self)
		eligibility_snapshot.drop(self)

	def check_if_latest(self):
		"""Batches of one scheme are approved one after the other: scheme, fund, then the batch's own rows."""
		if self.docstatus == 1 and isinstance(self.scheme, str):
			subsidy_claims.hold(self.scheme)
		super().check_if_latest()

	def settle_period(self) -> None:
		scheme = frappe.get_cached_doc("Subsidy Scheme", self.scheme)
		if self.is_new() and not scheme.enabled:
			frappe.throw(_("The scheme {0} is closed. Choose another one.").format(frappe.bold(scheme.name)))
		if scheme.period_kind == "Month" and not self.month:
			self.month = getdate()
		if scheme.period_kind in ("Term", "School Year") and not self.term:
			self.term = subsidy_claims.term_on()
		self.period_kind = scheme.period_kind
		# each relief is a claim of its own: hardship may come twice in a term (M6)
		self.period = self.relief_request or subsidy_claims.period_of(scheme, self.term, self.month)
		self.fund = self.fund or scheme.fund

	def set_totals(self) -> None:
		self.row_count = len(self.rows)
		self.total_amount = subsidy_batches.total_of(self.rows)
		self.approval_band = approval_bands.band_of(self)

	def write_totals(self) -> None:
		self.set_totals()
		self.db_set({name: self.get(name) for name in ("row_count", "total_amount", "approval_band")})

	def require_same_band(self) -> None:
		"""The band that the approval was given in still holds for this sum."""
		if self.has_value_changed("approval_band"):
			frappe.throw(
				_(
					"By Bangfu Settings this sum is approved by: {0}. Return the batch, so that it goes there."
				).format(frappe.bold(_(self.approval_band))),
				title=_("Approval Band"),
			)

	def require_nothing_paid(self) -> None:
		"""Money that left, or is about to, is taken back by its payment first."""
		payments = frappe.get_all(
			"Subsidy Payment", {"batch": self.name, "docstatus": ["<", 2]}, pluck="name", order_by="name"
		)
		faults = subsidy_batches.paid_rows(self.name)
		if payments:
			faults.append(
				_("Cancel or delete these payments first: {0}").format(
					", ".join(get_link_to_form("Subsidy Payment", name) for name in payments)
				)
			)
		if faults:
			frappe.throw(faults, title=_("Already Paid"), as_list=True)

	def follow_rows(self) -> None:
		"""Paid once every row is paid or withdrawn, and back when one is not any more: the app's own step."""
		states = frappe.get_all("Subsidy Batch Row", {"parent": self.name}, pluck="status")
		paid = "Paid" in states and set(states) <= set(subsidy_claims.SETTLED)
		if paid != (self.status == "Paid"):
			self.set_state("Paid" if paid else "Approved")

	@frappe.whitelist(methods=["POST"])
	def fill_from_scheme(self) -> dict[str, int]:
		"""Add the students whom the scheme fits; see `subsidy_batches.fill`. As stored: save the form first."""
		batch = frappe.get_doc("Subsidy Batch", self.name, for_update=True)
		batch.check_permission("write")
		if batch.status not in ("Draft", "Returned"):
			frappe.throw(
				_("Students are added to a batch that is a draft or was returned."),
				title=_("Fill from Scheme"),
			)
		return subsidy_batches.fill(batch)

	@frappe.whitelist(methods=["POST"])
	def withdraw(self, row: str, reason: str) -> None:
		"""Take a row that is not paid out of the batch: its claim and its money are free again."""
		batch = frappe.get_doc("Subsidy Batch", self.name, for_update=True)
		batch.check_permission("submit")
		subsidy_batches.withdraw(batch, row, require_reason(reason))
		batch.follow_rows()


@frappe.whitelist()
def make_payment(source_name: str, target_doc: str | Document | None = None) -> Document:
	"""A payment of all rows that are due or failed and have an account; the others are named."""
	frappe.has_permission("Subsidy Batch", "read", source_name, throw=True)
	frappe.has_permission("Subsidy Payment", "create", throw=True)
	subsidy_payments.hold(source_name)
	payment = frappe.new_doc("Subsidy Payment", batch=source_name)
	without = subsidy_payments.fill(payment)
	if not payment.rows and not without:
		frappe.throw(
			_("Every row of this batch is paid, at the bank or withdrawn."), title=_("Subsidy Payment")
		)
	if without:
		names = "、".join(row.student_name for row in without)
		frappe.msgprint(
			_("Left out, without an active account: {0}").format(frappe.utils.escape_html(names)),
			title=_("Subsidy Payment"),
			indicator="orange",
		)
	return payment
