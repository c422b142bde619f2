"""Rosters of sessions in a workbook: a row for each student of a session, or their names in one cell."""

from collections import defaultdict
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document

from bangfu_app.excel import values
from bangfu_app.excel.masters import choices_of

LOOKUP_SIZE = 500
KEPT = ("minutes", "note", "confirmed_by")  # of a line of the roster that the workbook changes
WORDS = {
	"出席": "Attended",
	"到": "Attended",
	"√": "Attended",
	"请假": "Leave",
	"缺席": "Absent",
	"未到": "Absent",
}


def attendance_state(cell: Any) -> str:
	options = frappe.get_meta("Session Attendance").get_field("state").options
	return values.option(choices_of(options, "Session Attendance", WORDS))(cell)


def find_students(rows: list[Any], batch: Any) -> None:
	"""The roster of each row: students by number, else by a name that only one of the user's students has."""
	said = {row.number: _names_and_numbers(row) for row in rows}
	pairs = [pair for part in said.values() for pair in part]
	by_number = students("student_no", {number for _name, number in pairs if number})
	by_name = students("student_name", {name for name, number in pairs if name and not number})
	for row in rows:
		roster = []
		for name, number in said[row.number]:
			found = by_number[number] if number else by_name[name]
			if len(found) == 1:
				state = row.values.get("state", "Attended")
				roster.append({"student": found[0], "state": state})
			else:
				row.fault("numbers" if number else "names", why_not(number or name, found))
		row.values["attendance"] = roster


def _names_and_numbers(row: Any) -> list[tuple[str, str]]:
	names = [values.name(name) for name in values.several(row.values.get("names", ""))]
	numbers = values.several(row.values.get("numbers", ""))
	if numbers and len(numbers) != len(names):
		row.fault("numbers", _("not as many as names"))
		return []
	return list(zip(names, numbers or [""] * len(names), strict=True))


def why_not(word: str, found: list[str]) -> str:
	if found:
		return _("several students are called {0}: give the student number").format(word)
	return _("{0} is not in the system").format(word)


def students(fieldname: str, wanted: set[str]) -> dict[str, list[str]]:
	"""Files that the user may read, by a field."""
	found, words = defaultdict(list), sorted(wanted)
	for start in range(0, len(words), LOOKUP_SIZE):
		filters = {fieldname: ["in", words[start : start + LOOKUP_SIZE]]}
		for row in frappe.get_list("Student File", filters, ["name", fieldname], limit_page_length=0):
			found[row[fieldname]].append(row.name)
	return found


def add_to_roster(session: Document, said: dict) -> None:
	"""The workbook adds to the stored roster and changes its states; whom it does not name stays."""
	wanted = {line["student"]: line for line in said.get("attendance") or ()}
	roster = []
	for row in session.attendance:
		line = wanted.pop(row.student, {"student": row.student, "state": row.state})
		roster.append({**line, **{name: row.get(name) for name in KEPT if row.get(name)}})
	said["attendance"] = roster + list(wanted.values())
