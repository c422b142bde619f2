from collections.abc import Callable, Iterable

import frappe
from frappe import _
from frappe.model.document import Document


class StudentNeed(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		need_category: DF.Link
		neutral_name: DF.Data | None
		note: DF.Data | None
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		since: DF.Date | None
	# end: auto-generated types

	pass


def name_needs(rows: Iterable[Document], value_of: Callable = frappe.get_cached_value) -> str:
	"""Fill in the neutral names; returns the focus of support that lists and prints show (I18)."""
	categories = [row.need_category for row in rows]
	if len(set(categories)) != len(categories):
		frappe.throw(_("A category of need is entered twice."), title=_("Needs"))
	for row in rows:
		row.neutral_name = value_of("Need Category", row.need_category, "neutral_name")
	return "、".join(dict.fromkeys(row.neutral_name for row in rows))
