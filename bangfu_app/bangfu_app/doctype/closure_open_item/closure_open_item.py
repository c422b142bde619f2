from frappe.model.document import Document


class ClosureOpenItem(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		item: DF.Data | None
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		reason: DF.Data | None
		reference_doctype: DF.Link | None
		reference_name: DF.DynamicLink | None
		settled: DF.Check
	# end: auto-generated types

	pass
