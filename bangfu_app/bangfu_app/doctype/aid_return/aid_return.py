from collections import defaultdict
from decimal import Decimal

import frappe
from frappe import _
from frappe.utils import flt, getdate

from bangfu_app.goods import aid_lines, aid_returns, aid_stock
from bangfu_app.goods.aid_lines import GoodsDocument

# what a line takes from the distribution line it brings back
TAKEN = (
	"student",
	"student_name",
	"partner",
	"item",
	"uom",
	"donation",
	"donation_line",
	"donor",
	"unit_value",
)


class MoreThanWasOut(frappe.ValidationError):
	pass


class AidReturn(GoodsDocument):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from bangfu_app.bangfu_app.doctype.aid_return_item.aid_return_item import AidReturnItem

		amended_from: DF.Link | None
		items: DF.Table[AidReturnItem]
		notes: DF.SmallText | None
		reason: DF.Data | None
		return_date: DF.Date
		school: DF.Link | None
		total_value: DF.Currency
	# end: auto-generated types

	def check_if_latest(self):
		# a draft names its distribution line already, where the locking read of another return meets it
		aid_stock.wait_in_line()
		super().check_if_latest()

	def validate(self):
		self.set_lines()
		# the students are known only now
		self.check_permission("create" if self.is_new() else "write")
		aid_lines.validate_quantities(self)
		aid_lines.set_values(self)

	def before_submit(self):
		self.validate_out()

	def before_cancel(self):
		self.validate_left()

	def set_lines(self) -> None:
		"""Whatever is sent, a line is about what the distribution says."""
		distributions = {row.distribution for row in self.items}
		for name in distributions:
			frappe.has_permission("Aid Distribution", "read", name, throw=True)
		lines = {
			line.name: line
			for line in frappe.get_all(
				"Aid Distribution Item",
				{"parent": ["in", sorted(distributions)], "docstatus": 1},
				["name", "parent", *TAKEN],
			)
		}
		days = dict(
			frappe.get_all(
				"Aid Distribution",
				{"name": ["in", sorted(distributions)]},
				["name", "distribution_date"],
				as_list=True,
			)
		)
		for row in self.items:
			line = lines.get(row.distribution_line)
			if not line or line.parent != row.distribution:
				frappe.throw(
					_("Row #{0}: goods come back by the button {1} of their submitted distribution.").format(
						row.idx, frappe.bold(_("Aid Return"))
					)
				)
			if getdate(self.return_date) < getdate(days[row.distribution]):
				frappe.throw(_("Row #{0}: goods come back after they were handed out.").format(row.idx))
			row.update({name: line[name] for name in TAKEN})

	def validate_out(self) -> None:
		"""No more comes back than was handed out and is out, counted over all returns."""
		asked: dict[str, Decimal] = defaultdict(Decimal)
		for row in self.items:
			asked[row.distribution_line] += Decimal(str(row.qty))
		out = aid_returns.still_out(sorted(asked), lock=True)
		for row in self.items:
			if asked[row.distribution_line] > out.get(row.distribution_line, 0):
				frappe.throw(
					_("Row #{0}: of {1} only {2} are still out.").format(
						row.idx, frappe.bold(row.item), flt(out.get(row.distribution_line, 0))
					),
					exc=MoreThanWasOut,
					title=_("More Than Was Handed Out"),
				)

	def validate_left(self) -> None:
		"""What was given out again since holds its return."""
		back: dict[str, Decimal] = defaultdict(Decimal)
		for row in self.items:
			if row.outcome == aid_stock.BACK_IN_STOCK:
				back[row.donation_line] += Decimal(str(row.qty))
		lots = aid_stock.lots(sorted({row.item for row in self.items}), lock=True)
		gone = [lot.name for lot in lots if lot.left < back.get(lot.name, 0)]
		own = {row.distribution for row in self.items}
		taken = aid_stock.documents_at("Aid Distribution Item", gone)
		aid_lines.throw_held(
			_("These goods were given out again or written off. Cancel these records first: {0}"),
			{
				"Aid Distribution": [name for name in taken if name not in own] or taken,
				"Aid Write Off": aid_stock.documents_at("Aid Write Off Item", gone),
			},
		)
