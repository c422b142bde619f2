"""What Frappe itself lets through, closed once for every DocType of ours (domain §5).

Frappe keeps much beside a record: files, comments, versions, to-dos. Each of those obeys the right to its record.
"""

import re

import frappe
from frappe import _
from frappe.core.api import file as file_api
from frappe.core.doctype.file.file import File
from frappe.desk import listview, search
from frappe.model.document import Document
from frappe.query_builder.functions import IfNull

from bangfu_app.arguments import parse
from bangfu_app.privacy import unmasking

# DocType of Frappe → its fields that name the record a row belongs to
TRACES = {
	"Access Log": ("export_from", "reference_document"),
	"Activity Log": ("reference_doctype", "reference_name"),
	"Comment": ("reference_doctype", "reference_name"),
	"Communication": ("reference_doctype", "reference_name"),
	"Deleted Document": ("deleted_doctype", "deleted_name"),
	"DocShare": ("share_doctype", "share_name"),
	"Document Follow": ("ref_doctype", "ref_docname"),
	"Document Share Key": ("reference_doctype", "reference_docname"),
	"Email Queue": ("reference_doctype", "reference_name"),
	"Energy Point Log": ("reference_doctype", "reference_name"),
	"File": ("attached_to_doctype", "attached_to_name"),
	"Tag Link": ("document_type", "document_name"),
	"ToDo": ("reference_type", "reference_name"),
	"Version": ("ref_doctype", "docname"),
	"View Log": ("reference_doctype", "reference_name"),
}

# files on these records show numbers of this kind in clear: for who may be shown such numbers anyway
NUMBERS_IN_FILES = {"Subsidy Payment": "Bank Account"}

# Frappe 15 takes the first hook that is not None for the verdict, Frappe 16 takes None for a no
NO_OPINION = None if int(frappe.__version__.split(".")[0]) < 16 else True

# identity numbers and account numbers; mobile numbers
LONG_NUMBERS = re.compile(r"(?<![0-9A-Za-z])(?:\d{15,18}[\dXx]|1[3-9]\d{9})(?![0-9A-Za-z])")


def is_ours(doctype: str | None) -> bool:
	return bool(doctype) and frappe.db.get_value("DocType", doctype, "module", cache=True) == "Bangfu App"


def our_doctypes() -> list[str]:
	return frappe.get_all("DocType", {"module": "Bangfu App", "istable": 0}, pluck="name")


def may(ptype: str, doctype: str, name: str | None, user: str) -> bool:
	"""Has the user this right on the stored record? On one that is gone nobody has."""
	return bool(
		name and frappe.db.exists(doctype, name) and frappe.has_permission(doctype, ptype, name, user=user)
	)


# ---------------------------------------------------------------- hooks: rows beside our records


def trace_query(user: str | None = None, doctype: str | None = None) -> str:
	"""Lists hold no row that points at a record of ours: the record's form shows them to who may read it."""
	user = user or frappe.session.user
	if user == "Administrator":
		return ""
	table = frappe.qb.DocType(doctype)
	elsewhere = IfNull(table[TRACES[doctype][0]], "").notin(our_doctypes())
	criterion = elsewhere | table.name.isin(own_to_dos(user) or [""]) if doctype == "ToDo" else elsewhere
	return "(" + criterion.get_sql(with_namespace=True, quote_char="`", secondary_quote_char="'") + ")"


def own_to_dos(user: str) -> list[str]:
	"""To-dos from or for the user on records of ours, as long as the user may read the record."""
	rows = frappe.get_all(
		"ToDo",
		{"reference_type": ["in", our_doctypes()]},
		["name", "reference_type", "reference_name"],
		or_filters={"allocated_to": user, "assigned_by": user},
	)
	return [row.name for row in rows if may("read", row.reference_type, row.reference_name, user)]


def has_trace_permission(doc: Document, ptype: str = "read", user: str | None = None) -> bool | None:
	"""The right to a row is the right to its record, as stored and as sent; its owner has no more than others."""
	user = user or frappe.session.user
	right = "write" if doc.doctype == "File" and ptype in ("write", "create", "delete") else "read"
	for doctype, name in records_of(doc):
		if user == "Administrator" or not is_ours(doctype):
			continue
		if not (may(right, doctype, name, user) or is_own_of_unsaved(doc, doctype, name, user)):
			return False
		if doc.doctype == "File" and not may_see_numbers_in(doctype, user):
			return False
	return NO_OPINION


def may_see_numbers_in(doctype: str, user: str) -> bool:
	kind = NUMBERS_IN_FILES.get(doctype)
	return not kind or kind in unmasking.shown_kinds(user)


def is_own_of_unsaved(doc: Document, doctype: str, name: str | None, user: str) -> bool:
	"""A form that is not saved yet takes files under a name of the browser's: they are the uploader's alone."""
	if doc.doctype != "File" or not (name or "").startswith("new-") or frappe.db.exists(doctype, name):
		return False
	return doc.owner in (None, user) and frappe.has_permission(doctype, "create", user=user)


def records_of(doc: Document) -> set[tuple[str | None, str | None]]:
	"""The record a row points at, as sent and as stored: pointing it elsewhere must not open it."""
	fields = TRACES[doc.doctype]
	stored = frappe.db.get_value(doc.doctype, doc.name, fields) if doc.name else None
	return {tuple(doc.get(field) for field in fields), *([tuple(stored)] if stored else [])}


# ---------------------------------------------------------------- files


class RecordFile(File):
	"""Frappe writes a file to disk in `before_insert`; whether it may, and where to, is settled before."""

	def before_insert(self):
		if not self.get("content"):
			self.require_right_to_content()
		elif is_ours(self.attached_to_doctype):
			self.update({"is_private": 1, "file_url": None})
		super().before_insert()

	def is_downloadable(self) -> bool:
		"""Frappe asks its own rule here, by which an uploader keeps a file for ever."""
		return super().is_downloadable() and bool(self.has_permission("read"))

	def require_right_to_content(self) -> None:
		"""A file that is there already is attached again by who may read it: its address alone opens nothing."""
		same = frappe.get_all(
			"File", {"file_url": self.file_url or ""}, ["attached_to_doctype", "attached_to_name"]
		)
		closed = [row for row in same if is_ours(row.attached_to_doctype)]
		user = frappe.session.user
		if any(
			not may("read", row.attached_to_doctype, row.attached_to_name, user)
			or not may_see_numbers_in(row.attached_to_doctype, user)
			for row in closed
		):
			frappe.throw(_("This file belongs to another record."), frappe.PermissionError)
		if is_ours(self.attached_to_doctype):
			require_private(self.file_url)


def keep_file_private(file: Document, method: str | None = None) -> None:
	"""A file of our records is private, and stays with its record."""
	before = file.get_doc_before_save()
	if before and is_ours(before.attached_to_doctype) and records_of(file) != {stored_record(before)}:
		frappe.throw(_("A file stays with the record it belongs to: upload it there again."))
	if is_ours(file.attached_to_doctype):
		file.is_private = 1


def stored_record(file: Document) -> tuple[str | None, str | None]:
	return file.attached_to_doctype, file.attached_to_name


def require_private_attachments(doc: Document, method: str | None = None) -> None:
	"""Of the record and of its rows: a photo or a signed sheet of a minor is no public file."""
	before = doc.get_doc_before_save()
	known = set(attachments_of(before)) if before else set()
	for url in attachments_of(doc):
		if url not in known:
			require_private(url)


def attachments_of(doc: Document) -> list[str]:
	"""Addresses of the files attached to the record and to its rows."""
	rows = [doc, *doc.get_all_children()]
	return [
		row.get(field.fieldname)
		for row in rows
		for field in row.meta.get("fields", {"fieldtype": ["in", ["Attach", "Attach Image"]]})
		if row.get(field.fieldname)
	]


def require_private(file_url: str | None) -> None:
	if (file_url or "").startswith("/files/"):
		frappe.throw(_("Attach it as a private file: public ones are open to the world."))


# ---------------------------------------------------------------- shares, assignments, notices


def refuse_share(share: Document, method: str | None = None) -> None:
	"""A share would give a right that no criterion takes back."""
	doctype = share.get("share_doctype") or share.get("reference_doctype")
	if is_ours(doctype):
		frappe.throw(
			_("{0} is not shared: who sees it follows from roles, classes and pairings.").format(_(doctype)),
			frappe.PermissionError,
			title=_("Not Permitted"),
		)


def remove_shares() -> None:
	"""Shares and keys from before the app, or past it: each migrate takes them away."""
	for doctype in ("DocShare", "Document Share Key"):
		frappe.db.delete(doctype, {TRACES[doctype][0]: ["in", our_doctypes()]})


def require_reader(to_do: Document, method: str | None = None) -> None:
	"""A record is assigned to who may read it."""
	doctype, name = to_do.reference_type, to_do.reference_name
	if not is_ours(doctype) or not to_do.has_value_changed("allocated_to"):
		return
	if to_do.allocated_to and not may("read", doctype, name, to_do.allocated_to):
		frappe.throw(
			_("{0} may not see {1}, so it cannot be assigned there.").format(to_do.allocated_to, name),
			title=_("Not Permitted"),
		)


def neutralise_notice(notice: Document, method: str | None = None) -> None:
	"""A notice, and the mail made of it, says where to look and nothing of what is there."""
	if is_ours(notice.document_type):
		notice.subject = _("News on {0} {1}").format(_(notice.document_type), notice.document_name)
		notice.email_content = None


def unfollow(follow: Document, method: str | None = None) -> None:
	"""Frappe mails what changed to followers and asks for no right. Quietly: an assignment follows by itself."""
	if is_ours(follow.ref_doctype):
		frappe.db.delete("Document Follow", {"name": follow.name})


# ---------------------------------------------------------------- prints, link titles, counts, logs


def require_print_right(doc: Document, method: str | None = None, *args: object) -> None:
	"""A print by a key or an old signature in its address asks for no right of ours."""
	if not frappe.has_permission(doc.doctype, "print", doc):
		frappe.throw(_("You may not print this record."), frappe.PermissionError, title=_("Not Permitted"))


@frappe.whitelist()
def get_link_title(doctype: str, docname: str) -> str | None:
	"""Frappe's own gives the title of any record to anybody; a student's name goes to who may read or choose it."""
	if is_ours(doctype) and not (
		frappe.has_permission(doctype, "read", docname) or frappe.has_permission(doctype, "select", docname)
	):
		return docname
	return search.get_link_title(doctype, docname)


@frappe.whitelist()
def zip_files(files: str) -> None:
	"""Frappe's own zip gives an uploader the own files for ever."""
	for file in parse(files, list):
		frappe.has_permission("File", "read", parse(file, dict).get("name"), throw=True)
	file_api.zip_files(files)


@frappe.whitelist()
def get_group_by_count(doctype: str, current_filters: str, field: str) -> list[dict]:
	"""Frappe 15 counts the assigned among all records, so that a filter could ask for what one may not read."""
	if not frappe.db.exists("DocType", doctype):
		frappe.throw(_("The request cannot be read."), exc=frappe.DoesNotExistError)
	frappe.has_permission(doctype, "read", throw=True)
	parse(current_filters, (list, dict))
	if field == "assigned_to" and is_ours(doctype):
		return []
	return listview.get_group_by_count(doctype, current_filters, field)


def scrub_error(log: Document, method: str | None = None) -> None:
	"""A traceback with its values keeps no identity, phone or account number."""
	for fieldname in ("method", "error"):
		log.set(fieldname, LONG_NUMBERS.sub("***", log.get(fieldname) or ""))
