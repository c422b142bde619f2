import frappe

from bangfu_app.masters import create_masters


def execute() -> None:
	"""The criteria to start with, for sites of before there were any."""
	if not frappe.db.count("Eligibility Criterion"):
		create_masters()
