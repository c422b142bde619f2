"""Queries that frappe.qb rendered to text beforehand: the one place where text goes to the database.

For the few that run so often, or with so many values, that to render them anew takes longer than to run them.
"""

from collections.abc import Sequence
from typing import Any

import frappe


def run(query: str, values: Sequence | dict[str, Any], **options: Any) -> Any:
	"""`query`: what get_sql() of a query with pypika Parameters says; `values` go into those."""
	return frappe.db.sql(query, values, **options)
