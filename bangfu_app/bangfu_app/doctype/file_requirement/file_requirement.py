from frappe.model.document import Document


class FileRequirement(Document):
	"""An item that a file needs to be complete, with its weight (completeness.py)."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		applies_to: DF.Literal["Every File", "In Support", "Closed"]
		item: DF.Literal[
			"Identity Number",
			"Student Number",
			"Guardian and Phone",
			"Home Address",
			"Strengths",
			"Supporting Paper",
			"Student Circumstances",
			"Consent to Support",
			"Needs Survey",
			"Support Plan",
			"Pairing",
			"Session Held",
			"Support Evaluation",
		]
		need_group: DF.Literal[
			"", "Economic", "Academic", "Physical-mental", "Emotional", "Special Education", "Conduct"
		]
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		stage: DF.Literal[
			"", "Compulsory Education", "Senior Secondary", "Vocational Education", "Higher Education"
		]
		weight: DF.Int
	# end: auto-generated types
