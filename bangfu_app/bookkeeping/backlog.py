"""What was submitted while ERPNext was not there, or not posting, or whose voucher is gone: posted later, once.

Each document in a transaction of its own, oldest first; one that fails is kept with its reason and the rest goes on.
A job that is stopped starts again where it was.
"""

import frappe
from frappe import _
from frappe.utils import strip_html

from bangfu_app.bookkeeping import documents, posting, presence

JOB = "bangfu_app_post_backlog"
FAILED = "Failed"


def waiting(from_date: str | None = None, to_date: str | None = None) -> list[documents.Posted]:
	"""Submitted documents without a voucher that stands, in the order in which they have to be posted."""
	done = in_books()
	return [doc for doc in documents.submitted(from_date, to_date) if (doc.doctype, doc.name) not in done]


def in_books() -> set[tuple[str, str]]:
	"""Documents all of whose vouchers stand in ERPNext."""
	table = frappe.qb.DocType("Ledger Posting")
	rows = (
		frappe.qb.from_(table)
		.where(table.status == posting.POSTED)
		.select(table.reference_doctype, table.reference_name, table.voucher_type, table.voucher_no)
	).run()
	standing = standing_vouchers()
	gone = {(doctype, name) for doctype, name, *voucher in rows if tuple(voucher) not in standing}
	return {(doctype, name) for doctype, name, *_voucher in rows} - gone


def standing_vouchers() -> set[tuple[str, str]]:
	found = set()
	for doctype in ("Stock Entry", "Journal Entry") if presence.installed() else ():
		table = frappe.qb.DocType(doctype)
		marked = frappe.qb.from_(table).where((table.docstatus == 1) & (table.bangfu_document != ""))
		found |= {(doctype, name) for name in marked.select(table.name).run(pluck=True)}
	return found


@frappe.whitelist(methods=["POST"])
def post_backlog() -> int:
	"""Start the job; how many documents wait. Finance and the leading group only."""
	presence.require_bookkeeper()
	if not presence.is_on():
		frappe.throw(
			_("Posting to ERPNext is off. Turn it on in Bangfu Settings → Bookkeeping."),
			title=_("Bookkeeping"),
		)
	count = len(waiting())
	if count:
		frappe.enqueue(
			"bangfu_app.bookkeeping.backlog.run",
			queue="long",
			timeout=6 * 60 * 60,
			job_id=JOB,
			deduplicate=True,
			user=frappe.session.user,
		)
	return count


def run(user: str | None = None) -> dict[str, int]:
	"""The job. Returns how many were posted and how many failed."""
	todo, failed = waiting(), 0
	for place, doc in enumerate(todo, 1):
		failed += not post_one(doc.doctype, doc.name)
		if user:
			frappe.publish_progress(place * 100 / len(todo), title=_("Post Backlog"), user=user)
	result = {"posted": len(todo) - failed, "failed": failed}
	if user:
		frappe.publish_realtime("bangfu_backlog_posted", result, user=user)
	return result


def post_one(doctype: str, name: str) -> bool:
	"""In a transaction of its own: posted, or kept with the reason why not."""
	frappe.db.savepoint("bangfu_backlog")
	try:
		# whoever cancels it now waits, or has been before us
		doc = frappe.get_doc(doctype, name, for_update=True)
		if doc.docstatus.is_submitted():
			posting.post_document(doc)
		frappe.db.delete("Ledger Posting", {"posting_key": failed_key(doctype, name)})
		reason = None
	except Exception as error:
		frappe.db.rollback(save_point="bangfu_backlog")
		reason = strip_html(str(error)) or type(error).__name__
		note_failure(doctype, name, reason)
	frappe.db.commit()  # each document is kept, whatever becomes of the next
	return reason is None


def note_failure(doctype: str, name: str, reason: str) -> None:
	"""For the report Tie-out, until it succeeds."""
	key = failed_key(doctype, name)
	known = frappe.db.get_value("Ledger Posting", {"posting_key": key})
	note = frappe.get_doc("Ledger Posting", known) if known else frappe.new_doc("Ledger Posting")
	note.update(
		{
			"reference_doctype": doctype,
			"reference_name": name,
			"posting_date": frappe.db.get_value(doctype, name, documents.DATES[doctype]),
			"status": FAILED,
			"error": reason,
			"posting_key": key,
		}
	)
	note.save(ignore_permissions=True)  # the job's own note


def failed_key(doctype: str, name: str) -> str:
	return f"{doctype}|{name}|failed"
