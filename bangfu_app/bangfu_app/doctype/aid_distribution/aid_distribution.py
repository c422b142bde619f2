import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate, nowdate

from bangfu_app.goods import aid_lines, aid_returns, aid_stock, restriction
from bangfu_app.goods.aid_lines import GoodsDocument
from bangfu_app.goods.aid_stock import Lot
from bangfu_app.mapping import get_mapped_doc

# what the parts of a line share that takes from several lots
LINE_FIELDS = (
	"student",
	"student_name",
	"partner",
	"item",
	"uom",
	"plan",
	"plan_aid",
	"transfer",
	"due_back",
)
LINE_FIELDS += ("received_by", "received_on", "signature", "proof")


class AidDistribution(GoodsDocument):
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
		school: DF.Link | None
		service_point: DF.Link | None
		total_value: DF.Currency
	# end: auto-generated types

	def validate(self):
		self.validate_receivers()
		aid_lines.validate_quantities(self)
		self.validate_loans()
		self.validate_hand_over()
		aid_lines.set_values(self)

	def before_submit(self):
		facts = restriction.facts_of([row.student for row in self.items if row.student])

		def refuse(row: Document, lot: Lot) -> str | None:
			if row.student:
				field = restriction.misfit(lot.restriction, facts.get(row.student))
			else:
				field = restriction.misfit_of_partner(lot.restriction, row.partner)
			return field and restriction.in_words(lot.restriction, field)

		aid_lines.take_from_lots(self, self.distribution_date, LINE_FIELDS, refuse)
		aid_lines.set_values(self)

	def before_update_after_submit(self):
		self.validate_hand_over()

	def before_cancel(self):
		names = [row.name for row in self.items]
		aid_lines.throw_held(
			_("Goods of this distribution came back. Cancel these records first: {0}"),
			{"Aid Return": aid_stock.documents_at("Aid Return Item", names, by="distribution_line")},
		)

	def validate_receivers(self) -> None:
		for row in self.items:
			if bool(row.student) == bool(row.partner):
				frappe.throw(_("Row #{0}: choose either a student or a partner.").format(row.idx))

	def validate_loans(self) -> None:
		for row in self.items:
			if row.transfer != "Loan":
				row.due_back = None
			elif not frappe.get_cached_value("Aid Item", row.item, "lendable"):
				frappe.throw(_("Row #{0}: {1} cannot be lent.").format(row.idx, frappe.bold(row.item)))
			elif not row.due_back or getdate(row.due_back) < getdate(self.distribution_date):
				frappe.throw(_("Row #{0}: enter the day on which the loan is due back.").format(row.idx))

	def validate_hand_over(self) -> None:
		"""The lead time is counted to this day (M3)."""
		for row in self.items:
			if not row.received_on:
				continue
			day = getdate(row.received_on)
			if not getdate(self.distribution_date) <= day <= getdate(nowdate()):
				frappe.throw(
					_("Row #{0}: goods are received between the day of the distribution and today.").format(
						row.idx
					)
				)


@frappe.whitelist()
def make_return(source_name: str, target_doc: str | Document | None = None) -> Document:
	"""A return of what is still out of this distribution."""
	frappe.has_permission("Aid Distribution", "read", source_name, throw=True)
	lines = frappe.get_all("Aid Distribution Item", {"parent": source_name}, pluck="name")
	out = aid_returns.still_out(lines)

	def set_line(source, target, source_parent):
		target.update({"distribution": source_parent.name, "qty": float(out[source.name])})

	return get_mapped_doc(
		"Aid Distribution",
		source_name,
		{
			"Aid Distribution": {
				"doctype": "Aid Return",
				"field_no_map": ["notes", "total_value"],
				"validation": {"docstatus": ["=", 1]},
			},
			"Aid Distribution Item": {
				"doctype": "Aid Return Item",
				"field_map": {"name": "distribution_line"},
				"condition": lambda row: out.get(row.name, 0) > 0,
				"postprocess": set_line,
			},
		},
		target_doc,
	)
