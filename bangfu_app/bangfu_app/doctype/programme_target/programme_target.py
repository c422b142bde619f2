from frappe.model.document import Document


class ProgrammeTarget(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		baseline: DF.Float
		baseline_date: DF.Date | None
		has_baseline: DF.Check
		has_target: DF.Check
		indicator: DF.Link
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		population: DF.Data | None
		rationale: DF.SmallText | None
		scope: DF.Literal["Programme", "School", "Grade", "Class", "Teacher", "Group"]
		scope_name: DF.Data | None
		target: DF.Float
	# end: auto-generated types

	pass
