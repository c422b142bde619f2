"""Files from before the look-up for duplicates: their name keys, and what a file needs to be complete."""

import frappe

from bangfu_app.completeness import add_default_requirements, count_all
from bangfu_app.patches.v0_2.seal_phone_numbers import commit_outside_tests
from bangfu_app.persons.duplicates import SEARCHED
from bangfu_app.persons.name_keys import name_key

BATCH = 500


def execute() -> None:
	fill_keys("Student File")
	add_default_requirements()
	count_all()


def fill_keys(doctype: str) -> None:
	while rows := keyless(doctype):
		for name, person in rows:
			# a name without a letter has no key: a space keeps it from coming up again
			frappe.db.set_value(doctype, name, "name_key", name_key(person) or " ", update_modified=False)
		commit_outside_tests()


def keyless(doctype: str) -> list[tuple[str, str]]:
	"""A filled one falls out, so that the next batch is the next."""
	record = frappe.qb.DocType(doctype)
	query = frappe.qb.from_(record).select(record.name, record[SEARCHED[doctype].name])
	return query.where(record.name_key.isnull()).limit(BATCH).run()
