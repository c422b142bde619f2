"""Rows of domain scores on a record: checked, worded, weighted, and what they come to (domain §6, S6, I3)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal

import frappe
from frappe import _
from frappe.model.document import Document

from bangfu_app.surveys.needs_score import Rating, composite, priority_of


def domains_in_use() -> list[Document]:
	"""Assessment domains, the weightiest first."""
	names = frappe.get_all("Assessment Domain", {"enabled": 1}, order_by="weight desc, name", pluck="name")
	return [frappe.get_cached_doc("Assessment Domain", name) for name in names]


def complete(rows: Iterable[Document], weights: Mapping[str, float] | None = None) -> None:
	"""Take wording and weight from the domain, so that the result keeps what it was computed with.

	`weights`: those of a template, which count before the domain's own.
	"""
	for row in rows:
		domain = frappe.get_cached_doc("Assessment Domain", row.domain)
		low, high = domain.scale
		if not low <= row.score <= high:
			frappe.throw(
				_("Row #{0}: the score of {1} must lie between {2} and {3}.").format(
					row.idx, frappe.bold(row.domain), low, high
				)
			)
		row.wording = domain.wording_of(row.score)
		row.weight = (weights or {}).get(row.domain, domain.weight)


def judge(rows: Iterable[Document]) -> tuple[float | None, str | None]:
	"""Composite score (0–100) and priority band."""
	score = composite(_rating(row) for row in rows)
	bands = frappe.get_cached_doc("Bangfu Settings").priority_bands
	priority = priority_of(score, ((band.priority, band.from_score) for band in bands))
	return (float(score) if score is not None else None), priority


def by_domain(rows: Iterable[Document]) -> list[dict]:
	"""One line for each domain, raters averaged, with the weight that was used."""
	ratings: dict[str, list[Rating]] = defaultdict(list)
	for row in rows:
		ratings[row.domain].append(_rating(row))
	return [
		{
			"domain": domain,
			"raters": len(given),
			"score": sum(rating.score for rating in given) / len(given),
			"normalised": float(sum(rating.normalised for rating in given) / len(given)),
			"weight": float(given[0].weight),
		}
		for domain, given in ratings.items()
	]


def _rating(row: Document) -> Rating:
	low, high = frappe.get_cached_doc("Assessment Domain", row.domain).scale
	return Rating(row.domain, Decimal(str(row.weight)), row.score, low, high)
