import frappe
from frappe import _
from frappe.model.document import Document

from bangfu_app.goods import aid_lines, aid_stock
from bangfu_app.goods.aid_lines import GoodsDocument
from bangfu_app.mapping import get_mapped_doc
from bangfu_app.money import funds, money_donations


class AidDonation(funds.BooksOnFund, GoodsDocument):
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
		for_need_group: DF.Literal[
			"", "Economic", "Academic", "Physical-mental", "Emotional", "Special Education", "Conduct"
		]
		for_school: DF.Link | None
		for_stage: DF.Literal[
			"", "Compulsory Education", "Senior Secondary", "Vocational Education", "Higher Education"
		]
		fund: DF.Link | None
		items: DF.Table[AidDonationItem]
		kind: DF.Literal["Goods", "Money"]
		money_amount: DF.Currency
		notes: DF.SmallText | None
		payment_reference: DF.Data | None
		pledge: DF.Link | None
		restriction: DF.SmallText | None
		school: DF.Link | None
		service_point: DF.Link | None
		thanked_on: DF.Date | None
		total_value: DF.Currency
	# end: auto-generated types

	def validate(self):
		money_donations.settle(self)
		if self.kind != "Money":
			self.validate_goods()
			aid_lines.set_values(self)

	def before_cancel(self):
		if self.kind == "Money":
			money_donations.require_unspent(self)
		else:
			self.validate_nothing_moved()

	def validate_goods(self) -> None:
		if not self.items:
			frappe.throw(_("Enter the goods that were given."))
		aid_lines.validate_quantities(self)
		for row in self.items:
			if row.basis == "Appraised" and not row.basis_note:
				frappe.throw(
					_("Row #{0}: say in {1} who appraised it and how.").format(
						row.idx, frappe.bold(_("Basis in Words"))
					)
				)

	def validate_nothing_moved(self) -> None:
		"""Goods that left the stock hold their donation (M3, peers: correction by reversal)."""
		names = [row.name for row in self.items]
		aid_lines.throw_held(
			_("Goods of this donation were given out or written off. Cancel these records first: {0}"),
			{
				"Aid Distribution": aid_stock.documents_at("Aid Distribution Item", names),
				"Aid Write Off": aid_stock.documents_at("Aid Write Off Item", names),
			},
		)


@frappe.whitelist()
def make_distribution(source_name: str, target_doc: str | Document | None = None) -> Document:
	"""A distribution of what is left of this donation."""
	frappe.has_permission("Aid Donation", "read", source_name, throw=True)
	return map_what_is_left(source_name, "Aid Distribution", target_doc)


@frappe.whitelist()
def make_write_off(source_name: str, target_doc: str | Document | None = None) -> Document:
	"""A write-off of what is left of this donation, to be cut down to what is gone."""
	frappe.has_permission("Aid Donation", "read", source_name, throw=True)
	return map_what_is_left(source_name, "Aid Write Off", target_doc)


def map_what_is_left(name: str, target: str, target_doc: str | Document | None) -> Document:
	left = {lot.name: lot.left for lot in aid_stock.lots() if lot.donation == name}

	def set_line(source, target, source_parent):
		target.update({"donation": source_parent.name, "qty": left.get(source.name, 0)})

	return get_mapped_doc(
		"Aid Donation",
		name,
		{
			"Aid Donation": {
				"doctype": target,
				"field_no_map": ["notes", "total_value"],
				"validation": {"docstatus": ["=", 1]},
			},
			"Aid Donation Item": {
				"doctype": f"{target} Item",
				"condition": lambda row: left.get(row.name, 0) > 0,
				"postprocess": set_line,
			},
		},
		target_doc,
	)
