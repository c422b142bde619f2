"""指标达成表: the indicators of each programme's newest evaluation, computed from the figures."""

import frappe
from frappe import _

from bangfu_app import attainment as arithmetic
from bangfu_app.report_parts import CHART_COLOURS, chosen, column, figure_card

FILTERS = ("programme", "purpose", "school")
FIGURES = ("baseline", "target", "actual")


def execute(filters: dict | None = None) -> tuple:
	evaluations = newest_evaluations(chosen(filters, FILTERS))
	rows = [as_row(result, evaluations[result.parent]) for result in indicator_results(list(evaluations))]
	return get_columns(), rows, None, get_chart(rows), get_summary(rows)


def newest_evaluations(filters: frappe._dict) -> dict[str, frappe._dict]:
	"""The newest submitted evaluation of each readable programme for the purpose, by name of the evaluation."""
	evaluations = frappe.get_list(
		"Support Evaluation",
		filters={
			"docstatus": 1,
			"purpose": filters.purpose or "Annual",
			"programme": ["in", readable_programmes(filters)],
			# an evaluation of one student within the programme is not the programme's
			"student": ["is", "not set"],
		},
		fields=["name", "programme"],
		order_by="evaluated_on asc, creation asc",
	)
	newest = {row.programme: row for row in evaluations}
	return {row.name: row for row in sorted(newest.values(), key=lambda row: row.programme)}


def readable_programmes(filters: frappe._dict) -> list[str]:
	"""By Frappe's own rule: a user of one school reads its programmes and those of no single school."""
	conditions = {"name": filters.programme, "school": filters.school}
	return frappe.get_list(
		"Support Programme",
		filters={name: value for name, value in conditions.items() if value},
		pluck="name",
	)


def indicator_results(evaluations: list[str]) -> list[frappe._dict]:
	if not evaluations:
		return []
	result = frappe.qb.DocType("Indicator Result")
	indicator = frappe.qb.DocType("Support Indicator")
	return (
		frappe.qb.from_(result)
		.join(indicator)
		.on(indicator.name == result.indicator)
		.where((result.parenttype == "Support Evaluation") & result.parent.isin(evaluations))
		.select(
			result.parent,
			result.indicator,
			result.scope,
			result.scope_name,
			result.population,
			result.unit,
			result.direction,
			*(result[f"has_{name}"] for name in FIGURES),
			*(result[name] for name in FIGURES),
			indicator.dimension,
		)
		.orderby(result.parent)
		.orderby(result.idx)
	).run(as_dict=True)


def as_row(result: frappe._dict, evaluation: frappe._dict) -> dict:
	baseline, target, actual = (arithmetic.figure(result[name], result[f"has_{name}"]) for name in FIGURES)
	ratio = arithmetic.attainment(actual, target, result.direction)
	gap = arithmetic.gap_closed(baseline, actual, target)
	met = arithmetic.is_met(actual, target, result.direction)
	return {
		"programme": evaluation.programme,
		"evaluation": evaluation.name,
		"indicator": result.indicator,
		"scope": " ".join(filter(None, (_(result.scope or ""), result.scope_name))),
		"population": result.population,
		"dimension": _(result.dimension, context="Support Indicator"),
		"unit": _(result.unit, context="Support Indicator"),
		"direction": _(result.direction, context="Support Indicator"),
		"baseline": arithmetic.as_figure(baseline, result.unit),
		"target": arithmetic.as_figure(target, result.unit),
		"actual": arithmetic.as_figure(actual, result.unit),
		"attainment": arithmetic.as_percent(ratio),
		"gap_closed": arithmetic.as_percent(gap),
		"met": {True: _("Met"), False: _("Not Met"), None: arithmetic.UNDEFINED}[met],
		"attainment_ratio": None if ratio is None else float(ratio),
		"gap_closed_ratio": None if gap is None else float(gap),
		"is_met": met,
	}


def get_columns() -> list[dict]:
	number = {"width": 110, "align": "right"}
	return [
		column(_("Indicator"), "indicator", "Link", 220, options="Support Indicator"),
		column(_("Dimension"), "dimension", width=90),
		column(_("Unit"), "unit", width=80),
		column(_("Direction"), "direction", width=120),
		column(_("Baseline"), "baseline", **number),
		column(_("Target"), "target", **number),
		column(_("Actual"), "actual", **number),
		column(_("Attainment"), "attainment", **number),
		column(_("Gap Closed"), "gap_closed", **number),
		column(_("Met"), "met", width=80),
		column(_("Scope"), "scope", width=130),
		column(_("Population"), "population", width=130),
		column(_("Programme"), "programme", "Link", 180, options="Support Programme"),
		column(_("Evaluation"), "evaluation", "Link", 140, options="Support Evaluation"),
	]


def get_chart(rows: list[dict]) -> dict | None:
	"""Indicators of which neither ratio is defined are left out: a bar of 0 % would say something else."""
	drawn = [row for row in rows if (row["attainment_ratio"], row["gap_closed_ratio"]) != (None, None)]
	if not drawn:
		return None

	def percents(fieldname: str) -> list[float | None]:
		return [None if row[fieldname] is None else round(row[fieldname] * 100, 1) for row in drawn]

	return {
		"data": {
			"labels": [row["indicator"] for row in drawn],
			"datasets": [
				{"name": _("Attainment"), "values": percents("attainment_ratio")},
				{"name": _("Gap Closed"), "values": percents("gap_closed_ratio")},
			],
		},
		"type": "bar",
		"fieldtype": "Percent",
		"colors": CHART_COLOURS,
	}


def get_summary(rows: list[dict]) -> list[dict]:
	verdicts = [row["is_met"] for row in rows]
	return [
		figure_card(_("Targets Met"), verdicts.count(True), indicator="Green"),
		figure_card(_("Targets Not Met"), verdicts.count(False), indicator="Red"),
		figure_card(_("Cannot Be Said"), verdicts.count(None), indicator="Grey"),
	]
