"""Test records: test_records.json / .toml beside a doctype's controller, made with what they link to."""

import json
import os
import tomllib

import frappe
from frappe.model.module_utils import get_doctype_module, load_doctype_module

_done: set[tuple[str, str]] = set()  # (site, doctype) made by this process


def _log_path():
	return frappe.get_site_path(".test_log")


def _logged() -> set[str]:
	"""doctypes whose records an earlier run has committed"""
	if not os.path.exists(_log_path()):
		return set()
	with open(_log_path()) as f:
		return set(f.read().splitlines())


def _clear_test_log():
	_done.clear()
	if os.path.exists(_log_path()):
		os.remove(_log_path())


def get_modules(doctype):
	module = get_doctype_module(doctype)
	try:
		test_module = load_doctype_module(doctype, module, "test_")
	except ImportError:
		test_module = None
	return module, test_module


def _attr(module, *names):
	return [x for name in names for x in getattr(module, name, None) or []]


def get_dependencies(doctype) -> list[str]:
	"""DocTypes that a record of `doctype` may link to."""
	_module, test_module = get_modules(doctype)
	meta = frappe.get_meta(doctype)
	links = list(meta.get_link_fields())
	for table in meta.get_table_fields():
		links += frappe.get_meta(table.options).get_link_fields()
	wanted = [df.options for df in links] + _attr(
		test_module, "test_dependencies", "EXTRA_TEST_RECORD_DEPENDENCIES"
	)
	ignored = {doctype, "[Select]", *_attr(test_module, "test_ignore", "IGNORE_TEST_RECORD_DEPENDENCIES")}
	return [dt for dt in dict.fromkeys(wanted) if dt not in ignored]


def make_test_records(doctype, force=False, commit=False, verbose=0):
	"""Make the test records of what `doctype` links to, then its own."""
	key = (frappe.local.site, doctype)
	if not force and (key in _done or doctype in _logged()):
		return
	_done.add(key)
	if not frappe.db.exists("DocType", doctype):
		return
	for other in get_dependencies(doctype):
		make_test_records(other, commit=commit)
	make_test_records_for_doctype(doctype, commit=commit)
	if commit:
		with open(_log_path(), "a") as f:
			f.write(doctype + "\n")


def make_dependencies(doctype):
	make_test_records(doctype, commit=True)


def make_test_records_for_doctype(doctype, force=False, commit=False, verbose=0):
	module, test_module = get_modules(doctype)
	if hasattr(test_module, "_make_test_records"):
		made = test_module._make_test_records()
	else:
		records = _read_records(doctype, module, test_module)
		made = make_test_objects(doctype, records, commit=commit) if records else []
	if commit:
		frappe.db.commit()
	return made


def _read_records(doctype, module, test_module):
	if getattr(test_module, "test_records", None):
		return test_module.test_records
	folder = frappe.get_module_path(module, "doctype", frappe.scrub(doctype))
	for name in ("test_records.json", "test_records.toml"):
		path = os.path.join(folder, name)
		if not os.path.exists(path):
			continue
		with open(path, "rb") as f:
			data = json.load(f) if name.endswith("json") else tomllib.load(f)
		return (
			data
			if isinstance(data, list)
			else [{"doctype": dt, **r} for dt, rows in data.items() for r in rows]
		)
	return []


def make_test_objects(doctype, test_records=None, verbose=None, reset=False, commit=False):
	"""Insert the given records, skipping those there already; return their names."""
	names = []
	for record in frappe.get_test_records(doctype) if test_records is None else test_records:
		doc = frappe.get_doc({"doctype": doctype, **record})
		if doc.name and frappe.db.exists(doc.doctype, doc.name):
			names.append(doc.name)
			continue
		docstatus, doc.docstatus = doc.docstatus, 0
		savepoint = f"rec_{frappe.generate_hash(length=8)}"
		frappe.db.savepoint(savepoint)
		try:
			doc.flags.ignore_permissions = True
			doc.run_method("before_test_insert")
			doc.insert(ignore_if_duplicate=True)
			if docstatus == 1:
				doc.submit()
		except (frappe.NameError, frappe.UniqueValidationError):  # DuplicateEntryError is a NameError
			frappe.db.rollback(save_point=savepoint)
			frappe.clear_messages()
		names.append(doc.name)
	if commit:
		frappe.db.commit()
	return names
