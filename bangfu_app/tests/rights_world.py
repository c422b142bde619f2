"""A small world for the tests of rights: who is whom (docs/rights.md) and one record of each type."""

from pathlib import Path

import frappe
from frappe.model.document import Document

from bangfu_app.tests import factories

SECRET = "Secret Child"


def read_matrix() -> dict[str, dict[str, str]]:
	"""Row → person → letters, from docs/rights.md itself."""
	path = Path(frappe.get_app_path("bangfu_app")).parent / "docs" / "rights.md"
	matrix, persons = {}, []
	for line in path.read_text(encoding="utf-8").splitlines():
		cells = [cell.strip() for cell in line.strip("|").split("|")]
		if cells[0] == "Record":
			persons = cells[1:]
		elif line.startswith("| ") and len(cells) > 3:
			if cells[0] in matrix or len(cells) != len(persons) + 1:
				raise ValueError(f"docs/rights.md: {line}")
			matrix[cells[0]] = {
				person: cell.strip("–") for person, cell in zip(persons, cells[1:], strict=True)
			}
	return matrix


def doctype_of(row: str) -> str:
	"""A row may be of some records of a DocType: "Support Session (counselling)"."""
	return row.partition(" (")[0]


class World:
	"""`users`: person → user; `records`: row of the matrix → document."""

	def __init__(self):
		self.near = factories.make_school("Near School").name
		self.far = factories.make_school("Far School").name
		self.users = {"Guest": "Guest", "Stranger": factories.make_user(), **self.school_people()}
		self.make_students()
		self.make_pairings()
		self.records = {row: make(self) for row, make in RECORDS.items()}

	def school_people(self) -> dict[str, str]:
		return {
			"Teacher": factories.make_user("Class Teacher"),
			"Teacher 2": factories.make_user("Class Teacher"),
			"Coordinator": factories.make_user("Bangfu Coordinator", school=self.near),
			"Coordinator 2": factories.make_user("Bangfu Coordinator", school=self.far),
			"Evaluator": factories.make_user("Evaluator", school=self.near),
			"Evaluator 2": factories.make_user("Evaluator", school=self.far),
			"Finance": factories.make_user("Bangfu Finance"),
			"Manager": factories.make_user("Bangfu Manager"),
			"System": factories.make_user("System Manager"),
		}

	def make_students(self) -> None:
		self.school_class = factories.make_class(self.near, self.users["Teacher"])
		other_class = factories.make_class(self.near, self.users["Teacher 2"])
		self.student = factories.make_student(
			student_name=SECRET, school_class=self.school_class.name, id_number=factories.id_number()
		).name
		self.other = factories.make_student(student_name="Other Pupil", school_class=other_class.name).name

	def make_pairings(self) -> None:
		former = self.pair(self.student, "Former")
		former.end("Supporter Left", "2025-06-30", "Note")
		self.pairing = self.pair(self.student, "Supporter", "Counsellor").name
		self.pair(self.other, "Foreign", "Counsellor 2")

	def pair(self, student: str, *persons: str) -> Document:
		"""An active pairing in which these persons are members."""
		team = factories.make_team()
		for person, row in zip(persons, reversed(team), strict=False):
			role = "Counsellor" if person.startswith("Counsellor") else "Supporter"
			self.users[person] = factories.make_user(role)
			supporter = frappe.get_doc("Supporter", row["supporter"])
			supporter.user = self.users[person]
			row["supporter"] = supporter.save().name
		return factories.make_pairing(student, members=team)

	def supporter(self, person: str) -> str:
		return frappe.db.get_value("Supporter", {"user": self.users[person]})


def make_evaluation(world: World) -> Document:
	return frappe.get_doc(
		{
			"doctype": "Support Evaluation",
			"purpose": "Term",
			"evaluated_on": "2025-06-30",
			"student": world.student,
			"indicator_results": [{"indicator": factories.make_indicator().name, "actual": 0.5}],
		}
	).insert()


def make_disclosure(world: World) -> Document:
	from bangfu_app.privacy import disclosure

	name = disclosure.log("Number", "Student File", world.student, student=world.student, reason="Bus ticket")
	return frappe.get_doc("Disclosure Log", name)


def make_completeness(world: World) -> Document:
	from bangfu_app import completeness

	completeness.store([world.student])
	return frappe.get_doc("File Completeness", world.student)


def make_import(world: World) -> Document:
	file = frappe.get_doc(
		{"doctype": "File", "file_name": "students.csv", "content": "姓名\n", "is_private": 1}
	).insert()
	return frappe.get_doc(
		{"doctype": "Workbook Import", "layout": "Students", "workbook": file.file_url}
	).insert()


def make_distribution(world: World) -> Document:
	factories.make_donation(factories.make_item().name, 5)
	return factories.make_distribution(factories.make_item().name, world.student)


def make_write_off(world: World) -> Document:
	factories.make_donation(factories.make_item().name, 5)
	return factories.make_write_off(factories.make_item().name, school=world.near)


def new(doctype: str, **values) -> Document:
	return frappe.get_doc({"doctype": doctype, **values}).insert()


def make_counselling(world: World) -> Document:
	held_by = [{"supporter": world.supporter("Counsellor")}]
	return factories.make_session([world.student], session_kind="Individual Counselling", supporters=held_by)


def make_screening(world: World) -> Document:
	raters = (world.users["Counsellor"], world.users["Teacher"])
	return factories.make_screening(
		*raters,
		candidate_name=f"{SECRET} II",
		school_class=world.school_class.name,
		duplicate_reason="Named twice: alone, and for a score of the panel",
	)


def make_panel_score(world: World) -> Document:
	"""The class teacher, of the panel too, has not scored yet."""
	return factories.make_panel_score(make_screening(world).name, world.users["Counsellor"])


def make_census(world: World) -> Document:
	return factories.make_census(world.school_class.name, {"pupil_name": f"{SECRET} III"})


def make_screening_survey(world: World) -> Document:
	questions = [{"question": "Sleeps badly?", "highest": 5}]
	template = factories.make_template(purpose="Screening of Everyone", cut_off=99, questions=questions)
	return factories.make_survey(world.student, template=template.name)


# a row of docs/rights.md → its record
def make_confidential_entry(world: "World") -> Document:
	record = factories.make_confidential_record(world.student, world.users["Counsellor"], content="Sealed")
	return frappe.get_last_doc("Confidential Entry", {"record": record.name})


def make_exam(world: "World") -> Document:
	"""Of the near school; the student sat it, and one of the far class too."""
	term = factories.make_term(
		"2025-2026 I", school_year="2025-2026", start_date="2025-09-01", end_date="2026-01-23"
	)
	return factories.make_exam(
		"Test Paper", scope="School", school=world.near, school_term=term.name, exam_date="2026-01-10"
	)


def exam_of(world: "World") -> Document:
	"""The one exam of the world, whichever row asks first."""
	name = frappe.db.get_value("Exam", {"school": world.near})
	return frappe.get_doc("Exam", name) if name else make_exam(world)


def make_exam_score(world: "World") -> Document:
	number = frappe.db.get_value("Student File", world.student, "student_no")
	if not number:
		number = f"N{factories.serial():06}"
		file = frappe.get_doc("Student File", world.student)
		file.student_no = number
		file.save()
	place = {"school": world.near, "grade": "Grade 7", "class_name": world.school_class.class_name}
	return factories.make_score(exam_of(world), 30, student_no=number, candidate_name=SECRET, **place)


def make_bottom_list(world: "World") -> Document:
	from bangfu_app.scores import bottom_lists

	exam = exam_of(world)
	if not frappe.db.exists("Exam Score", {"exam": exam.name}):
		make_exam_score(world)
	(name,) = bottom_lists.make_lists(exam, "Grade")
	return frappe.get_doc("Bottom List", name)


def make_payment(world: "World") -> Document:
	"""At the bank; the account is on the way of both rows."""
	batch = factories.make_batch(factories.make_scheme().name, world.student)
	if not frappe.db.exists("Payee Account", {"student": world.student}):
		factories.make_payee_account(world.student)
	return factories.make_payment(batch.name)


RECORDS = {
	"Student File": lambda w: frappe.get_doc("Student File", w.student),
	"Student Circumstances": lambda w: factories.make_circumstances(w.student),
	"Screening": make_screening,
	"Panel Score": make_panel_score,
	"Recognition Evidence": lambda w: factories.make_evidence(w.student),
	"Screening Campaign": lambda w: factories.make_campaign(w.near),
	"Class Census": make_census,
	"Eligibility Criterion": lambda w: factories.make_criterion(),
	"Needs Survey": lambda w: factories.make_survey(w.student),
	"Needs Survey (screening)": make_screening_survey,
	"Student Alert": lambda w: factories.make_alert(w.student, "Academic Warning", concern="Learning"),
	"Student Alert (crisis)": lambda w: factories.make_alert(w.student, "Crisis", concern="Safety"),
	"Dropout Report": lambda w: factories.make_dropout_report(w.student),
	"Support Plan": lambda w: factories.make_plan(w.student),
	"Pairing": lambda w: frappe.get_doc("Pairing", w.pairing),
	"Support Session": lambda w: factories.make_session(
		[w.student], theme=f"{SECRET} reads", supporters=[{"supporter": w.supporter("Supporter")}]
	),
	"Support Session (counselling)": make_counselling,
	"Support Evaluation": make_evaluation,
	"Case Closure": lambda w: factories.make_closure(w.student, approved=False),
	"Approval Step": lambda w: frappe.get_last_doc("Approval Step", {"reference_name": w.student}),
	"Approval Vote": lambda w: frappe.get_last_doc("Approval Vote", {"reference_name": w.student}),
	"Support Referral": lambda w: factories.make_referral(w.student, w.users["Counsellor"]),
	"Device Application": lambda w: factories.make_device_application(w.student),
	"Support Consent": lambda w: factories.make_consent(w.student),
	"Published Case": lambda w: factories.make_case(w.student),
	"Confidential Record": lambda w: factories.make_confidential_record(w.student, w.users["Counsellor"]),
	"Confidential Entry": make_confidential_entry,
	"Disclosure Log": make_disclosure,
	"Exam": exam_of,
	"Exam Score": make_exam_score,
	"Bottom List": make_bottom_list,
	"Aid Distribution": make_distribution,
	"Payee Account": lambda w: factories.make_payee_account(w.student),
	"Subsidy Payment": make_payment,
	"Bank File Layout": lambda w: factories.make_bank_layout(),
	"Aid Return": lambda w: factories.make_return(make_distribution(w)),
	"Aid Write Off": make_write_off,
	"Subsidy Scheme": lambda w: factories.make_scheme(),
	"Subsidy Batch": lambda w: factories.make_batch(factories.make_scheme().name, w.student),
	"Eligibility Snapshot": lambda w: frappe.get_last_doc("Eligibility Snapshot", {"student": w.student}),
	"Aid Donation": lambda w: factories.make_donation(factories.make_item().name, 5),
	"Aid Fund": lambda w: factories.make_fund(school=w.near),
	"Fund Budget": lambda w: factories.make_fund_budget(factories.make_fund(school=w.near).name, 100),
	"Fund Spending": lambda w: factories.make_spending(
		factories.make_fund_budget(factories.make_fund(school=w.near).name, 100).name, 50
	),
	"Aid Pledge": lambda w: factories.make_pledge(),
	"Ledger Posting": lambda w: new(
		"Ledger Posting", reference_doctype="Partner", reference_name=factories.make_partner().name
	),
	"Relief Request": lambda w: factories.make_relief_request(w.student),
	"Work Study Post": lambda w: factories.make_work_post(school=w.near),
	"Work Study Record": lambda w: factories.make_work_record(w.student, submit=False),
	"Partner": lambda w: factories.make_partner(),
	"Aid Item": lambda w: factories.make_item(),
	"Supporter": lambda w: frappe.get_doc("Supporter", w.supporter("Supporter")),
	"Support Programme": lambda w: factories.make_programme(school=w.near),
	"School": lambda w: frappe.get_doc("School", w.near),
	"School Class": lambda w: w.school_class,
	"Service Point": lambda w: new("Service Point", point_name="Near Room", school=w.near),
	"School Subject": lambda w: new("School Subject", subject_name="Test Subject"),
	"School Term": lambda w: new(
		"School Term",
		term_name="Test Term",
		school_year="2018-2019",
		start_date="2018-09-01",
		end_date="2019-01-20",
	),
	"Need Category": lambda w: factories.make_need_category(),
	"Assessment Domain": lambda w: factories.make_domain(),
	"Survey Template": lambda w: factories.make_template(),
	"Alert Rule": lambda w: factories.make_alert_rule(),
	"Support Measure": lambda w: factories.make_measure(),
	"Support Indicator": lambda w: factories.make_indicator(),
	"Duplicate Pair": lambda w: factories.make_pair(w.student, w.other),
	"Student Merge": lambda w: factories.make_merge(w.student, w.other, submit=False),
	"File Completeness": make_completeness,
	"Enrolment Change": lambda w: factories.make_enrolment_change(w.student, submit=False),
	"Enrolment Check": lambda w: factories.make_enrolment_check(w.school_class.name),
	"Bangfu Settings": lambda w: frappe.get_doc("Bangfu Settings"),
	"Workbook Import": make_import,
}
