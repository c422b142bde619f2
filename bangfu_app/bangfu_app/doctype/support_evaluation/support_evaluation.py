from decimal import Decimal

import frappe
from frappe import _
from frappe.model.document import Document

from bangfu_app import indicator_figures
from bangfu_app.attainment import as_percent, attainment, figure, gap_closed, is_met
from bangfu_app.bangfu_app.doctype.student_file.student_file import require_same_student


class SupportEvaluation(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from bangfu_app.bangfu_app.doctype.domain_result.domain_result import DomainResult
		from bangfu_app.bangfu_app.doctype.indicator_result.indicator_result import IndicatorResult

		amended_from: DF.Link | None
		domain_results: DF.Table[DomainResult]
		evaluated_on: DF.Date
		evaluation_title: DF.Data | None
		indicator_results: DF.Table[IndicatorResult]
		lessons: DF.SmallText | None
		next_steps: DF.SmallText | None
		plan: DF.Link | None
		programme: DF.Link | None
		purpose: DF.Literal["Baseline", "Monthly", "Quarterly", "Term", "Annual", "Closing", "Follow-up"]
		school: DF.Link | None
		student: DF.Link | None
		student_name: DF.Data | None
		summary: DF.TextEditor | None
	# end: auto-generated types

	def validate(self):
		if not (self.student or self.programme):
			frappe.throw(_("Choose the student or the programme that is evaluated."))
		require_same_student(self, "plan")
		self.set_indicator_results()
		self.set_domain_results()
		self.evaluation_title = (
			f"{self.student_name or self.programme} {_(self.purpose, context='Support Evaluation')}"
		)

	def before_submit(self):
		if not (self.indicator_results or self.domain_results):
			frappe.throw(_("An evaluation needs results: of indicators, of domains, or both."))

	def set_indicator_results(self) -> None:
		"""Attainment, gap closed and met of each row (domain §6)."""
		for row in self.indicator_results:
			indicator = frappe.get_cached_doc("Support Indicator", row.indicator)
			row.unit, row.direction = indicator.unit, indicator.direction
			for name in ("baseline", "target", "actual"):
				row.set(f"has_{name}", int(bool(row.get(f"has_{name}") or row.get(name))))
			baseline = figure(row.baseline, row.has_baseline)
			target = figure(row.target, row.has_target)
			actual = figure(row.actual, row.has_actual)
			met = is_met(actual, target, row.direction)
			row.attainment = as_percent(attainment(actual, target, row.direction))
			row.gap_closed = as_percent(gap_closed(baseline, actual, target))
			row.met = {True: "Met", False: "Not Met", None: ""}[met]

	def set_domain_results(self) -> None:
		for row in self.domain_results:
			row.difference = float(Decimal(str(row.post or 0)) - Decimal(str(row.pre or 0)))

	@frappe.whitelist(methods=["POST"])
	def compute_figures(self) -> dict[str, list[str]]:
		"""Fill in what the app computes; see `indicator_figures.fill`. As stored: save the form first."""
		evaluation = frappe.get_doc("Support Evaluation", self.name, for_update=True)
		evaluation.check_permission("write")
		frappe.has_permission("Subsidy Batch", "read", throw=True)
		if evaluation.docstatus or evaluation.student or not evaluation.programme:
			frappe.throw(
				_("Figures are computed in the draft of a programme's evaluation."),
				title=_("Compute Figures"),
			)
		done = indicator_figures.fill(evaluation)
		evaluation.save()
		return done
