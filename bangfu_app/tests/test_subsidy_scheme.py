"""Subsidy schemes: what a scheme may say, periods, amounts and eligibility."""

from decimal import Decimal

import frappe
from hypothesis import given
from hypothesis import strategies as st

from bangfu_app.money import student_facts
from bangfu_app.money.subsidy_claims import claim_key, period_of, school_year_key
from bangfu_app.money.subsidy_rules import (
	Facts,
	Rate,
	Rule,
	amount_for,
	failed_tests,
	group_amount,
	used_facts,
)
from bangfu_app.tests import BangfuTestCase, counted_queries, factories

STAGES = ("Compulsory Education", "Senior Secondary", "Vocational Education")
GROUPS = ("Economic", "Academic", "Emotional")
money = st.integers(1, 10_000_00).map(lambda cents: Decimal(cents) / 100)
rates = st.dictionaries(
	st.tuples(st.sampled_from(("", *STAGES)), st.sampled_from(("", *GROUPS))), money, max_size=8
).map(lambda found: tuple(Rate(*key, amount) for key, amount in found.items()))


class TestScheme(BangfuTestCase):
	def assertRefused(self, message: str, **values):
		with self.assertRaisesRegex(frappe.ValidationError, message):
			factories.make_scheme(**values)

	def test_a_fixed_amount_is_needed(self):
		self.assertRefused("amount that each student gets", amount=0)

	def test_rates_are_needed_and_stand_once(self):
		self.assertRefused("for each stage or need group", amount_rule="By Group")
		twice = [{"stage": "Senior Secondary", "amount": amount} for amount in (100, 200)]
		self.assertRefused("Rows #1 and #2", amount_rule="By Group", amounts=twice)
		self.assertRefused("more than 0", amount_rule="By Group", amounts=[{"amount": 0}])

	def test_pay_by_hours_is_by_the_month(self):
		self.assertRefused("choose Month", amount_rule="By Hours", period_kind="Term")

	def test_an_amount_that_the_rule_does_not_use_is_not_kept(self):
		scheme = factories.make_scheme(amount_rule="As Decided", amount=500, amounts=[{"amount": 5}])
		self.assertEqual((scheme.amount, scheme.amounts), (0, []))

	def test_the_period_kind_stays_once_it_was_used(self):
		scheme = factories.make_scheme()
		factories.make_batch(scheme.name, factories.make_student().name)
		scheme.reload()
		scheme.period_kind = "Month"
		self.assertRaisesRegex(frappe.ValidationError, "Make a new scheme", scheme.save)


class TestPeriod(BangfuTestCase):
	def setUp(self):
		super().setUp()
		values = {"school_year": "2018/2019学年", "start_date": "2018-09-01", "end_date": "2019-01-20"}
		self.term = factories.make_term(f"Autumn {factories.serial()}", **values).name

	def test_each_kind_has_its_key(self):
		expected = {"Once": "Once", "School Year": "2018-2019", "Term": self.term, "Month": "2018-10"}
		for kind, period in expected.items():
			with self.subTest(kind=kind):
				self.assertEqual(period_of({"period_kind": kind}, self.term, "2018-10-31"), period)

	def test_without_a_term_it_is_the_one_of_the_day(self):
		self.assertEqual(period_of({"period_kind": "Term"}, None, "2018-10-31"), self.term)

	def test_a_day_outside_every_term_asks_for_one(self):
		with self.assertRaisesRegex(frappe.ValidationError, "Choose the term"):
			period_of({"period_kind": "Term"}, None, "1999-07-31")

	@given(st.dates())
	def test_all_days_of_a_month_are_one_period(self, day):
		scheme = {"period_kind": "Month"}
		self.assertEqual(period_of(scheme, None, day), period_of(scheme, None, day.replace(day=1)))

	@given(
		st.integers(1990, 2090), st.sampled_from(("-", "/", "–", " 至 ", "~")), st.sampled_from(("", "学年"))
	)
	def test_a_school_year_has_one_spelling(self, year, dash, suffix):
		self.assertEqual(school_year_key(f"{year}{dash}{year + 1}{suffix}"), f"{year}-{year + 1}")

	@given(
		st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("ST"), st.sampled_from("12")), unique=True)
	)
	def test_claims_differ_when_student_scheme_or_period_do(self, claims):
		self.assertEqual(len({claim_key(*claim) for claim in claims}), len(claims))


class TestAmounts(BangfuTestCase):
	def test_the_most_precise_rate_counts(self):
		known = (
			Rate("", "", Decimal(100)),
			Rate("", "Economic", Decimal(300)),
			Rate("Senior Secondary", "", Decimal(200)),
			Rate("Senior Secondary", "Economic", Decimal(250)),
		)
		cases = (
			("Compulsory Education", (), 100),
			("Compulsory Education", ("Economic",), 300),
			("Senior Secondary", (), 200),
			("Senior Secondary", ("Economic",), 250),
			("Senior Secondary", ("Academic", "Economic"), 250),
		)
		for stage, groups, amount in cases:
			with self.subTest(stage=stage, groups=groups):
				self.assertEqual(group_amount(known, stage, groups), amount)

	@given(rates, st.sampled_from(STAGES), st.sets(st.sampled_from(GROUPS)))
	def test_several_needs_give_the_highest_of_what_each_gives(self, known, stage, groups):
		alone = [group_amount(known, stage, (group,)) for group in groups] or [group_amount(known, stage, ())]
		given_alone = [amount for amount in alone if amount is not None]
		self.assertEqual(group_amount(known, stage, groups), max(given_alone, default=None))

	@given(rates, st.sampled_from(STAGES), st.sampled_from(GROUPS))
	def test_what_is_given_stands_in_a_rate_and_none_that_fits_is_more_precise(self, known, stage, group):
		amount = group_amount(known, stage, (group,))
		fitting = [rate for rate in known if rate.fits(stage, group)]
		self.assertEqual(amount is None, not fitting)
		precisions = [rate.precision for rate in fitting if rate.amount == amount]
		self.assertTrue(all(rate.precision <= max(precisions) for rate in fitting))

	@given(rates, money, st.booleans())
	def test_a_rule_kept_as_json_is_the_same_rule(self, known, amount, flag):
		rule = Rule(
			"By Group", amount, known, for_stage="Senior Secondary", disability=flag, max_annual_income=amount
		)
		self.assertEqual(Rule.of(frappe.parse_json(frappe.as_json(rule.as_dict()))), rule)


class TestEligibility(BangfuTestCase):
	FITTING = Facts(
		student="SF-1",
		status="In Support",
		school="Near",
		stage="Senior Secondary",
		need_groups=("Economic",),
		minimum_living=True,
		poverty_registered=True,
		disability="Hearing",
		annual_income=Decimal(9000),
		evidence={"Line": ("RE-1",)},
	)
	ASKED = {
		"for_school": ("Near", {"school": "Far"}, "School"),
		"for_stage": ("Senior Secondary", {"stage": "Vocational Education"}, "Stage"),
		"for_need_group": ("Economic", {"need_groups": ("Academic",)}, "Need Group"),
		"minimum_living": (1, {"minimum_living": False}, "Minimum Living"),
		"poverty_registered": (1, {"poverty_registered": False}, "Poverty Registered"),
		"disability": (1, {"disability": ""}, "Disability"),
		"max_annual_income": (9000, {"annual_income": Decimal("9000.01")}, "Annual Income"),
		"criterion": ("Line", {"evidence": {"Other": ("RE-2",)}}, "Criterion"),
	}

	def test_each_thing_asked_is_asked(self):
		for name, (wanted, lacking, label) in self.ASKED.items():
			with self.subTest(name=name):
				rule = Rule.of({"amount_rule": "Fixed", "amount": 5, name: wanted})
				other = Facts(**{**self.FITTING.__dict__, **lacking})
				self.assertEqual(failed_tests(rule, self.FITTING), [])
				self.assertEqual(failed_tests(rule, other), [label])
				self.assertNotEqual(used_facts(rule, self.FITTING), used_facts(rule, other))

	def test_what_is_not_asked_makes_no_difference(self):
		rule = Rule.of({"amount_rule": "Fixed", "amount": 5})
		other = Facts(student="SF-1", status="In Support")
		self.assertEqual(used_facts(rule, self.FITTING), used_facts(rule, other))

	def test_an_income_nobody_recorded_is_not_below_the_line(self):
		rule = Rule.of({"amount_rule": "Fixed", "amount": 5, "max_annual_income": 9000})
		self.assertEqual(failed_tests(rule, Facts("SF-1", status="In Support")), ["Annual Income"])

	def test_a_free_decision_asks_nothing(self):
		rule = Rule.of({"amount_rule": "As Decided", "minimum_living": 1})
		self.assertEqual(failed_tests(rule, Facts("SF-1", status="Closed")), [])

	def test_pay_is_by_the_records_of_the_month(self):
		self.assertIsNone(amount_for(Rule("By Hours"), Facts("SF-1")))
		self.assertEqual(amount_for(Rule("By Hours"), Facts("SF-1", pay=Decimal("37.50"))), Decimal("37.50"))


class TestFacts(BangfuTestCase):
	def test_the_file_says_what_holds(self):
		student = factories.make_student(stage="Senior Secondary")
		factories.make_circumstances(
			student.name, minimum_living=1, annual_income=8000, recorded_on="2025-01-05"
		)
		newest = factories.make_circumstances(student.name, disability="Hearing", recorded_on="2025-02-05")
		facts = student_facts.facts_of([student.name], day="2025-03-01")[student.name]
		self.assertEqual((facts.status, facts.stage), ("In Support", "Senior Secondary"))
		self.assertEqual(facts.need_groups, ("Academic",))
		self.assertEqual((facts.circumstances, facts.minimum_living), (newest.name, False))
		self.assertEqual((facts.disability, facts.annual_income), ("Hearing", 12000))
		self.assertEqual([len(names) for names in facts.evidence.values()], [1])

	def test_circumstances_count_from_their_day_until_they_end(self):
		student = factories.make_student().name
		factories.make_circumstances(
			student, recorded_on="2025-02-05", valid_until="2025-06-30", minimum_living=1
		)
		for day, holds in (
			("2025-02-04", False),
			("2025-02-05", True),
			("2025-06-30", True),
			("2025-07-01", False),
		):
			with self.subTest(day=day):
				self.assertEqual(student_facts.facts_of([student], day=day)[student].minimum_living, holds)

	def test_many_students_take_as_many_queries_as_one(self):
		students = [factories.make_student().name for _number in range(4)]
		counts = []
		for some in (students[:1], students):
			with counted_queries() as queries:
				student_facts.facts_of(some)
			counts.append(len(queries))
		self.assertEqual(counts[0], counts[1])
