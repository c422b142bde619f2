import frappe
from frappe import _
from frappe.model.document import Document

from bangfu_app.alerts.raising import reading_roles


class AlertRule(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from bangfu_app.bangfu_app.doctype.alert_rule_stage.alert_rule_stage import AlertRuleStage

		cause: DF.Data | None
		due_hours: DF.Int
		enabled: DF.Check
		escalate_hours: DF.Int
		escalate_role: DF.Link | None
		exam_runs: DF.LongText | None
		handler: DF.Literal["Class Teacher", "Coordinator", "Counsellor", "Role"]
		handler_role: DF.Link | None
		kind: DF.Literal["Academic Warning", "Dropout Risk", "Crisis", "Difficulty"]
		least: DF.Int
		level: DF.Literal["Warning", "Crisis"]
		look_back: DF.Int
		rule_name: DF.Data
		signal: DF.Literal[
			"Failed Subjects",
			"Rank Drop",
			"Bottom Set",
			"Absence Streak",
			"Missed Sessions",
			"Absent from School",
			"Dropout Signs",
			"Manual",
		]
		stages: DF.Table[AlertRuleStage]
		threshold: DF.Float
	# end: auto-generated types

	"""What raises an alert, of which level, who acts, and in how many hours (I13)."""

	def validate(self):
		if self.signal != "Manual" and self.threshold <= 0:
			frappe.throw(_("The threshold must be more than 0."), title=_("Threshold"))
		if self.due_hours <= 0:
			frappe.throw(_("The hours to the first step must be more than 0."))
		self.validate_roles()

	def validate_roles(self) -> None:
		"""Nobody is given what they may not open."""
		if not self.escalate_hours:
			self.escalate_role = None
		if self.handler != "Role":
			self.handler_role = None
		for role in (self.handler_role, self.escalate_role):
			if role and role not in reading_roles():
				frappe.throw(_("The role {0} does not read alerts.").format(_(role)), title=_("Role"))
