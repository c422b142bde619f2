"""What a Subsidy Scheme asks of a student and what it gives (M4, M5, M7): rules on facts, no database.

A `Rule` is the scheme's terms at one moment, so that an approval can be judged later by what held then.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from bangfu_app.amounts import money

FREE = "As Decided"  # the amount and who gets it are somebody's decision


@dataclass(frozen=True)
class Rate:
	"""So much for a stage, a need group, both, or (neither) everybody."""

	stage: str
	need_group: str
	amount: Decimal

	def fits(self, stage: str, need_group: str) -> bool:
		return self.stage in ("", stage) and self.need_group in ("", need_group)

	@property
	def precision(self) -> int:
		return bool(self.stage) + bool(self.need_group)


@dataclass(frozen=True)
class Rule:
	amount_rule: str
	amount: Decimal = Decimal(0)
	rates: tuple[Rate, ...] = ()
	for_school: str = ""
	for_stage: str = ""
	for_need_group: str = ""
	criterion: str = ""
	minimum_living: bool = False
	poverty_registered: bool = False
	disability: bool = False
	max_annual_income: Decimal = Decimal(0)

	@classmethod
	def of(cls, scheme: Mapping | Any) -> "Rule":
		"""Of a Subsidy Scheme, or of what `as_dict` made of one."""
		rates = scheme.get("amounts") or []
		return cls(
			amount_rule=scheme.get("amount_rule"),
			amount=money(scheme.get("amount")),
			rates=tuple(
				Rate(row.get("stage") or "", row.get("need_group") or "", money(row.get("amount")))
				for row in rates
			),
			**{name: scheme.get(name) or "" for name in TEXTS},
			**{name: bool(scheme.get(name)) for name in FLAGS},
			max_annual_income=money(scheme.get("max_annual_income")),
		)

	def as_dict(self) -> dict[str, Any]:
		"""To be kept as JSON; money as text."""
		rates = [{"stage": r.stage, "need_group": r.need_group, "amount": str(r.amount)} for r in self.rates]
		return {
			"amount_rule": self.amount_rule,
			"amount": str(self.amount),
			"amounts": rates,
			**{name: getattr(self, name) for name in (*TEXTS, *FLAGS)},
			"max_annual_income": str(self.max_annual_income),
		}


TEXTS = ("for_school", "for_stage", "for_need_group", "criterion")
FLAGS = ("minimum_living", "poverty_registered", "disability")


@dataclass(frozen=True)
class Facts:
	"""What is known of a student on a day; `hours` and `pay` of the period's work-study records."""

	student: str
	student_name: str = ""
	status: str = ""
	school: str = ""
	school_class: str = ""
	stage: str = ""
	need_groups: tuple[str, ...] = ()
	circumstances: str = ""
	minimum_living: bool = False
	poverty_registered: bool = False
	disability: str = ""
	annual_income: Decimal | None = None
	evidence: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # criterion → records
	hours: Decimal = Decimal(0)
	pay: Decimal = Decimal(0)


# ---------------------------------------------------------------- amount


def amount_for(rule: Rule, facts: Facts) -> Decimal | None:
	"""What the rule gives the student; None where it gives nothing or leaves it to a decision."""
	if rule.amount_rule == "Fixed":
		return rule.amount
	if rule.amount_rule == "By Group":
		return group_amount(rule.rates, facts.stage, facts.need_groups)
	if rule.amount_rule == "By Hours":
		return facts.pay or None
	return None


def group_amount(rates: Iterable[Rate], stage: str, need_groups: Iterable[str]) -> Decimal | None:
	"""For each need its most precise rate, of equally precise ones the higher; of several needs the highest."""
	found = []
	for need_group in tuple(need_groups) or ("",):
		fitting = [rate for rate in rates if rate.fits(stage, need_group)]
		if fitting:
			best = max(rate.precision for rate in fitting)
			found.append(max(rate.amount for rate in fitting if rate.precision == best))
	return max(found, default=None)


# ---------------------------------------------------------------- eligibility


@dataclass(frozen=True)
class Test:
	"""One thing a rule may ask: whether it does, what it looks at, and whether that is enough."""

	label: str
	asked: Callable[[Rule], Any]
	value: Callable[[Rule, Facts], str]
	met: Callable[[Rule, Facts], bool]


INCOME_STATES = ("Unknown", "Below the Line", "Above the Line")
YES_NO = ("No", "Yes")


def yes_no(value: Any) -> str:
	return YES_NO[bool(value)]


def is_in_support(rule: Rule, facts: Facts) -> bool:
	return facts.status == "In Support"


def income_state(rule: Rule, facts: Facts) -> str:
	unknown, below, above = INCOME_STATES
	if facts.annual_income is None:
		return unknown
	return below if facts.annual_income <= rule.max_annual_income else above


def is_below_line(rule: Rule, facts: Facts) -> bool:
	return income_state(rule, facts) == INCOME_STATES[1]


def varies(rule: Rule) -> bool:
	"""Does the amount follow from the student's facts?"""
	return rule.amount_rule in ("By Group", "By Hours")


def amount_text(rule: Rule, facts: Facts) -> str:
	return str(amount_for(rule, facts) or "—")


TESTS = (
	Test("Status", lambda r: True, lambda r, f: f.status, is_in_support),
	Test("School", lambda r: r.for_school, lambda r, f: f.school, lambda r, f: f.school == r.for_school),
	Test("Stage", lambda r: r.for_stage, lambda r, f: f.stage, lambda r, f: f.stage == r.for_stage),
	Test(
		"Need Group",
		lambda r: r.for_need_group,
		lambda r, f: yes_no(r.for_need_group in f.need_groups),
		lambda r, f: r.for_need_group in f.need_groups,
	),
	Test(
		"Criterion",
		lambda r: r.criterion,
		lambda r, f: yes_no(f.evidence.get(r.criterion)),
		lambda r, f: bool(f.evidence.get(r.criterion)),
	),
	Test(
		"Minimum Living",
		lambda r: r.minimum_living,
		lambda r, f: yes_no(f.minimum_living),
		lambda r, f: f.minimum_living,
	),
	Test(
		"Poverty Registered",
		lambda r: r.poverty_registered,
		lambda r, f: yes_no(f.poverty_registered),
		lambda r, f: f.poverty_registered,
	),
	Test(
		"Disability",
		lambda r: r.disability,
		lambda r, f: yes_no(f.disability),
		lambda r, f: bool(f.disability),
	),
	Test(
		"Annual Income",
		lambda r: r.max_annual_income,
		income_state,
		is_below_line,
	),
	Test(
		"Amount",
		varies,
		amount_text,
		lambda r, f: bool(amount_for(r, f)),
	),
)


def failed_tests(rule: Rule, facts: Facts) -> list[str]:
	"""Labels of what the student does not meet; empty when eligible. A free decision asks nothing."""
	if rule.amount_rule == FREE:
		return []
	return [test.label for test in TESTS if test.asked(rule) and not test.met(rule, facts)]


def used_facts(rule: Rule, facts: Facts) -> dict[str, str]:
	"""What the rule looks at, by label: equal as long as nothing changed that matters to it."""
	return {test.label: test.value(rule, facts) for test in TESTS if test.asked(rule)}
