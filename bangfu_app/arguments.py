"""Arguments of whitelisted methods as the wire brings them."""

import json
from typing import Any

import frappe
from frappe import _


def parse(value: Any, kind: type | tuple[type, ...]) -> Any:
	"""JSON or what it stands for; anything that is not of this kind is refused, not a crash."""
	try:
		parsed = frappe.parse_json(value)
	except (ValueError, json.JSONDecodeError):
		parsed = None
	if not isinstance(parsed, kind):
		frappe.throw(_("The request cannot be read."), title=_("Request"))
	return parsed
