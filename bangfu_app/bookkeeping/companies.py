"""Which company's books a document belongs into, and that company's accounts, warehouse and cost centre."""

from dataclasses import dataclass

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_link_to_form

# account of a row of Bookkeeping Company → the root type it has in a chart of accounts
ACCOUNTS = {
	"donation_income_account": "Income",
	"aid_expense_account": "Expense",
	"write_off_account": "Expense",
	"bank_account": "Asset",
}


class NotSetUp(frappe.ValidationError):
	"""Something that the books need is not set; the message says what, and where to set it."""


@dataclass(frozen=True)
class Books:
	"""One row of Bangfu Settings → Bookkeeping."""

	company: str
	row: Document

	def account(self, fieldname: str) -> str:
		account = self.row.get(fieldname)
		if not account or not frappe.db.exists("Account", account):
			missing(
				_("{0} of {1} is not set.").format(frappe.bold(label(fieldname)), frappe.bold(self.company))
			)
		return account

	def cost_center(self, fund: str | None = None) -> str:
		"""That of the fund, else of the row, else ERPNext's default of the company."""
		own = fund and frappe.db.get_value("Aid Fund", fund, "cost_center")
		if own and frappe.get_cached_value("Cost Center", own, "company") != self.company:
			frappe.throw(
				_("Cost centre {0} of the fund {1} belongs to another company than {2}.").format(
					frappe.bold(own), get_link_to_form("Aid Fund", fund), frappe.bold(self.company)
				),
				exc=NotSetUp,
			)
		found = own or self.row.get("cost_center")
		found = found or frappe.get_cached_value("Company", self.company, "cost_center")
		return found or missing(_("{0} has no cost centre.").format(frappe.bold(self.company)))

	def warehouse(self, service_point: str | None = None) -> str:
		"""That of the service point where it is one of this company, else of the row."""
		own = service_point and frappe.db.get_value("Service Point", service_point, "warehouse")
		if own and frappe.db.get_value("Warehouse", own, "company") == self.company:
			return own
		found = self.row.get("warehouse")
		if not found or not frappe.db.exists("Warehouse", found):
			missing(_("The warehouse of {0} is not set.").format(frappe.bold(self.company)))
		return found


def label(fieldname: str) -> str:
	return _(frappe.get_meta("Bookkeeping Company").get_label(fieldname))


def missing(what: str) -> None:
	where = get_link_to_form("Bangfu Settings", "Bangfu Settings", _("Bangfu Settings → Bookkeeping"))
	frappe.throw(_("{0} Set it in {1}.").format(what, where), exc=NotSetUp, title=_("Bookkeeping"))


def rows() -> list[Document]:
	return frappe.get_cached_doc("Bangfu Settings").get("bookkeeping_companies") or []


def books_of(company: str) -> Books:
	for row in rows():
		if row.company == company:
			return Books(company, row)
	missing(_("Company {0} has no row.").format(frappe.bold(company)))


def books_for(doc: Document) -> Books:
	"""The books of the document's school; else of the default company, or of the only one."""
	school = doc.get("school")
	if school and (company := frappe.db.get_value("School", school, "company")):
		return books_of(company)
	found = [row for row in rows() if row.is_default] or (rows() if len(rows()) == 1 else [])
	if not found or not found[0].company:
		missing(
			_("Neither has school {0} a company, nor is there a default company.").format(frappe.bold(school))
			if school
			else _("The document has no school, and there is no default company.")
		)
	return Books(found[0].company, found[0])
