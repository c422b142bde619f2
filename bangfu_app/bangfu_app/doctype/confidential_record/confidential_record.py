import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate, now_datetime

from bangfu_app.bangfu_app.doctype.student_file.student_file import require_same_student
from bangfu_app.privacy import confidential, disclosure


class ConfidentialRecord(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		content: DF.LongText | None
		counsellor: DF.Link
		kind: DF.Literal["Psychology", "Family Finance", "Abuse", "Medical"]
		recorded_on: DF.Date
		referral: DF.Link | None
		school: DF.Link | None
		student: DF.Link
		student_name: DF.Data | None
		withdrawal_reason: DF.SmallText | None
		withdrawn: DF.Check
		withdrawn_on: DF.Date | None
	# end: auto-generated types

	"""Psychology, family finance, abuse, medical: closed even to those who read the file (domain §5, F6).

	The texts lie encrypted in Confidential Entry, one row per text, never overwritten (F7); the record itself
	holds nothing but when, by whom and of what kind.
	"""

	def onload(self):
		self.set_onload("papers", papers_of(self.name))
		self.set_onload("entries", frappe.db.count("Confidential Entry", {"record": self.name}))

	def before_insert(self):
		"""Before Frappe and other apps look at the record: from here on the text is sealed."""
		confidential.forget_request()
		self.counsellor = self.counsellor or frappe.session.user
		self.flags.text_cipher = confidential.seal_text(self.content) if self.content else None
		self.content = None

	def before_validate(self):
		if self.content:
			self.content = None
			confidential.forget_request()
			frappe.throw(
				_("Use Add to Record: what was written stays as it is."), title=_("Confidential Record")
			)

	def validate(self):
		require_same_student(self, "referral")
		self.validate_counsellor()
		self.validate_withdrawal()

	def after_insert(self):
		if self.flags.text_cipher:
			add_entry(self.name, self.flags.text_cipher)

	def on_trash(self):
		frappe.throw(
			_("A confidential record is not deleted; it can be withdrawn."), title=_("Confidential Record")
		)

	def validate_counsellor(self) -> None:
		"""Who is responsible reads the record: a counsellor makes no one else that, the leading group does."""
		if not (self.is_new() or self.has_value_changed("counsellor")):
			return
		if not {"Counsellor", "Bangfu Manager"} & set(frappe.get_roles(self.counsellor)):
			frappe.throw(_("{0} is not a counsellor.").format(frappe.bold(self.counsellor)))
		own = self.is_new() and self.counsellor == frappe.session.user
		if not own and "Bangfu Manager" not in frappe.get_roles():
			frappe.throw(_("The leading group decides which counsellor is responsible."))

	def validate_withdrawal(self) -> None:
		withdrawal = ("withdrawn", "withdrawn_on", "withdrawal_reason")
		if not self.flags.withdrawing and confidential.changed(self, *withdrawal):
			frappe.throw(_("Use Withdraw: the reason is kept."), title=_("Confidential Record"))

	@frappe.whitelist(methods=["POST"])
	def withdraw(self, reason: str) -> None:
		"""A record made by mistake: it stays, marked, and is counted no more."""
		record = stored(self.name, "write")
		record.update(
			{
				"withdrawn": 1,
				"withdrawn_on": getdate(),
				"withdrawal_reason": disclosure.require_reason(reason),
			}
		)
		record.flags.withdrawing = True
		record.save()


def stored(name: str, ptype: str = "read") -> Document:
	"""The record as the database has it, if the user has this right on it."""
	record = frappe.get_doc("Confidential Record", name)
	record.check_permission(ptype)
	return record


def add_entry(record: str, text_cipher: str, reason_cipher: str | None = None) -> None:
	"""No user has a right on entries, so that none is read or written but through the record."""
	entry = frappe.get_doc(
		{
			"doctype": "Confidential Entry",
			"record": record,
			"text_cipher": text_cipher,
			"reason_cipher": reason_cipher,
			"written_by": frappe.session.user,
			"written_on": now_datetime(),
		}
	)
	entry.set_new_name()
	entry.db_insert()


def entries_of(record: str) -> list[dict]:
	"""All texts in clear, the oldest first."""
	rows = frappe.get_all(
		"Confidential Entry",
		{"record": record},
		["written_on", "written_by", "text_cipher", "reason_cipher"],
		order_by="written_on, creation",
	)
	for row in rows:
		row.text = confidential.open_text(row.pop("text_cipher"))
		cipher = row.pop("reason_cipher")
		row.reason = confidential.open_text(cipher) if cipher else None
	return rows


def papers_of(record: str) -> list[dict]:
	return frappe.get_all(
		"File",
		{"attached_to_doctype": "Confidential Record", "attached_to_name": record},
		["name", "file_name", "owner", "creation"],
		order_by="creation",
	)


@frappe.whitelist(methods=["POST"])
def open_record(name: str, reason: str) -> dict:
	"""What is written in the record, for who says why; logged."""
	record = stored(name)
	reason = disclosure.require_reason(reason)
	disclosure.log("Confidential Record", record.doctype, record.name, student=record.student, reason=reason)
	entries = entries_of(record.name)
	return {
		"name": record.name,
		"kind": record.kind,
		"content": "\n\n".join(entry.text for entry in entries),
		"entries": entries,
		"papers": papers_of(record.name),
	}


@frappe.whitelist(methods=["POST"])
def amend_record(name: str, content: str, reason: str) -> None:
	"""Add a text with the reason for it; the former ones stay."""
	record = stored(name, "write")
	reason = disclosure.require_reason(reason)
	confidential.forget_request()
	if not (content or "").strip():
		frappe.throw(_("There is nothing to add."), title=_("Confidential Record"))
	add_entry(record.name, confidential.seal_text(content), confidential.seal_text(reason))


@frappe.whitelist(methods=["POST"])
def add_paper() -> str:
	"""What Frappe's upload calls with the file in `frappe.local`: seal it and attach it. Returns the File's name."""
	record = stored(frappe.form_dict.docname, "write")
	content = frappe.local.uploaded_file
	if not content:
		frappe.throw(_("Choose a file to upload."), title=_("Confidential Record"))
	if len(content) > confidential.MAX_PAPER_MB * 1024 * 1024:
		frappe.throw(_("A paper may have {0} MB at most.").format(confidential.MAX_PAPER_MB))
	file = frappe.get_doc(
		{
			"doctype": "File",
			"attached_to_doctype": record.doctype,
			"attached_to_name": record.name,
			"file_name": f"{record.name}-{len(papers_of(record.name)) + 1}.sealed",
			"is_private": 1,
			"content": confidential.seal_paper(content, frappe.local.uploaded_filename),
		}
	)
	file.flags.sealed = True
	return file.insert().name


@frappe.whitelist(methods=["POST"])
def open_paper(name: str, file: str, reason: str) -> None:
	"""Send a paper of the record as a download, for who says why; logged."""
	record = stored(name)
	reason = disclosure.require_reason(reason)
	paper = frappe.get_doc("File", file)
	if (paper.attached_to_doctype, paper.attached_to_name) != (record.doctype, record.name):
		raise frappe.PermissionError
	disclosure.log(
		"Confidential Paper",
		record.doctype,
		record.name,
		student=record.student,
		reason=reason,
		file_name=paper.file_name,
	)
	content, extension = confidential.open_paper(paper_bytes(paper))
	frappe.response.update(
		{
			"type": "download",
			"filename": paper.file_name.removesuffix(".sealed") + extension,
			"filecontent": content,
		}
	)


def paper_bytes(paper: Document) -> bytes:
	content = paper.get_content()
	return content.encode() if isinstance(content, str) else content
