"""Who was shown what that is closed to others: numbers in clear, confidential records, exports (X1, X2)."""

from typing import Any

import frappe
from frappe import _
from frappe.utils import now_datetime


def log(kind: str, reference_doctype: str, reference_name: str | None = None, **values: Any) -> str:
	"""Write one line about the user of this session; `values` are fields of Disclosure Log. Returns its name.

	In the same transaction as the answer: what is shown is logged, or it is not shown.
	"""
	entry = frappe.get_doc(
		{
			"doctype": "Disclosure Log",
			"user": frappe.session.user,
			"disclosed_on": now_datetime(),
			"kind": kind,
			"reference_doctype": reference_doctype,
			"reference_name": reference_name,
			**values,
		}
	)
	entry.set_new_name()
	# no user may write this log by hand, so none has the right that insert() asks for
	entry.db_insert()
	return entry.name


def require_reason(reason: str | None) -> str:
	"""A reason of some substance, stripped; whoever opens what is closed says why."""
	reason = (reason or "").strip()
	if len(reason) < 2:
		frappe.throw(_("Say why you need it: the reason is kept."), title=_("Reason"))
	return reason
