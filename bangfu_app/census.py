"""The yearly census (I4, I5): campaigns of their month, the lists of the classes, candidates, reminders."""

from datetime import date

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import date_diff, get_first_day, get_last_day, getdate

from bangfu_app.bangfu_app.doctype.school_term.school_term import school_year_of
from bangfu_app.todos import give_todo, has_open_todo

METHODS = ("self_report", "teacher_nomination", "family_interview", "home_visit", "data_comparison")
# column of a list → source of the screening when it is the only one ticked
SAID_BY = {
	"said_by_self": "Self-report",
	"said_by_teacher": "Teacher Nomination",
	"said_by_family": "Family Interview",
}
SIGNS = ("sign_economic", "sign_academic", "sign_body_mind", "sign_emotional")
PUPIL = ("pupil_name", "gender", "birth_date", "student_no")


# ---------------------------------------------------------------- campaigns


def make_yearly_campaigns(day: date | str | None = None) -> list[str]:
	"""In the month of the census, a draft for each school with a coordinator. Called daily from hooks."""
	day = getdate(day)
	if day.month != frappe.get_cached_doc("Bangfu Settings").census_month:
		return []
	year = school_year_of(day)
	schools = frappe.get_all(
		"School", {"enabled": 1, "coordinator": ["is", "set"]}, ["name", "coordinator"], order_by="name"
	)
	there = set(frappe.get_all("Screening Campaign", {"school_year": year}, pluck="school"))
	return [make_campaign(school, year, day) for school in schools if school.name not in there]


def make_campaign(school: dict, year: str, day: date) -> str:
	campaign = frappe.get_doc(
		{
			"doctype": "Screening Campaign",
			"title": _("Census {0}, {1}").format(year, school.name),
			"school": school.name,
			"school_year": year,
			"from_date": get_first_day(day),
			"to_date": get_last_day(day),
		}
	).insert(ignore_permissions=True)  # daily job, nobody is signed in
	description = _("Start the census: {0}").format(campaign.title)
	give_todo(campaign, school.coordinator, "Bangfu Coordinator", description)
	return campaign.name


def progress_of(campaign: str) -> list[dict]:
	"""How far each class is, of those that the user may see."""
	if not frappe.has_permission("Class Census", "read"):
		return []
	fields = ["name", "class_title", "head_teacher", "status", "due_on", "finished_on"]
	lists = frappe.get_list(
		"Class Census", filters={"campaign": campaign}, fields=fields, order_by="school_class"
	)
	pupils = frappe.get_all(
		"Census Pupil",
		{"parent": ["in", [row.name for row in lists]]},
		["parent", "screening", "student_file", *SAID_BY, *SIGNS],
	)
	names = dict(
		frappe.get_all(
			"User", {"name": ["in", [row.head_teacher for row in lists]]}, ["name", "full_name"], as_list=True
		)
	)
	for row in lists:
		own = [pupil for pupil in pupils if pupil.parent == row.name]
		row.update(
			teacher=names.get(row.head_teacher),
			pupils=len(own),
			ticked=sum(is_ticked(pupil) for pupil in own),
			screenings=sum(bool(pupil.screening) for pupil in own),
		)
	return lists


# ---------------------------------------------------------------- lists of the classes


def open_lists(campaign: Document) -> int:
	"""Lists for the classes that have none; each class teacher has it as to-do. Returns how many were made."""
	filters = {"school": campaign.school, "school_year": campaign.school_year}
	classes = frappe.get_all("School Class", filters, ["name", "head_teacher"], order_by="name")
	if not classes:
		frappe.throw(
			_("{0} has no classes in {1}: make them first.").format(campaign.school, campaign.school_year)
		)
	there = set(frappe.get_all("Class Census", {"campaign": campaign.name}, pluck="school_class"))
	missing = [row for row in classes if row.name not in there]
	for row in missing:
		open_list(campaign, row)
	return len(missing)


def open_list(campaign: Document, school_class: dict) -> None:
	doc = frappe.get_doc(
		{"doctype": "Class Census", "campaign": campaign.name, "school_class": school_class.name}
	)
	for pupil in known_pupils(school_class.name):
		doc.append("pupils", pupil)
	doc.insert()
	if school_class.head_teacher:
		description = _("Fill in the census of your class: {0}").format(doc.class_title)
		give_todo(doc, school_class.head_teacher, "Class Teacher", description, campaign.to_date)


def known_pupils(school_class: str) -> list[dict]:
	"""Pupils of last year's list, and of the files of the class, without what was ticked."""
	pupils = {(row.pupil_name, str(row.birth_date or "")): row for row in last_list(school_class)}
	for file in frappe.get_all(
		"Student File",
		{
			"school_class": school_class,
			"enrolment_status": ["in", ["Enrolled", "Suspended"]],
			"merged_into": ["is", "not set"],
		},
		["student_name as pupil_name", *PUPIL[1:]],
		order_by="student_no, student_name",
	):
		pupils.pop((file.pupil_name, ""), None)
		pupils[file.pupil_name, str(file.birth_date)] = file
	return list(pupils.values())


def last_list(school_class: str) -> list[dict]:
	"""Pupils of the newest list of the class, or of the class that it was a year before."""
	classes = [school_class, *former_class(school_class)]
	newest = frappe.get_all(
		"Class Census", {"school_class": ["in", classes]}, pluck="name", order_by="creation desc", limit=1
	)
	if not newest:
		return []
	return frappe.get_all("Census Pupil", {"parent": newest[0]}, list(PUPIL), order_by="idx")


def former_class(school_class: str) -> list[str]:
	"""Same school and class name, one grade and one year less."""
	row = frappe.get_doc("School Class", school_class)
	grade = int(row.grade.removeprefix("Grade ")) - 1
	first = row.school_year.partition("-")[0]
	if not grade or not first.isdigit():
		return []
	year = f"{int(first) - 1}-{first}"
	filters = {"school": row.school, "class_name": row.class_name, "grade": f"Grade {grade}"}
	return frappe.get_all("School Class", {**filters, "school_year": year}, pluck="name")


# ---------------------------------------------------------------- candidates


def is_ticked(pupil: Document | dict) -> bool:
	return any(pupil.get(name) for name in (*SAID_BY, *SIGNS))


def list_candidates(census: Document) -> dict[str, int]:
	"""Screenings for the ticked pupils, no second one: who is listed or on file is linked."""
	counts = {"listed": 0, "linked": 0}
	ticked = [row for row in census.pupils if is_ticked(row)]
	files = known("Student File", "student_name", ticked, census.school)
	screenings = [
		row for row in known("Screening", "candidate_name", ticked, census.school) if is_current(row)
	]
	for row in ticked:
		row.student_file = match(row, files, census.school_class)
		row.screening = match(row, screenings, census.school_class)
		if row.student_file or row.screening:
			counts["linked"] += 1
		else:
			row.screening = make_screening(census, row)
			counts["listed"] += 1
	return counts


def known(doctype: str, name_field: str, pupils: list, school: str) -> list[dict]:
	"""Records of these names or numbers in the school, of those that the user may see: a list opens no other file."""
	names = [row.pupil_name for row in pupils]
	numbers = [row.student_no for row in pupils if row.student_no]
	fields = ["name", f"{name_field} as pupil_name", "birth_date", "student_no", "school_class"]
	filters = {"school": school}
	if doctype == "Screening":
		fields += ["decision", "student_file"]
	else:
		filters["merged_into"] = ["is", "not set"]
	return frappe.get_list(
		doctype,
		filters=filters,
		or_filters={name_field: ["in", names or [""]], "student_no": ["in", numbers or [""]]},
		fields=fields,
		order_by="creation desc",
	)


def is_current(screening: dict) -> bool:
	"""A candidate turned down or passed on can be named anew."""
	return screening.decision not in ("No Need", "Refer")


def match(pupil: Document, rows: list[dict], school_class: str) -> str | None:
	"""The record of this pupil: same number; or same name, and date of birth or, where one lacks it, class."""
	for row in rows:
		if pupil.student_no and row.student_no:
			if pupil.student_no == row.student_no:
				return row.name
			continue
		if row.pupil_name != pupil.pupil_name:
			continue
		if pupil.birth_date and row.birth_date:
			if getdate(pupil.birth_date) == getdate(row.birth_date):
				return row.name
		elif row.school_class == school_class:
			return row.name
	return None


def make_screening(census: Document, pupil: Document) -> str:
	said_by = [source for column, source in SAID_BY.items() if pupil.get(column)]
	screening = frappe.get_doc(
		{
			"doctype": "Screening",
			"candidate_name": pupil.pupil_name,
			**{name: pupil.get(name) for name in (*PUPIL[1:], *SIGNS)},
			"school": census.school,
			"school_class": census.school_class,
			"source": said_by[0] if len(said_by) == 1 else "Census",
			"origin": "Student" if said_by == ["Self-report"] else "Staff",
			"reported_by": frappe.session.user,
			"census": census.name,
		}
	)
	# a list tells its teacher of no record elsewhere, by a refusal neither: the file, once admitted, is asked
	screening.flags.duplicates = []
	return screening.insert().name


# ---------------------------------------------------------------- reminders


def remind_late(day: date | str | None = None) -> list[str]:
	"""Class teachers whose list is due and open, again after some days. Called daily from hooks."""
	day = getdate(day)
	interval = frappe.get_cached_doc("Bangfu Settings").census_reminder_days
	if not interval:
		return []
	late = frappe.get_all(
		"Class Census",
		{"status": "Open", "due_on": ["<", day], "head_teacher": ["is", "set"]},
		["name", "head_teacher", "class_title", "reminded_on"],
	)
	due = [row for row in late if not row.reminded_on or date_diff(day, row.reminded_on) >= interval]
	for row in due:
		send_notice("Class Census", row.name, row.head_teacher)
		frappe.db.set_value("Class Census", row.name, "reminded_on", day, update_modified=False)
	return [row.name for row in due]


def remind_rechecks(day: date | str | None = None) -> list[str]:
	"""Watched candidates to be checked again: a to-do for the school's coordinator. Called daily from hooks."""
	rows = frappe.get_all(
		"Screening",
		{"decision": "Watch", "recheck_on": ["<=", getdate(day)]},
		["name", "school"],
	)
	due = [row for row in rows if not has_open_todo("Screening", row.name)]
	for row in due:
		if coordinator := frappe.get_cached_value("School", row.school, "coordinator"):
			screening = frappe.get_doc("Screening", row.name)
			description = _("Check again: screening {0}").format(row.name)
			give_todo(screening, coordinator, "Bangfu Coordinator", description)
	return [row.name for row in due]


def send_notice(doctype: str, name: str, user: str) -> None:
	"""What it says is made neutral by surfaces.py."""
	frappe.get_doc(
		{
			"doctype": "Notification Log",
			"for_user": user,
			"type": "Alert",
			"document_type": doctype,
			"document_name": name,
			"subject": _("The census of your class is late."),
		}
	).insert(ignore_permissions=True)  # nightly job: nobody may send notices by hand
