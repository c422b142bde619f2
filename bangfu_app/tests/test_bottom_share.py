"""The bottom 20 % of a population (domain §6), for marks nobody thought of. No database."""

from collections import Counter
from decimal import Decimal
from fractions import Fraction
from math import ceil
from unittest import TestCase

from hypothesis import given, settings
from hypothesis import strategies as st

from bangfu_app.scores import bottom_share

repeatable = settings(max_examples=100, deadline=None, derandomize=True, database=None)

marks = st.lists(st.integers(0, 40).map(lambda half: Decimal(half) / 2), min_size=1, max_size=120)
percents = st.integers(1, 100)
shares = st.dictionaries(st.integers(0, 30), st.none() | st.fractions(0, 1, max_denominator=12))


class TestCut(TestCase):
	def test_worked_by_hand(self):
		"""11 sat: k = ⌈2.2⌉ = 3; the third lowest mark is 5, and 5 is there twice: 4 belong."""
		tally = Counter(map(Decimal, (1, 4, 5, 5, 6, 7, 8, 9, 9, 10, 10)))
		self.assertEqual(bottom_share.places(11, 20), 3)
		cut = bottom_share.cut_score(tally, 20)
		self.assertEqual((cut, bottom_share.members(tally, cut)), (5, 4))

	def test_places_are_exact(self):
		"""0.2 × 35 is 7.000000000000001 in floats, and its ceiling 8; 7.1 % of 1000 is 71."""
		self.assertEqual(bottom_share.places(35, 20), 7)
		self.assertEqual(bottom_share.places(1000, Decimal("7.1")), 71)

	def test_nobody_sat(self):
		self.assertIsNone(bottom_share.cut_score({}, 20))
		self.assertEqual(bottom_share.members({}, None), 0)
		self.assertIsNone(bottom_share.mean({}))
		self.assertIsNone(bottom_share.share(0, 0))

	@repeatable
	@given(marks, percents)
	def test_cut_is_the_kth_lowest_mark(self, marks, percent):
		k = ceil(Fraction(percent, 100) * len(marks))
		self.assertEqual(bottom_share.cut_score(Counter(marks), percent), sorted(marks)[k - 1])

	@repeatable
	@given(marks, percents)
	def test_at_least_k_belong_and_without_the_cut_fewer(self, marks, percent):
		tally = Counter(marks)
		cut, k = bottom_share.cut_score(tally, percent), bottom_share.places(len(marks), percent)
		self.assertGreaterEqual(bottom_share.members(tally, cut), k)
		self.assertLess(bottom_share.members(tally, cut) - tally[cut], k)

	@repeatable
	@given(marks, marks, percents)
	def test_parts_make_the_whole(self, first, second, percent):
		"""Members of the schools add up to those of the county, whatever the schools are."""
		parts = [Counter(first), Counter(second)]
		whole = bottom_share.merged(parts)
		cut = bottom_share.cut_score(whole, percent)
		self.assertEqual(
			sum(bottom_share.members(part, cut) for part in parts), bottom_share.members(whole, cut)
		)

	@repeatable
	@given(st.lists(st.integers(0, 1000), min_size=1, max_size=9))
	def test_sums_of_floats_tie(self, tenths):
		total = sum(tenth / 10 for tenth in tenths)
		self.assertEqual(bottom_share.exact(total), Decimal(sum(tenths)) / 10)

	@repeatable
	@given(marks)
	def test_mean(self, marks):
		self.assertEqual(bottom_share.mean(Counter(marks)), sum(marks) / len(marks))


class TestRanks(TestCase):
	def test_ties_share_a_rank_and_the_next_counts_them(self):
		given_shares = {"a": Fraction(1, 3), "b": Fraction(1, 5), "c": Fraction(2, 6), "d": Fraction(1, 2)}
		self.assertEqual(
			bottom_share.ranks(given_shares | {"e": None}), {"b": 1, "a": 2, "c": 2, "d": 4, "e": None}
		)

	@repeatable
	@given(shares)
	def test_rank_is_one_more_than_the_smaller(self, given_shares):
		known = [share for share in given_shares.values() if share is not None]
		for key, rank in bottom_share.ranks(given_shares).items():
			share = given_shares[key]
			self.assertEqual(rank, None if share is None else 1 + sum(other < share for other in known))
