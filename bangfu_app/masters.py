"""Master data that an office starts with, in the language of its site; all of it can be changed or deleted."""

from contextlib import suppress

import frappe
from frappe import _

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

PRIORITY_BANDS = (("High", 60), ("Medium", 30), ("Low", 0))


def follow_language(args: dict | None = None) -> None:
	"""Called at the end of the set-up wizard: masters made before the language was chosen, and used by nobody
	yet, are made again in it."""
	if frappe.db.count("Student File"):
		return
	for doctype, english in (
		("Need Category", NEED_CATEGORIES),
		("School Subject", [(subject,) for subject in SUBJECTS]),
		("Assessment Domain", ASSESSMENT_DOMAINS),
		("Support Measure", SUPPORT_MEASURES),
	):
		for name, *_rest in english:
			with suppress(frappe.LinkExistsError):
				frappe.delete_doc(doctype, name, ignore_missing=True, ignore_permissions=True)  # install step
	create_masters()


def create_masters() -> None:
	"""Add what is missing; called on install, when nobody is signed in."""
	language = frappe.db.get_single_value("System Settings", "language") or "en"

	def say(text: str) -> str:
		return _(text, language)

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
	settings = frappe.get_doc("Bangfu Settings")
	if not settings.priority_bands:
		for priority, from_score in PRIORITY_BANDS:
			settings.append("priority_bands", {"priority": priority, "from_score": from_score})
		settings.save(ignore_permissions=True)  # install step


def add(doctype: str, name: str, **values) -> None:
	if not frappe.db.exists(doctype, name):
		frappe.get_doc({"doctype": doctype, **values}).insert(ignore_permissions=True)  # install step
