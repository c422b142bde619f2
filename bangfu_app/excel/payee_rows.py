"""Payee accounts in a workbook: whose account a row is, and in whose name it stands."""

from collections import defaultdict
from typing import Any

import frappe
from frappe import _

from bangfu_app.excel.roster_rows import LOOKUP_SIZE, why_not
from bangfu_app.excel.values import key
from bangfu_app.privacy import site_keys
from bangfu_app.privacy.number_kinds import IDENTITY
from bangfu_app.privacy.unmasking import shown_kinds
from bangfu_app.rights.criteria import student_file_criterion

# the office's words for the relation of the payee
RELATIONS = {
	"学生": "Student",
	"学生本人": "Student",
	"父亲": "Guardian",
	"母亲": "Guardian",
	"爸爸": "Guardian",
	"妈妈": "Guardian",
	"父母": "Guardian",
	"爷爷": "Guardian",
	"奶奶": "Guardian",
	"家长": "Guardian",
}


def find_students(rows: list[Any], batch: Any) -> None:
	"""The file by name and whatever tells namesakes apart: student number, identity number, date of birth.

	By an identity number only for who may be shown such: else whoever sees a mask could try the digits behind it.
	"""
	known = files_by_name({row.values["student_name"] for row in rows if "student_name" in row.values})
	may_search = IDENTITY.name in shown_kinds()
	for row in rows:
		said = row.values if may_search else {**row.values, "id_number": None}
		if name := row.values.get("student_name"):
			place(row, name, [file for file in known[name] if is_meant(said, file)])
		if "student" not in row.values and "id_number" in row.values and not may_search:
			row.fault("id_number", _("You have no right to see such numbers."))


def place(row: Any, name: str, found: list[frappe._dict]) -> None:
	if len(found) != 1:
		row.fault("student_name", why_not(name, found))
		return
	row.values["student"] = found[0].name
	payee = row.values.get("payee_name")
	if "relation" not in row.values and payee:
		row.values["relation"] = "Student" if key(payee) == key(name) else "Guardian"


def is_meant(said: dict, file: frappe._dict) -> bool:
	if said.get("student_no") and key(said["student_no"]) != key(file.student_no):
		return False
	if said.get("id_number") and file.id_number_hash not in site_keys.hashes(said["id_number"]):
		return False
	return said.get("birth_date") in (None, file.birth_date)


def files_by_name(names: set[str]) -> dict[str, list[frappe._dict]]:
	"""Files that the user may read or choose, with what tells namesakes apart."""
	file, found, wanted = frappe.qb.DocType("Student File"), defaultdict(list), sorted(names)
	criterion = student_file_criterion("Student File", frappe.session.user)
	for start in range(0, len(wanted), LOOKUP_SIZE):
		query = (
			frappe.qb.from_(file)
			.where(file.student_name.isin(wanted[start : start + LOOKUP_SIZE]))
			.select(file.name, file.student_name, file.student_no, file.birth_date, file.id_number_hash)
		)
		for row in (query if criterion is None else query.where(criterion)).run(as_dict=True):
			found[row.student_name].append(row)
	return found


def student_no_of(account: dict) -> str | None:
	"""As an export writes it."""
	return frappe.get_cached_value("Student File", account["student"], "student_no")
