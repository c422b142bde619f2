"""The bottom 20 % of a population (后20%, domain §6), exact: marks as Decimal, shares as Fraction. No database.

A *tally* is the marks of those who sat the paper: mark → number of them. Who was absent is in no tally.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

Tally = Mapping[Decimal, int]
Key = TypeVar("Key", bound=Hashable)

# marks are kept to this step; a sum of floats that differs in its last bits is the same mark
STEP = Decimal("0.01")


def exact(mark: float | Decimal | str) -> Decimal:
	"""A mark as a database or a sheet holds it, to the hundredth."""
	return Decimal(str(mark)).quantize(STEP)


def sat(tally: Tally) -> int:
	return sum(tally.values())


def places(population: int, percent: Decimal | int) -> int:
	"""k = ⌈percent/100 · n⌉, without a float between."""
	return -(-population * Fraction(percent) // 100)


def cut_score(tally: Tally, percent: Decimal | int) -> Decimal | None:
	"""The k-th lowest mark; None where nobody sat, or the share is 0."""
	k = places(sat(tally), percent)
	below = 0
	for mark in sorted(tally) if k else ():
		below += tally[mark]
		if below >= k:
			return mark
	return None


def members(tally: Tally, cut: Decimal | None) -> int:
	"""Everyone with mark ≤ cut: ties belong, so there may be more than k."""
	return 0 if cut is None else sum(number for mark, number in tally.items() if mark <= cut)


def share(number: int, of: int) -> Fraction | None:
	"""The share of a school: its members ÷ its pupils who sat; None where nobody did."""
	return Fraction(number, of) if of else None


def mean(tally: Tally) -> Decimal | None:
	number = sat(tally)
	return sum(mark * count for mark, count in tally.items()) / number if number else None


def ranks(shares: Mapping[Key, Fraction | None]) -> dict[Key, int | None]:
	"""1 + number of strictly smaller shares: ties share a rank, the next one counts them all. None has none."""
	known = Counter(value for value in shares.values() if value is not None)
	rank_of, smaller = {}, 0
	for value in sorted(known):
		rank_of[value] = 1 + smaller
		smaller += known[value]
	return {key: rank_of.get(value) for key, value in shares.items()}


def merged(tallies: Iterable[Tally]) -> Counter:
	"""The tally of several groups together."""
	total = Counter()
	for tally in tallies:
		total.update(tally)
	return total
