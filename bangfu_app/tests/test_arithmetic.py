"""Invariants of the arithmetic (domain §6), for figures nobody thought of. No database."""

from datetime import date
from decimal import Decimal
from unittest import TestCase
from unittest.mock import patch

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from bangfu_app import counting
from bangfu_app.attainment import (
	HIGHER,
	LOWER,
	UNDEFINED,
	as_figure,
	as_percent,
	attainment,
	figure,
	gap_closed,
	is_met,
)
from bangfu_app.goods.aid_stock import Lot, first_in_first_out
from bangfu_app.report_parts import months_through
from bangfu_app.surveys.needs_score import Rating, composite, priority_of

# alike on every run, and quick
repeatable = settings(max_examples=60, deadline=None, derandomize=True, database=None)

figures = st.decimals(min_value=-1000, max_value=1000, places=3)
directions = st.sampled_from([HIGHER, LOWER])
ITEMS, DONATIONS = ("books", "pens"), ("D1", "D2", "D3")
quantities = st.decimals(min_value=Decimal("0.1"), max_value=50, places=1)


class TestAttainment(TestCase):
	@repeatable
	@given(figures, figures)
	def test_gap_is_0_at_the_baseline_and_1_at_the_target(self, baseline, target):
		assume(baseline != target)
		self.assertEqual(gap_closed(baseline, baseline, target), 0)
		self.assertEqual(gap_closed(baseline, target, target), 1)

	@repeatable
	@given(figures, figures, figures)
	def test_gap_closed_above_1_is_a_target_met_in_either_direction(self, baseline, actual, target):
		assume(baseline != target)
		direction = HIGHER if target > baseline else LOWER
		self.assertEqual(gap_closed(baseline, actual, target) >= 1, is_met(actual, target, direction))

	@repeatable
	@given(figures, figures, figures)
	def test_a_step_away_from_the_target_is_negative(self, baseline, step, target):
		assume(baseline != target and step > 0)
		away = baseline - step if target > baseline else baseline + step
		self.assertLess(gap_closed(baseline, away, target), 0)

	@repeatable
	@given(figures, figures.filter(bool))
	def test_attainment_is_the_share_of_the_target(self, actual, target):
		self.assertAlmostEqual(attainment(actual, target, HIGHER) * target, actual, places=15)
		self.assertIsNone(attainment(actual, target, LOWER))
		self.assertEqual(attainment(target, target, HIGHER), 1)

	@repeatable
	@given(st.none() | figures, st.none() | figures, st.none() | figures, directions)
	def test_what_is_missing_is_never_a_number(self, baseline, actual, target, direction):
		if None in (baseline, actual, target) or baseline == target:
			self.assertIsNone(gap_closed(baseline, actual, target))
		if actual is None or not target:
			self.assertIsNone(attainment(actual, target, direction))
		self.assertEqual(is_met(actual, target, direction) is None, actual is None or target is None)

	@repeatable
	@given(figures, st.sampled_from(["%", "pp", "Relative %", "Points", "Grade Steps", "Person-times", None]))
	@example(Decimal("-0.001"), "Points")
	def test_a_figure_reads_back(self, value, unit):
		shown = as_figure(value, unit).removesuffix("pp").strip()
		read = Decimal(shown.removesuffix("%")) / (100 if unit in ("%", "pp", "Relative %") else 1)
		self.assertAlmostEqual(read, value, delta=Decimal("0.005"))
		self.assertNotEqual(shown, "-0")

	def test_unknown_is_a_dash(self):
		self.assertEqual((as_percent(None), as_figure(None, "%")), (UNDEFINED, UNDEFINED))
		self.assertEqual((figure(0.5, 0), figure(None), figure(0.1)), (None, 0, Decimal("0.1")))


@st.composite
def ratings(draw) -> Rating:
	lowest = draw(st.integers(0, 3))
	highest = lowest + draw(st.integers(1, 5))
	number = draw(st.integers(0, 4))
	weight = Decimal(number + 1)  # a domain has one weight
	return Rating(f"Domain {number}", weight, draw(st.integers(lowest, highest)), lowest, highest)


class TestNeedsScore(TestCase):
	@repeatable
	@given(st.lists(ratings(), min_size=1, max_size=8))
	def test_between_0_and_100(self, rated):
		self.assertTrue(0 <= composite(rated) <= 100)

	@repeatable
	@given(st.lists(ratings(), min_size=1, max_size=8), st.data())
	def test_a_greater_need_never_lowers_it(self, rated, data):
		number = data.draw(st.integers(0, len(rated) - 1))
		raised = rated[number]._replace(score=rated[number].highest)
		self.assertGreaterEqual(composite([*rated[:number], raised, *rated[number + 1 :]]), composite(rated))

	@repeatable
	@given(st.lists(ratings(), min_size=1, max_size=8))
	def test_the_ends_of_the_scales_are_0_and_100(self, rated):
		self.assertEqual(composite(rating._replace(score=rating.lowest) for rating in rated), 0)
		self.assertEqual(composite(rating._replace(score=rating.highest) for rating in rated), 100)

	@repeatable
	@given(st.lists(ratings(), min_size=1, max_size=8), st.randoms())
	def test_order_does_not_matter(self, rated, random):
		shuffled = list(rated)
		random.shuffle(shuffled)
		self.assertEqual(composite(shuffled), composite(rated))

	@repeatable
	@given(st.lists(ratings(), min_size=1, max_size=8))
	def test_raters_who_agree_count_once(self, rated):
		self.assertEqual(composite(rated * 2), composite(rated))

	def test_nothing_scored(self):
		self.assertIsNone(composite([]))
		self.assertIsNone(composite([Rating("Domain", Decimal(0), 2, 1, 4)]))
		self.assertIsNone(priority_of(None, [("Low", 0)]))

	@repeatable
	@given(st.decimals(0, 100, places=1), st.decimals(0, 100, places=1))
	def test_priority_follows_the_score(self, score, other):
		bands = [("Low", 0), ("High", 60), ("Medium", 30)]
		order = ["Low", "Medium", "High"]
		low, high = sorted((score, other))
		self.assertLessEqual(order.index(priority_of(low, bands)), order.index(priority_of(high, bands)))


@st.composite
def stock(draw) -> list[Lot]:
	lines = draw(
		st.lists(st.tuples(st.sampled_from(ITEMS), st.sampled_from(DONATIONS), quantities), max_size=6)
	)
	return [
		Lot(f"L{number}", item, donation, "Donor", date(2025, 1, 1), qty, qty, Decimal(1))
		for number, (item, donation, qty) in enumerate(lines)
	]


wishes = st.lists(
	st.tuples(st.sampled_from(ITEMS), st.sampled_from([None, *DONATIONS]), quantities), max_size=6
)


class TestFirstInFirstOut(TestCase):
	@repeatable
	@given(wishes, stock())
	def test_no_lot_gives_more_than_it_has(self, wanted, lots):
		portions, _missing = first_in_first_out(wanted, lots)
		for lot in lots:
			self.assertLessEqual(sum(portion.qty for portion in portions if portion.lot is lot), lot.left)
		self.assertTrue(all(portion.qty > 0 for portion in portions))

	@repeatable
	@given(wishes, stock())
	def test_given_and_missing_are_what_was_wanted(self, wanted, lots):
		portions, missing = first_in_first_out(wanted, lots)
		for item in ITEMS:
			given_out = sum(portion.qty for portion in portions if portion.lot.item == item)
			asked = sum(qty for wanted_item, _donation, qty in wanted if wanted_item == item)
			self.assertEqual(given_out + missing.get(item, 0), asked)

	@repeatable
	@given(wishes, stock())
	def test_a_portion_is_of_the_item_and_donation_asked_for(self, wanted, lots):
		portions, _missing = first_in_first_out(wanted, lots)
		for portion in portions:
			item, donation, _qty = wanted[portion.line]
			self.assertEqual(portion.lot.item, item)
			self.assertIn(donation, (None, portion.lot.donation))
		self.assertEqual([portion.line for portion in portions], sorted(portion.line for portion in portions))

	@repeatable
	@given(wishes, stock())
	def test_nothing_is_missing_while_something_is_left(self, wanted, lots):
		open_wishes = [(item, None, qty) for item, _donation, qty in wanted]
		portions, missing = first_in_first_out(open_wishes, lots)
		for item in missing:
			had = sum(lot.left for lot in lots if lot.item == item)
			self.assertEqual(sum(portion.qty for portion in portions if portion.lot.item == item), had)

	@repeatable
	@given(wishes, stock(), st.sets(st.tuples(st.integers(0, 5), st.integers(0, 5))))
	def test_no_line_gets_what_does_not_suit_it(self, wanted, lots, unsuited):
		def suits(number, lot):
			return (number, lots.index(lot)) not in unsuited

		portions, missing = first_in_first_out(wanted, lots, suits)
		self.assertTrue(all(suits(portion.line, portion.lot) for portion in portions))
		self.assertEqual(
			sum(portion.qty for portion in portions) + sum(missing.values()), sum(qty for *_, qty in wanted)
		)

	@repeatable
	@given(quantities, stock())
	def test_the_oldest_goes_first(self, qty, lots):
		portions, _missing = first_in_first_out([("books", None, qty)], lots)
		books = [lot for lot in lots if lot.item == "books"]
		self.assertEqual([portion.lot for portion in portions], books[: len(portions)])
		for portion in portions[:-1]:
			self.assertEqual(portion.qty, portion.lot.left)


class TestCounts(TestCase):
	@repeatable
	@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(1, 120))
	def test_class_hours(self, minutes, more, length):
		frappe_settings = type("Settings", (), {"class_hour_minutes": length})
		with patch.object(counting.frappe, "get_cached_doc", return_value=frappe_settings):
			hours = counting.class_hours(minutes)
			self.assertAlmostEqual(hours * length, minutes, delta=Decimal("0.005") * length)
			self.assertGreaterEqual(counting.class_hours(minutes + more), hours)

	@repeatable
	@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), max_size=8))
	def test_persons_are_known_only_with_every_roster(self, sessions):
		count = counting.SessionCount()
		for student, has_roster in sessions:
			count.students |= {student} if has_roster else set()
			count.without_roster += not has_roster
		known = all(has_roster for _student, has_roster in sessions)
		self.assertEqual(count.persons, len({student for student, _known in sessions}) if known else None)

	@repeatable
	@given(st.sets(st.dates(date(2000, 1, 1), date(2030, 12, 31)), min_size=1, max_size=5))
	def test_months_are_filled_without_a_gap(self, days):
		months = months_through({f"{day:%Y-%m}" for day in days})
		first, last = min(days), max(days)
		self.assertEqual(len(months), (last.year - first.year) * 12 + last.month - first.month + 1)
		self.assertEqual((months[0], months[-1]), (f"{first:%Y-%m}", f"{last:%Y-%m}"))
		self.assertEqual(months, sorted(set(months)))
