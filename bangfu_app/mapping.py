"""Frappe's mapper behind the "Create" buttons, for arguments as the wire brings them."""

from collections.abc import Callable

import frappe
from frappe import _
from frappe.model import mapper
from frappe.model.document import Document

from bangfu_app.arguments import parse


def get_mapped_doc(
	doctype: str,
	name: str,
	tables: dict,
	target_doc: str | Document | None = None,
	postprocess: Callable | None = None,
) -> Document:
	"""The next record, filled in. The caller has checked the right to the source."""
	if not name:
		frappe.throw(_("The request cannot be read."), exc=frappe.DoesNotExistError)
	if isinstance(target_doc, str) and target_doc:
		target_doc = frappe.get_doc(parse(target_doc, dict))
	return mapper.get_mapped_doc(doctype, name, tables, target_doc, postprocess)
