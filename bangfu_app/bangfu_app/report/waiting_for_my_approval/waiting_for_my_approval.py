"""Waiting for My Approval: what this user can approve now, the longest waiting first, to be decided row by row or at once."""

from frappe import _
from frappe.utils import date_diff, today

from bangfu_app.approvals.waiting import waiting_for
from bangfu_app.report_parts import column


def execute(filters: dict | None = None) -> tuple:
	rows = get_rows()
	return get_columns(), rows, None, None, get_summary(rows)


def get_columns() -> list[dict]:
	return [
		column(_("Record"), "kind", width=130),
		column(_("ID"), "name", "Dynamic Link", 160, options="doctype"),
		column(_("Student"), "student", "Link", options="Student File", hidden=1),
		column(_("Student Name"), "student_name", width=130),
		column(_("School"), "school", "Link", 180, options="School"),
		column(_("Status"), "state", width=150),
		column(_("Next Action"), "next_action", width=170),
		column(_("Waiting Since"), "since", "Date", 120),
		column(_("Days"), "days", "Int", 80),
	]


def get_rows() -> list[dict]:
	rows = [
		{
			**row,
			"student": row["name"] if row.doctype == "Student File" else row["student"],
			"kind": _(row.doctype),
			"state": _(row.status, context=row.doctype),
			"next_action": _(row.action),
			"since": row.modified.date(),
			"days": date_diff(today(), row.modified.date()),
		}
		for row in waiting_for()
	]
	return sorted(rows, key=lambda row: row["modified"])


def get_summary(rows: list[dict]) -> list[dict]:
	longest = max((row["days"] for row in rows), default=0)
	return [
		{"label": _("Waiting for My Approval"), "value": len(rows), "datatype": "Int"},
		{
			"label": _("Longest Wait in Days"),
			"value": longest,
			"datatype": "Int",
			"indicator": "Red" if longest > 7 else "Green",
		},
	]
