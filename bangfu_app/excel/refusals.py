"""What a record's own rules or the user's rights refuse, in words for the row."""

from collections.abc import Callable

import frappe
from frappe import _
from frappe.utils import cstr, strip_html

ONE = "bangfu_record"
# what a record's own rules raise; anything else is a mistake of ours and ends the import
REFUSALS = (frappe.ValidationError, frappe.PermissionError, frappe.NameError)


def not_allowed() -> str:
	return _("you are not allowed to create or change this record")


def refusal_of(act: Callable[[], None], writes: bool = True) -> str | None:
	"""Do it, or take back what it has written; the reason why it was refused."""
	said = len(frappe.local.message_log)
	if writes:
		frappe.db.savepoint(ONE)
	try:
		act()
	except (*REFUSALS, frappe.db.DataError) as error:
		if writes:
			frappe.db.rollback(save_point=ONE)
		return _reason(error, said)
	finally:
		if writes:
			frappe.db.release_savepoint(ONE)
		del frappe.local.message_log[said:]


def _reason(error: Exception, said: int) -> str:
	"""The error in the words that a form would show."""
	if isinstance(error, frappe.PermissionError):
		return not_allowed()
	if isinstance(error, (frappe.db.DataError, frappe.DataTooLongException)):
		return _("a value is too long or too large for its field")
	messages = [frappe.parse_json(message).get("message") for message in frappe.local.message_log[said:]]
	words = "; ".join(cstr(message) for message in messages if message) or cstr(error) or type(error).__name__
	return strip_html(words)
