"""From the answers of a questionnaire to needs, domain scores, causes and groups (S5–S7, S11, S12). No database.

A *need* is 0–1, 1 the greatest; None where nothing was answered.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal, InvalidOperation

YES, NO = {"yes", "y", "1", "是", "有"}, {"no", "n", "0", "否", "无", "没有"}
TENTH = Decimal("0.1")


class UnreadableAnswer(ValueError):
	"""The answer does not fit its type, or lies off its scale; args: lowest and highest, None for Yes/No."""


def value_of(answer_type: str, answer: str | None, highest: Decimal) -> Decimal | None:
	"""An answer as a number on its scale: a scale begins at 1, a number at 0, Yes is 1. None: no answer, a text."""
	answer = (answer or "").strip()
	if not answer or answer_type == "Text":
		return None
	if answer_type == "Yes/No":
		return yes_or_no(answer)
	lowest = Decimal(1) if answer_type == "Scale" else Decimal(0)
	try:
		value = Decimal(answer)
	except InvalidOperation:
		raise UnreadableAnswer(lowest, highest) from None
	if not value.is_finite() or not lowest <= value <= highest:
		raise UnreadableAnswer(lowest, highest)
	return value


def yes_or_no(answer: str) -> Decimal:
	if answer.lower() in YES:
		return Decimal(1)
	if answer.lower() in NO:
		return Decimal(0)
	raise UnreadableAnswer(None, None)


def need_of(answer_type: str, value: Decimal | None, highest: Decimal, reverse: bool) -> Decimal | None:
	"""`reverse`: a high answer is good."""
	if value is None:
		return None
	lowest = Decimal(1) if answer_type == "Scale" else Decimal(0)
	top = Decimal(1) if answer_type == "Yes/No" else highest
	if top <= lowest:
		return None
	need = (value - lowest) / (top - lowest)
	return 1 - need if reverse else need


def mean_need(needs: Iterable[tuple[Decimal | None, Decimal]]) -> Decimal | None:
	"""Σ weight × need ÷ Σ weight over (need, weight) that were answered."""
	answered = [(need, weight) for need, weight in needs if need is not None and weight]
	total = sum((weight for _need, weight in answered), Decimal(0))
	return sum((need * weight for need, weight in answered), Decimal(0)) / total if total else None


def on_scale(need: Decimal, lowest: int, highest: int) -> int:
	"""The level of a domain that a need is nearest to."""
	return int((lowest + need * (highest - lowest)).quantize(Decimal(1), ROUND_HALF_UP))


def cause_weights(answers: Iterable[tuple[str | None, Decimal | None, Decimal]]) -> dict[str, Decimal]:
	"""Cause → percent, from (cause, need, weight) of the answers; causes without need are left out."""
	sums: dict[str, Decimal] = defaultdict(Decimal)
	for cause, need, weight in answers:
		if cause and need:
			sums[cause] += need * weight
	return to_hundred({cause: number for cause, number in sums.items() if number})


def to_hundred(weights: Mapping[str, Decimal]) -> dict[str, Decimal]:
	"""Weights as percent to a tenth whose sum is exactly 100: what rounding leaves goes to the largest remainders.

	All of them 0: they stay 0.
	"""
	total = sum(weights.values(), Decimal(0))
	if not total:
		return dict.fromkeys(weights, Decimal(0))
	exact = {key: weight * 100 / total for key, weight in weights.items()}
	percent = {key: value.quantize(TENTH, ROUND_DOWN) for key, value in exact.items()}
	left = int((100 - sum(percent.values())) / TENTH)
	for key in sorted(exact, key=lambda key: percent[key] - exact[key])[:left]:
		percent[key] += TENTH
	return percent


def change(new: Decimal | float | None, old: Decimal | float | None) -> str | None:
	"""Difference as text with its sign; None where there is nothing to compare, which is not 0."""
	if new is None or old is None:
		return None
	difference = (Decimal(str(new)) - Decimal(str(old))).quantize(TENTH, ROUND_HALF_UP)
	return f"{difference.normalize():+f}" if difference else "0"
