"""No print and no notice shows a need by its plain name: what leaves the office speaks neutrally (domain §5)."""

import re
from pathlib import Path

import frappe

from bangfu_app.tests import BangfuTestCase, factories

PACKAGE = Path(__file__).resolve().parent.parent
PLAIN, NEUTRAL = "Plainly Named Need", "Neutral Words"
# what of a need or of circumstances no template may reach for; \b keeps `neutral_name` and `needs_score` out
FORBIDDEN = re.compile(r"\bneed_category\b|\bneed_group\b|\bcategory_name\b|Need Category|Confidential")
# folders and types of what Frappe prints or sends
TEMPLATES = ("print_format", "notification", "email_template", "auto_email_report", "web_form", "templates")


class TestNeutralWords(BangfuTestCase):
	def setUp(self):
		super().setUp()
		category = factories.make_need_category(PLAIN, neutral_name=NEUTRAL)
		self.student = factories.make_student(needs=[{"need_category": category.name}]).name
		# the masters that come with the app, too
		self.plain_names = {PLAIN} | {
			row.name
			for row in frappe.get_all("Need Category", ["name", "neutral_name"])
			if row.name != row.neutral_name and row.name not in (row.neutral_name or "")
		}

	def test_no_template_reaches_for_a_plain_name(self):
		found = [
			str(path.relative_to(PACKAGE))
			for path in PACKAGE.rglob("*")
			if path.suffix in (".html", ".json", ".md") and set(TEMPLATES) & set(path.parts)
			if any(name in self.text_of(path) for name in self.plain_names)
			or FORBIDDEN.search(self.text_of(path))
		]
		self.assertEqual(found, [])

	def text_of(self, path: Path) -> str:
		return path.read_text(encoding="utf-8")

	def test_no_standard_print_shows_one(self):
		for doctype, name in self.records().items():
			for print_format in ("Standard", *self.print_formats(doctype)):
				with self.subTest(doctype=doctype, print_format=print_format):
					html = frappe.get_print(doctype, name, print_format, no_letterhead=1)
					self.assertNotIn(PLAIN, html)

	def test_a_print_of_the_file_shows_the_neutral_one(self):
		self.assertIn(NEUTRAL, frappe.get_print("Student File", self.student, "Standard", no_letterhead=1))

	def print_formats(self, doctype: str) -> list[str]:
		return frappe.get_all("Print Format", {"doc_type": doctype, "disabled": 0}, pluck="name")

	def records(self) -> dict[str, str]:
		"""One record of each DocType that follows a student and that somebody may print."""
		student = self.student
		counsellor = factories.make_user("Counsellor")
		docs = [
			frappe.get_doc("Student File", student),
			factories.make_circumstances(student),
			factories.make_survey(student),
			factories.make_plan(student),
			factories.make_pairing(student),
			factories.make_session([student]),
			factories.make_closure(student, approved=False),
			factories.make_consent(student),
			factories.make_referral(student, counsellor),
			factories.make_case(student),
			factories.make_confidential_record(student, counsellor, "x"),
		]
		return {doc.doctype: doc.name for doc in docs}
