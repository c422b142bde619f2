import frappe

from bangfu_app.masters import create_masters

DEFAULTS = {
	"census_month": 9,
	"census_reminder_days": 3,
	"screening_visits": 1,
	"screening_raters": 2,
	"evidence_records": 1,
	"evidence_methods": 1,
}


def execute() -> None:
	"""Settings that a migrate gives no defaults, and the criteria to start with."""
	frappe.get_doc("Bangfu Settings").db_set(DEFAULTS)
	if not frappe.db.count("Eligibility Criterion"):
		create_masters()
