from frappe.model.document import Document


class MergeChoice(Document):
	"""A field in which two files differ, and from which one it is taken."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		fieldname: DF.Data
		kept_value: DF.SmallText | None
		label: DF.Data | None
		merged_value: DF.SmallText | None
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		take: DF.Literal["Stays", "Goes"]
	# end: auto-generated types
