"""By whom a sum is approved: bands of Bangfu Settings, each up to an amount."""

from typing import Any

import frappe
from frappe import _

from bangfu_app.money.subsidy_rules import money

LEADING_GROUP, FINANCE = "Leading Group", "Finance"


def band_of(batch: Any) -> str:
	"""Of a Subsidy Batch. Relief that the leading group has granted is not decided by it again (M6)."""
	if is_granted_relief(batch):
		return FINANCE
	bands = frappe.get_cached_doc("Bangfu Settings").approval_bands
	total = money(batch.total_amount)
	fitting = [row for row in bands if total <= money(row.up_to)]
	return min(fitting, key=lambda row: money(row.up_to)).approved_by if fitting else LEADING_GROUP


def is_granted_relief(batch: Any) -> bool:
	"""Is the batch no more than what was granted: this student, this scheme, this sum?"""
	if not batch.relief_request:
		return False
	granted = frappe.db.get_value(
		"Relief Request",
		batch.relief_request,
		["status", "student", "scheme", "amount_granted"],
		as_dict=True,
	)
	return bool(
		granted
		and granted.status == "Granted"
		and granted.scheme == batch.scheme
		and [row.student for row in batch.rows] == [granted.student]
		and money(batch.total_amount) <= money(granted.amount_granted)
	)


def require_granted_relief(batch: Any) -> None:
	"""A request makes the batch a claim of its own and spares it the leading group: only for what was granted."""
	if batch.relief_request and not is_granted_relief(batch):
		frappe.throw(
			_("The batch is more or other than what {0} grants: one student, this scheme, this sum.").format(
				frappe.bold(batch.relief_request)
			),
			title=_("Relief Request"),
		)
