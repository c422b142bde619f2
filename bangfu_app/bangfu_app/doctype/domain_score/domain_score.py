from frappe.model.document import Document


class DomainScore(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		answer_score: DF.Data | None
		difference: DF.Data | None
		domain: DF.Link
		last_score: DF.Data | None
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		rater: DF.Data | None
		score: DF.Int
		weight: DF.Float
		wording: DF.SmallText | None
	# end: auto-generated types

	pass
