from frappe.model.document import Document

from bangfu_app.money import bank_layouts


class BankFileLayout(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from bangfu_app.bangfu_app.doctype.bank_file_column.bank_file_column import BankFileColumn

		columns: DF.Table[BankFileColumn]
		enabled: DF.Check
		failed_words: DF.SmallText | None
		layout_name: DF.Data
		paid_words: DF.SmallText | None
		title_row: DF.Data | None
		total_row: DF.Check
	# end: auto-generated types

	def validate(self):
		bank_layouts.check(self)
