"""Rules of alerts, survey templates and level groups for sites of before there were any."""

import frappe

from bangfu_app.masters import add_level_groups, create_alert_rules, create_survey_templates


def execute() -> None:
	if not frappe.db.count("Alert Rule"):
		create_alert_rules()
	if not frappe.db.count("Survey Template"):
		create_survey_templates()
	add_level_groups()
