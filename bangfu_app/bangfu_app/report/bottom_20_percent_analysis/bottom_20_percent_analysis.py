"""Bottom 20 % Analysis (I10, I11, E4): share, cut and rank of schools or classes, and the change since the baseline.

The cut is taken over the whole population, whoever reads; the rows are those of the reader's schools or classes.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from fractions import Fraction

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, escape_html, formatdate

from bangfu_app.report_parts import figure_card
from bangfu_app.rights.criteria import allowed_schools, is_unrestricted
from bangfu_app.rights.relations import own_classes
from bangfu_app.scores import bottom_share, exam_marks
from bangfu_app.scores.exam_marks import Group


@dataclass
class Standing:
	"""A school or class: its marks, its members of the bottom, and the populations that they were taken from."""

	group: Group
	tally: Counter = field(default_factory=Counter)
	bottom: int = 0
	populations: dict = field(default_factory=dict)  # key → (cut, number who sat)

	@property
	def share(self) -> Fraction | None:
		return bottom_share.share(self.bottom, bottom_share.sat(self.tally))


def execute(filters: dict | None = None) -> tuple:
	filters = frappe._dict(filters or {})
	if not filters.exam:
		return get_columns(False, None), [], _("Choose an exam.")
	frappe.has_permission("Exam", "read", filters.exam, throw=True)
	exam = frappe.get_doc("Exam", filters.exam)
	scope = filters.scope or "County"
	if scope not in exam_marks.SCOPES:
		frappe.throw(_("Unknown population: {0}").format(scope))
	by_class = filters.group_by == "Class" or not is_unrestricted(frappe.session.user, "Exam Score")
	standings = get_standings(exam.name, filters.subject, scope, by_class)
	baseline, changed = baseline_of(exam)
	before = shares_before(exam, baseline, filters.subject, scope, by_class) if baseline else {}
	shown = [standing for standing in standings.values() if wanted(standing.group, filters)]
	shown = visible_standings(exam.name, shown)
	rows = get_rows(exam.name, scope, shown, ranks(standings), before)
	message = get_message(exam, baseline, changed)
	return get_columns(by_class, baseline), rows, message, get_chart(rows), get_summary(scope, shown)


def wanted(group: Group, filters: dict) -> bool:
	return all(getattr(group, name) == filters[name] for name in ("grade", "school") if filters.get(name))


# ---------------------------------------------------------------- figures


def get_standings(exam: str, subject: str | None, scope: str, by_class: bool) -> dict[Group, Standing]:
	"""Of every school (in a grade) or class that sat, in one query; sorted."""
	groups = exam_marks.tallies(exam, subject, by_class or scope == "Class")
	cuts = exam_marks.cuts(groups, scope)
	standings: dict[Group, Standing] = {}
	for group in sorted(groups, key=lambda group: (grade_number(group.grade), *group[1:])):
		key = group if by_class else Group(group.grade, group.school)
		standing = standings.setdefault(key, Standing(key))
		population = group.within(scope)
		standing.populations[population] = cuts[population]
		standing.tally.update(groups[group])
		standing.bottom += bottom_share.members(groups[group], cuts[population][0])
	return standings


def ranks(standings: dict[Group, Standing]) -> dict[Group, tuple[int, int]]:
	"""(rank, of how many) among those of the grade whose bottom is of the same population, if more than one."""
	peers = defaultdict(dict)
	for group, standing in standings.items():
		peers[(*standing.populations, group.grade)][group] = standing.share
	return {
		group: (rank, len(shares))
		for shares in peers.values()
		if len(shares) > 1
		for group, rank in bottom_share.ranks(shares).items()
	}


def grade_number(grade: str) -> int:
	return cint(grade.rpartition(" ")[2])


# ---------------------------------------------------------------- baseline


def baseline_of(exam: Document) -> tuple[Document | None, bool]:
	"""The newest baseline before the exam among exams of the same place, and whether there was another before it."""
	same_place = {name: exam.get(name) or ["is", "not set"] for name in ("school", "grade", "class_name")}
	filters = {"is_baseline": 1, "scope": exam.scope, "exam_date": ["<", exam.exam_date], **same_place}
	names = frappe.get_all("Exam", filters, pluck="name", order_by="exam_date desc", limit=2)
	return (frappe.get_doc("Exam", names[0]) if names else None), len(names) > 1


def shares_before(
	exam: Document, baseline: Document, subject: str | None, scope: str, by_class: bool
) -> dict[Group, Fraction | None]:
	"""Share in the baseline exam of the same pupils: the grade they were in then."""
	years = first_year(exam) - first_year(baseline)
	standings = get_standings(baseline.name, subject, scope, by_class)
	return {
		group._replace(grade=f"Grade {grade_number(group.grade) + years}"): standing.share
		for group, standing in standings.items()
	}


def first_year(exam: Document) -> int:
	return cint((frappe.get_cached_value("School Term", exam.school_term, "school_year") or "")[:4])


# ---------------------------------------------------------------- rights


def visible_standings(exam: str, standings: list[Standing]) -> list[Standing]:
	"""Of the reader's schools; of a class teacher's classes."""
	user = frappe.session.user
	if not is_unrestricted(user, "Exam Score"):
		own = groups_of_own_classes(exam, user)
		return [standing for standing in standings if standing.group in own]
	schools = allowed_schools("Exam Score", user)
	return [standing for standing in standings if not schools or standing.group.school in schools]


def groups_of_own_classes(exam: str, user: str) -> set[Group]:
	score = frappe.qb.DocType("Exam Score")
	rows = (
		frappe.qb.from_(score)
		.where((score.exam == exam) & score.school_class.isin(own_classes(user)))
		.select(score.grade, score.school, score.class_name)
		.distinct()
	).run()
	return {Group(*(name or "" for name in row)) for row in rows}


# ---------------------------------------------------------------- what is shown


def get_columns(by_class: bool, baseline: Document | None) -> list[dict]:
	columns = [
		("grade", _("Grade"), "Data", 90),
		("school", _("School"), "Link", 160),
		*([("class_name", _("Class"), "Data", 90)] if by_class else []),
		("sat", _("Pupils Who Sat"), "Int", 100),
		("bottom", _("In the Bottom 20 %"), "Int", 110),
		("share", _("Share of Pupils"), "Percent", 110),
		("rank", _("Rank"), "Int", 70),
		("ranked", _("Ranked"), "Int", 110),
		*([("change", _("Change (pp)"), "Float", 130)] if baseline else []),
		*([("share_before", _("Share in the Baseline"), "Percent", 110)] if baseline else []),
		("mean", _("Mean Score"), "Float", 90),
		("cut", _("Cut"), "Float", 90),
		("population", _("Population"), "Int", 90),
		("population_name", _("Population in Words"), "Data", 320),
	]
	return [
		{"fieldname": name, "label": label, "fieldtype": fieldtype, "width": width}
		| ({"options": "School"} if fieldtype == "Link" else {})
		| ({"precision": 2} if fieldtype in ("Float", "Percent") else {})
		for name, label, fieldtype, width in columns
	]


def get_rows(
	exam: str, scope: str, standings: list[Standing], rank_of: dict, before: dict[Group, Fraction | None]
) -> list[dict]:
	rows = []
	for standing in standings:
		group = standing.group
		rank, ranked = rank_of.get(group, (None, None))
		row = {"grade": _(group.grade), "school": group.school, "class_name": group.class_name}
		row |= {"sat": bottom_share.sat(standing.tally), "bottom": standing.bottom}
		row |= {"share": percent(standing.share), "rank": rank, "ranked": ranked}
		row |= {"mean": round(float(bottom_share.mean(standing.tally)), 4)}
		row |= change_since(standing.share, before.get(group))
		rows.append(row | population_of(exam, scope, standing))
	return rows


def percent(share: Fraction | None) -> float | None:
	return None if share is None else round(float(share * 100), 4)


def change_since(now: Fraction | None, before: Fraction | None) -> dict:
	known = now is not None and before is not None
	return {"share_before": percent(before), "change": percent(now - before) if known else None}


def population_of(exam: str, scope: str, standing: Standing) -> dict:
	"""A school whose classes are each a population of their own has no one cut."""
	sizes = standing.populations.values()
	if len(sizes) > 1:
		return {
			"cut": None,
			"population": sum(size for _cut, size in sizes),
			"population_name": _("each class"),
		}
	((cut, size),) = sizes
	words = exam_marks.population_in_words(exam, scope, standing.group)
	return {"cut": None if cut is None else float(cut), "population": size, "population_name": words}


def get_message(exam: Document, baseline: Document | None, changed: bool) -> str:
	share = f"{exam_marks.bottom_percent().normalize():f}"
	lines = [
		_("Bottom {0} % of: {1}. Absentees count in no population.").format(
			share, escape_html(exam.population)
		)
	]
	if baseline:
		reason = escape_html(baseline.baseline_reason)
		day = formatdate(baseline.exam_date)
		lines.append(_("Baseline: {0}, {1} ({2}).").format(escape_html(baseline.name), day, reason))
		if first_year(exam) != first_year(baseline):
			lines.append(_("Compared are the same pupils, in the grade they were in then."))
	if changed:
		lines.append(
			"<b>{}</b>".format(
				_("The baseline was changed: changes shown before {0} do not compare with these.").format(
					formatdate(baseline.exam_date)
				)
			)
		)
	return "<br>".join(lines)


def get_chart(rows: list[dict]) -> dict | None:
	"""Shares: a bar for each school or class, a series for each grade, and the line of the population's own share."""
	if not rows:
		return None
	label_of = lambda row: " ".join(filter(None, (row["school"], row["class_name"])))  # noqa: E731
	labels = list(dict.fromkeys(map(label_of, rows)))
	series = defaultdict(dict)
	for row in rows:
		series[row["grade"]][label_of(row)] = round(row["share"], 2)
	line = float(exam_marks.bottom_percent())
	return {
		"data": {
			"labels": labels,
			"datasets": [
				{"name": grade, "values": [shares.get(label, 0) for label in labels]}
				for grade, shares in series.items()
			],
			"yMarkers": [{"label": _("{0} % of the population").format(f"{line:g}"), "value": line}],
		},
		"type": "bar",
		"axisOptions": {"shortenYAxisNumbers": 1, "xAxisMode": "tick"},
	}


def get_summary(scope: str, standings: list[Standing]) -> list[dict]:
	"""The cut of each grade, where it is one for the county."""
	if scope != "County":
		return []
	cuts = {standing.group.grade: next(iter(standing.populations.values())) for standing in standings}
	return [
		figure_card(
			_("{0}: cut").format(_(grade)),
			_("{0} ({1} sat)").format("—" if cut is None else f"{cut.normalize():f}", size),
		)
		for grade, (cut, size) in cuts.items()
	]
