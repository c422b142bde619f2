"""How complete a file is, in percent, and what is missing (F11, F12).

What a file needs is data: *Bangfu Settings → What Makes a File Complete*. Each item is a set-based question here,
so one file or a hundred thousand cost the same few queries. The stored percent is a record apart (File
Completeness) for those who may read all items; the form counts only what its viewer may read.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import frappe
from frappe.model.document import Document
from frappe.query_builder import Criterion
from frappe.query_builder.functions import IfNull
from frappe.utils import flt, getdate
from pypika.queries import Table

from bangfu_app.privacy import consent
from bangfu_app.rights.criteria import PRIVATE_KINDS
from bangfu_app.rights.permissions import students_of

FILE = "Student File"
CHUNK = 500  # files per query


@dataclass(frozen=True)
class Item:
	"""`doctype`: where the item lies and whose right it takes to know; `there`: when a row of it counts.

	`fields`: of the file itself, all of them filled in. `column`: names the student.
	"""

	doctype: str
	there: Callable[[Table], Criterion] | None = None
	fields: tuple[str, ...] = ()
	column: str = "student"
	child: str | None = None


def _valid_until(table: Table) -> Criterion:
	return IfNull(table.valid_until, getdate()) >= getdate()


ITEMS: dict[str, Item] = {
	"Identity Number": Item(FILE, fields=("id_number",)),
	"Student Number": Item(FILE, fields=("student_no",)),
	"Guardian and Phone": Item(FILE, fields=("guardian_name", "guardian_phone")),
	"Home Address": Item(FILE, fields=("address",)),
	"Strengths": Item(FILE, fields=("strengths",)),
	"Supporting Paper": Item("File", lambda t: t.attached_to_doctype == FILE, column="attached_to_name"),
	"Student Circumstances": Item("Student Circumstances", _valid_until),
	"Consent to Support": Item(
		"Support Consent", lambda t: (t.scope == "Support") & consent.valid_on(getdate())
	),
	# a screening of everyone says nothing about needs, and nobody is to see from here that it took place
	"Needs Survey": Item("Needs Survey", lambda t: (t.docstatus == 1) & (t.confidential == 0)),
	"Support Plan": Item("Support Plan", lambda t: t.status.isin(["Active", "Completed"])),
	"Pairing": Item("Pairing", lambda t: t.status.isin(["Active", "Ended"])),
	# nobody is to see from here that counselling took place
	"Session Held": Item(
		"Support Session",
		lambda t: (t.status == "Held") & t.session_kind.notin(PRIVATE_KINDS),
		child="Session Attendance",
	),
	"Support Evaluation": Item("Support Evaluation", lambda t: t.docstatus == 1),
}

# DocTypes whose records change how complete a file is
FOLLOWED = tuple(sorted({item.doctype for item in ITEMS.values()} - {"File"}))

# item, weight, needed for (F12: basics, agreement of both, plan, talks)
DEFAULT_REQUIREMENTS = (
	("Identity Number", 2, "Every File"),
	("Student Number", 1, "Every File"),
	("Guardian and Phone", 2, "Every File"),
	("Home Address", 1, "Every File"),
	("Strengths", 1, "Every File"),
	("Student Circumstances", 2, "Every File"),
	("Consent to Support", 2, "In Support"),
	("Needs Survey", 2, "In Support"),
	("Support Plan", 2, "In Support"),
	("Pairing", 2, "In Support"),
	("Session Held", 1, "In Support"),
	("Support Evaluation", 1, "Closed"),
)
# states of a file that each group of requirements is needed in
STATES = {
	"Every File": None,
	"In Support": ("In Support", "Closed", "Archived"),
	"Closed": ("Closed", "Archived"),
}


# ---------------------------------------------------------------- what is there


def present(item: Item, files: list[str]) -> set[str]:
	"""Those of the files that have the item."""
	if item.fields:
		return _filled_in(item, files)
	table = frappe.qb.DocType(item.doctype)
	if item.child:
		rows = frappe.qb.DocType(item.child)
		query = frappe.qb.from_(rows).join(table).on(rows.parent == table.name)
		# the roster names who was there
		criterion = rows.student.isin(files) & (rows.state == "Attended") & item.there(table)
		return set(query.where(criterion).select(rows.student).distinct().run(pluck=True))
	column = table[item.column]
	query = frappe.qb.from_(table).where(column.isin(files) & item.there(table))
	return set(query.select(column).distinct().run(pluck=True))


def _filled_in(item: Item, files: list[str]) -> set[str]:
	table = frappe.qb.DocType(FILE)
	filled = Criterion.all([IfNull(table[name], "") != "" for name in item.fields])
	return set(
		frappe.qb.from_(table).where(table.name.isin(files) & filled).select(table.name).run(pluck=True)
	)


# ---------------------------------------------------------------- percent and what is missing


@dataclass(frozen=True)
class Completeness:
	percent: float  # 0–100; 100 where nothing is asked
	missing: tuple[str, ...]  # items, the weightiest first


def of_files(files: list[frappe._dict], items: set[str] | None = None) -> dict[str, Completeness]:
	"""For rows with name, status, stage: one query per item asked for. `items`: count these only."""
	names = [file.name for file in files]
	required = [row for row in requirements() if items is None or row.item in items]
	there = {item: present(ITEMS[item], names) for item in {row.item for row in required}}
	groups = _need_groups(names) if any(row.need_group for row in required) else {}
	return {file.name: _of_file(file, required, there, groups.get(file.name, set())) for file in files}


def _of_file(
	file: frappe._dict, required: list[frappe._dict], there: dict[str, set[str]], groups: set[str]
) -> Completeness:
	weights: dict[str, int] = {}
	for row in required:
		if _applies(row, file, groups):
			weights[row.item] = max(weights.get(row.item, 0), row.weight)
	missing = [item for item in weights if file.name not in there[item]]
	missing.sort(key=lambda item: -weights[item])
	whole = sum(weights.values())
	got = whole - sum(weights[item] for item in missing)
	return Completeness(flt(100 * got / whole, 1) if whole else 100.0, tuple(missing))


def _applies(row: frappe._dict, file: frappe._dict, groups: set[str]) -> bool:
	states = STATES[row.applies_to or "Every File"]
	return (
		(states is None or file.status in states)
		and row.stage in (None, "", file.stage)
		and (not row.need_group or row.need_group in groups)
	)


def requirements() -> list[frappe._dict]:
	rows = frappe.get_cached_doc("Bangfu Settings").file_requirements
	return [row for row in rows if row.item in ITEMS and row.weight]


def _need_groups(files: list[str]) -> dict[str, set[str]]:
	need, category = frappe.qb.DocType("Student Need"), frappe.qb.DocType("Need Category")
	rows = (
		frappe.qb.from_(need)
		.join(category)
		.on(need.need_category == category.name)
		.where(need.parent.isin(files) & (need.parenttype == FILE))
		.select(need.parent, category.need_group)
	).run()
	groups = defaultdict(set)
	for file, group in rows:
		groups[file].add(group)
	return groups


def for_viewer(file: Document) -> dict[str, Any]:
	"""Percent and missing items of those that the user of this session may read; the missing with where to go."""
	items = {name for name, item in ITEMS.items() if _may_know(item, file)}
	found = of_files([frappe._dict(name=file.name, status=file.status, stage=file.stage)], items)[file.name]
	missing = [
		{"item": item, "doctype": ITEMS[item].doctype, "field": next(iter(ITEMS[item].fields), None)}
		for item in found.missing
	]
	return {"percent": found.percent, "missing": missing}


def _may_know(item: Item, file: Document) -> bool:
	if item.doctype in (FILE, "File"):
		fields = [file.meta.get_field(name) for name in item.fields]
		return all(file.has_permlevel_access_to(field.fieldname, field, "read") for field in fields)
	return bool(frappe.has_permission(item.doctype, "read"))


# ---------------------------------------------------------------- kept up to date


def follow(doc: Document, method: str | None = None) -> None:
	"""Hook of every record that an item looks at."""
	if doc.doctype == "File":
		files = {doc.attached_to_name} if doc.attached_to_doctype == FILE else set()
	else:
		files = {doc.name} if doc.doctype == FILE else students_of(doc)
	for name in files - {None, ""}:
		mark(name)


def mark(file: str) -> None:
	"""Count this file anew once, at the end of the transaction, however many of its records changed."""
	marked = _marked()
	if not marked:
		frappe.db.before_commit.add(count_marked)
		frappe.db.after_rollback.add(marked.clear)
	marked.add(file)


def _marked() -> set[str]:
	if not hasattr(frappe.local, "bangfu_marked_files"):
		frappe.local.bangfu_marked_files = set()
	return frappe.local.bangfu_marked_files


def count_marked() -> None:
	"""Before a commit: the files whose records changed in it."""
	files = sorted(_marked())
	_marked().clear()
	store(files)


def count_all() -> None:
	"""Daily: validities end without anybody saving anything. Batches, so that no transaction grows with the site."""
	last = ""
	while names := frappe.get_all(
		FILE, {"name": [">", last]}, pluck="name", order_by="name", limit_page_length=CHUNK
	):
		store(names)
		last = names[-1]
		if not frappe.flags.in_test:
			frappe.db.commit()


def store(files: list[str]) -> None:
	"""System step: write the percent of these files; ones that are gone or merged have none."""
	for start in range(0, len(files), CHUNK):
		_store_chunk(files[start : start + CHUNK])


COLUMNS = ("student", "student_name", "school", "school_class", "status", "percent", "missing")


def _store_chunk(names: list[str]) -> None:
	rows = frappe.get_all(
		FILE,
		{"name": ["in", names]},
		["name", "student_name", "school", "school_class", "status", "stage", "merged_into"],
	)
	rows = [row for row in rows if not row.merged_into]
	found = of_files(rows)
	wanted = {row.name: _values(row, found[row.name]) for row in rows}
	stored = {
		row.student: tuple(row[column] for column in COLUMNS)
		for row in frappe.get_all("File Completeness", {"student": ["in", names]}, list(COLUMNS))
	}
	changed = [name for name, values in wanted.items() if stored.get(name) != values]
	gone = [name for name in names if name in stored and name not in wanted]
	if changed or gone:
		frappe.db.delete("File Completeness", {"name": ["in", changed + gone]})
	if changed:
		now, user = frappe.utils.now(), frappe.session.user
		frappe.db.bulk_insert(
			"File Completeness",
			["name", *COLUMNS, "creation", "modified", "owner", "modified_by"],
			[(name, *wanted[name], now, now, user, user) for name in changed],
		)


def _values(row: frappe._dict, found: Completeness) -> tuple:
	return (
		row.name,
		row.student_name,
		row.school,
		row.school_class,
		row.status,
		found.percent,
		", ".join(found.missing),
	)


def add_default_requirements() -> None:
	"""Install step and patch: the office's own rows stay."""
	settings = frappe.get_doc("Bangfu Settings")
	if settings.file_requirements:
		return
	for item, weight, applies_to in DEFAULT_REQUIREMENTS:
		settings.append("file_requirements", {"item": item, "weight": weight, "applies_to": applies_to})
	settings.flags.ignore_mandatory = True
	settings.save(ignore_permissions=True)  # install step, nobody is signed in


def forget(file: str) -> None:
	frappe.db.delete("File Completeness", {"student": file})
