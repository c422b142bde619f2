"""May the user write these rows? What frappe.has_permission says of each, asked once for all that are alike.

No rule of its own: what decides is the right of the role, User Permissions on the linked records, and the
criterion of permissions.py, which takes many students as well as one.
"""

import frappe
from frappe.permissions import get_role_permissions, get_user_permissions, has_user_permission

from bangfu_app.rights.criteria import CRITERIA, criterion_of
from bangfu_app.rights.permissions import own_students, strangers_among

# links by which has_record_permission judges a new record
DECIDING = {"School", "School Class", "Support Programme"}
CHUNK = 1_000


def refused_new(doctype: str, rows: list[frappe._dict]) -> set[int]:
	"""Places in `rows` of the new records that the user may not create."""
	user = frappe.session.user
	if user == "Administrator" or not rows:
		return set()
	by_student = student_links(doctype)
	named = {row[link] for row in rows for link in by_student if row.get(link)}
	strangers = (
		strangers_among(named, own_students(doctype, user, "create")) if doctype in CRITERIA else set()
	)
	refused, alike = set(), {}
	for place, row in enumerate(rows):
		if any(row.get(link) in strangers for link in by_student):
			refused.add(place)
		else:
			alike.setdefault(_deciding_values(doctype, row, user), []).append(place)
	for places in alike.values():
		if not frappe.has_permission(doctype, "create", doc=_as_new(doctype, rows[places[0]]), user=user):
			refused.update(places)
	return refused


def allowed_stored(doctype: str, rows: list[frappe._dict], ptype: str = "write") -> set[str]:
	"""Names of the stored records, given as plain rows, that the user may write as they are."""
	user, names = frappe.session.user, {row.name for row in rows}
	if user == "Administrator" or not rows:
		return names
	if _is_judged_one_by_one(doctype, user):
		return {name for name in names if frappe.has_permission(doctype, ptype, name, user=user)}
	if not frappe.has_permission(doctype, ptype, user=user):
		return set()
	alike: dict[tuple, list[str]] = {}
	for row in rows:
		alike.setdefault(_deciding_values(doctype, row, user), []).append(row.name)
	samples = {places[0]: places for places in alike.values()}
	of_user = set()
	for row in rows:
		if row.name in samples and has_user_permission(frappe.get_doc({**row, "doctype": doctype}), user):
			of_user.update(samples[row.name])
	return of_user & _within_criterion(doctype, names, ptype)


def _within_criterion(doctype: str, names: set[str], ptype: str) -> set[str]:
	criterion = criterion_of(doctype, ptype=ptype) if doctype in CRITERIA else None
	if criterion is None:
		return names
	table, ordered = frappe.qb.DocType(doctype), sorted(names)
	found = set()
	for start in range(0, len(ordered), CHUNK):
		some = table.name.isin(ordered[start : start + CHUNK])
		found.update(frappe.qb.from_(table).select(table.name).where(some & criterion).run(pluck=True))
	return found


def _is_judged_one_by_one(doctype: str, user: str) -> bool:
	"""A right of owners only, or a rule of another kind."""
	owners = get_role_permissions(frappe.get_meta(doctype), user).get("if_owner")
	hooks = frappe.get_hooks("has_permission").get(doctype)
	return bool(owners) or bool(hooks and doctype not in CRITERIA)


def student_links(doctype: str) -> list[str]:
	return [
		link.fieldname
		for link in frappe.get_meta(doctype).get_link_fields()
		if link.options == "Student File"
	]


def _deciding_values(doctype: str, row: frappe._dict, user: str) -> tuple:
	"""What the verdict depends on: links to what the user is bound to; of a student only whether there is one."""
	bound_to = DECIDING | set(get_user_permissions(user))
	values = []
	for link in frappe.get_meta(doctype).get_link_fields():
		value = row.get(link.fieldname)
		values.append(value if link.options in bound_to else bool(value) and link.options == "Student File")
	for table in frappe.get_meta(doctype).get_table_fields():
		links = [f for f in frappe.get_meta(table.options).get_link_fields() if f.options in bound_to]
		links = [f.fieldname for f in links]
		values += [tuple(line.get(f) for f in links) for line in row.get(table.fieldname) or () if links]
	return tuple(values)


def _as_new(doctype: str, row: frappe._dict) -> frappe.model.document.Document:
	doc = frappe.get_doc({**row, "doctype": doctype, "__islocal": 1})
	doc.name = None
	return doc
