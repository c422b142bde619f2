"""What the script reports share: columns, the sessions a reader sees, the period, the months of a chart."""

from collections.abc import Iterable
from datetime import date

import frappe
from frappe import _
from frappe.query_builder.functions import Max
from frappe.utils import flt, formatdate, getdate
from pypika.queries import QueryBuilder

from bangfu_app.counting import held_sessions
from bangfu_app.rights.criteria import countable_session_criterion, restrict, restrict_to_schools

CHART_COLOURS = ["#2c7a7b", "#dd9b3b"]


def column(label: str, fieldname: str, fieldtype: str = "Data", width: int = 110, **more) -> dict:
	return {"label": label, "fieldname": fieldname, "fieldtype": fieldtype, "width": width, **more}


def chosen(filters: dict | None, names: Iterable[str]) -> frappe._dict:
	"""The filters that the report knows, and no others."""
	return frappe._dict({name: (filters or {}).get(name) or None for name in names})


def countable_sessions(query: QueryBuilder) -> QueryBuilder:
	"""Narrow a query on Support Session to what the reader's figures count."""
	criterion = countable_session_criterion()
	if criterion is not None:
		query = query.where(criterion)
	return restrict_to_schools(query, frappe.qb.DocType("Support Session"), "Support Session")


def readable_sessions(query: QueryBuilder) -> QueryBuilder:
	"""Narrow a query on Support Session to what the reader may see."""
	return restrict(query, "Support Session")


def session_period(filters: dict) -> dict[str, date | None]:
	"""The days asked for; without any the calendar year of the newest session that counts."""
	from_date, to_date = filters.get("from_date"), filters.get("to_date")
	if from_date or to_date:
		return {"from_date": from_date and getdate(from_date), "to_date": to_date and getdate(to_date)}
	session = frappe.qb.DocType("Support Session")
	newest = countable_sessions(held_sessions()).select(Max(session.session_date)).run()[0][0]
	year = getdate(newest).year  # of today when nothing was held yet
	return {"from_date": date(year, 1, 1), "to_date": date(year, 12, 31)}


def period_message(period: dict[str, date | None]) -> str:
	return _("Period: {0} to {1}").format(
		formatdate(period["from_date"]) if period["from_date"] else "…",
		formatdate(period["to_date"]) if period["to_date"] else "…",
	)


def month_of(day: date) -> str:
	return f"{day:%Y-%m}"


def months_through(months: Iterable[str]) -> list[str]:
	"""Every month from the first to the last, also those in which nothing happened."""
	months = sorted(months)
	if not months:
		return []
	(year, month), last = map(int, months[0].split("-")), months[-1]
	through = [months[0]]
	while through[-1] < last:
		year, month = (year + 1, 1) if month == 12 else (year, month + 1)
		through.append(f"{year:04d}-{month:02d}")
	return through


def figure_card(
	label: str, value: float | str | None, datatype: str = "Int", indicator: str = "Blue"
) -> dict:
	"""One figure of a report's summary; what cannot be said is text ("—")."""
	is_text = value is None or isinstance(value, str)
	return {
		"label": label,
		"value": (value or "—") if is_text else flt(value),
		"datatype": "Data" if is_text else datatype,
		"indicator": indicator,
	}
