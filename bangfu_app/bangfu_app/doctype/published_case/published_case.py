import re
import unicodedata

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate, strip_html

from bangfu_app.privacy import consent


class PublishedCase(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		alias: DF.Data
		consent: DF.Link | None
		photo: DF.AttachImage | None
		published_on: DF.Date | None
		school: DF.Link | None
		status: DF.Literal["Draft", "Published", "Withdrawn"]
		story: DF.TextEditor
		student: DF.Link
		student_name: DF.Data | None
		title: DF.Data
		withdrawn_on: DF.Date | None
	# end: auto-generated types

	"""A student's story for others to read: by alias, with consent, and gone when the consent is (F13)."""

	def validate(self):
		self.alias = self.alias or frappe.db.get_value("Student File", self.student, "alias")
		self.validate_names()
		self.validate_consents()

	def validate_names(self) -> None:
		"""Neither the student nor the guardian is named, with or without spaces and markup between."""
		names = frappe.db.get_value("Student File", self.student, ["student_name", "guardian_name"])
		for fieldname in ("title", "alias", "story"):
			words = bare(self.get(fieldname))
			if any(bare(name) in words for name in names if len(bare(name)) > 1):
				frappe.throw(
					_("{0} names the student or the guardian: use the alias.").format(
						frappe.bold(_(self.meta.get_label(fieldname), context="Published Case"))
					),
					title=_("Published Case"),
				)

	def validate_consents(self) -> None:
		if self.status != "Published":
			self.withdrawn_on = getdate() if self.status == "Withdrawn" else None
			return
		self.consent = consent.require_consent(self.student, "Published Case", _("Published Case"))
		if self.photo:
			consent.require_consent(self.student, "Photo and Publicity", _("Photo"))
		if self.is_new() or self.has_value_changed("status"):
			self.published_on = getdate()
		self.withdrawn_on = None


def bare(text: str | None) -> str:
	"""Letters and digits alone, so that a name is found however it is written."""
	plain = strip_html(unicodedata.normalize("NFKC", text or ""))
	return re.sub(r"[\W_]", "", plain).casefold()
