"""What is known of many students at once, as the rules of a subsidy ask for it: a constant number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import frappe
from frappe.query_builder import Criterion
from frappe.utils import getdate

from bangfu_app.money.subsidy_rules import Facts, money


def facts_of(students: Iterable[str], **more) -> dict[str, Facts]:
	"""Student → facts, of these students."""
	return load(frappe.qb.DocType("Student File").name.isin(sorted(set(students)) or [""]), **more)


def load(which: Criterion, day: date | str | None = None, work: dict | None = None) -> dict[str, Facts]:
	"""Student → facts on the day (today), of the files that satisfy `which`, in order of name.

	`work`: student → (hours, pay), see `work_of`. Circumstances are the newest recorded by then, while valid.
	"""
	needs, evidence = need_groups(which), evidence_of(which)
	circumstances = circumstances_on(which, getdate(day))
	file = frappe.qb.DocType("Student File")
	rows = (
		frappe.qb.from_(file)
		.where(which)
		.orderby(file.name)
		.select(file.name, file.student_name, file.status, file.school, file.school_class, file.stage)
	).run(as_dict=True)
	return {
		row.name: Facts(
			student=row.name,
			student_name=row.student_name,
			status=row.status,
			school=row.school or "",
			school_class=row.school_class or "",
			stage=row.stage or "",
			need_groups=tuple(sorted(needs.get(row.name, ()))),
			evidence={key: tuple(names) for key, names in evidence.get(row.name, {}).items()},
			**circumstances.get(row.name, {}),
			**dict(zip(("hours", "pay"), (work or {}).get(row.name, ()), strict=False)),
		)
		for row in rows
	}


def need_groups(which: Criterion) -> dict[str, set[str]]:
	file, need = frappe.qb.DocType("Student File"), frappe.qb.DocType("Student Need")
	category = frappe.qb.DocType("Need Category")
	rows = (
		frappe.qb.from_(file)
		.join(need)
		.on((need.parent == file.name) & (need.parenttype == "Student File"))
		.join(category)
		.on(category.name == need.need_category)
		.where(which)
		.select(file.name, category.need_group)
	).run()
	found = defaultdict(set)
	for student, need_group in rows:
		found[student].add(need_group)
	return found


def evidence_of(which: Criterion) -> dict[str, dict[str, list[str]]]:
	"""Student → criterion → names of Recognition Evidence."""
	file, evidence = frappe.qb.DocType("Student File"), frappe.qb.DocType("Recognition Evidence")
	rows = (
		frappe.qb.from_(file)
		.join(evidence)
		.on(evidence.student == file.name)
		.where(which)
		.orderby(evidence.name)
		.select(file.name, evidence.criterion, evidence.name.as_("evidence"))
	).run()
	found = defaultdict(lambda: defaultdict(list))
	for student, criterion, name in rows:
		found[student][criterion or ""].append(name)
	return found


def circumstances_on(which: Criterion, day: date) -> dict[str, dict]:
	file, record = frappe.qb.DocType("Student File"), frappe.qb.DocType("Student Circumstances")
	rows = (
		frappe.qb.from_(file)
		.join(record)
		.on(record.student == file.name)
		.where(which & (record.recorded_on <= day))
		.orderby(record.recorded_on)
		.orderby(record.creation)
		.select(
			record.student,
			record.name,
			record.valid_until,
			record.minimum_living,
			record.poverty_registered,
			record.disability,
			record.annual_income,
		)
	).run(as_dict=True)
	newest = {row.student: row for row in rows}
	return {
		student: {
			"circumstances": row.name,
			"minimum_living": bool(row.minimum_living),
			"poverty_registered": bool(row.poverty_registered),
			"disability": row.disability or "",
			"annual_income": money(row.annual_income),
		}
		for student, row in newest.items()
		if not row.valid_until or getdate(row.valid_until) >= day
	}


def work_of(scheme: str, month: str) -> dict[str, tuple[Decimal, Decimal]]:
	"""Student → (hours, pay) of the submitted work-study records of a scheme and month (M8)."""
	rows = frappe.get_all(
		"Work Study Record",
		{"scheme": scheme, "month": month, "docstatus": 1},
		["student", "total_hours", "pay"],
	)
	found: dict[str, tuple[Decimal, Decimal]] = {}
	for row in rows:
		hours, pay = found.get(row.student, (Decimal(0), Decimal(0)))
		found[row.student] = (hours + Decimal(str(row.total_hours or 0)), pay + money(row.pay))
	return found
