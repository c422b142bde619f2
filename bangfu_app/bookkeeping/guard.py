"""ERPNext's vouchers of ours follow their document: nobody cancels, deletes, copies or marks one by hand."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_link_to_form

from bangfu_app.bookkeeping import presence

# bookkeepers say where documents are booked; everyone else who edits these records leaves it as it is
MAPPED = {
	"School": ("company",),
	"Service Point": ("warehouse",),
	"Aid Item": ("erpnext_item",),
	"Aid Fund": ("cost_center",),
}


class HeldByDocument(frappe.ValidationError):
	pass


def hold_voucher(doc: Document, method: str | None = None) -> None:
	"""Hook before_cancel and on_trash of Stock Entry and Journal Entry."""
	if not doc.get("bangfu_document") or doc.flags.bangfu:
		return
	# a deleted voucher that was cancelled with its document tells nothing any more, but the trail would have a gap
	frappe.throw(
		_("{0} was made for {1}. Cancel that record instead, and this one is cancelled with it.").format(
			f"{_(doc.doctype)} {doc.name}",
			get_link_to_form(
				doc.bangfu_document_type,
				doc.bangfu_document,
				f"{_(doc.bangfu_document_type)} {doc.bangfu_document}",
			),
		),
		exc=HeldByDocument,
		title=_("Made by an Aid Record"),
	)


def keep_mark(doc: Document, method: str | None = None) -> None:
	"""Hook validate: the mark says which document was posted, so only a posting sets it. An amended voucher has none."""
	if doc.flags.bangfu or not doc.meta.has_field("bangfu_document"):
		return
	before = doc.get_doc_before_save()
	for fieldname in ("bangfu_document_type", "bangfu_document"):
		doc.set(fieldname, before.get(fieldname) if before else None)


def keep_mapping(doc: Document, method: str | None = None) -> None:
	"""Hook validate of the records that name their company, warehouse, item or cost centre."""
	fields = [name for name in MAPPED[doc.doctype] if doc.meta.has_field(name)]
	before = doc.get_doc_before_save()
	changed = [name for name in fields if (doc.get(name) or "") != ((before and before.get(name)) or "")]
	if changed and not doc.flags.ignore_permissions and not presence.BOOKKEEPERS & set(frappe.get_roles()):
		frappe.throw(
			_("{0} is set by the finance staff: it says where things are booked.").format(
				frappe.bold(_(doc.meta.get_label(changed[0])))
			),
			frappe.PermissionError,
		)
