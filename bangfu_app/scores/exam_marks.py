"""Marks of an exam in groups, and the cut of each population (I10, I11): one query for a subject or the total.

The total is not stored: it is the sum over those who sat every subject of the exam, so it cannot disagree with
its parts, and a corrected score needs no second correction.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any, NamedTuple

import frappe
from frappe import _
from frappe.query_builder.functions import Count, Max, Round, Sum
from pypika.queries import QueryBuilder

from bangfu_app.scores import bottom_share
from bangfu_app.scores.bottom_share import exact

GROUP = ("grade", "school", "class_name")
# scope → what the members of one population have in common. Marks of grades are compared in "School" alone:
# there the office says that they sat the same papers.
SCOPES = {
	"County": ("grade",),
	"School": ("school",),
	"Grade": ("school", "grade"),
	"Class": ("school", "grade", "class_name"),
}


class Group(NamedTuple):
	"""Pupils of a class, or of a grade of a school when `class_name` is None; "" is a class not named."""

	grade: str
	school: str
	class_name: str | None = None

	def within(self, scope: str) -> tuple[str, ...]:
		"""The key of the population that the group belongs to."""
		return tuple(getattr(self, name) or "" for name in SCOPES[scope])


def marks(exam: str, subject: str | None = None, grade: str | None = None) -> QueryBuilder:
	"""Subquery: candidate, mark and place of those who sat the subject; without one, of those who sat them all."""
	score = frappe.qb.DocType("Exam Score")
	sat = (score.exam == exam) & (score.absent == 0)
	query = frappe.qb.from_(score).where(sat).select(score.candidate)
	if grade:
		query = query.where(score.grade == grade)
	place = [score[name] for name in (*GROUP, "candidate_name", "student_no", "student")]
	if subject:
		return query.where(score.subject == subject).select(Round(score.score, 2).as_("mark"), *place)
	return (
		query.groupby(score.candidate)
		.having(Count(score.name) == frappe.db.count("Exam Subject", {"parent": exam}))
		.select(Round(Sum(score.score), 2).as_("mark"), *(Max(field).as_(field.name) for field in place))
	)


def tallies(exam: str, subject: str | None = None, by_class: bool = False) -> dict[Group, Counter]:
	"""Tally of each grade of a school, or of each class."""
	sitting = marks(exam, subject).as_("sitting")
	columns = [sitting[name] for name in (GROUP if by_class else GROUP[:2])]
	rows = (
		frappe.qb.from_(sitting)
		.groupby(*columns, sitting.mark)
		.select(*columns, sitting.mark, Count(sitting.candidate))
	).run()
	result: dict[Group, Counter] = defaultdict(Counter)
	for *place, mark, number in rows:
		result[Group(*(name or "" for name in place))][exact(mark)] += number
	return result


def tallies_of_grade(exam: str, grade: str) -> dict[str, Counter]:
	"""Tally of each subject in a grade, "" for the total; remembered until a score of the exam changes."""

	def count() -> dict[str, Counter]:
		score = frappe.qb.DocType("Exam Score")
		sat = (score.exam == exam) & (score.grade == grade) & (score.absent == 0)
		columns = (score.subject, score.score)
		rows = frappe.qb.from_(score).where(sat).groupby(*columns).select(*columns, Count("*")).run()
		sitting = marks(exam, grade=grade).as_("sitting")
		totals = frappe.qb.from_(sitting).groupby(sitting.mark).select(sitting.mark, Count("*")).run()
		result: dict[str, Counter] = defaultdict(Counter)
		for subject, mark, number in [*rows, *(("", *row) for row in totals)]:
			result[subject][exact(mark)] += number
		return dict(result)

	return remembered(exam, f"tallies of {grade}", count)


# ---------------------------------------------------------------- what is remembered of an exam


def remembered(exam: str, what: str, count: Callable[[], Any]) -> Any:
	"""Figures of ten thousands of scores that many forms show: counted once for each state of the scores."""
	key = f"bangfu_exam:{exam}"
	value = frappe.cache.hget(key, what)
	if value is None:
		value = count()
		frappe.cache.hset(key, what, value)
	return value


def forget(exam: str) -> None:
	"""Scores changed: now for this transaction, and again when others can see the change."""
	frappe.cache.delete_value(f"bangfu_exam:{exam}")
	frappe.db.after_commit.add(lambda: frappe.cache.delete_value(f"bangfu_exam:{exam}"))


# ---------------------------------------------------------------- populations


def populations(groups: dict[Group, Counter], scope: str) -> dict[tuple, Counter]:
	"""Key of each population → its tally."""
	parts = defaultdict(list)
	for group, tally in groups.items():
		parts[group.within(scope)].append(tally)
	return {key: bottom_share.merged(tallies) for key, tallies in parts.items()}


def cuts(groups: dict[Group, Counter], scope: str) -> dict[tuple, tuple[Decimal | None, int]]:
	"""Key of each population → its cut and the number who sat."""
	percent = bottom_percent()
	return {
		key: (bottom_share.cut_score(tally, percent), bottom_share.sat(tally))
		for key, tally in populations(groups, scope).items()
	}


def bottom_percent() -> Decimal:
	return exact(frappe.get_cached_doc("Bangfu Settings").bottom_percent or 20)


def population_in_words(exam: str, scope: str, group: Group, language: str | None = None) -> str:
	"""Never a bare "bottom 20 %": whose it is. In the user's language unless told another."""
	everyone = frappe.get_cached_value("Exam", exam, "population")
	if scope == "County":
		return _("{0} of: {1}", language).format(_(group.grade, language), everyone)
	if scope == "School":
		return _("all who sat at {0}", language).format(group.school)
	parts = [group.school, _(group.grade, language)]
	return " ".join([*parts, group.class_name or _("no class", language)] if scope == "Class" else parts)


def sitting_of(exam: str, subject: str | None, candidates: Iterable[str]) -> dict[str, tuple[Decimal, Group]]:
	"""Candidate → mark and place, of those among them who sat; 500 to a query."""
	names, found = list(candidates), {}
	sitting = marks(exam, subject).as_("sitting")
	query = frappe.qb.from_(sitting).select(sitting.candidate, sitting.mark, *(sitting[n] for n in GROUP))
	for start in range(0, len(names), 500):
		for name, mark, *place in query.where(sitting.candidate.isin(names[start : start + 500])).run():
			found[name] = (exact(mark), Group(*(part or "" for part in place)))
	return found
