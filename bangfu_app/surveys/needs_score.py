"""Composite need score and priority band (domain §6, I3, A3). No database here."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple


class Rating(NamedTuple):
	"""One rater's score of one domain, with the ends of that domain's scale."""

	domain: str
	weight: Decimal
	score: int
	lowest: int
	highest: int

	@property
	def normalised(self) -> Decimal:
		"""0–100, higher = greater need."""
		return Decimal(self.score - self.lowest) * 100 / Decimal(self.highest - self.lowest)


def composite(ratings: Iterable[Rating]) -> Decimal | None:
	"""Σ weight × normalised score ÷ Σ weight over the domains scored, raters averaged per domain first.

	None where nothing was scored or all weights are 0.
	"""
	by_domain: dict[str, list[Rating]] = defaultdict(list)
	for rating in ratings:
		by_domain[rating.domain].append(rating)
	weights = sum((rows[0].weight for rows in by_domain.values()), Decimal(0))
	if not weights:
		return None
	total = sum(
		(rows[0].weight * sum(r.normalised for r in rows) / len(rows) for rows in by_domain.values()),
		Decimal(0),
	)
	return (total / weights).quantize(Decimal("0.1"), ROUND_HALF_UP)


def priority_of(score: Decimal | None, bands: Iterable[tuple[str, float]]) -> str | None:
	"""The band (priority, from score) with the highest lower limit that the score reaches."""
	if score is None:
		return None
	reached = [(Decimal(str(lower)), priority) for priority, lower in bands if score >= Decimal(str(lower))]
	return max(reached)[1] if reached else None
