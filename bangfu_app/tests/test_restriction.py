"""A gift goes to whom its donor meant it for, and to nobody else."""

import frappe

from bangfu_app.goods import aid_stock, restriction
from bangfu_app.tests import BangfuTestCase, factories
from bangfu_app.tests.test_aid import balance


class TestRestriction(BangfuTestCase):
	def setUp(self):
		super().setUp()
		self.near, self.far = factories.make_school().name, factories.make_school("Other School").name
		economic = factories.make_need_category("Test Economic", need_group="Economic").name
		academic = factories.make_need_category("Test Academic", need_group="Academic").name
		self.poor = self.pupil(self.near, economic)
		self.slow = self.pupil(self.near, academic, stage="Senior Secondary")
		self.distant = self.pupil(self.far, economic)
		self.everybody = [self.poor, self.slow, self.distant]
		self.item = factories.make_item(f"Item {factories.serial()}").name

	def pupil(self, school: str, need: str, **values) -> str:
		return factories.make_student(school=school, needs=[{"need_category": need}], **values).name

	def test_whom_it_fits(self):
		cases = {
			(): {self.poor, self.slow, self.distant},
			(("for_school", self.near),): {self.poor, self.slow},
			(("for_stage", "Senior Secondary"),): {self.slow},
			(("for_need_group", "Economic"),): {self.poor, self.distant},
			(("for_school", self.near), ("for_need_group", "Economic")): {self.poor},
			(("for_school", self.far), ("for_stage", "Senior Secondary")): set(),
		}
		for holder, fitting in cases.items():
			with self.subTest(holder=holder):
				self.assertEqual(restriction.fits(dict(holder), self.everybody), fitting)

	def test_a_document_holds_it_as_well(self):
		donation = factories.make_donation(self.item, 1, for_school=self.far)
		self.assertEqual(restriction.fits(donation, self.everybody), {self.distant})
		self.assertEqual(restriction.fits(donation, ["no such file"]), set())

	def test_first_in_first_out_passes_over_what_does_not_fit(self):
		factories.make_donation(self.item, 5, donation_date="2025-01-01", for_school=self.far)
		near = factories.make_donation(self.item, 5, donation_date="2025-02-01")
		distribution = factories.make_distribution(self.item, self.poor, 2)
		self.assertEqual([row.donation for row in distribution.items], [near.name])

	def test_a_chosen_donation_that_does_not_fit_is_refused(self):
		donation = factories.make_donation(self.item, 5, for_stage="Senior Secondary")
		factories.make_donation(self.item, 5)
		name = frappe.db.get_value("Student File", self.poor, "student_name")
		with self.assertRaisesRegex(
			frappe.ValidationError,
			f"Row #1: .*{donation.name}.*{name}.*Only for Stage: Senior Secondary.*Choose",
		):
			factories.make_distribution(self.item, self.poor, donation=donation.name)
		factories.make_distribution(self.item, self.slow, donation=donation.name)

	def test_goods_kept_for_others_are_named_when_they_are_missing(self):
		factories.make_donation(self.item, 5, for_school=self.far)
		with self.assertRaisesRegex(aid_stock.NotEnoughStock, "meant for others"):
			factories.make_distribution(self.item, self.poor)
		self.assertEqual(balance(self.item), 5)

	def test_who_has_one_lot_only_is_served_before_who_may_choose(self):
		anybody = factories.make_donation(self.item, 1, donation_date="2025-01-01")
		for_poor = factories.make_donation(
			self.item, 1, for_need_group="Economic", donation_date="2025-02-01"
		)
		lines = [{"student": student, "item": self.item, "qty": 1} for student in (self.poor, self.slow)]
		distribution = factories.make_distribution(self.item, self.poor, items=lines)
		taken = [(row.student, row.donation) for row in distribution.items]
		self.assertEqual(taken, [(self.poor, for_poor.name), (self.slow, anybody.name)])

	def test_an_organisation_takes_what_is_meant_for_no_group_of_students(self):
		school = factories.make_partner(self.near, partner_type="School").name
		other = factories.make_partner().name
		for values, taker in (
			({"for_stage": "Senior Secondary"}, None),
			({"for_need_group": "Economic"}, None),
			({"for_school": self.near}, school),
			({}, other),
		):
			item = factories.make_item(f"Item {factories.serial()}").name
			factories.make_donation(item, 2, **values)
			for partner in (school, other):
				with self.subTest(values=values, partner=partner):
					if taker == partner or not values:
						factories.make_distribution(item, None, partner=partner)
					else:
						self.assertRaises(
							aid_stock.NotEnoughStock, factories.make_distribution, item, None, partner=partner
						)

	def test_no_goods_leave_before_they_came(self):
		donation = factories.make_donation(self.item, 5, donation_date="2025-03-11")
		with self.assertRaisesRegex(aid_stock.NotEnoughStock, "later day"):
			factories.make_distribution(self.item, self.poor, distribution_date="2025-03-10")
		with self.assertRaisesRegex(frappe.ValidationError, "later day"):
			factories.make_distribution(
				self.item, self.poor, distribution_date="2025-03-10", donation=donation.name
			)

	def test_an_appraised_value_says_how(self):
		line = {"item": self.item, "qty": 1, "unit_value": 300, "basis": "Appraised"}
		with self.assertRaisesRegex(frappe.ValidationError, "appraised"):
			factories.make_donation(self.item, 1, items=[line])
		factories.make_donation(self.item, 1, items=[{**line, "basis_note": "Two dealers asked"}])
