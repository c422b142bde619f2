"""What the letters, lists and slips say, and what they must not say."""

import frappe

from bangfu_app.tests import BangfuTestCase, factories

SIGNATURE = "data:image/png;base64,iVBORw0KGgo="


class TestPrints(BangfuTestCase):
	def setUp(self):
		super().setUp()
		values = {"office_name": "Helping Office", "neutral_slip_text": "Enjoy <these> things."}
		frappe.db.set_single_value("Bangfu Settings", values)
		need = factories.make_need_category("Plainly Named Need", neutral_name="Neutrally Named").name
		self.student = factories.make_student(student_name="Ann One", needs=[{"need_category": need}]).name
		self.other = factories.make_student(student_name="Bob Two").name
		self.item = factories.make_item(f"Item {factories.serial()}", lendable=1, uom="pcs").name
		self.donor = factories.make_partner("Donor of Books").name
		line = {
			"item": self.item,
			"qty": 10,
			"unit_value": 12.35,
			"basis": "Appraised",
			"basis_note": "Two dealers",
		}
		self.donation = factories.make_donation(self.item, 10, donor=self.donor, items=[line])

	def give(self, **values):
		lines = [
			{"student": self.student, "item": self.item, "qty": 2},
			{
				"student": self.other,
				"item": self.item,
				"qty": 1,
				"transfer": "Loan",
				"due_back": "2025-12-01",
			},
			{"partner": factories.make_partner("Near Club").name, "item": self.item, "qty": 3},
		]
		return factories.make_distribution(self.item, None, items=lines, **values)

	def printed(self, doc, print_format: str, user: str = "Administrator") -> str:
		with self.set_user(user):
			return frappe.get_print(doc.doctype, doc.name, print_format, no_letterhead=1)

	def assertSays(self, html: str, words: tuple, never: tuple = ()) -> None:
		for word in words:
			self.assertIn(word, html)
		for word in never:
			self.assertNotIn(word, html)

	def test_thanks_for_goods(self):
		self.give()
		for print_format, words in (
			(
				"Aid Acknowledgement Letter",
				("Helping Office", "Donor of Books", "123.50", "Two dealers", self.item),
			),
			(
				"Aid Donation Certificate",
				("Helping Office", "Donor of Books", "123.50", self.item, self.donation.name),
			),
		):
			with self.subTest(print_format=print_format):
				self.assertSays(self.printed(self.donation, print_format), words, ("Ann One", "Bob Two"))

	def test_thanks_for_money(self):
		self.donation.update({"kind": "Money", "money_amount": 5000, "items": []})
		for print_format in ("Aid Acknowledgement Letter", "Aid Donation Certificate"):
			html = frappe.get_print(doc=self.donation, print_format=print_format, no_letterhead=1)
			self.assertSays(html, ("Donor of Books", "5,000.00"), (self.item,))

	def test_the_list_to_sign(self):
		distribution = self.give()
		distribution.items[0].update({"signature": SIGNATURE, "received_on": "2025-03-10"})
		distribution.save()
		html = self.printed(distribution, "Hand-over List", factories.make_user("Bangfu Coordinator"))
		never = ("Plainly Named Need", "Neutrally Named", "Donor of Books", "12.35")
		self.assertSays(html, ("Ann One", "Bob Two", "Near Club", self.item, "pcs", SIGNATURE), never)

	def test_a_slip_says_nothing_of_need_or_donor(self):
		html = self.printed(self.give(), "Neutral Slip")
		never = ("Plainly Named Need", "Neutrally Named", "Donor of Books", "12.35", "<these>", "Near Club")
		self.assertSays(html, ("Ann One", "Bob Two", "Enjoy &lt;these&gt; things.", "Helping Office"), never)
		self.assertEqual(html.count('class="slip"'), 2)

	def test_a_split_line_is_one_slip(self):
		factories.make_donation(self.item, 5, donor=factories.make_partner().name)
		distribution = factories.make_distribution(self.item, self.student, 12)
		self.assertEqual(len(distribution.items), 2)
		self.assertEqual(self.printed(distribution, "Neutral Slip").count('class="slip"'), 1)

	def test_without_the_right_nothing_is_printed(self):
		distribution = self.give()
		for role in ("Evaluator", "Class Teacher", "Supporter"):
			for doc, print_format in (
				(distribution, "Hand-over List"),
				(distribution, "Neutral Slip"),
				(self.donation, "Aid Acknowledgement Letter"),
			):
				with self.subTest(role=role, print_format=print_format):
					user = factories.make_user(role)
					self.assertRaises(frappe.PermissionError, self.printed, doc, print_format, user)


class TestHandOver(BangfuTestCase):
	def setUp(self):
		super().setUp()
		self.item = factories.make_item(f"Item {factories.serial()}").name
		factories.make_donation(self.item, 10)
		self.distribution = factories.make_distribution(self.item, factories.make_student().name)

	def receive(self, **values):
		self.distribution.items[0].update(values)
		self.distribution.save()

	def test_it_is_noted_after_the_submission(self):
		self.receive(received_by="Mother", received_on="2025-03-12", signature=SIGNATURE)
		self.distribution.reload()
		self.assertEqual(self.distribution.items[0].received_by, "Mother")

	def test_what_was_handed_over_does_not_change(self):
		self.assertRaises(frappe.UpdateAfterSubmitError, self.receive, qty=2)

	def test_the_day_is_between_the_distribution_and_today(self):
		for day in ("2025-03-09", "2099-01-01"):
			self.assertRaisesRegex(frappe.ValidationError, "received between", self.receive, received_on=day)
			self.distribution.reload()

	def test_a_photo_is_private(self):
		with self.assertRaisesRegex(frappe.ValidationError, "private"):
			self.receive(proof="/files/child.png")
		self.distribution.reload()
		self.receive(proof="/private/files/child.png")
		draft = factories.make_distribution(self.item, self.distribution.items[0].student, submit=False)
		draft.items[0].proof = "/files/child.png"
		self.assertRaisesRegex(frappe.ValidationError, "private", draft.save)
