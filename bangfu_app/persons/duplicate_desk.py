"""Pairs of files that may be of one student: recorded when one is made and by a nightly job, decided at the desk."""

from collections.abc import Iterable

import frappe
from frappe.model.document import Document
from frappe.query_builder import Criterion
from frappe.utils import getdate
from pypika.queries import QueryBuilder

from bangfu_app.persons import duplicates, search_before_create
from bangfu_app.persons.duplicates import POSSIBLE_FROM, SEARCHED, Match

FILE = "Student File"


def pair_name(one: str, other: str) -> str:
	"""The same whichever comes first: the database keeps a pair from being there twice."""
	return " + ".join(sorted((one, other)))


def record_matches(doc: Document | frappe._dict) -> None:
	"""After a file was made in spite of files like it: a pair for each.

	"Different" counts where the user may read both; who sees only one of them cannot tell, so it stays open.
	"""
	for match in doc.flags.duplicates or []:
		if match.doctype != FILE or match.record == doc.name:
			continue
		pair = record_pair(doc.name, match)
		if pair and doc.get("duplicate_reason"):
			decided = search_before_create.may_read(match)
			pair.settle("Different" if decided else "Open", doc.duplicate_reason)


def record_pair(name: str, match: Match) -> Document | None:
	"""None where the pair is there already, in whatever state."""
	key = pair_name(name, match.record)
	if name == match.record or frappe.db.exists("Duplicate Pair", key):
		return None
	first, second = sorted((name, match.record))
	pair = frappe.get_doc(
		{
			"doctype": "Duplicate Pair",
			"status": "Open",
			"first_file": first,
			"second_file": second,
			"level": match.level,
			"score": match.score,
			"reasons": "\n".join(match.reasons),
			"found_on": getdate(),
		}
	)
	for side, file in (("first", first), ("second", second)):
		student_name, school = frappe.db.get_value(FILE, file, ["student_name", "school"])
		pair.update({f"{side}_name": student_name, f"{side}_school": school})
	pair.set_new_name()
	pair.set_user_and_timestamp()
	# found by the app, also for users who may see only one of the two: nobody has the right insert() asks for
	pair.db_insert()
	return pair


def relatives_of(file: str) -> list[dict[str, str]]:
	"""Linked files that the user may read, with the relation: brothers and sisters of the student."""
	linked = [
		(row[other], row.relation)
		for own, other in (("first_file", "second_file"), ("second_file", "first_file"))
		for row in frappe.get_all(
			"Duplicate Pair", {own: file, "status": "Linked"}, [other, "relation"], order_by="name"
		)
	]
	return [
		{
			"file": name,
			"relation": relation,
			"title": frappe.db.get_value(FILE, name, "student_name"),
		}
		for name, relation in linked
		if frappe.has_permission(FILE, "read", name)
	]


# ---------------------------------------------------------------- nightly


def find_pairs() -> int:
	"""Daily: pairs among all files by one key and a second one, each join by an index. Number of new ones."""
	known = set(frappe.get_all("Duplicate Pair", pluck="name"))
	found = {}
	for one, other in _candidates():
		if pair_name(one.name, other.name) not in known:
			found.setdefault(pair_name(one.name, other.name), (one, other))
	return sum(_record_if_alike(one, other) for one, other in found.values())


def _record_if_alike(one: frappe._dict, other: frappe._dict) -> bool:
	score, reasons = duplicates.compare(*(duplicates.person_of(FILE, row) for row in (one, other)))
	if score < POSSIBLE_FROM:
		return False
	return bool(record_pair(one.name, Match(FILE, other.name, score, reasons)))


def _candidates() -> Iterable[tuple[frappe._dict, frappe._dict]]:
	one, other = (frappe.qb.DocType(FILE).as_(alias) for alias in ("one", "other"))
	same_name, same_day = one.name_key == other.name_key, one.birth_date == other.birth_date
	same_phone = (one.guardian_phone_hash == other.guardian_phone_hash) & (one.guardian_phone_hash != "")
	for ways in (same_name & same_day & (one.name_key != ""), same_phone & same_name, same_phone & same_day):
		for row in _joined(one, other, ways).run(as_dict=True):
			yield tuple(
				frappe._dict({key[2:]: value for key, value in row.items() if key.startswith(side)})
				for side in ("a_", "b_")
			)


def _joined(one, other, ways: Criterion) -> QueryBuilder:
	searched = SEARCHED[FILE]
	columns = ["name", searched.name, searched.birth_date, searched.gender, searched.student_no]
	columns += ["id_number", "id_number_hash", "guardian_phone", "guardian_phone_hash"]
	query = frappe.qb.from_(one).join(other).on(ways & (one.name < other.name))
	for side, table in (("a_", one), ("b_", other)):
		query = query.where(table.merged_into.isnull() | (table.merged_into == ""))
		query = query.select(*(table[column].as_(side + column) for column in columns))
	return query


def forget(file: str) -> None:
	"""A file that was never approved is deleted: its pairs say nothing any more."""
	for fieldname in ("first_file", "second_file"):
		frappe.db.delete("Duplicate Pair", {fieldname: file})
