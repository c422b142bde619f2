"""Enrolment Checks: which classes were checked in the first days of a term, and who has not (I15)."""

import frappe
from frappe import _
from frappe.query_builder.functions import Count, IfNull
from frappe.utils import getdate

from bangfu_app import enrolment
from bangfu_app.report_parts import chosen, column
from bangfu_app.rights.criteria import restrict_to_schools

STATES = ("Missing", "Late", "Checked")


def execute(filters: dict | None = None) -> tuple:
	filters = chosen(filters, ("school_term", "school"))
	term = filters.school_term or frappe.get_cached_doc("Bangfu Settings").current_term
	if not term or not frappe.db.exists("School Term", term):
		return get_columns(), [], _("Choose the term.")
	begin, last = enrolment.days_to_check(term)
	rows = [_row(found, last) for found in _classes(term, filters.school)]
	rows.sort(key=lambda row: (STATES.index(row["state"]), row["school"], row["class_title"] or ""))
	message = _("On time: {0} to {1}").format(*map(frappe.utils.formatdate, (begin, last)))
	return get_columns(), rows, message


def get_columns() -> list[dict]:
	return [
		column(_("School"), "school", "Link", 180, options="School"),
		column(_("Class"), "school_class", "Link", 180, options="School Class"),
		column(_("Class Teacher"), "head_teacher", "Link", 180, options="User"),
		column(_("Students"), "students", "Int", 90),
		column(_("State"), "state_label", "Data", 110),
		column(_("Checked On"), "checked_on", "Date", 120),
		column(_("Absent or Left"), "absent", "Int", 120),
		column(_("Enrolment Check"), "enrolment_check", "Link", 160, options="Enrolment Check"),
	]


def _classes(term: str, school: str | None) -> list[frappe._dict]:
	"""Classes of the reader's schools with a student of ours in them, and the check of the term."""
	school_class, file = frappe.qb.DocType("School Class"), frappe.qb.DocType("Student File")
	check = frappe.qb.DocType("Enrolment Check")
	query = (
		frappe.qb.from_(school_class)
		.join(file)
		.on((file.school_class == school_class.name) & file.enrolment_status.isin(["Enrolled", "Suspended"]))
		.where(IfNull(file.merged_into, "") == "")
		.left_join(check)
		.on((check.school_class == school_class.name) & (check.school_term == term))
		.select(school_class.school, school_class.name, school_class.class_title, school_class.head_teacher)
		.select(
			check.name.as_("enrolment_check"),
			check.checked_on,
			check.absent,
			Count(file.name).as_("students"),
		)
		.groupby(school_class.school, school_class.name, school_class.class_title, school_class.head_teacher)
		.groupby(check.name, check.checked_on, check.absent)
	)
	if school:
		query = query.where(school_class.school == school)
	return restrict_to_schools(query, school_class, "School Class").run(as_dict=True)


def _row(found: frappe._dict, last) -> dict:
	state = "Missing"
	if found.enrolment_check:
		state = "Late" if getdate(found.checked_on) > last else "Checked"
	return {**found, "school_class": found.name, "state": state, "state_label": _(state)}
