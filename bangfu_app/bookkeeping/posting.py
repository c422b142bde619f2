"""A submitted document goes into ERPNext's books within its own transaction, and a cancelled one out of them.

If ERPNext refuses, the document is refused with it. A Ledger Posting names the voucher: one for each document and
company, by a unique key, so nothing is posted twice.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_link_to_form

from bangfu_app.bookkeeping import documents, journal_entries, presence, stock_entries

POSTED, CANCELLED = "Posted", "Cancelled"


class NotPosted(frappe.ValidationError):
	"""ERPNext did not take the document; the message is ERPNext's, after the document's name."""


def post(doc: Document, method: str | None = None) -> None:
	"""Hook on_submit."""
	if presence.is_on():
		post_document(doc)


def post_document(doc: Document) -> None:
	"""Post what is not in the books yet. Called again it does nothing."""
	with told_with(doc):
		for voucher in vouchers_of(doc):
			posting = frappe.db.get_value(
				"Ledger Posting",
				{"posting_key": key_of(doc, voucher.company)},
				["name", "status"],
				as_dict=True,
			)
			if not (posting and is_in_books(posting.name)):
				submit(voucher, doc)
				record(doc, voucher, posting and posting.name)


def cancel(doc: Document, method: str | None = None) -> None:
	"""Hook on_cancel: whatever was posted, be posting on or off by now."""
	for name in frappe.get_all(
		"Ledger Posting",
		{"reference_doctype": doc.doctype, "reference_name": doc.name, "status": POSTED},
		pluck="name",
		order_by="name",
	):
		with told_with(doc):
			posting = frappe.get_doc("Ledger Posting", name, for_update=True)
			if is_in_books(name):
				cancel_voucher(posting)
			posting.status = CANCELLED
			posting.save(ignore_permissions=True)  # nobody writes these; the right is that on the document


def vouchers_of(doc: Document) -> list[Document]:
	"""What the document is in ERPNext, not inserted; nothing where it neither moves goods nor money."""
	return MAKERS[doc.doctype](doc)


MAKERS: dict[str, Callable[[Document], list[Document]]] = {
	"Aid Donation": lambda doc: (journal_entries if doc.kind == "Money" else stock_entries).of_donation(doc),
	"Aid Distribution": stock_entries.of_distribution,
	"Aid Return": stock_entries.of_return,
	"Aid Write Off": stock_entries.of_write_off,
	"Subsidy Payment": journal_entries.of_payment,
	"Fund Spending": journal_entries.of_spending,
}


def submit(voucher: Document, doc: Document) -> None:
	"""Who submits the document needs no role of ERPNext: the right was checked on the document, as the system posts it."""
	voucher.bangfu_document_type, voucher.bangfu_document = doc.doctype, doc.name
	voucher.flags.bangfu = voucher.flags.ignore_permissions = True
	with rights_on_bundles():
		voucher.insert()
		# not submit(): an entry with many rows or an old date may be left to a job of ERPNext's, after our commit
		voucher._submit()


def cancel_voucher(posting: Document) -> None:
	voucher = frappe.get_doc(posting.voucher_type, posting.voucher_no)
	voucher.flags.bangfu = voucher.flags.ignore_permissions = True  # as submit
	with rights_on_bundles():
		voucher._cancel()


@contextmanager
def rights_on_bundles() -> Iterator[None]:
	"""ERPNext saves the bundles of a voucher's batches under the user's own rights, whatever the voucher's flags say.

	So for the time of a posting the user has them; what a user may do else, as in a frozen period, stays the user's.
	"""
	rights, user = frappe.local.role_permissions, frappe.session.user
	keys = [("Serial and Batch Bundle", user, is_owner) for is_owner in (True, False)]
	rights.update({key: frappe.permissions.allow_everything() for key in keys})
	try:
		yield
	finally:
		for key in keys:
			rights.pop(key, None)


def record(doc: Document, voucher: Document, known: str | None) -> None:
	"""`known`: the posting of a voucher that is gone, as after an uninstall of ERPNext."""
	posting = frappe.get_doc("Ledger Posting", known) if known else frappe.new_doc("Ledger Posting")
	posting.update(
		{
			"reference_doctype": doc.doctype,
			"reference_name": doc.name,
			"posting_date": doc.get(documents.DATES[doc.doctype]),
			"company": voucher.company,
			"voucher_type": voucher.doctype,
			"voucher_no": voucher.name,
			"value": float(voucher.flags.bangfu_value),
			"status": POSTED,
			"posting_key": key_of(doc, voucher.company),
		}
	)
	posting.save(ignore_permissions=True)  # as cancel


def key_of(doc: Document, company: str) -> str:
	return f"{doc.doctype}|{doc.name}|{company}"


def is_in_books(posting: str) -> bool:
	"""Does the voucher of this posting stand? Not after a cancellation, nor where ERPNext was uninstalled since."""
	found = frappe.db.get_value(
		"Ledger Posting", posting, ["status", "voucher_type", "voucher_no"], as_dict=True
	)
	return (
		found.status == POSTED
		and presence.installed()
		and frappe.db.get_value(found.voucher_type, found.voucher_no, "docstatus") == 1
	)


@contextmanager
def told_with(doc: Document) -> Iterator[None]:
	"""ERPNext's refusal, with the document that it is about; ERPNext's hints to its own users are not shown."""
	muted, frappe.flags.mute_messages = frappe.flags.mute_messages, True
	refusal = None
	try:
		yield
	except (frappe.ValidationError, frappe.PermissionError) as error:
		refusal = error
	finally:
		frappe.flags.mute_messages = muted
	if refusal:
		frappe.throw(
			_("{0} is not in ERPNext's books and stays as it was: {1}").format(
				get_link_to_form(doc.doctype, doc.name, f"{_(doc.doctype)} {doc.name}"),
				str(refusal) or _("your rights do not allow it there."),
			),
			exc=NotPosted,
			title=_("Not Booked in ERPNext"),
		)
