from decimal import Decimal

import frappe
from frappe import _
from frappe.model.document import Document

from bangfu_app import aid_stock

LINE_FIELDS = ("student", "partner", "item", "uom", "transfer", "due_back", "received_by")


class AidDistribution(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from bangfu_app.bangfu_app.doctype.aid_distribution_item.aid_distribution_item import (
			AidDistributionItem,
		)

		amended_from: DF.Link | None
		distribution_date: DF.Date
		handed_over_by: DF.Link | None
		items: DF.Table[AidDistributionItem]
		notes: DF.SmallText | None
		purpose: DF.Data
		service_point: DF.Link | None
		total_value: DF.Currency
	# end: auto-generated types

	def validate(self):
		self.validate_receivers()
		self.validate_quantities()
		self.validate_loans()
		self.set_values()

	def before_submit(self):
		self.take_from_lots()
		self.set_values()

	def validate_receivers(self) -> None:
		for row in self.items:
			if bool(row.student) == bool(row.partner):
				frappe.throw(_("Row #{0}: choose either a student or a partner.").format(row.idx))

	def validate_quantities(self) -> None:
		for row in self.items:
			if row.qty <= 0:
				frappe.throw(_("Row #{0}: the quantity must be more than 0.").format(row.idx))

	def validate_loans(self) -> None:
		for row in self.items:
			if row.transfer != "Loan":
				row.due_back = None
			elif not frappe.get_cached_value("Aid Item", row.item, "lendable"):
				frappe.throw(_("Row #{0}: {1} cannot be lent.").format(row.idx, frappe.bold(row.item)))

	def set_values(self) -> None:
		for row in self.items:
			row.amount = aid_stock.value_of(row.qty, row.unit_value)
		self.total_value = sum((row.amount for row in self.items), Decimal(0))

	def take_from_lots(self) -> None:
		"""Point each line at the donation line its goods come from; a line that needs several is split."""
		available = aid_stock.lots(sorted({row.item for row in self.items}), lock=True)
		lines = list(self.items)
		wanted = [(row.item, row.donation, Decimal(str(row.qty))) for row in lines]
		portions, missing = aid_stock.first_in_first_out(wanted, available)
		if missing:
			aid_stock.throw_missing(missing, available)

		self.set("items", [])
		placed = set()
		for portion in portions:
			line = lines[portion.line]
			# the first portion keeps the row as the user entered it, the others are new rows after it
			row = self.append("items", line if portion.line not in placed else _copy_of(line))
			placed.add(portion.line)
			row.idx = len(self.items)
			row.update(
				{
					"qty": float(portion.qty),
					"donation": portion.lot.donation,
					"donation_line": portion.lot.name,
					"donor": portion.lot.donor,
					"unit_value": portion.lot.unit_value,
				}
			)


def _copy_of(line: Document) -> dict:
	return {fieldname: line.get(fieldname) for fieldname in (*LINE_FIELDS, "student_name")}
