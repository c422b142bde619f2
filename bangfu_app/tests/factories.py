"""Records for tests. `make_x(**values)` inserts one; what a test does not care about has a default."""

import frappe
from frappe.model.document import Document
from frappe.model.workflow import apply_workflow

from bangfu_app.identity import CHECK_DIGITS, WEIGHTS

_counter = iter(range(1, 1_000_000))


def serial() -> int:
	return next(_counter)


def get_or_insert(doctype: str, name: str, **values) -> Document:
	if frappe.db.exists(doctype, name):
		return frappe.get_doc(doctype, name)
	return frappe.get_doc({"doctype": doctype, **values}).insert(ignore_permissions=True)


def make_user(*roles: str, email: str | None = None, school: str | None = None) -> str:
	"""A user with these roles (short or full name of the role); `school` sets a User Permission."""
	email = email or f"user{serial()}@bangfu.test"
	if not frappe.db.exists("User", email):
		user = frappe.get_doc(
			{"doctype": "User", "email": email, "first_name": email.split("@")[0], "send_welcome_email": 0}
		)
		user.flags.no_welcome_mail = True
		user.insert(ignore_permissions=True)
		user.add_roles(*roles)
	if school:
		frappe.get_doc(
			{"doctype": "User Permission", "user": email, "allow": "School", "for_value": school}
		).insert(ignore_permissions=True)
	return email


def make_school(school_name: str = "Test School", **values) -> Document:
	return get_or_insert("School", school_name, school_name=school_name, **values)


def make_class(school: str | None = None, head_teacher: str | None = None, **values) -> Document:
	values = {"school_year": "2025-2026", "grade": "Grade 7", "class_name": f"Class {serial()}"} | values
	return frappe.get_doc(
		{
			"doctype": "School Class",
			"school": school or make_school().name,
			"head_teacher": head_teacher,
			**values,
		}
	).insert(ignore_permissions=True)


def make_need_category(category_name: str = "Test Need", **values) -> Document:
	values = {"need_group": "Academic", "neutral_name": "Test Support"} | values
	return get_or_insert("Need Category", category_name, category_name=category_name, **values)


def id_number(birth_date: str = "2013-02-21", gender: str = "Male", area: str = "999001") -> str:
	"""A well-formed identity number of nobody (area 999001 does not exist)."""
	order = serial() * 2 % 998 + (1 if gender == "Male" else 0)
	body = f"{area}{birth_date.replace('-', '')}{order:03d}"
	return body + CHECK_DIGITS[sum(w * int(d) for w, d in zip(WEIGHTS, body, strict=True)) % 11]


def student_values(**values) -> dict:
	"""Field values of a sound Student File, not inserted."""
	school_class = (
		values.get("school_class") or make_class(values.get("school"), values.pop("head_teacher", None)).name
	)
	return {
		"doctype": "Student File",
		"student_name": f"Student {serial()}",
		"gender": "Male",
		"birth_date": "2013-02-21",
		"school_class": school_class,
		"school": frappe.db.get_value("School Class", school_class, "school"),
		"stage": "Compulsory Education",
		"source": "Teacher Nomination",
		"identified_on": "2025-01-05",
		"needs": [{"need_category": make_need_category().name}],
	} | values


def make_student(status: str = "In Support", **values) -> Document:
	"""A file brought to `status` through the approvals, by users of the right roles."""
	file = frappe.get_doc(student_values(**values)).insert(ignore_permissions=True)
	return advance(file, *INTAKE_STEPS[: STATUS_STEPS[status]])


def make_circumstances(student: str, **values) -> Document:
	values = {"recorded_on": "2025-01-05", "annual_income": 12000} | values
	return frappe.get_doc({"doctype": "Student Circumstances", "student": student, **values}).insert(
		ignore_permissions=True
	)


INTAKE_STEPS = (
	("Submit for Class Review", "Bangfu Coordinator"),
	("Pass Class Review", "Class Teacher"),
	("Approve", "Bangfu Manager"),
)
STATUS_STEPS = {"Draft": 0, "Class Review": 1, "School Review": 2, "In Support": 3}
PLAN_STEPS = (
	("Confirm Agreement", "Bangfu Coordinator"),
	("Submit for Review", "Bangfu Coordinator"),
	("Approve", "Bangfu Manager"),
)
CLOSURE_STEPS = (
	("Submit for Review", "Class Teacher"),
	("Recommend", "Bangfu Coordinator"),
	("Approve", "Bangfu Manager"),
)


def advance(doc: Document, *steps: tuple[str, str]) -> Document:
	"""Apply workflow actions, each as a user with the role; a class teacher is the student's own."""
	user = frappe.session.user
	try:
		for action, role in steps:
			frappe.set_user(actor(role, doc))
			doc = apply_workflow(frappe.get_doc(doc.doctype, doc.name), action)
	finally:
		frappe.set_user(user)
	return frappe.get_doc(doc.doctype, doc.name)


def actor(role: str, doc: Document) -> str:
	"""A user with the role who may see the document."""
	email = make_user(role, email=f"{frappe.scrub(role)}@bangfu.test")
	if role == "Class Teacher":
		student = doc.name if doc.doctype == "Student File" else doc.student
		school_class = frappe.get_doc(
			"School Class", frappe.db.get_value("Student File", student, "school_class")
		)
		if school_class.head_teacher:
			return school_class.head_teacher
		school_class.head_teacher = email
		school_class.save(ignore_permissions=True)
	return email


def make_supporter(**values) -> Document:
	values = {
		"supporter_name": f"Supporter {serial()}",
		"supporter_kind": "University Volunteer",
		"capacity": 4,
		"trained": 1,
		"agreement_from": "2025-01-01",
		"agreement_to": "2030-12-31",
	} | values
	return frappe.get_doc({"doctype": "Supporter", **values}).insert(ignore_permissions=True)


def make_domain(
	domain_name: str = "Test Domain", weight: float = 1, scores: tuple[int, ...] = (1, 2, 3, 4)
) -> Document:
	levels = [{"score": score, "wording": f"Level {score}"} for score in scores]
	return get_or_insert(
		"Assessment Domain", domain_name, domain_name=domain_name, weight=weight, levels=levels
	)


def make_survey(
	student: str, scores: dict[str, int] | None = None, submit: bool = True, **values
) -> Document:
	scores = scores or {make_domain().name: 3}
	survey = frappe.get_doc(
		{
			"doctype": "Needs Survey",
			"student": student,
			"survey_date": "2025-02-01",
			"home_visit": 1,
			"scores": [{"domain": domain, "score": score} for domain, score in scores.items()],
			**values,
		}
	).insert(ignore_permissions=True)
	if submit:
		survey.submit()
	return survey


def make_measure(measure_name: str = "Test Tutoring", **values) -> Document:
	values = {
		"dimension": "Academic",
		"session_kind": "Tutoring",
		"frequency": "Weekly",
		"minutes": 30,
	} | values
	return get_or_insert("Support Measure", measure_name, measure_name=measure_name, **values)


def make_plan(student: str, active: bool = True, **values) -> Document:
	plan = frappe.get_doc(
		{
			"doctype": "Support Plan",
			"student": student,
			"from_date": "2025-02-01",
			"to_date": "2025-12-31",
			"goals": [{"goal": "Pass mathematics"}],
			"measures": [{"measure": make_measure().name, "minutes": 30}],
			"student_agrees": 1,
			"supporter_agrees": 1,
			**values,
		}
	).insert(ignore_permissions=True)
	return advance(plan, *PLAN_STEPS) if active else plan


def make_team() -> list[dict]:
	"""Members that satisfy 1+1+N."""
	return [
		{
			"supporter": make_supporter(supporter_kind="Social Worker").name,
			"member_role": "Lead Social Worker",
		},
		{"supporter": make_supporter(supporter_kind="School Teacher").name, "member_role": "Fixed Teacher"},
		{"supporter": make_supporter().name, "member_role": "Volunteer"},
	]


def make_pairing(student: str, active: bool = True, **values) -> Document:
	pairing = frappe.get_doc(
		{
			"doctype": "Pairing",
			"student": student,
			"from_date": "2025-02-01",
			"members": values.pop("members", None) or make_team(),
			"student_consents": 1,
			"supporters_consent": 1,
			"confidentiality_agreed": 1,
			**values,
		}
	).insert(ignore_permissions=True)
	if active:
		pairing.activate()
	return pairing


def make_session(students: list[str] | None = None, **values) -> Document:
	values = {
		"session_date": "2025-03-01",
		"session_kind": "Tutoring",
		"theme": f"Theme {serial()}",
		"minutes": 45,
		"status": "Held",
		"attendance": [{"student": student} for student in students or []],
	} | values
	return frappe.get_doc({"doctype": "Support Session", **values}).insert(ignore_permissions=True)


def make_partner(partner_name: str = "Test Donor", **values) -> Document:
	return get_or_insert(
		"Partner", partner_name, partner_name=partner_name, **({"partner_type": "Enterprise"} | values)
	)


def make_item(item_name: str = "Test Book", **values) -> Document:
	return get_or_insert("Aid Item", item_name, item_name=item_name, **({"uom": "Nos"} | values))


def make_donation(item: str, qty: float, unit_value: float = 10, submit: bool = True, **values) -> Document:
	donation = frappe.get_doc(
		{
			"doctype": "Aid Donation",
			"donor": values.pop("donor", None) or make_partner().name,
			"donation_date": "2025-02-20",
			"items": [{"item": item, "qty": qty, "unit_value": unit_value}],
			**values,
		}
	).insert(ignore_permissions=True)
	if submit:
		donation.submit()
	return donation


def make_distribution(item: str, student: str, qty: float = 1, submit: bool = True, **values) -> Document:
	line = {"student": student, "item": item, "qty": qty}
	line |= {key: values.pop(key) for key in ("donation", "transfer", "due_back") if key in values}
	distribution = frappe.get_doc(
		{
			"doctype": "Aid Distribution",
			"purpose": "Term start",
			"distribution_date": "2025-03-10",
			"items": [line],
			**values,
		}
	).insert(ignore_permissions=True)
	if submit:
		distribution.submit()
	return distribution


def make_indicator(indicator_name: str = "Test Indicator", **values) -> Document:
	values = {"dimension": "Academic", "unit": "%", "direction": "Higher is better"} | values
	return get_or_insert("Support Indicator", indicator_name, indicator_name=indicator_name, **values)


def make_programme(**values) -> Document:
	values = {
		"programme_name": f"Programme {serial()}",
		"from_date": "2025-01-01",
		"to_date": "2025-12-31",
	} | values
	return frappe.get_doc({"doctype": "Support Programme", **values}).insert(ignore_permissions=True)


def make_closure(student: str, approved: bool = True, **values) -> Document:
	closure = frappe.get_doc(
		{
			"doctype": "Case Closure",
			"student": student,
			"closure_date": "2025-12-20",
			"reason": "Goals met",
			"summary": "Reached all goals.",
			"follow_up_years": 3,
			**values,
		}
	).insert(ignore_permissions=True)
	return advance(closure, *CLOSURE_STEPS) if approved else closure
