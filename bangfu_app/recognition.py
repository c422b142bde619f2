"""By what a student is recognised as eligible: criteria of the place and year, evidence, score sheet (I7–I9, A2, A3)."""

from collections.abc import Iterable
from datetime import date

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.query_builder.functions import IfNull
from frappe.utils import get_link_to_form, getdate

PLACE = ("province", "city", "district")
CRITERION_FIELDS = ("name", "criterion_name", "kind", "need_category", "wording", "monthly_line", *PLACE)


class EvidenceMissingError(frappe.ValidationError):
	pass


# ---------------------------------------------------------------- criteria


def criteria_for(school: str, day: date | str | None = None) -> list[frappe._dict]:
	"""Criteria in force at the school's place on the day (today); of one kind those of the nearest place (A2)."""
	day = getdate(day)
	place = frappe.get_cached_value("School", school, PLACE, as_dict=True) or {}
	rows = frappe.get_all(
		"Eligibility Criterion",
		{"enabled": 1},
		[*CRITERION_FIELDS, "valid_from", "valid_to"],
		order_by="creation asc, name asc",
	)
	here = [row for row in rows if _holds_on(row, day) and _holds_at(row, place)]
	return [row for row in here if row.kind == "Other" or _depth(row) == _nearest(here, row.kind)]


def _holds_on(row: dict, day: date) -> bool:
	return (not row.valid_from or row.valid_from <= day) and (not row.valid_to or day <= row.valid_to)


def _holds_at(row: dict, place: dict) -> bool:
	return all(not row[level] or row[level] == place.get(level) for level in PLACE)


def _depth(row: dict) -> int:
	"""0 everywhere … 3 one district."""
	return max((depth for depth, level in enumerate(PLACE, start=1) if row[level]), default=0)


def _nearest(rows: Iterable[dict], kind: str) -> int:
	return max(_depth(row) for row in rows if row.kind == kind)


# ---------------------------------------------------------------- the gate of the intake


def require_evidence(file: Document) -> None:
	"""As many records, by as many methods, as Bangfu Settings asks for; 0 asks for none (I9)."""
	if lacking := missing_evidence(file.name):
		frappe.throw(
			_("The file of {0} still needs evidence: {1}").format(
				get_link_to_form("Student File", file.name), "; ".join(lacking)
			),
			exc=EvidenceMissingError,
			title=_("Recognition Evidence"),
			primary_action={
				"label": _("Add Evidence"),
				"client_action": "bangfu.add_evidence",
				"args": {"student": file.name},
			},
		)


def missing_evidence(student: str) -> list[str]:
	"""What is missing, in words; empty when nothing is."""
	settings = frappe.get_cached_doc("Bangfu Settings")
	methods = frappe.get_all("Recognition Evidence", {"student": student}, pluck="method")
	records, kinds = len(methods), len(set(methods))
	lacking = []
	if records < settings.evidence_records:
		lacking.append(_("{0} of {1} records").format(records, settings.evidence_records))
	if kinds < settings.evidence_methods:
		lacking.append(_("{0} of {1} different methods").format(kinds, settings.evidence_methods))
	return lacking


# ---------------------------------------------------------------- what approvers see


def summary(file: Document) -> dict | None:
	"""Criteria, evidence and score sheet beside a file, for those who may read evidence (A3)."""
	if file.is_new() or not frappe.has_permission("Recognition Evidence", "read"):
		return None
	return {
		"criteria": criteria_for(file.school),
		"evidence": evidence_of("student", file.name),
		"missing": missing_evidence(file.name),
		"score_sheet": score_sheet_of(file.screening),
	}


def of_candidate(screening: Document) -> dict | None:
	"""The same beside a screening, whose own fields are the score sheet."""
	if screening.is_new() or not frappe.has_permission("Recognition Evidence", "read"):
		return None
	return {
		"criteria": criteria_for(screening.school),
		"evidence": evidence_of("screening", screening.name),
	}


def evidence_of(about: str, name: str) -> list[frappe._dict]:
	"""Of a `student` or a `screening`, as the reader's list has it."""
	return frappe.get_list(
		"Recognition Evidence",
		filters={about: name},
		fields=["name", "criterion", "method", "found_on", "found_by", "finding"],
		order_by="found_on asc, creation asc",
	)


def score_sheet_of(screening: str | None) -> dict | None:
	"""Composite, priority, and the scores and weights they were computed with; None for who may not read them."""
	if not screening or not frappe.db.exists("Screening", screening):
		return None
	doc = frappe.get_doc("Screening", screening)
	if doc.composite is None or not doc.results or not doc.has_permission("read"):
		return None
	fields = ("domain", "raters", "score", "normalised", "weight")
	return {
		"screening": doc.name,
		"composite": doc.composite,
		"priority": doc.priority,
		"results": [{field: row.get(field) for field in fields} for row in doc.results],
	}


def screened_priority(file: Document) -> str | None:
	return file.screening and frappe.db.get_value("Screening", file.screening, "priority")


def release_candidate(student: str) -> None:
	"""A file that is deleted leaves its screening, with the evidence found on the candidate, as before the file."""
	for doctype, fieldname in (("Recognition Evidence", "student"), ("Screening", "student_file")):
		record = frappe.qb.DocType(doctype)
		query = frappe.qb.update(record).set(record[fieldname], None).where(record[fieldname] == student)
		if doctype == "Recognition Evidence":
			query = query.where(IfNull(record.screening, "") != "")
		query.run()
