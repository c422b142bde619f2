"""By what each row of a Subsidy Batch was approved, kept apart from the money; and what has changed since (M5)."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import frappe
from frappe import _
from frappe.utils import now_datetime

from bangfu_app.bulk import insert_rows, reserve_names
from bangfu_app.money import student_facts
from bangfu_app.money.subsidy_rules import Facts, Rule, used_facts

DOCTYPE, FILE = "Eligibility Snapshot", "Student File"
# rows of these states are still to be paid: a change matters
OPEN = ("Due", "In Bank File", "Failed")


def take(batch: Any, rule: Rule, facts: Mapping[str, Facts]) -> None:
	"""One snapshot for each row; its name goes onto the row. Part of the approval."""
	rows = list(batch.rows)
	taken_on = now_datetime()
	names = reserve_names(f"ES-{taken_on.year}-", len(rows))
	insert_rows(
		DOCTYPE,
		[
			{
				"name": name,
				"student": row.student,
				"student_name": facts[row.student].student_name,
				"school": facts[row.student].school,
				"batch": batch.name,
				"scheme": batch.scheme,
				"taken_on": taken_on,
				"facts": as_text(rule, facts[row.student]),
				"digest": digest_of(used_facts(rule, facts[row.student])),
			}
			for row, name in zip(rows, names, strict=True)
		],
	)
	for row, name in zip(rows, names, strict=True):
		row.snapshot = name


def drop(batch: Any) -> None:
	"""Exact inverse of `take`: what held is kept no longer than the approval it was kept for."""
	for row in batch.rows:
		row.update({"snapshot": None, "eligibility_changed": 0})
	frappe.db.delete(DOCTYPE, {"batch": batch.name})


def as_text(rule: Rule, facts: Facts) -> str:
	"""Readable JSON: facts, what the rule looked at, the rule itself."""
	known = {
		"status": facts.status,
		"school": facts.school,
		"school_class": facts.school_class,
		"stage": facts.stage,
		"need_groups": list(facts.need_groups),
		"circumstances": facts.circumstances,
		"minimum_living": facts.minimum_living,
		"poverty_registered": facts.poverty_registered,
		"disability": facts.disability,
		"annual_income": None if facts.annual_income is None else str(facts.annual_income),
		"evidence": {criterion: list(names) for criterion, names in facts.evidence.items()},
		"hours": str(facts.hours),
		"pay": str(facts.pay),
	}
	content = {"facts": known, "looked_at": used_facts(rule, facts), "rule": rule.as_dict()}
	return json.dumps(content, ensure_ascii=False, indent=1)


def digest_of(used: Mapping[str, str]) -> str:
	return hashlib.sha256(json.dumps(used, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


# ---------------------------------------------------------------- what has changed since


def changes_of(batch: str) -> dict[str, dict[str, tuple[str, str]]]:
	"""Row → fact → (at the approval, now), of the rows still to be paid for which something differs.

	Judged by the rule as it was approved. For who may read snapshots; others learn the names of the rows only.
	"""
	row, snapshot = frappe.qb.DocType("Subsidy Batch Row"), frappe.qb.DocType(DOCTYPE)
	rows = (
		frappe.qb.from_(row)
		.join(snapshot)
		.on(snapshot.name == row.snapshot)
		.where((row.parent == batch) & row.status.isin(OPEN))
		.select(row.name, row.student, snapshot.facts, snapshot.digest)
	).run(as_dict=True)
	if not rows:
		return {}
	facts = facts_now(batch, [row.student for row in rows])
	found = {}
	for row in rows:
		kept = json.loads(row.facts)
		now = used_facts(Rule.of(kept["rule"]), facts[row.student])
		if digest_of(now) != row.digest:
			found[row.name] = differences(kept["looked_at"], now)
	return found


def facts_now(batch: str, students: list[str]) -> dict[str, Facts]:
	scheme, period = frappe.db.get_value("Subsidy Batch", batch, ["scheme", "period"])
	by_hours = frappe.db.get_value("Subsidy Scheme", scheme, "amount_rule") == "By Hours"
	work = student_facts.work_of(scheme, period) if by_hours else None
	return student_facts.facts_of(students, work=work)


def differences(before: Mapping[str, str], now: Mapping[str, str]) -> dict[str, tuple[str, str]]:
	return {label: (before[label], now.get(label, "")) for label in before if before[label] != now.get(label)}


def warnings(batch: Any) -> dict[str, str]:
	"""Row → what its reader may be told; who reads no snapshots learns that something changed, not what."""
	changes = changes_of(batch.name) if batch.docstatus == 1 else {}
	if not frappe.has_permission(DOCTYPE, "read"):
		return dict.fromkeys(changes, _("Changed since the approval: ask the coordinator."))
	return {
		row: "; ".join(
			f"{_(label, context=FILE)}: {_(old, context=FILE)} → {_(new, context=FILE)}"
			for label, (old, new) in changed.items()
		)
		for row, changed in changes.items()
	}


def mark_changed() -> None:
	"""Each night: the mark on every row still to be paid. Called from hooks."""
	row = frappe.qb.DocType("Subsidy Batch Row")
	still_open = (row.docstatus == 1) & row.status.isin(OPEN)
	for batch in frappe.qb.from_(row).where(still_open).select(row.parent).distinct().run(pluck=True):
		changed = sorted(changes_of(batch)) or [""]
		of_batch = frappe.qb.update(row).where(still_open & (row.parent == batch))
		of_batch.where(row.name.isin(changed)).set(row.eligibility_changed, 1).run()
		of_batch.where(row.name.notin(changed)).set(row.eligibility_changed, 0).run()
