import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_datetime, getdate

from bangfu_app.bangfu_app.doctype.student_file.student_file import require_in_support
from bangfu_app.privacy import consent


class SupportSession(Document):
	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		from bangfu_app.bangfu_app.doctype.session_attendance.session_attendance import SessionAttendance
		from bangfu_app.bangfu_app.doctype.session_supporter.session_supporter import SessionSupporter

		attendance: DF.Table[SessionAttendance]
		attended: DF.Int
		consent_missing: DF.Check
		follow_up: DF.SmallText | None
		has_roster: DF.Check
		headcount: DF.Int
		minutes: DF.Int
		pairing: DF.Link | None
		plan: DF.Link | None
		record: DF.TextEditor | None
		school: DF.Link | None
		service_point: DF.Link | None
		session_date: DF.Date
		session_kind: DF.Literal[
			"Tutoring",
			"Individual Counselling",
			"Group Counselling",
			"Activity",
			"Interest Course",
			"Parent School",
			"Companionship",
			"Heart-to-heart Talk",
			"Home Visit",
			"Training",
		]
		start_time: DF.Time | None
		status: DF.Literal["Planned", "Held", "Cancelled"]
		student: DF.Link | None
		subject: DF.Link | None
		supporters: DF.Table[SessionSupporter]
		theme: DF.Data
	# end: auto-generated types

	def validate(self):
		self.add_single_student()
		self.validate_roster()
		self.validate_links()
		self.validate_date()
		self.validate_plan()
		self.validate_consent()
		self.set_counts()

	def fill_from_measure(self, measure: Document) -> None:
		"""Kind, theme, time and length as the plan's measure says."""
		master = frappe.get_cached_doc("Support Measure", measure.measure)
		self.update(
			{
				"session_kind": master.session_kind,
				"theme": measure.content or master.measure_name,
				"subject": measure.subject,
				"start_time": measure.start_time,
				"minutes": measure.minutes or master.minutes,
			}
		)
		if measure.supporter and measure.supporter not in {row.supporter for row in self.supporters}:
			self.append("supporters", {"supporter": measure.supporter})

	def add_single_student(self) -> None:
		"""Only when the student is chosen: a row taken out later stays out."""
		if not self.student or not self.has_value_changed("student"):
			return
		if self.student not in {row.student for row in self.attendance}:
			student_name = frappe.db.get_value("Student File", self.student, "student_name")
			self.append(
				"attendance",
				{"student": self.student, "student_name": student_name, "state": "Attended"},
			)

	def validate_roster(self) -> None:
		"""A student once per session, in the database too (Session Attendance); only files that were approved."""
		rows = {}
		for row in self.attendance:
			if row.student in rows:
				frappe.throw(
					_("Row #{0}: {1} is on the roster already, in row {2}.").format(
						row.idx, frappe.bold(row.student_name or row.student), rows[row.student]
					)
				)
			rows[row.student] = row.idx
		before = self.get_doc_before_save()
		known = {row.student for row in before.attendance} if before else set()
		for student in rows.keys() - known:
			require_in_support(student, _("Row #{0}").format(rows[student]))

	def validate_links(self) -> None:
		"""Plan and pairing are of a student of the roster."""
		students = {row.student for row in self.attendance}
		for doctype, name in (("Support Plan", self.plan), ("Pairing", self.pairing)):
			if name and students and frappe.db.get_value(doctype, name, "student") not in students:
				frappe.throw(
					_("{0} {1} belongs to a student who is not on the roster.").format(_(doctype), name)
				)

	def validate_date(self) -> None:
		if self.status == "Held" and getdate(self.session_date) > getdate():
			frappe.throw(_("A session of a day to come cannot have been held: choose Planned."))

	def validate_plan(self) -> None:
		"""No session counts for a plan that is not active (domain §4.5)."""
		if not (self.plan and self.status == "Held"):
			return
		if self.is_new() or self.has_value_changed("plan") or self.has_value_changed("status"):
			status = frappe.db.get_value("Support Plan", self.plan, "status")
			if status != "Active":
				frappe.throw(
					_("Plan {0} is {1}; sessions count for an active plan only.").format(
						self.plan, frappe.bold(_(status, context="Support Plan"))
					)
				)

	def validate_consent(self) -> None:
		"""Counselling of a minor needs a consent that holds on that day; a session without roster names nobody."""
		counselled = self.session_kind in consent.COUNSELLING_KINDS and self.status != "Cancelled"
		students = {row.student for row in self.attendance} if counselled else set()
		missing = {
			student for student in students if consent.needs_counselling_consent(student, self.session_date)
		}
		self.consent_missing = int(bool(missing))
		before = self.get_doc_before_save()
		if before and not any(
			self.has_value_changed(key) for key in ("session_date", "session_kind", "status")
		):
			missing -= {row.student for row in before.attendance}
		for student in missing:
			consent.require_consent(student, "Counselling", _("Individual Counselling"), self.session_date)

	def set_counts(self) -> None:
		"""Person-times as the reports count them (domain §6, counting.py)."""
		self.has_roster = int(bool(self.attendance))
		if self.has_roster:
			self.headcount = 0
			self.attended = sum(row.state == "Attended" for row in self.attendance)
		else:
			self.attended = self.headcount or 0


def read_filters(filters: str | None) -> list | dict:
	try:
		conditions = frappe.parse_json(filters) if filters else []
	except ValueError:
		conditions = None
	if not isinstance(conditions, list | dict):
		frappe.throw(_("These filters cannot be read."), title=_("Filters"))
	return conditions


@frappe.whitelist()
def get_events(start: str, end: str, filters: str | None = None) -> list[dict]:
	"""Sessions between two days for the calendar, as far as the user may read them."""
	frappe.has_permission("Support Session", "read", throw=True)
	conditions = read_filters(filters)
	if isinstance(conditions, dict):
		conditions = [[fieldname, "=", value] for fieldname, value in conditions.items()]
	conditions += [["session_date", ">=", getdate(start)], ["session_date", "<=", getdate(end)]]
	sessions = frappe.get_list(
		"Support Session",
		filters=conditions,
		fields=["name", "theme", "session_date", "start_time", "minutes", "status", "session_kind"],
	)
	return [_as_event(row) for row in sessions]


def _as_event(row: dict) -> dict:
	start = frappe.utils.get_datetime(row.session_date)
	if row.start_time:
		start += row.start_time
	return {
		"name": row.name,
		"title": f"{_(row.session_kind)} {row.theme}",
		"starts_on": start,
		"ends_on": frappe.utils.add_to_date(start, minutes=row.minutes or 0),
		"all_day": int(not row.start_time),
		"status": row.status,
	}


def read_event(args: str | dict) -> dict:
	"""What the calendar sends: a record's name and its new times. Anything else is of no session."""
	try:
		event = frappe.parse_json(args)
	except ValueError:
		event = None
	if not (isinstance(event, dict) and isinstance(event.get("name"), str)):
		raise frappe.DoesNotExistError
	return event


@frappe.whitelist(methods=["POST"])
def reschedule(args: str | dict, field_map: str | dict | None = None) -> None:
	"""A planned session dragged to another day or time in the calendar; the shape of `args` is the calendar's."""
	event = frappe._dict(read_event(args))
	session = frappe.get_doc("Support Session", event.name)
	session.check_permission("write")
	if session.status != "Planned":
		frappe.throw(_("Only a planned session can be moved to another time."))
	start, end = get_datetime(event.starts_on), get_datetime(event.ends_on)
	session.session_date = start.date()
	if session.start_time:
		session.start_time = start.time()
		session.minutes = int((end - start).total_seconds() // 60)
	session.save()
