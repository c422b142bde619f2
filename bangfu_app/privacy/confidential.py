"""Confidential records at rest and around them: sealed texts and papers, and what else must not hold them.

The right to a record is in `permissions.confidential_record_criterion`, its rules in `doctype/confidential_record/`.
"""

import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path

import frappe
from frappe import _
from frappe.core.doctype.error_log.error_log import ErrorLog
from frappe.model.document import Document

from bangfu_app.privacy import site_keys

DOCTYPE = "Confidential Record"
MAX_PAPER_MB = 10

# what names a confidential record in an error: its DocType, and our code at work on it
MARKS = re.compile(r"confidential[_ ](record|entry)|bangfu_app/confidential\.py", re.IGNORECASE)
NAMED = re.compile(r"[Cc]onfidential[_ ][Rr]ecord")
FRAME = re.compile(r' +File "[^"]+", line \d+, in [\w<>.]+')
EXCEPTION = re.compile(r"([A-Za-z_][\w.]*)(:|$)")

# parameters of a request that may carry a text
TEXT_KEYS = ("content", "doc", "docs", "data", "args", "reason")

# Frappe's records that stand beside any other and hold words or rights: DocType → field that names the DocType
BESIDE = {
	"Comment": "reference_doctype",
	"Communication": "reference_doctype",
	"DocShare": "share_doctype",
	"Tag Link": "document_type",
	"ToDo": "reference_type",
}


# ---------------------------------------------------------------- sealing


def seal_text(text: str) -> str:
	return site_keys.encrypt(text)


def open_text(cipher: str) -> str:
	"""The text in clear. The caller answers for the right to see it, and logs it."""
	return site_keys.decrypt(cipher)


def seal_paper(content: bytes, file_name: str) -> bytes:
	"""A paper as it lies on the disk: its bytes and the ending of its name, nothing else of the name."""
	paper = {"extension": extension_of(file_name), "content": base64.b64encode(content).decode()}
	return seal_text(json.dumps(paper)).encode()


def open_paper(sealed: bytes) -> tuple[bytes, str]:
	"""Bytes in clear, and the ending of the name (".pdf" or empty)."""
	paper = json.loads(open_text(sealed.decode()))
	return base64.b64decode(paper["content"]), paper["extension"]


def extension_of(file_name: str | None) -> str:
	ending = Path(file_name or "").suffix.lower()
	return ending if re.fullmatch(r"\.[a-z0-9]{1,5}", ending) else ""


def sealed_papers() -> Iterator[Path]:
	"""Where the papers lie, for a change of the site's key (key_rotation.py)."""
	for name in frappe.get_all("File", {"attached_to_doctype": DOCTYPE}, pluck="name", order_by="name"):
		yield Path(frappe.get_doc("File", name).get_full_path())


# ---------------------------------------------------------------- what must not hold a text


def forget_request() -> None:
	"""Frappe writes the parameters of a request into its log files when something fails: take the texts out."""
	for key in TEXT_KEYS:
		frappe.local.form_dict.pop(key, None)


class DiscreetForm(frappe._dict):
	"""Parameters of a request that keep their texts for the request: what copies them for a log gets none."""

	__slots__ = ()

	def __reduce_ex__(self, protocol):
		return frappe._dict, ({key: value for key, value in self.items() if key not in TEXT_KEYS},)


def guard_request() -> None:
	"""Hook before each request: until the text is sealed an error may log it, and Frappe's Recorder keeps it."""
	form, request = frappe.local.form_dict, getattr(frappe.local, "request", None)
	told = (request.path if request else "", *form.values())
	if any(isinstance(value, str) and NAMED.search(value) for value in told):
		# the Recorder holds this very object already; the plain way to set a class would add a parameter
		object.__setattr__(form, "__class__", DiscreetForm)


class ScrubbedErrorLog(ErrorLog):
	"""Frappe logs an error with the values of all variables; of confidential records the place alone is kept."""

	def before_insert(self):
		scrub_error(self)

	def deferred_insert(self) -> None:
		# it waits in Redis until Frappe writes it
		scrub_error(self)
		super().deferred_insert()


def scrub_error(log: Document) -> None:
	"""Without variables, message and parameters, where the error came from a confidential record."""
	texts = [log.get(fieldname) or "" for fieldname in ("method", "error", "metadata")]
	if not any(MARKS.search(str(text)) for text in texts):
		return
	log.error = places_of(str(log.error))
	log.method = "Error at a confidential record"
	if log.get("metadata"):
		log.metadata = None


def places_of(traceback: str) -> str:
	"""Files and lines of a traceback and the class of the exception: no line that can hold a value."""
	lines = traceback.splitlines()
	frames = [number for number, line in enumerate(lines) if FRAME.fullmatch(line)]
	kept = [lines[number].rstrip() for number in frames]
	after = lines[frames[-1] + 1 :] if frames else []
	raised = next((found[1] for line in after if (found := EXCEPTION.match(line))), "")
	return "\n".join([DOCTYPE, *kept, raised])


def refuse_beside(doc: Document, method: str | None = None) -> None:
	"""No remark, mail, tag, assignment or share at a confidential record: they obey other rights than it does."""
	if doc.get(BESIDE[doc.doctype]) != DOCTYPE:
		return
	# what Frappe itself writes on the timeline names a paper's neutral file name, no more
	if doc.doctype == "Comment" and doc.comment_type in ("Attachment", "Attachment Removed"):
		return
	frappe.throw(
		_("Write into the confidential record itself: what stands beside it is seen by others."),
		title=_("Confidential Record"),
	)


def refuse_plain_file(file: Document, method: str | None = None) -> None:
	"""Papers come in by `add_paper` alone, which seals them; they stay private and where they are."""
	before = file.get_doc_before_save()
	was_paper = bool(before) and before.attached_to_doctype == DOCTYPE
	if file.attached_to_doctype != DOCTYPE and not was_paper:
		return
	fixed = ("attached_to_doctype", "attached_to_name", "file_url", "is_private")
	moved = any(before.get(key) != file.get(key) for key in fixed) if was_paper else not file.flags.sealed
	if moved or not file.is_private:
		frappe.throw(
			_("Use Add Paper: an ordinary attachment is not encrypted."), title=_("Confidential Record")
		)


def refuse_to_delete_paper(file: Document, method: str | None = None) -> None:
	if file.attached_to_doctype == DOCTYPE:
		frappe.throw(_("A paper of a confidential record is kept."), title=_("Confidential Record"))


# ---------------------------------------------------------------- what others see


def count_of(student: str) -> int:
	"""How many records there are: all that a reader of the file learns (domain §5)."""
	return frappe.db.count(DOCTYPE, {"student": student, "withdrawn": 0})


def changed(doc: Document, *fieldnames: str) -> bool:
	"""Frappe's has_value_changed takes an emptied date for today's; here empty is empty, on a new record too."""
	before = doc.get_doc_before_save() or {}
	return any(str(before.get(key) or "") != str(doc.get(key) or "") for key in fieldnames)
