from typing import ClassVar

import frappe
from frappe import _

from bangfu_app.excel.values import key
from bangfu_app.money import payee_accounts
from bangfu_app.privacy.number_kinds import BANK_ACCOUNT, NumberKind
from bangfu_app.privacy.sealed_numbers import SealedDocument


class PayeeAccount(SealedDocument):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		account: DF.Data
		account_cipher: DF.SmallText | None
		account_hash: DF.Data | None
		active: DF.Check
		bank_name: DF.Data
		changed_by: DF.Link | None
		changed_on: DF.Datetime | None
		changers: DF.SmallText | None
		confirmed_by: DF.Link | None
		confirmed_on: DF.Datetime | None
		notes: DF.SmallText | None
		payee_name: DF.Data | None
		proof: DF.Attach | None
		relation: DF.Literal["Student", "Guardian", "School"]
		school: DF.Link | None
		student: DF.Link
		student_name: DF.Data | None
		valid_from: DF.Date | None
	# end: auto-generated types

	sealed_numbers: ClassVar[dict[str, NumberKind]] = {"account": BANK_ACCOUNT}

	def validate(self):
		self.set_payee_name()
		self.validate_payee_name()
		payee_accounts.stamp_change(self)

	def on_update(self):
		if self.active:
			payee_accounts.supersede_others(self)

	@frappe.whitelist(methods=["POST"])
	def confirm(self) -> None:
		"""Another user than who changed it confirms where the money goes."""
		account = frappe.get_doc("Payee Account", self.name)
		account.check_permission("write")
		payee_accounts.confirm(account)

	def set_payee_name(self) -> None:
		self.student_name = frappe.db.get_value("Student File", self.student, "student_name")
		if self.relation == "Student" and not self.payee_name:
			self.payee_name = self.student_name

	def validate_payee_name(self) -> None:
		if not self.payee_name:
			frappe.throw(_("Enter the name in which the account stands."), exc=frappe.MandatoryError)
		if self.relation == "Student" and key(self.payee_name) != key(self.student_name):
			frappe.throw(
				_("An account of the student's own stands in the name {0}. Whose is it?").format(
					frappe.bold(self.student_name)
				),
				title=_("Payee Name"),
			)
