from frappe.model.document import Document


class WorkbookImportBatch(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		created: DF.Int
		finished_at: DF.Datetime | None
		first_row: DF.Data | None
		last_row: DF.Data | None
		number: DF.Int
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		skipped: DF.Int
		unchanged: DF.Int
		updated: DF.Int
	# end: auto-generated types

	pass
