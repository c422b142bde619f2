"""Records for tests. `make_x(**values)` inserts one; what a test does not care about has a default."""

import frappe
from frappe.model.document import Document
from frappe.utils import now_datetime

from bangfu_app.approvals.actions import act
from bangfu_app.privacy.identity import CHECK_DIGITS, WEIGHTS

_counter = iter(range(1, 1_000_000))
RUN = frappe.generate_hash(length=6)  # Frappe caches a user's roles for longer than a test keeps the user


def serial() -> int:
	return next(_counter)


def get_or_insert(doctype: str, name: str, **values) -> Document:
	if frappe.db.exists(doctype, name):
		return frappe.get_doc(doctype, name)
	return frappe.get_doc({"doctype": doctype, **values}).insert(ignore_permissions=True)


def make_user(*roles: str, email: str | None = None, school: str | None = None) -> str:
	"""A user with these roles (short or full name of the role); `school` sets a User Permission."""
	email = email or f"user{serial()}.{RUN}@bangfu.test"
	if not frappe.db.exists("User", email):
		user = frappe.get_doc(
			{"doctype": "User", "email": email, "first_name": email.split("@")[0], "send_welcome_email": 0}
		)
		user.flags.no_welcome_mail = True
		frappe.local.conf.throttle_user_limit = 100_000  # Frappe lets 60 an hour be made
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


def make_criterion(criterion_name: str = "Test Criterion", **values) -> Document:
	values = {"kind": "Other", "wording": "The panel finds the student in need."} | values
	return get_or_insert("Eligibility Criterion", criterion_name, criterion_name=criterion_name, **values)


def make_evidence(student: str | None = None, **values) -> Document:
	values = {
		"criterion": values.pop("criterion", None) or make_criterion().name,
		"method": "Site Visit",
		"found_on": "2025-01-05",
		"finding": "Seen at home.",
	} | values
	return frappe.get_doc({"doctype": "Recognition Evidence", "student": student, **values}).insert(
		ignore_permissions=True
	)


def make_screening(*raters: str, **values) -> Document:
	"""A candidate visited once, with these users in the panel."""
	school_class = values.get("school_class") or make_class(values.get("school")).name
	return frappe.get_doc(
		{
			"doctype": "Screening",
			"candidate_name": f"Candidate {serial()}",
			"gender": "Male",
			"birth_date": "2013-02-21",
			"school_class": school_class,
			"school": frappe.db.get_value("School Class", school_class, "school"),
			"source": "Teacher Nomination",
			"reported_on": "2025-01-05",
			"needs": [{"need_category": make_need_category().name}],
			"visits": [
				{
					"visited_on": "2025-01-08",
					"method": "Home Visit",
					"visited_by": "A teacher",
					"findings": "A quiet home.",
				}
			],
			"panel": [{"user": user, "panel_role": "Expert"} for user in raters],
			**values,
		}
	).insert(ignore_permissions=True)


def make_panel_score(screening: str, rater: str, scores: dict[str, int] | None = None) -> Document:
	"""Entered by the rater."""
	scores = scores or {make_domain().name: 3}
	user = frappe.session.user
	try:
		frappe.set_user(rater)
		rows = [{"domain": domain, "score": score} for domain, score in scores.items()]
		return frappe.get_doc({"doctype": "Panel Score", "screening": screening, "scores": rows}).insert()
	finally:
		frappe.set_user(user)


def make_campaign(school: str | None = None, **values) -> Document:
	values = {"school_year": "2025-2026", "from_date": "2025-09-01", "to_date": "2025-09-30"} | values
	return frappe.get_doc(
		{
			"doctype": "Screening Campaign",
			"title": f"Census {serial()}",
			"school": school or make_school().name,
			**values,
		}
	).insert(ignore_permissions=True)


def make_census(school_class: str, *pupils: dict, **values) -> Document:
	school = frappe.db.get_value("School Class", school_class, "school")
	campaign = values.pop("campaign", None) or make_campaign(school).name
	return frappe.get_doc(
		{
			"doctype": "Class Census",
			"campaign": campaign,
			"school_class": school_class,
			"pupils": list(pupils),
			**values,
		}
	).insert(ignore_permissions=True)


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
	"""Apply workflow actions, each as a user with the role; a class teacher is the student's own.

	An intake finds the evidence that it needs.
	"""
	user = frappe.session.user
	if ("Approve", "Bangfu Manager") in steps and doc.doctype == "Student File":
		make_evidence(doc.name)
	try:
		for action, role in steps:
			frappe.set_user(actor(role, doc))
			act(doc.doctype, doc.name, action, reason="Said in the test", ballot={"For": 3})
	finally:
		frappe.set_user(user)
	return frappe.get_doc(doc.doctype, doc.name)


def actor(role: str, doc: Document) -> str:
	"""A user with the role who may see the document."""
	email = make_user(role, email=f"{frappe.scrub(role)}.{RUN}@bangfu.test")
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


def make_consent(student: str, scope: str = "Counselling", **values) -> Document:
	values = {"given_on": "2025-01-01", "given_by": "Guardian", "relation": "Mother"} | values
	return frappe.get_doc(
		{"doctype": "Support Consent", "student": student, "scope": scope, **values}
	).insert(ignore_permissions=True)


def make_referral(student: str, counsellor: str, accepted: bool = True, **values) -> Document:
	"""Proposed by the user of this session, accepted by the counsellor."""
	referral = frappe.get_doc(
		{
			"doctype": "Support Referral",
			"student": student,
			"kind": "Internal",
			"counsellor": counsellor,
			"reason_category": "Well-being",
			"from_date": "2025-01-01",
			**values,
		}
	).insert(ignore_permissions=True)
	if accepted:
		user = frappe.session.user
		try:
			frappe.set_user(counsellor)
			referral.accept()
		finally:
			frappe.set_user(user)
	return frappe.get_doc("Support Referral", referral.name)


def make_confidential_record(student: str, counsellor: str, content: str | None = None, **values) -> Document:
	values = {"kind": "Psychology", "recorded_on": "2025-03-01"} | values
	return frappe.get_doc(
		{
			"doctype": "Confidential Record",
			"student": student,
			"counsellor": counsellor,
			"content": content,
			**values,
		}
	).insert(ignore_permissions=True)


def make_case(student: str, **values) -> Document:
	values = {"title": "A good year", "alias": "Xiao Lan", "story": "Xiao Lan learned to swim."} | values
	return frappe.get_doc({"doctype": "Published Case", "student": student, **values}).insert(
		ignore_permissions=True
	)


def make_session(students: list[str] | None = None, consent: bool = True, **values) -> Document:
	"""Individual counselling needs a consent; it is given here unless the test says otherwise."""
	values = {
		"session_date": "2025-03-01",
		"session_kind": "Tutoring",
		"theme": f"Theme {serial()}",
		"minutes": 45,
		"status": "Held",
		"attendance": [{"student": student} for student in students or []],
	} | values
	if consent and values["session_kind"] == "Individual Counselling":
		for student in students or []:
			make_consent(student)
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


def make_money(fund: str, amount: float, submit: bool = True, **values) -> Document:
	"""A donation of money to the fund."""
	values = {"kind": "Money", "fund": fund, "money_amount": amount, "items": []} | values
	return make_donation("", 0, submit=submit, **values)


def make_fund(budget: float = 1000, **values) -> Document:
	values = {
		"fund_name": f"Fund {frappe.generate_hash(length=8)}",
		"source_type": "Love Fund",
		"from_date": "2025-01-01",
		"to_date": "2025-12-31",
		"budget": budget,
	} | values
	return frappe.get_doc({"doctype": "Aid Fund", **values}).insert(ignore_permissions=True)


def make_fund_budget(fund: str, amount: float, submit: bool = True, **values) -> Document:
	values = {"title": "Outing", "from_date": "2025-03-01", "to_date": "2025-06-30"} | values
	budget = frappe.get_doc({"doctype": "Fund Budget", "fund": fund, "amount": amount, **values})
	budget.insert(ignore_permissions=True)
	if submit:
		budget.submit()
	return budget


def make_spending(budget: str, amount: float, submit: bool = True, **values) -> Document:
	values = {"purpose": "Coach", "spent_on": "2025-04-10", "proof": make_certificate()} | values
	spending = frappe.get_doc({"doctype": "Fund Spending", "fund_budget": budget, "amount": amount, **values})
	spending.insert(ignore_permissions=True)
	if submit:
		spending.submit()
	return spending


def make_distribution(item: str, student: str, qty: float = 1, submit: bool = True, **values) -> Document:
	line = {"student": student, "item": item, "qty": qty}
	line |= {key: values.pop(key) for key in ("donation", "transfer", "due_back", "partner") if key in values}
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


def make_return(distribution: Document, qty: float = 1, submit: bool = True, **values) -> Document:
	"""Of the first line that has so much out."""
	from bangfu_app.bangfu_app.doctype.aid_distribution import aid_distribution

	line = {"outcome": values.pop("outcome", "Back in Stock")}
	returned = aid_distribution.make_return(distribution.name)
	row = next(row for row in returned.items if row.qty >= qty)
	row.update({"qty": qty, **line})
	returned.set("items", [row])
	returned.update({"return_date": "2025-06-20", **values})
	returned.insert()
	if submit:
		returned.submit()
	return returned


def make_write_off(item: str, qty: float = 1, submit: bool = True, **values) -> Document:
	line = {"item": item, "qty": qty, "donation": values.pop("donation", None)}
	write_off = frappe.get_doc(
		{
			"doctype": "Aid Write Off",
			"write_off_date": "2025-06-20",
			"reason": "Damaged",
			"explanation": "Wet from a burst pipe",
			"items": [line],
			**values,
		}
	).insert(ignore_permissions=True)
	if submit:
		write_off.submit()
	return write_off


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


def make_term(term_name: str = "2024-2025 II", **values) -> Document:
	values = {"school_year": "2024-2025", "start_date": "2025-02-17", "end_date": "2025-07-04"} | values
	return get_or_insert("School Term", term_name, term_name=term_name, **values)


def make_exam(*subjects: str, **values) -> Document:
	"""A county exam out of 100 in each subject."""
	names = subjects or ("Test Paper",)
	for name in names:
		get_or_insert("School Subject", name, subject_name=name)
	values = {
		"exam_name": f"Exam {serial()}",
		"school_term": values.get("school_term") or make_term().name,
		"exam_date": "2025-06-20",
		"scope": "County",
		"population": "all pupils of the county",
		"subjects": [{"subject": name, "full_marks": 100} for name in names],
	} | values
	return frappe.get_doc({"doctype": "Exam", **values}).insert(ignore_permissions=True)


def make_score(exam: Document | str, score: float | None, **values) -> Document:
	"""`score` None: absent. Without a subject the first of the exam."""
	exam = frappe.get_doc("Exam", exam) if isinstance(exam, str) else exam
	number = serial()
	values = {
		"exam": exam.name,
		"subject": exam.subjects[0].subject,
		"score": score or 0,
		"absent": int(score is None),
		"candidate_name": f"Pupil {number}",
		"student_no": f"N{number:06}",
		"school": values.get("school") or make_school().name,
		"grade": "Grade 7",
		"class_name": "1",
	} | values
	return frappe.get_doc({"doctype": "Exam Score", **values}).insert(ignore_permissions=True)


def sit_exam(exam: Document, marks: list[float | None], **values) -> list[Document]:
	"""A pupil for each mark, in one subject."""
	return [make_score(exam, mark, **values) for mark in marks]


def make_alert_rule(signal: str = "Manual", threshold: float = 1, **values) -> Document:
	values = {
		"rule_name": f"Rule {serial()}",
		"kind": "Academic Warning",
		"level": "Warning",
		"due_hours": 48,
		"look_back": 36500,
	} | values
	return frappe.get_doc(
		{"doctype": "Alert Rule", "signal": signal, "threshold": threshold, **values}
	).insert(ignore_permissions=True)


def make_alert(student: str, kind: str = "Difficulty", **values) -> Document:
	values = {"concern": "Learning"} | values
	return frappe.get_doc({"doctype": "Student Alert", "student": student, "kind": kind, **values}).insert(
		ignore_permissions=True
	)


def make_dropout_report(student: str, **values) -> Document:
	values = {"reported_on": "2025-03-01", "often_absent": 1} | values
	return frappe.get_doc({"doctype": "Dropout Report", "student": student, **values}).insert(
		ignore_permissions=True
	)


def make_template(domains: dict[str, float] | None = None, **values) -> Document:
	domains = domains or {make_domain().name: 1}
	values = {"template_name": f"Template {serial()}", "purpose": "Questionnaire", "version": "1"} | values
	rows = [{"domain": domain, "weight": weight, "from_answers": 1} for domain, weight in domains.items()]
	return frappe.get_doc({"doctype": "Survey Template", "domains": rows, **values}).insert(
		ignore_permissions=True
	)


def make_pair(one: str, other: str) -> Document:
	from bangfu_app.persons.duplicate_desk import record_pair
	from bangfu_app.persons.duplicates import Match

	return record_pair(one, Match("Student File", other, 55, ("Same date of birth", "Same guardian phone")))


def make_merge(kept: str, merged: str, submit: bool = True, **values) -> Document:
	merge = frappe.get_doc(
		{
			"doctype": "Student Merge",
			"kept_file": kept,
			"merged_file": merged,
			"reason": "Entered twice",
			**values,
		}
	).insert()
	if submit:
		merge.submit()
	return merge


def make_certificate() -> str:
	"""Address of a private file."""
	file = {"doctype": "File", "file_name": f"paper{serial()}.txt", "content": f"Paper {serial()}"}
	return frappe.get_doc(file | {"is_private": 1}).insert(ignore_permissions=True).file_url


def make_enrolment_change(
	student: str, change_type: str = "Suspend", submit: bool = True, **values
) -> Document:
	change = frappe.get_doc(
		{
			"doctype": "Enrolment Change",
			"student": student,
			"change_type": change_type,
			"change_date": "2025-09-01",
			"reason": "Illness",
			**values,
		}
	).insert()
	if submit:
		change.submit()
	return change


AUTUMN = {"school_year": "2019-2020", "start_date": "2019-09-01", "end_date": "2020-01-20"}


def make_enrolment_check(school_class: str, **values) -> Document:
	values = {
		"school_term": make_term(f"Term {serial()}", **AUTUMN).name,
		"checked_on": "2019-09-03",
	} | values
	return frappe.get_doc({"doctype": "Enrolment Check", "school_class": school_class, **values}).insert()


def make_scheme(**values) -> Document:
	values = {"scheme_name": f"Scheme {serial()}", "amount_rule": "Fixed", "amount": 500} | values
	if not values.get("fund"):
		# of many years: a test says which period it pays for
		values["fund"] = make_fund(1_000_000, from_date="2010-01-01", to_date="2039-12-31").name
	return frappe.get_doc({"doctype": "Subsidy Scheme", **values}).insert(ignore_permissions=True)


def bank_number() -> str:
	"""A card number of nobody, with its check digit."""
	body = f"622848{serial():012d}"
	total = sum(sum(divmod(int(d) * (2 - place % 2), 10)) for place, d in enumerate(reversed(body)))
	return f"{body}{-total % 10}"


def make_payee_account(student: str, **values) -> Document:
	values = {
		"relation": "Guardian",
		"payee_name": f"Payee {serial()}",
		"bank_name": "Test Bank",
		"account": bank_number(),
	} | values
	return frappe.get_doc({"doctype": "Payee Account", "student": student, **values}).insert(
		ignore_permissions=True
	)


BATCH_STEPS = (
	("Submit for Review", "Bangfu Coordinator"),
	("Pass to Leading Group", "Bangfu Finance"),
	("Approve", "Bangfu Manager"),
)


def make_batch(scheme: str, *students: str, approved: bool = True, **values) -> Document:
	"""A batch with these students, by the scheme's amounts unless `amount` is given; walked to Approved."""
	row = {"amount": values.pop("amount")} if "amount" in values else {}
	batch = frappe.get_doc(
		{
			"doctype": "Subsidy Batch",
			"title": f"Batch {serial()}",
			"scheme": scheme,
			"rows": [{"student": student, **row} for student in students],
			**values,
		}
	).insert(ignore_permissions=True)
	return advance(batch, *BATCH_STEPS) if approved else batch


def make_payment(batch: str, submit: bool = False, results: tuple[str, ...] = (), **values) -> Document:
	"""A draft with every open row of the batch; `results` in order of its rows, a failed one with a reason."""
	from bangfu_app.bangfu_app.doctype.subsidy_batch import subsidy_batch

	payment = subsidy_batch.make_payment(batch)
	payment.update(values)
	payment.insert()
	for row, result in zip(payment.rows, results, strict=False):
		row.update({"result": result, "reason": "Account closed" if result == "Failed" else None})
	if results:
		payment.save()
	if submit:
		payment.submit()
	return payment


def make_bank_layout(*columns: tuple[str, str], **values) -> Document:
	from bangfu_app.money import bank_layouts

	values = {
		"layout_name": f"Layout {serial()}",
		"paid_words": "\n".join(bank_layouts.PAID_WORDS),
		"failed_words": "\n".join(bank_layouts.FAILED_WORDS),
	} | values
	rows = [{"heading": heading, "holds": holds} for heading, holds in columns or bank_layouts.DEFAULT]
	return frappe.get_doc({"doctype": "Bank File Layout", "columns": rows, **values}).insert(
		ignore_permissions=True
	)


def make_pledge(item: str | None = None, **values) -> Document:
	"""Of goods, three months; `kind="Money"` with an amount for money."""
	if values.get("kind") != "Money":
		values = {"item": item or make_item().name, "qty": 10, "unit_value": 5} | values
	return frappe.get_doc(
		{
			"doctype": "Aid Pledge",
			"donor": values.pop("donor", None) or make_partner().name,
			"pledged_on": "2025-01-01",
			"frequency": "Monthly",
			"from_date": "2025-01-31",
			"to_date": "2025-03-31",
			**values,
		}
	).insert(ignore_permissions=True)


def make_device_application(student: str, **values) -> Document:
	values = {"item": make_item("Test Wheelchair", lendable=1).name, "qty": 1, "amount": 4800} | values
	return frappe.get_doc(
		{
			"doctype": "Device Application",
			"student": student,
			"foundation": make_partner("Test Foundation", partner_type="Foundation").name,
			"reason": "Cannot walk to school",
			**values,
		}
	).insert(ignore_permissions=True)


def make_relief_scheme(**values) -> Document:
	values = {
		"kind": "Temporary Relief",
		"amount_rule": "As Decided",
		"period_kind": "Once",
		"neutral_name": "Term Support",
	} | values
	return make_scheme(**values)


def make_relief_request(student: str, **values) -> Document:
	values = {"reason": "The house burnt down.", "amount_asked": 800, "asked_on": now_datetime()} | values
	values["scheme"] = values.get("scheme") or make_relief_scheme().name
	return frappe.get_doc({"doctype": "Relief Request", "student": student, **values}).insert()


def make_work_post(**values) -> Document:
	values = {"post_title": "Library Assistant", "hourly_pay": 12.5, "max_hours_per_month": 40} | values
	values["school"] = values.get("school") or make_school().name
	if not values.get("scheme"):
		scheme = {"kind": "Work-study", "amount_rule": "By Hours", "period_kind": "Month"}
		values["scheme"] = make_scheme(**scheme).name
	return frappe.get_doc({"doctype": "Work Study Post", **values}).insert(ignore_permissions=True)


def make_work_record(student: str, *hours: float, submit: bool = True, **values) -> Document:
	"""One shift for each number of hours, on the first days of the month."""
	school = frappe.db.get_value("Student File", student, "school")
	values = {"month": "2025-03"} | values
	values["post"] = values.get("post") or make_work_post(school=school).name
	shifts = [
		{"work_date": f"{values['month']}-{day:02}", "hours": h} for day, h in enumerate(hours or (2,), 1)
	]
	doc = frappe.get_doc({"doctype": "Work Study Record", "student": student, "shifts": shifts, **values})
	doc.insert()
	return doc.submit() if submit else doc
