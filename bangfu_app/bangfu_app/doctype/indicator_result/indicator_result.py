from frappe.model.document import Document


class IndicatorResult(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		actual: DF.Float
		attainment: DF.Data | None
		baseline: DF.Float
		direction: DF.Literal["", "Higher is better", "Lower is better"]
		evidence: DF.SmallText | None
		gap_closed: DF.Data | None
		has_actual: DF.Check
		has_baseline: DF.Check
		has_target: DF.Check
		indicator: DF.Link
		met: DF.Literal["", "Met", "Not Met"]
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		population: DF.Data | None
		scope: DF.Literal["", "Programme", "School", "Grade", "Class", "Teacher", "Group"]
		scope_name: DF.Data | None
		target: DF.Float
		unit: DF.Literal["", "%", "pp", "Relative %", "Points", "Grade Steps", "Person-times"]
	# end: auto-generated types

	pass
