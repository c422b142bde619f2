"""The gate every new file and candidate passes: form, import, web form or REST (F1; peers, Duplicates).

Exact duplicates are refused. Likely ones are refused until the user says why it is another person. What a user
may not read is told as "at another school" and no more.
"""

from typing import Any

import frappe
from frappe import _
from frappe.model import no_value_fields
from frappe.model.document import Document
from frappe.utils import cint, escape_html, now_datetime

from bangfu_app.arguments import parse
from bangfu_app.persons import duplicates
from bangfu_app.persons.duplicates import EXACT, LIKELY, SEARCHED, Match
from bangfu_app.privacy import disclosure, sealed_numbers

HOUR = 3600  # seconds


class LikelyDuplicateError(frappe.ValidationError):
	"""Somebody like this is there already and nobody has said why it is another person."""


def refuse_duplicates(doc: Document | frappe._dict) -> None:
	"""Step of `validate` of a new record; keeps what it found in `doc.flags.duplicates`.

	An import that has looked up all its rows at once hands each its share in `doc.flags.duplicates`.
	"""
	if doc.flags.duplicates is None:
		# a file is not like the screening that it is made of
		own = doc.screening if doc.flags.made_from_screening else None
		doc.flags.duplicates = duplicates.find(duplicates.person_of(doc.doctype, doc), own)
	for match in doc.flags.duplicates:
		if match.level == EXACT:
			_refuse_exact(match)
	likely = [match for match in doc.flags.duplicates if match.level == LIKELY]
	if likely and not (doc.get("duplicate_reason") or "").strip():
		lines = "".join(f"<li>{line}</li> " for line in map(_line, describe(likely)))
		ask = _("If it is another student, say why in “{0}”.").format(
			_(frappe.get_meta(doc.doctype).get_label("duplicate_reason"), context=doc.doctype)
		)
		frappe.throw(
			_("This student may be on record already:") + f" <ul>{lines}</ul> {ask}",
			exc=LikelyDuplicateError,
			title=_("One Student, One File"),
		)


def _refuse_exact(match: Match) -> None:
	"""The message does not tell whose the number is."""
	by_identity = "Same identity number" in match.reasons
	if match.doctype == "Screening":
		said = (
			_("There is already a candidate with this identity number: go on with that screening.")
			if by_identity
			else _("There is already a candidate with this student number: go on with that screening.")
		)
	else:
		said = (
			_("There is already a file with this identity number.")
			if by_identity
			else _("There is already a file with this student number.")
		)
	frappe.throw(said, exc=frappe.DuplicateEntryError, title=_("One Student, One File"))


def _line(found: dict[str, Any]) -> str:
	if found.get("hidden"):
		return found["text"]
	reasons = "、".join(_(reason) for reason in found["reasons"])
	record = f"{_(found['doctype'])} {found['record']}"
	return f"{escape_html(found['title'])} ({escape_html(found['school'])}, {record}): {reasons}"


# ---------------------------------------------------------------- who may know what


def describe(matches: list[Match]) -> list[dict[str, Any]]:
	"""Matches for the user of this session: in full where the user may read them; the others in one line."""
	open_to_user = [match for match in matches if may_read(match)]
	found = [_in_full(match) for match in open_to_user]
	if len(open_to_user) < len(matches):
		text = _("A file like this exists at another school: ask your coordinator.")
		found.append({"hidden": True, "text": text})
	return found


def may_read(match: Match) -> bool:
	return bool(frappe.has_permission(match.doctype, "read", match.record))


def _in_full(match: Match) -> dict[str, Any]:
	searched = SEARCHED[match.doctype]
	columns = [searched.name, searched.birth_date, searched.school]
	name, birth_date, school = frappe.db.get_value(match.doctype, match.record, columns)
	return {
		"doctype": match.doctype,
		"record": match.record,
		"title": name,
		"birth_date": birth_date,
		"school": school or "",
		"level": match.level,
		"score": match.score,
		"reasons": list(match.reasons),
	}


# ---------------------------------------------------------------- look-up while a form is filled in


@frappe.whitelist(methods=["POST"])
def search(doctype: str, values: str | dict) -> list[dict[str, Any]]:
	"""Who is like these field values? For whoever may create such a record; so many an hour, by number logged."""
	if doctype not in SEARCHED or not frappe.has_permission(doctype, "create"):
		frappe.throw(_("You may not look for such records."), frappe.PermissionError)
	values = _known_fields(doctype, parse(values, dict))
	count_lookup()
	person = duplicates.person_of(doctype, values)
	matches = duplicates.find(person)
	found = describe(matches)
	if person.id_hashes or any(row.get("hidden") for row in found):
		_log_lookup(doctype, values, matches)
	return found


def _known_fields(doctype: str, values: dict) -> dict[str, Any]:
	"""Only what is compared, and no hash from outside."""
	searched = SEARCHED[doctype]
	names = {searched.name, searched.birth_date, searched.gender, searched.student_no}
	names |= set(sealed_numbers.declared(doctype))
	return {name: value for name, value in values.items() if name in names and isinstance(value, (str, int))}


def _log_lookup(doctype: str, values: dict, matches: list[Match]) -> None:
	"""By what was searched, not the number itself; one line for each record it may have told of."""
	searched_by = ", ".join(sorted(name for name, value in values.items() if value))
	for match in matches or [None]:
		disclosure.log(
			"Look-up",
			match.doctype if match else doctype,
			match.record if match else None,
			student=match.record if match and match.doctype == "Student File" else None,
			reference_field=searched_by[:140],
			reason=_("Search before create"),
		)


def count_lookup() -> None:
	"""So many an hour for each user: enough to fill in forms, too few to try out names and birthdays."""
	limit = cint(frappe.get_cached_doc("Bangfu Settings").lookups_per_hour) or 200
	hour = now_datetime().strftime("%Y%m%d%H")
	key = frappe.cache.make_key(f"bangfu_lookups:{frappe.session.user}:{hour}")
	if not frappe.cache.get(key):
		frappe.cache.setex(key, HOUR, 0)
	if frappe.cache.incrby(key, 1) > limit:
		frappe.throw(
			_("Too many look-ups in this hour. Go on later, or save: the check is made then too."),
			exc=frappe.RateLimitExceededError,
		)


# ---------------------------------------------------------------- side by side


@frappe.whitelist(methods=["POST"])
def side_by_side(doctype: str, records: str | list) -> list[dict[str, Any]]:
	"""Fields of one or two records, for who may read each: label, a value for each record, do they differ?

	Numbers show as they are stored, masked.
	"""
	if doctype not in SEARCHED:
		frappe.throw(_("You may not look for such records."), frappe.PermissionError)
	docs = []
	for name in parse(records, list)[:2]:
		frappe.has_permission(doctype, "read", str(name), throw=True)
		docs.append(frappe.get_doc(doctype, str(name)))
	return [row for field in comparable_fields(doctype) if (row := _compared(field, docs))]


def comparable_fields(doctype: str) -> list[Any]:
	"""What a user enters and sees; no tables, no texts of the app's own."""
	return [
		field
		for field in frappe.get_meta(doctype).fields
		if field.fieldtype not in no_value_fields
		and field.fieldtype not in ("Table", "Table MultiSelect", "Attach Image")
		and not (field.hidden and field.fieldname != "status")
		and field.fieldname not in ("duplicate_reason", "merged_into", "case_closure")
	]


def _compared(field: Any, docs: list[Document]) -> dict[str, Any] | None:
	"""None where neither record says anything, or the user may not see the field."""
	if not all(doc.has_permlevel_access_to(field.fieldname, field, "read") for doc in docs):
		return None
	values = [_shown(doc, field) for doc in docs]
	if not any(values):
		return None
	label = _(field.label, context=field.parent)
	return {"fieldname": field.fieldname, "label": label, "values": values, "differs": len(set(values)) > 1}


def _shown(doc: Document, field: Any) -> str:
	value = doc.get(field.fieldname)
	if value in (None, ""):
		return ""
	if field.fieldtype == "Select":
		return _(value, context=doc.doctype)
	return str(doc.get_formatted(field.fieldname))
