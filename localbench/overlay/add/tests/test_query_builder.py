"""What upstream's tests of the query builder give to other tests: conditions on the kind of database."""

import unittest

import frappe
from frappe.query_builder.utils import db_type_is


def run_only_if(dbtype: db_type_is):
	return unittest.skipIf(db_type_is(frappe.conf.db_type) != dbtype, f"Only runs for {dbtype.value}")


def unimplemented_for(*dbtypes: db_type_is):
	return unittest.skipIf(
		db_type_is(frappe.conf.db_type) in dbtypes, f"Not implemented for {[x.value for x in dbtypes]}"
	)
