"""Whom a donor's gift, a fund or a scheme is meant for: one school, one stage, one group of needs; blank is everybody.

The three fields stand alike on Aid Donation, Aid Fund and Subsidy Scheme. An organisation is no student: it takes
what is meant for no stage and no group of needs, and what is meant for a school only if it is that school.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import frappe
from frappe import _
from frappe.model.document import Document

FIELDS = ("for_school", "for_stage", "for_need_group")


@dataclass(frozen=True)
class Facts:
	"""What a restriction asks about a student, as the file says today."""

	school: str | None
	stage: str | None
	need_groups: frozenset[str]


def fits(holder: Document | Mapping, students: Sequence[str]) -> set[str]:
	"""Those of the students whom the holder's restriction fits."""
	if not any(holder.get(field) for field in FIELDS):
		return set(students)
	return {student for student, facts in facts_of(students).items() if not misfit(holder, facts)}


def misfit(holder: Document | Mapping, facts: Facts | None) -> str | None:
	"""The field of the restriction that does not fit the student; None when all of it does."""
	if facts is None:
		return next((field for field in FIELDS if holder.get(field)), None)
	suits = {
		"for_school": holder.get("for_school") == facts.school,
		"for_stage": holder.get("for_stage") == facts.stage,
		"for_need_group": holder.get("for_need_group") in facts.need_groups,
	}
	return next((field for field in FIELDS if holder.get(field) and not suits[field]), None)


def misfit_of_partner(holder: Document | Mapping, partner: str) -> str | None:
	"""The same for an organisation, of which a school carries the name of its School."""
	return misfit(holder, Facts(school=partner, stage=None, need_groups=frozenset()))


def facts_of(students: Sequence[str]) -> dict[str, Facts]:
	"""What the files say, in one query; a student without a file is not among them."""
	if not students:
		return {}
	file, need = frappe.qb.DocType("Student File"), frappe.qb.DocType("Student Need")
	category = frappe.qb.DocType("Need Category")
	rows = (
		frappe.qb.from_(file)
		.left_join(need)
		.on((need.parent == file.name) & (need.parenttype == "Student File"))
		.left_join(category)
		.on(category.name == need.need_category)
		.where(file.name.isin(sorted(set(students)) or [""]))
		.select(file.name, file.school, file.stage, category.need_group)
	).run()
	places, groups = {}, defaultdict(set)
	for student, school, stage, group in rows:
		places[student] = (school, stage)
		groups[student].add(group)
	return {student: Facts(*place, frozenset(groups[student] - {None})) for student, place in places.items()}


def in_words(holder: Document | Mapping, field: str) -> str:
	"""One restriction as a form shows it: "Only for School: …"."""
	labels = {
		"for_school": _("Only for School"),
		"for_stage": _("Only for Stage"),
		"for_need_group": _("Only for Need Group"),
	}
	value = holder.get(field)
	return f"{labels[field]}: {value if field == 'for_school' else _(value)}"
