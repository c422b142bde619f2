from bangfu_app.goods import aid_lines
from bangfu_app.goods.aid_lines import GoodsDocument


class AidWriteOff(GoodsDocument):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from bangfu_app.bangfu_app.doctype.aid_write_off_item.aid_write_off_item import AidWriteOffItem

		amended_from: DF.Link | None
		explanation: DF.SmallText
		items: DF.Table[AidWriteOffItem]
		paper: DF.Attach | None
		reason: DF.Literal["Damaged", "Lost", "Expired", "Stocktake"]
		school: DF.Link | None
		service_point: DF.Link | None
		total_value: DF.Currency
		write_off_date: DF.Date
	# end: auto-generated types

	def validate(self):
		aid_lines.validate_quantities(self)
		aid_lines.set_values(self)

	def before_submit(self):
		aid_lines.take_from_lots(self, self.write_off_date, ("item", "uom"))
		aid_lines.set_values(self)
