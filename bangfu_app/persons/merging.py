"""Two files of one student become one, and apart again (F1).

Everything that refers to the file that goes is moved to the one that stays: links, rows of tables, files,
comments, to-dos. What is history of the file itself stays with it: versions, approvals, logs. Values chosen
from the other file are exchanged between the two, so that cancelling is the same exchange again.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.query_builder import Criterion
from frappe.utils import cstr
from pypika.queries import Table

from bangfu_app import completeness
from bangfu_app.money import subsidy_claims
from bangfu_app.persons.search_before_create import comparable_fields
from bangfu_app.privacy import sealed_numbers
from bangfu_app.scores import exam_scores

FILE = "Student File"
# about the file itself or about what was done with it on a day: stays there
HISTORY = {
	"Access Log",
	"Activity Log",
	"Disclosure Log",
	"Document Follow",
	"Document Share Key",
	"Duplicate Pair",
	"Email Queue",
	"Energy Point Log",
	"Enrolment Change",
	"Enrolment Check Row",
	"File Completeness",
	"Notification Log",
	"Student File",
	"Student Merge",
	"Version",
	"View Log",
	"Workflow Action",
}
# moved, but not told in the summary: a coordinator is not to learn that there are any
UNTOLD: dict[str, dict] = {"Confidential Record": {}, "Needs Survey": {"confidential": 1}}
# columns that name a record and are no Dynamic Link: DocType → (its DocType, its name)
PLAIN_REFERENCES = {"File": ("attached_to_doctype", "attached_to_name")}
# values that two files of one student do not exchange: they follow from where and how it was made
OWN = ("status", "school", "school_class", "grade", "source", "identified_on", "nominated_by")
IDENTITY_FIELDS = ("id_number", "birth_date", "gender")
# a file further on is not given up for one that is behind
RANK = {"In Support": 2, "School Review": 1, "Class Review": 1, "Closed": 1, "Archived": 1}
CHUNK = 500  # rows per update


# ---------------------------------------------------------------- before


def require_two(merge: Document) -> None:
	if merge.kept_file == merge.merged_file:
		frappe.throw(_("Choose two files."), title=_("Student Merge"))


def fill_choices(merge: Document) -> None:
	"""A row for each field in which the files differ; what the user chose stays chosen."""
	kept, merged = (frappe.get_doc(FILE, name) for name in (merge.kept_file, merge.merged_file))
	taken = {row.fieldname: row.take for row in merge.choices}
	merge.choices = []
	for field in comparable_fields(FILE):
		own, other = (cstr(doc.get(field.fieldname)) for doc in (kept, merged))
		if field.read_only or field.fieldname in OWN or not other or own == other:
			continue
		merge.append(
			"choices",
			{
				"fieldname": field.fieldname,
				"label": _(field.label, context=FILE),
				"kept_value": own,
				"merged_value": other,
				"take": taken.get(field.fieldname) or ("Stays" if own else "Goes"),
			},
		)


def refuse_conflicts(merge: Document) -> None:
	"""What a merge would break, in words that say what to do first."""
	kept, merged = (frappe.get_doc(FILE, name) for name in (merge.kept_file, merge.merged_file))
	for file in (kept, merged):
		if file.merged_into:
			frappe.throw(_("{0} was merged into {1} already.").format(file.name, file.merged_into))
	if RANK.get(kept.status, 0) < RANK.get(merged.status, 0):
		frappe.throw(
			_("Keep {0}: it is {1}, the other is {2}.").format(
				merged.name, *(frappe.bold(_(file.status, context=FILE)) for file in (merged, kept))
			)
		)
	for find in (same_supporters, same_sessions, two_plans, two_accounts):
		if said := find(kept.name, merged.name):
			frappe.throw(said, title=_("Student Merge"))
	refuse_choices(merge, kept, merged)


def same_supporters(kept: str, merged: str) -> str | None:
	"""One supporter would support the student twice."""
	pairing, member = frappe.qb.DocType("Pairing"), frappe.qb.DocType("Pairing Member")
	rows = (
		frappe.qb.from_(pairing)
		.join(member)
		.on(member.parent == pairing.name)
		.where(pairing.student.isin([kept, merged]) & (pairing.status == "Active"))
		.select(member.supporter, pairing.student)
		.distinct()
	).run()
	twice = sorted(name for name, count in Counter(supporter for supporter, _s in rows).items() if count > 1)
	if not twice:
		return None
	names = frappe.get_all("Supporter", {"name": ["in", twice]}, pluck="supporter_name", order_by="name")
	return _("{0} supports both files: end one of the two pairings first.").format("、".join(names))


def same_sessions(kept: str, merged: str) -> str | None:
	"""A student is on a roster once."""
	one, other = (frappe.qb.DocType("Session Attendance").as_(alias) for alias in ("one", "other"))
	query = frappe.qb.from_(one).join(other).on(one.parent == other.parent)
	names = query.where((one.student == kept) & (other.student == merged)).select(one.parent).run(pluck=True)
	if not names:
		return None
	listed = ", ".join(sorted(set(names))[:5])
	return _("Both files are on the roster of {0}: take one of them off first.").format(listed)


def two_plans(kept: str, merged: str) -> str | None:
	"""One student, one plan."""
	plans = frappe.get_all(
		"Support Plan", {"student": ["in", [kept, merged]], "status": "Active"}, ["name", "student"]
	)
	if len({plan.student for plan in plans}) < 2:
		return None
	listed = ", ".join(sorted(plan.name for plan in plans))
	return _("Both files have an active plan: complete one of {0} first.").format(listed)


def two_accounts(kept: str, merged: str) -> str | None:
	"""One student, one account that money goes to."""
	names = frappe.get_all("Payee Account", {"student": ["in", [kept, merged]], "active": 1}, pluck="name")
	if len(names) < 2:
		return None
	listed = ", ".join(sorted(names))
	return _("Both files have an active payee account: make one of {0} inactive first.").format(listed)


def refuse_choices(merge: Document, kept: Document, merged: Document) -> None:
	"""Who the student is comes from one file; approved content is replaced by the leading group only."""
	if kept.id_number_hash and merged.id_number_hash and "id_number" not in chosen(merge):
		if "id_number" in {row.fieldname for row in merge.choices}:
			frappe.msgprint(_("The files hold two identity numbers; that of the file that goes stays there."))
	identity = [row.take for row in merge.choices if row.fieldname in IDENTITY_FIELDS]
	if (kept.id_number_hash or merged.id_number_hash) and len(set(identity)) > 1:
		frappe.throw(_("Identity number, date of birth and gender belong together: take them from one file."))
	replaced = [row for row in merge.choices if row.take == "Goes" and row.kept_value]
	bound = [row.label for row in replaced if row.fieldname in kept.approval.content]
	if bound and kept.status == kept.approval.approved and "Bangfu Manager" not in frappe.get_roles():
		frappe.throw(
			_("{0} of an approved file is replaced by the leading group only.").format("、".join(bound)),
			exc=frappe.PermissionError,
		)


# ---------------------------------------------------------------- merge and undo


def merge(record: Document) -> None:
	"""`on_submit` of Student Merge."""
	exchange(record.kept_file, record.merged_file, chosen(record))
	kept, merged = (frappe.get_doc(FILE, name) for name in (record.kept_file, record.merged_file))
	moved = [move(reference, merged.name, kept) for reference in references()]
	moved = [entry for entry in moved if entry["rows"]]
	summary = Counter()
	for entry in moved:
		summary[entry["doctype"]] += told(entry)
	record.db_set(
		{
			"merged_status": merged.status,
			"moved": frappe.as_json(moved, indent=None),
			"moved_summary": "\n".join(
				f"{_(doctype)}: {count}" for doctype, count in sorted(summary.items()) if count
			),
		}
	)
	merged.reload()
	merged.set_state("Archived", merged_into=kept.name)
	settle_pairs(record)
	add_note(kept.name, _("{0} was merged into this file: {1}").format(merged.name, record.reason))
	bring_up_to_date(record)


def told(entry: dict[str, Any]) -> int:
	"""Of the rows moved, how many the summary counts."""
	doctype, names = entry["doctype"], [row.name for row in entry["rows"]]
	if doctype not in UNTOLD:
		return len(names)
	return len(names) - frappe.db.count(doctype, {"name": ["in", names], **UNTOLD[doctype]})


def undo(record: Document) -> None:
	"""`on_cancel` of Student Merge: exact inverse for all that is still as the merge left it."""
	for entry in frappe.parse_json(record.moved or "[]"):
		move_back(entry, record.kept_file)
	exchange(record.kept_file, record.merged_file, chosen(record))
	merged = frappe.get_doc(FILE, record.merged_file)
	merged.set_state(record.merged_status, merged_into=None)
	reopen_pairs(record)
	add_note(record.kept_file, _("The merge with {0} was undone.").format(record.merged_file))
	bring_up_to_date(record)


def refuse_undo(record: Document) -> None:
	"""Merges of one file are undone from the last one back, where one stands upon the other."""
	if into := frappe.db.get_value(FILE, record.kept_file, "merged_into"):
		frappe.throw(_("{0} was merged into {1} already.").format(record.kept_file, into))
	done_on = frappe.db.get_value("Student Merge", record.name, "modified")
	later = {"kept_file": record.kept_file, "docstatus": 1, "modified": [">", done_on]}
	for name in frappe.get_all("Student Merge", later, pluck="name"):
		if set(chosen(frappe.get_doc("Student Merge", name))) & set(chosen(record)):
			frappe.throw(
				_("Cancel {0} first: it took the same fields.").format(name), title=_("Student Merge")
			)


def chosen(record: Document) -> list[str]:
	"""Fields taken from the file that goes."""
	return [row.fieldname for row in record.choices if row.take == "Goes"]


def exchange(kept: str, merged: str, fieldnames: list[str]) -> None:
	"""Each file gets the other's values; unique ones leave one file before they come to the other."""
	columns = [column for name in fieldnames for column in stored_columns(name)]
	if not columns:
		return
	own, other = (frappe.db.get_value(FILE, name, columns, as_dict=True) for name in (kept, merged))
	unique = {field.fieldname for field in frappe.get_meta(FILE).fields if field.unique} & set(columns)
	steps = [(merged, dict.fromkeys(sorted(unique)))] if unique else []
	for name, values in [*steps, (kept, other), (merged, own)]:
		frappe.db.set_value(FILE, name, values, update_modified=False)


def stored_columns(fieldname: str) -> tuple[str, ...]:
	"""A field and what is stored along with it."""
	if fieldname in sealed_numbers.declared(FILE):
		return (fieldname, sealed_numbers.cipher_field(fieldname), sealed_numbers.hash_field(fieldname))
	return (fieldname, "name_key") if fieldname == "student_name" else (fieldname,)


def settle_pairs(record: Document) -> None:
	"""The pair of the two is decided; open ones of the file that goes are found again for the one that stays."""
	for name in frappe.get_all("Duplicate Pair", filters=_pairs_of(record.merged_file, "Open"), pluck="name"):
		frappe.get_doc("Duplicate Pair", name).settle("Merged", record.reason, merge=record.name)


def _pairs_of(file: str, status: str) -> list:
	names = [
		name
		for column in ("first_file", "second_file")
		for name in frappe.get_all("Duplicate Pair", {column: file, "status": status}, pluck="name")
	]
	return [["name", "in", names or [""]]]


def reopen_pairs(record: Document) -> None:
	for name in frappe.get_all("Duplicate Pair", {"student_merge": record.name}, pluck="name"):
		frappe.get_doc("Duplicate Pair", name).settle("Open", record.reason)


def add_note(name: str, text: str) -> None:
	frappe.get_doc(FILE, name).add_comment("Info", text)


def bring_up_to_date(record: Document) -> None:
	"""What is computed from the records that were moved."""
	for name in (record.kept_file, record.merged_file):
		frappe.clear_document_cache(FILE, name)
		frappe.get_doc(FILE, name).refresh_priority()
		completeness.mark(name)
		exam_scores.touch(name)
	subsidy_claims.renew_keys([record.kept_file, record.merged_file])


# ---------------------------------------------------------------- references


@dataclass(frozen=True)
class Reference:
	"""A column that may name a Student File; `doctype_column` says of what DocType the name is, if not always."""

	doctype: str
	column: str
	doctype_column: str | None = None

	@property
	def table(self) -> Table:
		return frappe.qb.DocType(self.doctype)

	def names(self, file: str) -> Criterion:
		criterion = self.table[self.column] == file
		if self.doctype_column:
			criterion &= self.table[self.doctype_column] == FILE
		if self.doctype == "Comment":
			criterion &= self.table.comment_type == "Comment"
		if self.doctype == "ToDo":
			# those with a role ask for an approval of this very file
			criterion &= self.table.role.isnull() | (self.table.role == "")
		if self.doctype in ("Approval Step", "Approval Vote"):
			criterion &= self.table.reference_doctype != FILE
		return criterion


def references() -> list[Reference]:
	"""Every column of this site that may name a Student File, found from its DocTypes and custom fields."""
	found = [Reference(doctype, name) for doctype, name, _o in _fields("Link", options=FILE)]
	found += [Reference(*field) for field in _fields("Dynamic Link")]
	found += [Reference(doctype, name, of) for doctype, (of, name) in PLAIN_REFERENCES.items()]
	stored = {
		row.name: not (row.issingle or row.is_virtual)
		for row in frappe.get_all("DocType", fields=["name", "issingle", "is_virtual"])
	}
	kept = [ref for ref in found if stored.get(ref.doctype) and ref.doctype not in HISTORY]
	return sorted(set(kept), key=lambda ref: (ref.doctype, ref.column))


def _fields(fieldtype: str, **filters: str) -> Iterable[tuple[str, str, str]]:
	for doctype, parent in (("DocField", "parent"), ("Custom Field", "dt")):
		fields = [parent, "fieldname", "options"]
		for row in frappe.get_all(doctype, {"fieldtype": fieldtype, **filters}, fields, as_list=True):
			yield tuple(row)


def move(reference: Reference, merged: str, kept: Document) -> dict[str, Any]:
	"""Point the rows at the file that stays; what each held before is in the answer."""
	values = {reference.column: kept.name, **fetched_values(reference, kept)}
	query = frappe.qb.from_(reference.table).where(reference.names(merged))
	rows = query.select("name", *(reference.table[column] for column in values)).run(as_dict=True)
	names = [row.name for row in rows]
	for start in range(0, len(names), CHUNK):
		update(reference.doctype, names[start : start + CHUNK], values)
	entry = {"doctype": reference.doctype, "column": reference.column, "rows": rows}
	return entry


def fetched_values(reference: Reference, kept: Document) -> dict[str, Any]:
	"""Columns beside that show a field of the student: name and school."""
	if reference.doctype_column:
		return {}
	prefix = f"{reference.column}."
	fields = [
		field
		for field in frappe.get_meta(reference.doctype).fields
		if (field.fetch_from or "").startswith(prefix) and field.read_only
	]
	return {field.fieldname: kept.get(field.fetch_from[len(prefix) :]) for field in fields}


def update(doctype: str, names: list[Any], values: dict[str, Any]) -> None:
	table = frappe.qb.DocType(doctype)
	query = frappe.qb.update(table).where(table.name.isin(names))
	for column, value in values.items():
		query = query.set(table[column], value)
	query.run()
	for name in names:
		frappe.clear_document_cache(doctype, name)


def move_back(entry: dict[str, Any], kept: str) -> None:
	"""Rows that still name the file that stays get what they held; one pointed elsewhere since stays there."""
	table = frappe.qb.DocType(entry["doctype"])
	groups: dict[str, list] = {}
	for row in entry["rows"]:
		values = {column: value for column, value in row.items() if column != "name"}
		groups.setdefault(frappe.as_json(values), []).append(row["name"])
	for values, names in groups.items():
		for start in range(0, len(names), CHUNK):
			chunk = table.name.isin(names[start : start + CHUNK]) & (table[entry["column"]] == kept)
			still = frappe.qb.from_(table).where(chunk).select(table.name).run(pluck=True)
			if still:
				update(entry["doctype"], still, frappe.parse_json(values))
