"""The community's year 2025, made as an office makes it: workbooks, approvals and records by their users."""

from collections.abc import Callable
from pathlib import Path

import frappe
from frappe.model.document import Document
from frappe.utils import add_days, getdate
from frappe.utils.password import update_password

from bangfu_app import recognition
from bangfu_app.approvals import actions
from bangfu_app.bangfu_app.doctype.confidential_record.confidential_record import amend_record
from bangfu_app.bangfu_app.doctype.needs_survey.needs_survey import make_support_plan
from bangfu_app.bangfu_app.doctype.pairing.pairing import make_support_session
from bangfu_app.bangfu_app.doctype.screening.screening import make_panel_score
from bangfu_app.bangfu_app.doctype.student_file.student_file import make_case_closure, make_needs_survey
from bangfu_app.bangfu_app.doctype.support_plan.support_plan import make_evaluation, make_pairing
from bangfu_app.demo import aid, county_exam, money, people, watch
from bangfu_app.demo.people import add, as_user
from bangfu_app.excel.importer import import_workbook

WORKBOOKS = Path(__file__).parent / "community_2025"
PROGRAMME = "2025年阳光社区教育帮扶计划"
HERO = "小明"

STRENGTHS = (
	"动手能力强,爱打篮球。",
	"待人真诚,乐于助人。",
	"画画很有想法。",
	"记忆力好,喜欢阅读。",
	"做事有始有终。",
)

# how many files stay on the way of the intake, so that the approvers find something to do
LEFT_IN = (("School Review", 3), ("Class Review", 1), ("Draft", 1))


def is_loaded() -> bool:
	return bool(frappe.db.exists("Support Programme", PROGRAMME))


def load(tell: Callable[[str], None] = print) -> None:
	"""Load the year. The caller commits, so that it is there whole or not at all."""
	if frappe.db.count("Student File"):
		frappe.throw("This site has student files already; the demo is for an empty site.")
	for title, step in (
		("users, schools, terms", set_up),
		("workbooks", import_workbooks),
		("class teachers and intake approvals", take_in),
		("census and screening", screen),
		("needs surveys", survey),
		("support plans and their approval", plan),
		("pairings", pair),
		("sessions of the pairings", hold_sessions),
		("donated goods", lambda: aid.load(files_in_support())),
		("funds and subsidies", lambda: money.load(files_in_support(), PROGRAMME)),
		("county exams of two terms", take_exams),
		("consents, referrals, confidential records", counsel),
		("alerts and questionnaires", keep_watch),
		(f"{HERO}: evaluation and close-out", close_hero),
	):
		tell(f"  {title} …")
		step()


def act(user: str, doc: Document, action: str, ballot: dict[str, int] | None = None) -> Document:
	"""A workflow action by a user, on the record as it is stored; `ballot` is the vote of the class review."""
	with as_user(user):
		actions.act(doc.doctype, doc.name, action, ballot=ballot)
	return frappe.get_doc(doc.doctype, doc.name)


# ---------------------------------------------------------------- set-up


def set_up() -> None:
	for email, (name, role, _what) in people.USERS.items():
		user = frappe.get_doc(
			{
				"doctype": "User",
				"email": email,
				"first_name": name,
				"language": "zh",
				"send_welcome_email": 0,
				"time_zone": "Asia/Shanghai",
				"roles": [
					{"role": role},
					*([{"role": "Bangfu Exporter"}] if email in people.EXPORTERS else []),
				],
			}
		)
		user.flags.no_welcome_mail = True
		user.insert()
		update_password(email, people.PASSWORD)
	for school, school_type in people.SCHOOLS.items():
		add(
			"School",
			school_name=school,
			school_type=school_type,
			coordinator=people.COORDINATOR,
			province="阳光省",
			city="阳光市",
			district="阳光区",
			street="阳光街道",
			community="阳光社区",
		)
	for term, year, start, end in (
		("2024-2025学年第一学期", "2024-2025", "2024-09-01", "2025-01-17"),
		("2024-2025学年第二学期", "2024-2025", "2025-02-17", "2025-07-04"),
		("2025-2026学年第一学期", "2025-2026", "2025-09-01", "2026-01-23"),
	):
		add("School Term", term_name=term, school_year=year, start_date=start, end_date=end)
	settings = frappe.get_doc("Bangfu Settings")
	settings.current_term = "2024-2025学年第二学期"
	settings.save()
	with as_user(people.COORDINATOR):
		add_programme()


def add_programme() -> None:
	add(
		"Support Programme",
		programme_name=PROGRAMME,
		from_date="2025-01-01",
		to_date="2025-12-31",
		status="Running",
		guiding_text="精准识别、一人一策、家校社协同,让每个孩子都被看见。",
		phases=[
			{"phase": "调研建档", "from_day": 1, "to_day": 59, "content": "三步筛查、需求调研、一人一档"},
			{
				"phase": "全面实施",
				"from_day": 60,
				"to_day": 334,
				"content": "学业辅导、心理支持、兴趣课程、家庭赋能",
			},
			{"phase": "总结评估", "from_day": 335, "to_day": 365, "content": "成效评估、结案、回访安排"},
		],
		duties=[
			{"department": "教务处", "duty": "学业辅导与学情分析"},
			{"department": "德育处", "duty": "心理支持与生活关怀"},
			{"department": "总务处", "duty": "物资与资助", "user": people.FINANCE},
		],
	)


def import_workbooks() -> None:
	with as_user(people.COORDINATOR):
		for file, layout, options in (
			("students.xlsx", "Students", {}),
			("supporters.xlsx", "Supporters", {}),
			("sessions.xlsx", "Sessions", {}),
			("indicators.xlsx", "Indicators", {"programme": PROGRAMME, "evaluated_on": "2025-12-31"}),
		):
			import_workbook(WORKBOOKS / file, layout, **options).throw_if_faulty()
	with as_user(people.FINANCE):
		import_workbook(WORKBOOKS / "donations.xlsx", "Donations").throw_if_faulty()


def take_exams() -> None:
	with as_user(people.MANAGER):
		county_exam.load()


# ---------------------------------------------------------------- intake


def take_in() -> None:
	with as_user(people.COORDINATOR):
		for name in frappe.get_all("School Class", pluck="name"):
			school_class = frappe.get_doc("School Class", name)
			school_class.head_teacher = people.head_teacher_of(school_class.school, school_class.grade)
			school_class.save()
	files = frappe.get_all("Student File", fields=["name", "head_teacher"], order_by="student_no desc")
	stay = [status for status, count in LEFT_IN for _ in range(count)]
	for file, status in zip(files, stay + ["In Support"] * (len(files) - len(stay)), strict=True):
		bring_to(status, frappe.get_doc("Student File", file.name), file.head_teacher)


def bring_to(status: str, file: Document, teacher: str) -> None:
	with as_user(teacher):
		file.update({"identified_on": "2025-01-10"})
		file.save()
	add_evidence(file, teacher)
	steps = (
		(people.COORDINATOR, "Submit for Class Review", "Class Review"),
		(teacher, "Pass Class Review", "School Review"),
		(people.MANAGER, "Approve", "In Support"),
	)
	for user, action, reached in steps:
		if file.status == status:
			break
		ballot = {"For": 9, "Against": len(file.student_name) % 2, "Abstain": 1} if user == teacher else None
		file = act(user, file, action, ballot)
		assert file.status == reached


EVIDENCE = (
	("Site Visit", "入户走访,与监护人面谈,核实家庭情况。"),
	("Classmates' Review", "班级同学评议,一致同意。"),
	("Data Analysis", "与学籍、成绩及民政数据比对,情况属实。"),
)


def add_evidence(file: Document, teacher: str) -> None:
	"""What the class teacher and the coordinator found out before the last approval."""
	criterion = recognition.criteria_for(file.school, "2025-01-10")
	serial = int(file.name.rpartition("-")[2])
	for place, user in enumerate((teacher, people.COORDINATOR)):
		method, finding = EVIDENCE[(serial + place) % len(EVIDENCE)]
		with as_user(user):
			add(
				"Recognition Evidence",
				student=file.name,
				criterion=criterion[serial % len(criterion)].name,
				method=method,
				found_on=add_days("2025-01-10", serial % 12),
				finding=finding,
			)


def keep_watch() -> None:
	"""Among those without a survey so far, so that the figures of the others stay."""
	files = files_in_support()[24:]
	watch.raise_alerts(files)
	watch.ask_before_and_after(files[5])


def files_in_support() -> list[Document]:
	names = frappe.get_all("Student File", {"status": "In Support"}, order_by="student_no", pluck="name")
	return [frappe.get_doc("Student File", name) for name in names]


# ---------------------------------------------------------------- census and screening


def screen() -> None:
	"""A census of one school: one class has finished, its candidates stand at different steps."""
	with as_user(people.COORDINATOR):
		year = frappe.get_all("School Class", {"school": people.JUNIOR}, pluck="school_year")[0]
		campaign = add(
			"Screening Campaign",
			title=f"{year}学年摸底",
			school=people.JUNIOR,
			school_year=year,
			from_date="2025-01-06",
			to_date="2025-02-28",
		)
		campaign.start()
	finish_list(campaign.name)
	watched, scored = (frappe.get_doc("Screening", {"candidate_name": name}) for name in CANDIDATES[:2])
	visit_and_score(scored)
	visit_and_score(watched)
	with as_user(people.COORDINATOR):
		watched.reload()
		watched.update(
			{"decision": "Watch", "decision_reason": "近期情况好转,先观察。", "recheck_on": "2025-09-01"}
		)
		watched.save()


# invented; not among the students of the workbook
CANDIDATES = ("岳小川", "岳小溪", "岳小岚")


def finish_list(campaign: str) -> None:
	teacher = people.head_teacher_of(people.JUNIOR, "Grade 8")
	name = frappe.get_all(
		"Class Census", {"campaign": campaign, "head_teacher": teacher}, pluck="name", order_by="name"
	)[0]
	with as_user(teacher):
		doc = frappe.get_doc("Class Census", name)
		for place, candidate in enumerate(CANDIDATES):
			doc.append(
				"pupils",
				{
					"pupil_name": candidate,
					"gender": "Female" if place % 2 else "Male",
					"birth_date": f"2012-0{place + 3}-15",
					"said_by_teacher": 1,
					"sign_academic": place != 1,
					"sign_emotional": place != 0,
				},
			)
		doc.save()
		doc.finish()


def visit_and_score(screening: Document) -> None:
	teacher = screening.reported_by
	with as_user(teacher):
		screening.append(
			"visits",
			{
				"visited_on": "2025-02-20",
				"method": "Home Visit",
				"visited_by": people.USERS[teacher][0],
				"findings": "与监护人面谈,家中学习环境一般。",
			},
		)
		for user, role in ((teacher, "Class Teacher"), (people.COUNSELLOR, "Counsellor")):
			screening.append("panel", {"user": user, "panel_role": role})
		screening.save()
	for place, rater in enumerate((teacher, people.COUNSELLOR)):
		with as_user(rater):
			sheet = make_panel_score(screening.name)
			for number, row in enumerate(sheet.scores):
				row.score = 1 + (number + place) % 3
			sheet.insert()


# ---------------------------------------------------------------- assess and plan


def survey() -> None:
	"""Every second file is surveyed; scores differ by student, the same on each load."""
	for number, file in enumerate(files_in_support()[:24]):
		with as_user(file.head_teacher):
			file.strengths = STRENGTHS[number % len(STRENGTHS)]
			file.save()
			doc = make_needs_survey(file.name)
			doc.update(
				{
					"survey_date": add_days("2025-02-20", number % 14),
					"phase": "Pre-test" if file.student_name == HERO else "First Survey",
					"home_visit": 1,
					"school_interview": 1,
					"family_situation": "与监护人面谈,了解家庭照料与学习环境。",
					"learning_base": "基础知识有缺漏,课堂参与有待加强。",
					"interests": "喜欢动手和运动。",
				}
			)
			for place, row in enumerate(doc.scores):
				row.score = (
					1 + (number * 7 + place * 3) % 4
					if file.student_name != HERO
					else (4, 3, 3, 3, 2, 1)[place % 6]
				)
			doc.append("causes", {"cause": "Study Habits", "weight": 60, "note": "作业常需督促"})
			doc.append("causes", {"cause": "Family", "weight": 40, "note": "家中无人辅导"})
			doc.append(
				"panel", {"member_name": people.USERS[file.head_teacher][0], "panel_role": "Class Teacher"}
			)
			doc.insert()
			doc.submit()


def plan() -> None:
	"""Twelve plans: most active, some on their way through the approval."""
	surveys = frappe.get_all(
		"Needs Survey",
		{"docstatus": 1},
		["name", "student", "student_name"],
		order_by="composite desc, name",
		limit=12,
	)
	if HERO not in [row.student_name for row in surveys]:
		hero = frappe.db.get_value(
			"Needs Survey", {"student_name": HERO}, ["name", "student", "student_name"], as_dict=True
		)
		surveys = [hero, *surveys[:11]]
	on_the_way = {2: 2, 5: 1, 8: 0}  # which plan → how many steps it has gone
	for number, row in enumerate(surveys):
		steps = on_the_way.get(number, 3) if row.student_name != HERO else 3
		approve_plan(write_plan(row), steps)


def write_plan(row: dict) -> Document:
	teacher = frappe.db.get_value("Student File", row.student, "head_teacher")
	with as_user(teacher):
		doc = make_support_plan(row.name)
		doc.update(
			{
				"programme": PROGRAMME,
				"from_date": "2025-03-01",
				"to_date": "2025-12-31",
				"student_agrees": 1,
				"supporter_agrees": 1,
			}
		)
		for goal in doc.goals:
			goal.update({"goal": f"{goal.domain}稳步改善", "target": "1", "due": "2025-12-20"})
		if not doc.goals:
			doc.append("goals", {"goal": "保持进步", "due": "2025-12-20"})
		for measure, weekday, time in (
			(measure_of("Saturday Tutoring"), "Saturday", "09:00:00"),
			(measure_of("Heart-to-heart Talk"), "Wednesday", "16:30:00"),
		):
			master = frappe.get_cached_doc("Support Measure", measure)
			doc.append(
				"measures",
				{
					"measure": measure,
					"dimension": master.dimension,
					"weekday": weekday,
					"start_time": time,
					"minutes": master.minutes,
					"frequency": master.frequency,
					"setting": "After Class",
				},
			)
		# more than the year's books come to: the rest is due when the next ones arrive
		doc.append("aid", {"item": aid.BOOKS, "qty": 20, "due_by": "2025-12-20", "note": "课外阅读"})
		return doc.insert()


def approve_plan(doc: Document, steps: int) -> None:
	teacher = frappe.db.get_value("Student File", doc.student, "head_teacher")
	for user, action in (
		(teacher, "Confirm Agreement"),
		(people.COORDINATOR, "Submit for Review"),
		(people.MANAGER, "Approve"),
	)[:steps]:
		doc = act(user, doc, action)


def measure_of(english: str) -> str:
	"""A master of the set-up by its English name, whatever the language of the site."""
	return english if frappe.db.exists("Support Measure", english) else frappe._(english, "zh")


# ---------------------------------------------------------------- pair and deliver


def pair() -> None:
	fit = {"status": "Active", "trained": 1, "agreement_to": [">=", "2025-12-31"]}

	def pool(kinds: tuple[str, ...]) -> list[str]:
		return frappe.get_all(
			"Supporter", {**fit, "supporter_kind": ["in", kinds]}, order_by="name", pluck="name"
		)

	leads, teachers = pool(("Social Worker",)), pool(("School Teacher", "Retired Teacher"))
	volunteers = pool(("University Volunteer", "Enterprise Employee"))
	tutor = frappe.get_doc("Supporter", {"supporter_name": people.USERS[people.TUTOR][0]})
	tutor.user = people.TUTOR
	tutor.save()
	teachers.remove(tutor.name)
	plans = frappe.get_all("Support Plan", {"status": "Active"}, ["name", "student_name"], order_by="name")
	for number, row in enumerate(plans):
		# the tutor keeps one student after the hero's case is closed
		own = row.student_name == HERO or number == len(plans) - 1
		teacher = tutor.name if own else teachers[number % len(teachers)]
		with as_user(people.COORDINATOR):
			doc = make_pairing(row.name)
			doc.update(
				{
					"from_date": "2025-03-01",
					"student_consents": 1,
					"supporters_consent": 1,
					"confidentiality_agreed": 1,
					"match_reasons": "学科对口,性格温和耐心,周六有空",
				}
			)
			for supporter, role in (
				(leads[number % len(leads)], "Lead Social Worker"),
				(teacher, "Fixed Teacher"),
				(volunteers[number % len(volunteers)], "Volunteer"),
			):
				doc.append("members", {"supporter": supporter, "member_role": role})
			doc.insert()
			doc.activate()


def hold_sessions() -> None:
	"""Saturday tutoring: half a year for the hero, some weeks for the others."""
	for row in frappe.get_all("Pairing", {"status": "Active"}, ["name", "student_name"], order_by="name"):
		hero = row.student_name == HERO
		for week in range(24 if hero else 4):
			hold(
				row.name, people.TUTOR if hero else people.COORDINATOR, add_days("2025-03-01", 7 * week), week
			)


def hold(pairing: str, user: str, day: str, week: int) -> None:
	with as_user(user):
		doc = make_support_session(pairing)
		doc.update({"session_date": day, "theme": "数学基础巩固" if week % 4 else "学习方法与思维导图"})
		doc.attendance[0].state = "Leave" if week == 11 else "Attended"
		doc.record = "讲解例题,当堂练习,布置下周任务。"
		doc.insert()


# ---------------------------------------------------------------- counselling


def counsel() -> None:
	"""Consents of some guardians, a referral that the counsellor took over, and one that waits for her."""
	students = [file for file in files_in_support() if file.student_name != HERO][:8]
	for file in students:
		with as_user(file.head_teacher):
			for scope in ("Counselling", "Photo and Publicity"):
				add(
					"Support Consent",
					student=file.name,
					scope=scope,
					given_by=file.guardian_name or "监护人",
					relation="Mother",
					given_on="2025-03-01",
				)
	taken, waiting = (
		refer(file, day) for file, day in zip(students, ("2025-03-10", "2025-11-20"), strict=False)
	)
	with as_user(people.COUNSELLOR):
		taken.reload()
		taken.accept()
		write_confidential_records(taken.student, taken.name)
	assert waiting.status == "Proposed"


def refer(file: Document, day: str) -> Document:
	with as_user(file.head_teacher):
		return add(
			"Support Referral",
			student=file.name,
			kind="Internal",
			counsellor=people.COUNSELLOR,
			reason_category="Well-being",
			from_date=day,
		)


def write_confidential_records(student: str, referral: str) -> None:
	talk = add(
		"Confidential Record",
		student=student,
		referral=referral,
		kind="Psychology",
		recorded_on="2025-03-17",
		content="首次面谈:睡眠欠佳,考试前紧张,与同学来往少。约定每两周一次。",
	)
	amend_record(talk.name, "第四次面谈:睡眠好转,主动参加小组活动。", "阶段记录")
	add(
		"Confidential Record",
		student=student,
		referral=referral,
		kind="Family Finance",
		recorded_on="2025-04-02",
		content="家中外债较多,父亲外出务工,家长不愿同学知道。",
	)


# ---------------------------------------------------------------- close


def close_hero() -> None:
	file = frappe.get_doc("Student File", {"student_name": HERO})
	plan_name = frappe.db.get_value("Support Plan", {"student": file.name, "status": "Active"})
	with as_user(file.head_teacher):
		again = make_needs_survey(file.name)
		again.update(
			{"survey_date": "2025-12-10", "phase": "Post-test", "school_interview": 1, "observation": 1}
		)
		again.compared_with = frappe.db.get_value("Needs Survey", {"student": file.name, "phase": "Pre-test"})
		for row in again.scores:
			row.score = max(1, int(row.last_score or 1) - 2)
		again.insert()
		again.submit()
		evaluation = make_evaluation(plan_name)
		after = {row.domain: row.score for row in again.scores}
		evaluation.update(
			{
				"purpose": "Closing",
				"evaluated_on": "2025-12-15",
				"summary": "数学由40分提高到75分,性格渐渐开朗,主动报名演讲比赛。",
				"next_steps": "每学期回访一次。",
			}
		)
		for row in evaluation.domain_results:
			row.post = after[row.domain]
		evaluation.insert()
		evaluation.submit()
		closure = make_case_closure(file.name)
		closure.update(
			{
				"closure_date": "2025-12-20",
				"reason": "Goals met",
				"summary": "约定目标全部完成,能够自主学习;母亲每天陪伴学习30分钟。",
			}
		)
		closure.insert()
	act(file.head_teacher, closure, "Submit for Review")
	act(people.COORDINATOR, closure, "Recommend")
	closure = act(people.MANAGER, closure, "Approve")
	assert getdate(closure.closure_date) == getdate("2025-12-20")
