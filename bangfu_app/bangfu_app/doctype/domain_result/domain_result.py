from frappe.model.document import Document


class DomainResult(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		difference: DF.Float
		domain: DF.Link
		note: DF.SmallText | None
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		post: DF.Float
		pre: DF.Float
	# end: auto-generated types

	pass
