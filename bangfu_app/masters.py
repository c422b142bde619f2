"""Master data that an office starts with, in the language of its site; all of it can be changed or deleted."""

from contextlib import suppress

import frappe
from frappe import _

from bangfu_app.money import bank_layouts

# category, group, neutral name, counts as disability (requirements §1, category lists)
NEED_CATEGORIES = (
	("Child in Difficulty", "Economic", "Care Support", 0),
	("Left-behind Child", "Emotional", "Companionship Support", 0),
	("Low-income Family", "Economic", "Growth Support", 0),
	("Single-parent Family", "Emotional", "Family Support", 0),
	("Youth with Disability", "Physical-mental", "Inclusive Support", 1),
	("Academic Difficulty", "Academic", "Study Support", 0),
	("Serious Illness or Sudden Change", "Economic", "Relief Support", 0),
	("Emotional or Behavioural Difficulty", "Emotional", "Heart Support", 0),
	("Learning Disorder", "Special Education", "Individual Support", 0),
	("Conduct Guidance", "Conduct", "Guidance Support", 0),
)

SUBJECTS = ("Chinese", "Mathematics", "English", "Science", "Social Studies", "Physics", "Chemistry")

# indicator, dimension, numerator, denominator, how it is computed (E3)
COMPUTED_INDICATORS = (
	(
		"Aid Coverage of Students with Economic Needs",
		"Life",
		"Of these, students to whom a subsidy was paid or goods were handed out in the period",
		"Students in support with an economic need",
		{"computed_by": "Aid Coverage", "need_group": "Economic"},
	),
)

# domain, weight, wording from no need to greatest need (I3, S6)
ASSESSMENT_DOMAINS = (
	(
		"Study",
		3,
		(
			"Keeps up well in all subjects",
			"Weak in single subjects",
			"Weak in most subjects",
			"Cannot follow without help",
		),
	),
	(
		"Psychological State",
		3,
		("Open and steady", "Low in mood at times", "Often anxious or withdrawn", "In acute distress"),
	),
	(
		"Family Support",
		2,
		(
			"The family accompanies and supports",
			"The family has little time",
			"Hardly any company or guidance",
			"No one cares for the child",
		),
	),
	(
		"Study Habits",
		2,
		("Plans and works alone", "Needs reminding", "Often gives up", "Does not work without supervision"),
	),
	(
		"Social Participation",
		1,
		("Takes part gladly", "Takes part when asked", "Keeps apart", "Has no friends at school"),
	),
	(
		"Health",
		1,
		("Healthy", "Minor complaints", "Long-term treatment", "Needs care every day"),
	),
)
LEVEL_COLOURS = ("#29CD42", "#ECAD4B", "#FF8C00", "#E24C4C")

# measure, dimension, kind of session, frequency, minutes (P4–P8)
SUPPORT_MEASURES = (
	("Subject Tutoring", "Academic", "Tutoring", "Weekly", 30),
	("Saturday Tutoring", "Academic", "Tutoring", "Weekly", 120),
	("Ten Questions a Day", "Academic", "Tutoring", "Daily", 15),
	("Study Method Guidance", "Academic", "Tutoring", "Fortnightly", 45),
	("Heart-to-heart Talk", "Psychological", "Heart-to-heart Talk", "Monthly", 30),
	("Individual Counselling", "Psychological", "Individual Counselling", "Fortnightly", 50),
	("Group Counselling", "Psychological", "Group Counselling", "Monthly", 60),
	("Companionship", "Life", "Companionship", "Weekly", 60),
	("Interest Course", "Social", "Interest Course", "Weekly", 45),
	("Community Activity", "Social", "Activity", "Monthly", 120),
	("Parent School", "Family", "Parent School", "Each Term", 90),
	("Home Visit", "Family", "Home Visit", "Each Term", 60),
)

# criterion, kind, wording; amounts and places are the office's (I7, I8)
ELIGIBILITY_CRITERIA = (
	(
		"Below the Local Minimum-living Line",
		"Below the Minimum-living Line",
		"Income of the family per head below the local minimum-living line, registered or not.",
	),
	(
		"Sudden Change",
		"Sudden Change",
		"A disaster, an accident or the loss of a provider has struck the family.",
	),
	("Serious Illness", "Serious Illness", "Serious illness or disability of the student or in the family."),
	(
		"Poorer though Unregistered",
		"Poorer though Unregistered",
		"No registration, and as poor as families that have one, or poorer.",
	),
)

# rule, signal, threshold, cause, kind, level, handled by, hours to the first step, hours to escalation (I13, I14, D12)
ALERT_RULES = (
	(
		"Two Subjects Failed",
		"Failed Subjects",
		2,
		"Exams",
		"Academic Warning",
		"Warning",
		"Class Teacher",
		72,
		0,
	),
	(
		"Four Subjects Failed",
		"Failed Subjects",
		4,
		"Exams",
		"Academic Warning",
		"Crisis",
		"Class Teacher",
		48,
		72,
	),
	(
		"Fell by 20 Percentile Points",
		"Rank Drop",
		20,
		"Exams",
		"Academic Warning",
		"Warning",
		"Class Teacher",
		72,
		0,
	),
	(
		"Bottom Share Two Exams Running",
		"Bottom Set",
		2,
		"Exams",
		"Academic Warning",
		"Warning",
		"Class Teacher",
		168,
		0,
	),
	(
		"Three Sessions Missed Running",
		"Absence Streak",
		3,
		"Sessions",
		"Difficulty",
		"Warning",
		"Class Teacher",
		72,
		0,
	),
	(
		"Every Third Session Missed",
		"Missed Sessions",
		33,
		"Sessions",
		"Difficulty",
		"Warning",
		"Class Teacher",
		168,
		0,
	),
	(
		"Two Signs of Dropping Out",
		"Dropout Signs",
		2,
		"Dropout",
		"Dropout Risk",
		"Warning",
		"Class Teacher",
		48,
		72,
	),
	(
		"Four Signs of Dropping Out",
		"Dropout Signs",
		4,
		"Dropout",
		"Dropout Risk",
		"Crisis",
		"Coordinator",
		24,
		24,
	),
	(
		"Five Days Absent from School",
		"Absent from School",
		5,
		"Dropout",
		"Dropout Risk",
		"Crisis",
		"Coordinator",
		24,
		24,
	),
	("Crisis Reported", "Manual", 0, None, "Crisis", "Crisis", "Counsellor", 24, 12),
	("Difficulty Reported", "Manual", 0, None, "Difficulty", "Warning", "Class Teacher", 72, 0),
	("Dropout Risk Reported", "Manual", 0, None, "Dropout Risk", "Warning", "Class Teacher", 48, 72),
	("Academic Warning Reported", "Manual", 0, None, "Academic Warning", "Warning", "Class Teacher", 72, 0),
)

# percent of full marks from which a test suggests the group (S12)
LEVEL_GROUPS = (("Extension", 85), ("Improvement", 60), ("Consolidation", 0))

# question, domain, answer type, highest, a high answer is good, cause it speaks for (S7, S10)
BOTTOM_QUESTIONNAIRE = (
	("I understand what the teacher explains.", "Study", "Scale", 5, 1, "Teaching"),
	("I need much more time than others for new material.", "Study", "Scale", 5, 0, "Intellectual"),
	("How many subjects do you find too hard?", "Study", "Number", 10, 0, "Intellectual"),
	("I read ahead and go over what was taught.", "Study Habits", "Scale", 5, 1, "Study Habits"),
	("I do my homework myself and on time.", "Study Habits", "Scale", 5, 1, "Study Habits"),
	("My telephone or games keep me from studying.", "Study Habits", "Scale", 5, 0, "Conduct"),
	("I believe that I can get better.", "Psychological State", "Scale", 5, 1, "Psychological"),
	("I am afraid of tests.", "Psychological State", "Scale", 5, 0, "Psychological"),
	("Somebody at home asks how my day at school was.", "Family Support", "Yes/No", 1, 1, "Family"),
	("I have a quiet place to study at home.", "Family Support", "Yes/No", 1, 1, "Family"),
	("My friends and classmates help me study.", "Social Participation", "Scale", 5, 1, "Environment"),
	("What would help you most?", None, "Text", 0, 0, None),
)
BOTTOM_DOMAINS = (
	("Study", 3),
	("Study Habits", 3),
	("Psychological State", 2),
	("Family Support", 2),
	("Social Participation", 1),
)
# template, stage, (domain, weight)
SURVEY_TEMPLATES = (
	(
		"Needs of Pupils in Compulsory Education",
		"Compulsory Education",
		(("Study", 3), ("Study Habits", 2), ("Psychological State", 3), ("Family Support", 3), ("Health", 1)),
	),
	(
		"Needs of Senior Secondary Students",
		"Senior Secondary",
		(("Study", 3), ("Study Habits", 3), ("Psychological State", 3), ("Family Support", 1)),
	),
	(
		"Needs of Students in Higher Education",
		"Higher Education",
		(("Study", 3), ("Psychological State", 3), ("Social Participation", 2), ("Family Support", 1)),
	),
)
QUESTIONNAIRE = "Questionnaire for the Bottom 20 %"

PRIORITY_BANDS = (("High", 60), ("Medium", 30), ("Low", 0))


def follow_language(args: dict | None = None) -> None:
	"""Called at the end of the set-up wizard: masters made before the language was chosen, and used by nobody
	yet, are made again in it."""
	if frappe.db.count("Student File"):
		return
	for doctype, english in (
		("Survey Template", [*SURVEY_TEMPLATES, (QUESTIONNAIRE,)]),
		("Need Category", NEED_CATEGORIES),
		("School Subject", [(subject,) for subject in SUBJECTS]),
		("Assessment Domain", ASSESSMENT_DOMAINS),
		("Support Measure", SUPPORT_MEASURES),
		("Eligibility Criterion", ELIGIBILITY_CRITERIA),
		("Alert Rule", ALERT_RULES),
		("Support Indicator", COMPUTED_INDICATORS),
		("Bank File Layout", [(bank_layouts.STANDARD,)]),
	):
		for name, *_rest in english:
			with suppress(frappe.LinkExistsError):
				frappe.delete_doc(doctype, name, ignore_missing=True, ignore_permissions=True)  # install step
	create_masters()
	bank_layouts.create_default()


def create_masters() -> None:
	"""Add what is missing; called on install, when nobody is signed in."""
	for category, group, neutral, disability in NEED_CATEGORIES:
		add(
			"Need Category",
			say(category),
			category_name=say(category),
			need_group=group,
			neutral_name=say(neutral),
			is_disability=disability,
		)
	for subject in SUBJECTS:
		add("School Subject", say(subject), subject_name=say(subject))
	for domain, weight, wordings in ASSESSMENT_DOMAINS:
		levels = [
			{"score": score, "wording": say(wording), "colour": colour}
			for score, (wording, colour) in enumerate(zip(wordings, LEVEL_COLOURS, strict=True), start=1)
		]
		add("Assessment Domain", say(domain), domain_name=say(domain), weight=weight, levels=levels)
	for measure, dimension, kind, frequency, minutes in SUPPORT_MEASURES:
		add(
			"Support Measure",
			say(measure),
			measure_name=say(measure),
			dimension=dimension,
			session_kind=kind,
			frequency=frequency,
			minutes=minutes,
		)
	for criterion, kind, wording in ELIGIBILITY_CRITERIA:
		add(
			"Eligibility Criterion",
			say(criterion),
			criterion_name=say(criterion),
			kind=kind,
			wording=say(wording),
		)
	create_alert_rules()
	create_survey_templates()
	add_level_groups()
	add_indicators()
	settings = frappe.get_doc("Bangfu Settings")
	if not settings.priority_bands:
		for priority, from_score in PRIORITY_BANDS:
			settings.append("priority_bands", {"priority": priority, "from_score": from_score})
		settings.save(ignore_permissions=True)  # install step


def add_indicators() -> None:
	"""Indicators that the app computes itself (E3)."""
	for indicator, dimension, numerator, denominator, values in COMPUTED_INDICATORS:
		add(
			"Support Indicator",
			say(indicator),
			indicator_name=say(indicator),
			dimension=dimension,
			unit="%",
			direction="Higher is better",
			numerator=say(numerator),
			denominator=say(denominator),
			**values,
		)


def say(text: str) -> str:
	"""In the language of the site."""
	return _(text, frappe.db.get_single_value("System Settings", "language") or "en")


def create_alert_rules() -> None:
	"""What an office has edited stays."""
	for rule, signal, threshold, cause, kind, level, handler, due, escalate in ALERT_RULES:
		add(
			"Alert Rule",
			say(rule),
			rule_name=say(rule),
			signal=signal,
			threshold=threshold,
			cause=cause and say(cause),
			kind=kind,
			level=level,
			handler=handler,
			due_hours=due,
			escalate_hours=escalate,
			escalate_role="Bangfu Manager" if escalate else None,
		)


def create_survey_templates() -> None:
	for template, stage, domains in SURVEY_TEMPLATES:
		add_template(template, domains, stage=stage, purpose="Needs")
	questions = [
		{
			"question": say(question),
			"domain": domain and say(domain),
			"answer_type": answer_type,
			"highest": highest,
			"reverse": reverse,
			"cause": cause,
			"weight": 1,
		}
		for question, domain, answer_type, highest, reverse, cause in BOTTOM_QUESTIONNAIRE
	]
	add_template(QUESTIONNAIRE, BOTTOM_DOMAINS, purpose="Questionnaire", version="1", questions=questions)


def add_template(template: str, domains: tuple, **values) -> None:
	"""Unless the office has taken out one of its domains."""
	rows = [{"domain": say(domain), "weight": weight, "from_answers": 1} for domain, weight in domains]
	if all(frappe.db.exists("Assessment Domain", row["domain"]) for row in rows):
		add("Survey Template", say(template), template_name=say(template), domains=rows, **values)


def add_level_groups() -> None:
	settings = frappe.get_doc("Bangfu Settings")
	if settings.level_groups:
		return
	for level_group, from_score in LEVEL_GROUPS:
		settings.append("level_groups", {"level_group": level_group, "from_score": from_score})
	settings.flags.ignore_mandatory = True
	settings.save(ignore_permissions=True)  # install step


def add(doctype: str, name: str, **values) -> None:
	if not frappe.db.exists(doctype, name):
		frappe.get_doc({"doctype": doctype, **values}).insert(ignore_permissions=True)  # install step
