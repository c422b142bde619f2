from decimal import Decimal

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.model.mapper import get_mapped_doc
from frappe.utils import get_link_to_form

from bangfu_app import aid_stock


class AidDonation(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from bangfu_app.bangfu_app.doctype.aid_donation_item.aid_donation_item import AidDonationItem

		amended_from: DF.Link | None
		donation_date: DF.Date
		donor: DF.Link
		donor_type: DF.Literal[
			"",
			"School",
			"Enterprise",
			"Foundation",
			"University",
			"Clinic",
			"Social Organisation",
			"Government",
			"Individual",
		]
		items: DF.Table[AidDonationItem]
		notes: DF.SmallText | None
		restriction: DF.SmallText | None
		total_value: DF.Currency
	# end: auto-generated types

	def validate(self):
		self.validate_quantities()
		self.set_values()

	def before_cancel(self):
		self.validate_nothing_distributed()

	def validate_quantities(self) -> None:
		for row in self.items:
			if row.qty <= 0:
				frappe.throw(_("Row #{0}: the quantity must be more than 0.").format(row.idx))

	def set_values(self) -> None:
		for row in self.items:
			row.amount = aid_stock.value_of(row.qty, row.unit_value)
		self.total_value = sum((row.amount for row in self.items), Decimal(0))

	def validate_nothing_distributed(self) -> None:
		"""Goods already in a student's hands hold their donation (M3, peers: correction by reversal)."""
		if held_by := aid_stock.distributions_of([row.name for row in self.items]):
			frappe.throw(
				_("Goods of this donation were distributed. Cancel these distributions first: {0}").format(
					", ".join(get_link_to_form("Aid Distribution", name) for name in held_by)
				),
				title=_("Already Distributed"),
			)


@frappe.whitelist()
def make_distribution(source_name: str, target_doc: str | Document | None = None) -> Document:
	"""A distribution of what is left of this donation."""
	frappe.has_permission("Aid Donation", "read", source_name, throw=True)
	left = {lot.name: lot.left for lot in aid_stock.lots() if lot.donation == source_name}

	def set_line(source, target, source_parent):
		target.update({"donation": source_parent.name, "qty": left.get(source.name, 0)})

	return get_mapped_doc(
		"Aid Donation",
		source_name,
		{
			"Aid Donation": {
				"doctype": "Aid Distribution",
				"field_no_map": ["notes", "total_value"],
				"validation": {"docstatus": ["=", 1]},
			},
			"Aid Donation Item": {
				"doctype": "Aid Distribution Item",
				"field_map": {"item": "item"},
				"condition": lambda row: left.get(row.name, 0) > 0,
				"postprocess": set_line,
			},
		},
		target_doc,
	)
