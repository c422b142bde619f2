"""Attainment and gap closed of an indicator (domain §6, E2; requirements §15).

Figures go in and come out as Decimal; None is "not known" on the way in and "not defined" on the way
out, shown as "—" and never as 0 or 100 %.
"""

from decimal import ROUND_HALF_UP, Decimal

UNDEFINED = "—"
HIGHER = "Higher is better"
LOWER = "Lower is better"


def figure(value: float | str | None, known: bool | int = True) -> Decimal | None:
	"""A stored Float as Decimal, None where its "is known" tick is off."""
	return Decimal(str(value or 0)) if known else None


def attainment(actual: Decimal | None, target: Decimal | None, direction: str) -> Decimal | None:
	"""达成率 = actual ÷ target; defined only where higher is better."""
	if direction != HIGHER or actual is None or not target:
		return None
	return actual / target


def gap_closed(baseline: Decimal | None, actual: Decimal | None, target: Decimal | None) -> Decimal | None:
	"""缺口完成率 = (actual − baseline) ÷ (target − baseline), in both directions; negative values stay."""
	if None in (baseline, actual, target) or target == baseline:
		return None
	return (actual - baseline) / (target - baseline)


def is_met(actual: Decimal | None, target: Decimal | None, direction: str) -> bool | None:
	"""Has the target been reached? None where it cannot be said."""
	if actual is None or target is None:
		return None
	return actual <= target if direction == LOWER else actual >= target


def as_percent(ratio: Decimal | None) -> str:
	"""A ratio for reading, "102.5%" or "—"."""
	if ratio is None:
		return UNDEFINED
	return f"{(ratio * 100).quantize(Decimal('0.1'), ROUND_HALF_UP)}%"


# units whose figures are stored as ratios: 0.35 is 35 %
RATIO_UNITS = {"%": "%", "Relative %": "%", "pp": " pp"}


def as_figure(value: Decimal | None, unit: str | None) -> str:
	"""A figure for reading in its unit: "35%", "10 pp", "0.5" or "—"."""
	if value is None:
		return UNDEFINED
	shown = value * 100 if unit in RATIO_UNITS else value
	rounded = shown.quantize(Decimal("0.01"), ROUND_HALF_UP) + 0  # no "-0"
	text = f"{rounded:f}".rstrip("0").rstrip(".")
	return text + RATIO_UNITS.get(unit, "")
