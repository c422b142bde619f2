import frappe
from frappe import _
from frappe.model.document import Document

from bangfu_app.mapping import get_mapped_doc
from bangfu_app.money import funds


class SupportProgramme(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from bangfu_app.bangfu_app.doctype.programme_duty.programme_duty import ProgrammeDuty
		from bangfu_app.bangfu_app.doctype.programme_phase.programme_phase import ProgrammePhase
		from bangfu_app.bangfu_app.doctype.programme_target.programme_target import ProgrammeTarget

		duties: DF.Table[ProgrammeDuty]
		from_date: DF.Date
		guiding_text: DF.TextEditor | None
		phases: DF.Table[ProgrammePhase]
		policy_references: DF.SmallText | None
		programme_name: DF.Data
		school: DF.Link | None
		status: DF.Literal["Draft", "Running", "Completed"]
		targets: DF.Table[ProgrammeTarget]
		term: DF.Link | None
		to_date: DF.Date
	# end: auto-generated types

	def onload(self):
		if not self.is_new() and frappe.has_permission("Fund Budget", "read"):
			self.set_onload("budget", funds.budget_of(self.doctype, self.name))

	def validate(self):
		self.validate_from_to_dates("from_date", "to_date")
		self.validate_phases()
		self.validate_targets()

	def validate_phases(self) -> None:
		for row in self.phases:
			if row.to_day < row.from_day:
				frappe.throw(_("Row #{0}: the phase ends before it begins.").format(row.idx))

	def validate_targets(self) -> None:
		seen = set()
		for row in self.targets:
			row.has_baseline = int(bool(row.has_baseline or row.baseline))
			row.has_target = int(bool(row.has_target or row.target))
			key = (row.indicator, row.scope, row.scope_name or "")
			if key in seen:
				frappe.throw(
					_("Row #{0}: {1} has a target for this scope already.").format(
						row.idx, frappe.bold(row.indicator)
					)
				)
			seen.add(key)


@frappe.whitelist()
def make_evaluation(source_name: str, target_doc: str | Document | None = None) -> Document:
	"""An annual evaluation with one row for each target."""
	frappe.has_permission("Support Programme", "read", source_name, throw=True)

	def fill(source, target):
		target.update({"purpose": "Annual", "programme": source.name, "evaluated_on": source.to_date})

	return get_mapped_doc(
		"Support Programme",
		source_name,
		{
			"Support Programme": {"doctype": "Support Evaluation", "field_no_map": ["status"]},
			"Programme Target": {"doctype": "Indicator Result"},
		},
		target_doc,
		fill,
	)


@frappe.whitelist()
def make_fund_budget(source_name: str, target_doc: str | Document | None = None) -> Document:
	"""A budget for this programme; the fund is still to be chosen."""
	frappe.has_permission("Support Programme", "read", source_name, throw=True)

	def fill(source, target):
		target.update(
			{
				"title": source.programme_name,
				"reference_doctype": source.doctype,
				"reference_name": source.name,
			}
		)

	fields = {"doctype": "Fund Budget", "field_no_map": ["status"]}
	return get_mapped_doc("Support Programme", source_name, {"Support Programme": fields}, target_doc, fill)
