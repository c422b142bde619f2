"""Sums of money, exact to the cent."""

from decimal import ROUND_HALF_UP, Decimal


def cents(value: Decimal) -> Decimal:
	"""Money to the cent, each line by itself: the sum of what is shown is the total shown."""
	return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def money(value: float | str | Decimal | None) -> Decimal:
	"""A sum as it is stored, exact to the cent; none is 0."""
	return cents(Decimal(str(value or 0)))
