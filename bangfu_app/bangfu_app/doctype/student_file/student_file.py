from datetime import date

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.model.mapper import get_mapped_doc
from frappe.query_builder.functions import Count, Max
from frappe.utils import add_years, getdate

from bangfu_app import identity
from bangfu_app.bangfu_app.doctype.needs_survey.needs_survey import (
	make_support_plan as make_support_plan_from_survey,
)

CLOSED_STATES = ("Closed", "Archived")


class StudentFile(Document):
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
		guardian_relation: DF.Literal[
			"", "Father", "Mother", "Grandfather", "Grandmother", "Other Relative", "Other"
		]
		head_teacher: DF.Link | None
		id_number: DF.Data | None
		id_number_cipher: DF.SmallText | None
		id_number_hash: DF.Data | None
		identified_on: DF.Date
		improvements: DF.SmallText | None
		needs: DF.Table[StudentNeed]
		nominated_by: DF.Link | None
		notes: DF.SmallText | None
		photo: DF.AttachImage | None
		priority: DF.Literal["", "High", "Medium", "Low"]
		school: DF.Link
		school_choice_reason: DF.SmallText | None
		school_class: DF.Link | None
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

	def onload(self):
		if self.status == "In Support":
			self.set_onload("support", support_so_far(self.name))

	def validate(self):
		self.student_name = " ".join(self.student_name.split())
		self.validate_identity()
		self.validate_class()
		self.validate_needs()
		self.validate_closing()
		identity.seal(self, "id_number")
		self.support_focus = "、".join(dict.fromkeys(row.neutral_name for row in self.needs))

	def validate_identity(self) -> None:
		"""The number must be sound and agree with date of birth and gender."""
		if getdate(self.birth_date) > getdate():
			frappe.throw(_("The date of birth lies in the future."))
		number = identity.normalise(self.id_number)
		if not number or identity.MASK in number:
			return
		if fault := identity.fault_of(number):
			frappe.throw(_("Identity number: {0}").format(_(fault)), title=_("Identity Number"))
		if identity.birth_date_of(number) != getdate(self.birth_date):
			frappe.throw(_("The date of birth does not agree with the identity number."))
		if identity.gender_of(number) != self.gender:
			frappe.throw(_("The gender does not agree with the identity number."))
		self.validate_identity_is_unique(number)

	def validate_identity_is_unique(self, number: str) -> None:
		"""One student, one file (F1). The message does not tell whose the number is."""
		digest = identity.keyed_hash(number)
		if frappe.db.exists("Student File", {"id_number_hash": digest, "name": ["!=", self.name]}):
			frappe.throw(
				_("There is already a file with this identity number."),
				exc=frappe.DuplicateEntryError,
				title=_("One Student, One File"),
			)

	def validate_class(self) -> None:
		"""The class is one of the school, and its teacher is the student's."""
		self.head_teacher = (
			frappe.get_cached_value("School Class", self.school_class, "head_teacher")
			if self.school_class
			else None
		)
		if (
			self.school_class
			and frappe.get_cached_value("School Class", self.school_class, "school") != self.school
		):
			frappe.throw(_("Class {0} is not a class of {1}.").format(self.school_class, self.school))

	def validate_needs(self) -> None:
		categories = [row.need_category for row in self.needs]
		if len(set(categories)) != len(categories):
			frappe.throw(_("A category of need is entered twice."), title=_("Needs"))
		for row in self.needs:
			row.neutral_name = frappe.get_cached_value("Need Category", row.need_category, "neutral_name")

	def validate_closing(self) -> None:
		"""No file is closed but through an approved closure (domain §4.5)."""
		if self.status in CLOSED_STATES and self.has_value_changed("status"):
			frappe.throw(_("A file is closed by an approved case closure only."), title=_("Case Closure"))

	def close(self, closure: Document) -> None:
		"""System step of an approved closure."""
		years = closure.follow_up_years or 0
		self.db_set(
			{
				"status": "Closed",
				"closed_on": closure.closure_date,
				"case_closure": closure.name,
				"follow_up_until": add_years(closure.closure_date, years) if years else None,
			}
		)
		self.add_comment("Workflow", _("Closed", context="Student File"))

	def reopen(self) -> None:
		"""Exact inverse of `close`, when the closure is revoked."""
		self.db_set(
			{"status": "In Support", "closed_on": None, "case_closure": None, "follow_up_until": None}
		)
		self.add_comment("Workflow", _("In Support", context="Student File"))

	def refresh_priority(self) -> None:
		"""Priority of the newest submitted survey, none without one."""
		priority = newest_survey(self.name, "priority")
		self.db_set("priority", priority, update_modified=False)


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
	"""A field of the newest submitted survey."""
	return frappe.db.get_value(
		"Needs Survey",
		{"student": student, "docstatus": 1},
		fieldname,
		order_by="survey_date desc, creation desc",
	)


def require_in_support(student: str, what: str) -> None:
	"""Stop `what` (a translated noun) for a student whose file is not approved (domain §4.5)."""
	status, student_name = frappe.db.get_value("Student File", student, ["status", "student_name"])
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
