from collections.abc import Callable
from datetime import date

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.query_builder.functions import Count, Max
from frappe.utils import add_years, getdate

from bangfu_app import completeness, recognition
from bangfu_app.approvals.approved_document import ApprovedDocument
from bangfu_app.approvals.declaration import Approval
from bangfu_app.bangfu_app.doctype.needs_survey.needs_survey import (
	make_support_plan as make_support_plan_from_survey,
)
from bangfu_app.bangfu_app.doctype.school_class.school_class import require_class_of
from bangfu_app.bangfu_app.doctype.student_need.student_need import name_needs
from bangfu_app.mapping import get_mapped_doc
from bangfu_app.persons import duplicate_desk, search_before_create
from bangfu_app.persons.name_keys import name_key
from bangfu_app.privacy import confidential, consent, identity, sealed_numbers
from bangfu_app.privacy.number_kinds import IDENTITY, MASK, PHONE
from bangfu_app.privacy.sealed_numbers import SealedDocument

CLOSED_STATES = ("Closed", "Archived")


class StudentFile(SealedDocument, ApprovedDocument):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from bangfu_app.bangfu_app.doctype.student_contact.student_contact import StudentContact
		from bangfu_app.bangfu_app.doctype.student_need.student_need import StudentNeed

		address: DF.SmallText | None
		alias: DF.Data | None
		birth_date: DF.Date
		case_closure: DF.Link | None
		closed_on: DF.Date | None
		contacts: DF.Table[StudentContact]
		duplicate_reason: DF.SmallText | None
		enrolment_status: DF.Literal["Enrolled", "Suspended", "Transferred", "Dropped Out", "Graduated"]
		follow_up_until: DF.Date | None
		future_plans: DF.SmallText | None
		gender: DF.Literal["", "Female", "Male"]
		grade: DF.Literal[
			"",
			"Grade 1",
			"Grade 2",
			"Grade 3",
			"Grade 4",
			"Grade 5",
			"Grade 6",
			"Grade 7",
			"Grade 8",
			"Grade 9",
			"Grade 10",
			"Grade 11",
			"Grade 12",
		]
		guardian_name: DF.Data | None
		guardian_phone: DF.Data | None
		guardian_phone_cipher: DF.SmallText | None
		guardian_phone_hash: DF.Data | None
		guardian_relation: DF.Literal[
			"", "Father", "Mother", "Grandfather", "Grandmother", "Other Relative", "Other"
		]
		head_teacher: DF.Link | None
		id_number: DF.Data | None
		id_number_cipher: DF.SmallText | None
		id_number_hash: DF.Data | None
		identified_on: DF.Date
		improvements: DF.SmallText | None
		merged_into: DF.Link | None
		name_key: DF.Data | None
		needs: DF.Table[StudentNeed]
		nominated_by: DF.Link | None
		notes: DF.SmallText | None
		photo: DF.AttachImage | None
		priority: DF.Literal["", "High", "Medium", "Low"]
		school: DF.Link
		school_choice_reason: DF.SmallText | None
		school_class: DF.Link | None
		screening: DF.Link | None
		source: DF.Literal[
			"Grid Worker",
			"Civil Affairs",
			"Teacher Nomination",
			"Self-report",
			"Family Interview",
			"Census",
			"Data Comparison",
			"Alert",
			"Request",
		]
		stage: DF.Literal[
			"Compulsory Education", "Senior Secondary", "Vocational Education", "Higher Education"
		]
		status: DF.Literal[
			"Draft",
			"Class Review",
			"School Review",
			"In Support",
			"Returned",
			"Declined",
			"Closed",
			"Archived",
		]
		strengths: DF.SmallText | None
		student_name: DF.Data
		student_no: DF.Data | None
		support_focus: DF.Data | None
		talents: DF.SmallText | None
	# end: auto-generated types

	approval = Approval(
		approved="In Support",
		content=(
			"student_name",
			"gender",
			"birth_date",
			"id_number",
			"school",
			"stage",
			"source",
			"identified_on",
			"needs",
		),
		proposers=("nominated_by",),
		voted="Class Review",
		ends=("In Support", "Declined", "Closed", "Archived"),
		by_system=("Closed", "Archived"),
	)
	sealed_numbers = {"id_number": IDENTITY, "guardian_phone": PHONE}

	def onload(self):
		super().onload()
		self.set_onload("confidential_records", confidential.count_of(self.name))
		self.set_onload("completeness", completeness.for_viewer(self))
		self.set_onload("relatives", duplicate_desk.relatives_of(self.name))
		self.set_onload("recognition", recognition.summary(self))
		if self.status == "In Support":
			self.set_onload("support", support_so_far(self.name))

	def validate(self):
		self.validate_merged()
		self.keep_screening()
		settle(self)
		self.validate_identity_is_unique()
		self.validate_enrolment()
		self.validate_closing()
		self.validate_photo()
		if self.is_new():
			search_before_create.refuse_duplicates(self)

	def after_insert(self):
		duplicate_desk.record_matches(self)

	def on_trash(self):
		super().on_trash()
		duplicate_desk.forget(self.name)
		completeness.forget(self.name)
		recognition.release_candidate(self.name)

	def validate_merged(self) -> None:
		"""What became part of another file is kept as it was."""
		if self.is_new():
			self.merged_into = None
		elif merged_into := self.get_doc_before_save().merged_into:
			frappe.throw(
				_("This file was merged into {0}: change it there.").format(merged_into), title=_("Merged")
			)
		elif self.merged_into:
			frappe.throw(_("Files are merged by a Student Merge only."), title=_("Merged"))

	def validate_enrolment(self) -> None:
		"""Once the file is there, its enrolment changes by a record with its paper (I15)."""
		if not self.is_new() and self.has_value_changed("enrolment_status"):
			frappe.throw(_("The enrolment changes by an Enrolment Change only."), title=_("Enrolment"))

	def keep_screening(self) -> None:
		"""A file is of the screening that it was made from, at its making."""
		before = self.get_doc_before_save()
		if before or not self.flags.made_from_screening:
			self.screening = before.screening if before else None

	def validate_identity_is_unique(self) -> None:
		"""One student, one file (F1). The message does not tell whose the number is."""
		number = identity.normalise(self.id_number)
		if not number or MASK in number:
			return
		if set(sealed_numbers.find("Student File", "id_number", number)) - {self.name}:
			frappe.throw(
				_("There is already a file with this identity number."),
				exc=frappe.DuplicateEntryError,
				title=_("One Student, One File"),
			)

	def validate_closing(self) -> None:
		"""No file is closed but through an approved closure (domain §4.5)."""
		if self.status in CLOSED_STATES and self.has_value_changed("status"):
			frappe.throw(_("A file is closed by an approved case closure only."), title=_("Case Closure"))

	def validate_photo(self) -> None:
		if self.photo and self.has_value_changed("photo"):
			consent.require_consent(self.name, "Photo and Publicity", _("Photo"))

	def before_passage(self) -> None:
		"""What the student is recognised by is on record before the last approval (I7–I9)."""
		if self.status == self.approval.approved:
			recognition.require_evidence(self)

	def close(self, closure: Document) -> None:
		"""System step of an approved closure."""
		years = closure.follow_up_years or 0
		self.set_state(
			"Closed",
			closed_on=closure.closure_date,
			case_closure=closure.name,
			follow_up_until=add_years(closure.closure_date, years) if years else None,
		)

	def reopen(self) -> None:
		"""Exact inverse of `close`, when the closure is revoked."""
		self.set_state("In Support", closed_on=None, case_closure=None, follow_up_until=None)

	def refresh_priority(self) -> None:
		"""Priority of the newest submitted survey, before one that of the screening."""
		priority = newest_survey(self.name, "priority") or recognition.screened_priority(self) or ""
		if priority != (self.priority or ""):
			self.db_set("priority", priority, update_modified=False)


# ---------------------------------------------------------------- rules of a file that need no other file
# of a document, and of a plain row of a workbook (excel/bulk.py), which brings its own look-up


def settle(file: Document | frappe._dict, value_of: Callable = frappe.get_cached_value) -> None:
	file.student_name = " ".join((file.student_name or "").split())
	file.name_key = name_key(file.student_name)
	check_identity(file)
	school_class = file.school_class
	file.head_teacher = value_of("School Class", school_class, "head_teacher") if school_class else None
	require_class_of(school_class, file.school, value_of)
	file.support_focus = name_needs(file.needs, value_of)


def check_identity(file: Document | frappe._dict) -> None:
	"""The number must be sound and agree with date of birth and gender."""
	if getdate(file.birth_date) > getdate():
		frappe.throw(_("The date of birth lies in the future."))
	number = identity.normalise(file.id_number)
	if not number or MASK in number:
		return
	if fault := identity.fault_of(number):
		frappe.throw(_("Identity number: {0}").format(_(fault)), title=_("Identity Number"))
	if fault := identity.disagreement(number, getdate(file.birth_date), file.gender):
		frappe.throw(_(fault))


def support_so_far(student: str) -> dict:
	"""What the head of the form shows: the record to come next, whether a pairing is active, sessions attended."""
	pairing = frappe.db.exists("Pairing", {"student": student, "status": "Active"})
	steps = {
		"Needs Survey": newest_survey(student),
		"Support Plan": frappe.db.exists("Support Plan", {"student": student, "status": "Active"}),
		"Pairing": pairing,
	}
	attended, last_session = attended_sessions(student)
	return {
		"next_record": next((doctype for doctype, exists in steps.items() if not exists), None),
		"pairing": pairing,
		"attended": attended,
		"last_session": last_session,
	}


def attended_sessions(student: str) -> tuple[int, date | None]:
	"""Number of sessions held that the student attended, and the day of the last one."""
	session = frappe.qb.DocType("Support Session")
	attendance = frappe.qb.DocType("Session Attendance")
	return (
		frappe.qb.from_(attendance)
		.join(session)
		.on(attendance.parent == session.name)
		.where(
			(attendance.student == student) & (attendance.state == "Attended") & (session.status == "Held")
		)
		.select(Count(session.name), Max(session.session_date))
	).run()[0]


def newest_survey(student: str, fieldname: str = "name") -> str | None:
	"""A field of the newest submitted survey that is no screening of everyone."""
	return frappe.db.get_value(
		"Needs Survey",
		{"student": student, "docstatus": 1, "confidential": 0},
		fieldname,
		order_by="survey_date desc, creation desc",
	)


def require_in_support(student: str, what: str) -> None:
	"""Stop `what` (a translated noun) for a student whose file is not approved (domain §4.5)."""
	stored = frappe.db.get_value("Student File", {"name": str(student or "")}, ["status", "student_name"])
	status, student_name = stored or frappe.throw(
		_("Choose the student."), exc=frappe.MandatoryError, title=what
	)
	if status != "In Support":
		frappe.throw(
			_("{0}: the file of {1} is {2}, not in support.").format(
				what, frappe.bold(student_name), frappe.bold(_(status, context="Student File"))
			),
			title=_("Not in Support"),
		)


def require_same_student(doc: Document, *fieldnames: str) -> None:
	"""A record of one student links to records of that student only: another child's must not open through it."""
	for fieldname in fieldnames:
		linked = doc.get(fieldname)
		doctype = doc.meta.get_field(fieldname).options
		if linked and frappe.db.get_value(doctype, linked, "student") != doc.student:
			frappe.throw(
				_("{0} {1} belongs to another student.").format(_(doctype), linked),
				title=_("Another Student"),
			)


def _next_record(source_name: str, doctype: str, target_doc: str | Document | None, **values) -> Document:
	"""A new record of `doctype` for this student, filled in."""
	frappe.has_permission("Student File", "read", source_name, throw=True)

	def fill(source, target):
		target.update({"student": source.name, "student_name": source.student_name, "school": source.school})
		target.update(values)

	return get_mapped_doc(
		"Student File",
		source_name,
		{"Student File": {"doctype": doctype, "field_no_map": FILE_FIELDS_NOT_MAPPED}},
		target_doc,
		fill,
	)


# fields of other records that share their name with one of the file but mean something else
FILE_FIELDS_NOT_MAPPED = ["status", "notes", "priority", "case_closure", "source"]


@frappe.whitelist()
def make_needs_survey(source_name: str, target_doc: str | Document | None = None) -> Document:
	"""A survey with a row for each domain in use, last scores beside."""
	frappe.has_permission("Student File", "read", source_name, throw=True)
	survey = _next_record(source_name, "Needs Survey", target_doc)
	survey.add_domains()
	return survey


@frappe.whitelist()
def make_support_plan(source_name: str, target_doc: str | Document | None = None) -> Document:
	"""A plan from the newest survey, where there is one that the user may read; a supporter reads none."""
	frappe.has_permission("Student File", "read", source_name, throw=True)
	survey = newest_survey(source_name)
	if survey and frappe.has_permission("Needs Survey", "read", survey):
		return make_support_plan_from_survey(survey, target_doc)
	return _next_record(source_name, "Support Plan", target_doc)


@frappe.whitelist()
def make_pairing(source_name: str, target_doc: str | Document | None = None) -> Document:
	frappe.has_permission("Student File", "read", source_name, throw=True)
	plan = frappe.db.get_value("Support Plan", {"student": source_name, "status": "Active"})
	return _next_record(source_name, "Pairing", target_doc, plan=plan)


@frappe.whitelist()
def make_case_closure(source_name: str, target_doc: str | Document | None = None) -> Document:
	frappe.has_permission("Student File", "read", source_name, throw=True)
	plan = frappe.db.get_value("Support Plan", {"student": source_name, "status": "Active"})
	years = frappe.get_cached_doc("Bangfu Settings").follow_up_years
	return _next_record(source_name, "Case Closure", target_doc, plan=plan, follow_up_years=years)


def on_doctype_update():
	"""A school's files in the list's order; people of one name or phone and birthday (benchmarks/).

	Names of indexes hold for the whole of an SQLite database.
	"""
	frappe.db.add_index("Student File", ["school", "modified"], index_name="student_file_school_modified")
	frappe.db.add_index("Student File", ["name_key", "birth_date"], index_name="student_file_name_birth")
	frappe.db.add_index(
		"Student File", ["guardian_phone_hash", "birth_date"], index_name="student_file_phone_birth"
	)
