"""What a layout says about a whole row, about a stored record, or about all rows together."""

from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt, getdate

from bangfu_app import completeness
from bangfu_app.bangfu_app.doctype.school_term.school_term import school_year_of
from bangfu_app.excel.masters import Missing
from bangfu_app.excel.values import key
from bangfu_app.privacy import identity
from bangfu_app.scores import exam_scores

# ---------------------------------------------------------------- students

COMPULSORY_GRADES = {f"Grade {grade}" for grade in range(1, 10)}


def check_student(row: Any, batch: Any) -> None:
	_compare_with_identity(row)
	_place_in_class(row, batch)
	if grade := row.values.get("grade"):
		stage = "Compulsory Education" if grade in COMPULSORY_GRADES else "Senior Secondary"
		row.values.setdefault("stage", stage)


def follow_students(files: list[Any]) -> None:
	"""What follows elsewhere from new files that were written by sets."""
	exam_scores.follow_students(files)
	for file in files:
		completeness.mark(file.name)


def _compare_with_identity(row: Any) -> None:
	number = row.values.get("id_number")
	if not number:
		return
	for path, told in (("gender", identity.gender_of), ("birth_date", identity.birth_date_of)):
		if path in row.values and row.values[path] != told(number):
			row.fault(path, _("does not agree with the identity number"))


def _place_in_class(row: Any, batch: Any) -> None:
	"""The class of this school year by school, grade and name; made when missing and allowed."""
	school, grade, name = (row.values.get(path) for path in ("school", "grade", "class_name"))
	if not (school and grade and name):
		return
	wanted = {
		"school": school,
		"school_year": batch.once(current_school_year),
		"grade": grade,
		"class_name": name,
	}
	comparable = tuple(key(part) for part in wanted.values())
	found = batch.masters.index("School Class", tuple(wanted)).get(comparable)
	if found or batch.masters.may_make("School Class"):
		row.values["school_class"] = found or Missing("School Class", comparable, wanted)
	else:
		row.fault("class_name", _("not in the system"))


def class_name_of(file: dict) -> str | None:
	"""As an export writes it."""
	return (
		frappe.get_cached_value("School Class", file["school_class"], "class_name")
		if file["school_class"]
		else None
	)


def current_school_year() -> str:
	term = frappe.get_cached_doc("Bangfu Settings").current_term
	return frappe.get_cached_value("School Term", term, "school_year") if term else school_year_of()


def circumstances_of_today() -> dict[str, Any]:
	return {"recorded_on": getdate(), "recorded_by": "Registration", "valid_until": None}


# ---------------------------------------------------------------- classes


def check_class(row: Any, batch: Any) -> None:
	row.values.setdefault("school_year", batch.once(current_school_year))


# ---------------------------------------------------------------- sessions


def keep_roster(session: Document, values: dict) -> None:
	"""A session that has a roster by now is counted by it, not by the stated headcount."""
	if session.attendance:
		values.pop("headcount", None)


# ---------------------------------------------------------------- indicators


def record_results(batch: Any) -> None:
	"""Targets of the chosen programme, and its annual evaluation with a result for each line."""
	_set_targets(batch)
	_set_results(batch)


def _set_targets(batch: Any) -> None:
	programme = frappe.get_doc("Support Programme", batch.options["programme"])
	programme.check_permission("write")
	changed = [
		record for record in batch.written if _set_line(programme, "targets", record, ("baseline", "target"))
	]
	if changed:
		programme.save()
		_count_as_updated(changed)


def _set_results(batch: Any) -> None:
	evaluation = _annual_evaluation(batch.options["programme"], batch.options["evaluated_on"])
	figures = ("baseline", "target", "actual")
	changed = [
		record for record in batch.written if _set_line(evaluation, "indicator_results", record, figures)
	]
	if changed and evaluation.docstatus == 1:
		for record in changed:
			said = _("evaluation {0} is submitted with another result; cancel it first").format(
				evaluation.name
			)
			record.first.fault("actual", said)
		return
	if changed:
		evaluation.save()
		_count_as_updated(changed)
	if evaluation.docstatus == 0 and not batch.faults:  # with lines still missing it stays a draft
		evaluation.submit()


def _annual_evaluation(programme: str, evaluated_on: str) -> Document:
	said = {"programme": programme, "purpose": "Annual", "evaluated_on": evaluated_on}
	name = frappe.db.get_value("Support Evaluation", {**said, "docstatus": ["<", 2]})
	if not name:
		return frappe.get_doc({"doctype": "Support Evaluation", **said})
	evaluation = frappe.get_doc("Support Evaluation", name)
	evaluation.check_permission("write")
	return evaluation


def _set_line(parent: Document, table: str, record: Any, figures: tuple[str, ...]) -> bool:
	"""Write the figures of one indicator into its line; a blank is "not known", a real 0 is known. Changed?"""
	said = {}
	for name in figures:
		value = record.first.values.get(name)
		said |= {f"has_{name}": int(value is not None), name: flt(value)}
	lines = [row for row in parent.get(table) if (row.indicator, row.scope) == (record.doc.name, "Programme")]
	line = lines[0] if lines else parent.append(table, {"indicator": record.doc.name, "scope": "Programme"})
	if lines and all(flt(line.get(name)) == flt(value) for name, value in said.items()):
		return False
	line.update(said)
	return True


def _count_as_updated(records: list[Any]) -> None:
	for record in records:
		if record.outcome == "unchanged":
			record.outcome = "updated"
