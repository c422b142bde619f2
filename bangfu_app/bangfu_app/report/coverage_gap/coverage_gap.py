"""Coverage Gap (应助未助): recognised students who got no aid in the term, and when they got some last (M5, E3).

Who may not read files, as finance, sees of whoever is in support whether there was aid, and no need.
"""

import frappe
from frappe import _

from bangfu_app.money import coverage
from bangfu_app.report_parts import chosen, column, figure_card, period_message

FILTERS = ("term", "from_date", "to_date", "school", "school_class", "need_group", "count_approved")
FIELDS = ("student_name", "school", "school_class", "support_focus", "identified_on")


def execute(filters: dict | None = None) -> tuple:
	asked = coverage.asked_by(chosen(filters, FILTERS))
	students, aided = coverage.recognised(asked, *FIELDS).run(as_dict=True), coverage.aided(asked)
	last = coverage.last_aid(asked)
	rows = [as_row(student, last) for student in students if student.name not in aided]
	rows.sort(key=lambda row: (row["school"], row["school_class"] or "", row["student_name"]))
	counts = coverage.coverage_of((student.name for student in students), aided)
	period = {"from_date": asked.from_date, "to_date": asked.to_date}
	return get_columns(), rows, period_message(period), get_chart(rows), get_summary(counts)


def as_row(student: frappe._dict, last: dict) -> dict:
	day, kind = last.get(student.name) or (None, None)
	row = {"student": student.name, **{name: student[name] for name in FIELDS}}
	if not coverage.sees_needs():
		del row["support_focus"]
	kinds = {coverage.SUBSIDY: _("Subsidy Paid"), coverage.GOODS: _("Goods Received")}
	return row | {"last_aid_on": day, "last_aid": kinds.get(kind)}


def get_columns() -> list[dict]:
	focus = [column(_("Focus of Support"), "support_focus", width=180)] if coverage.sees_needs() else []
	return [
		column(_("Student"), "student", "Link", 130, options="Student File", hidden=1),
		column(_("Student Name"), "student_name", width=120),
		column(_("School"), "school", "Link", 180, options="School"),
		column(_("Class"), "school_class", "Link", 150, options="School Class"),
		*focus,
		column(_("Recognised Since"), "identified_on", "Date", 120),
		column(_("Last Aid On"), "last_aid_on", "Date", 120),
		column(_("Last Aid"), "last_aid", width=100),
	]


def get_chart(rows: list[dict]) -> dict | None:
	"""How many by school."""
	if not rows:
		return None
	schools: dict[str, int] = {}
	for row in rows:
		schools[row["school"]] = schools.get(row["school"], 0) + 1
	return {
		"data": {
			"labels": list(schools),
			"datasets": [{"name": _("Without Aid"), "values": list(schools.values())}],
		},
		"type": "bar",
		"fieldtype": "Int",
		"colors": ["#dd9b3b"],
	}


def get_summary(counts: coverage.Coverage) -> list[dict]:
	share = None if counts.share is None else round(float(counts.share * 100), 1)
	return [
		figure_card(_("Recognised Students"), counts.recognised),
		figure_card(_("With Aid"), counts.covered, indicator="Green"),
		figure_card(_("Without Aid"), counts.without, indicator="Red" if counts.without else "Green"),
		figure_card(_("Coverage"), share, "Percent"),
	]
