"""From the students without aid to a draft batch that gives them some (M5)."""

import frappe
from frappe import _

from bangfu_app.arguments import parse
from bangfu_app.bangfu_app.report.coverage_gap.coverage_gap import FILTERS
from bangfu_app.money import coverage, subsidy_batches
from bangfu_app.report_parts import chosen


@frappe.whitelist(methods=["POST"])
def make_batch(scheme: str, filters: str | dict | None = None) -> dict[str, str | int]:
	"""A draft Subsidy Batch with those of the report Coverage Gap whom the scheme fits and who have no claim.

	`filters`: of the report. Returns {"batch", "added", "left_out"}; throws when nobody can be added.
	"""
	frappe.has_permission("Subsidy Batch", "create", throw=True)
	frappe.has_permission("Subsidy Scheme", "read", scheme, throw=True)
	filters = chosen(parse(filters or {}, dict), FILTERS)
	asked = coverage.asked_by(filters)
	gap = set(coverage.recognised(asked).run(pluck=True)) - coverage.aided(asked)
	batch = frappe.get_doc(
		{
			"doctype": "Subsidy Batch",
			"title": f"{scheme} {filters.term or asked.to_date}",
			"scheme": scheme,
			"term": filters.term or coverage.current_term(),
			"school": filters.school,
		}
	).insert()
	file = frappe.qb.DocType("Student File")
	added = subsidy_batches.fill(batch, file.name.isin(sorted(gap) or [""]))["added"]
	if not added:
		frappe.throw(
			_("The scheme {0} fits none of these students, or all have it already.").format(
				frappe.bold(scheme)
			),
			title=_("Make Subsidy Batch"),
		)
	return {"batch": batch.name, "added": added, "left_out": len(gap) - added}
