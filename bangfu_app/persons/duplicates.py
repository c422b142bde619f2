"""Search before create: is there a record of this person already (F1)?

Exact by a number, near by name, date of birth and guardian's phone. Each way is one look-up by an index, for
one person or for the rows of a workbook. A DocType joins by a line in SEARCHED and a field `name_key` (Data,
indexed), which its controller fills with `name_keys.name_key`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

import frappe
from frappe.model.document import Document
from frappe.query_builder import Criterion
from frappe.utils import cstr, getdate
from pypika.terms import Parameter

from bangfu_app import rendered
from bangfu_app.persons.name_keys import name_key, plain_name, syllables
from bangfu_app.privacy import sealed_numbers, site_keys
from bangfu_app.privacy.number_kinds import MASK

CHUNK = 500  # persons per query
STUDENT_FILE = "Student File"
SOUGHT = Parameter("%(sought)s")  # hundreds of values, each of which frappe.qb would wrap in an object
SAME_KEY = 200  # rows looked at per person and key: a phone that whole classes give tells nothing
EXACT, LIKELY, POSSIBLE = "Exact", "Likely", "Possible"


@dataclass(frozen=True)
class Searched:
	"""Which fields of a DocType mean what; None for what it has not."""

	name: str
	birth_date: str = "birth_date"
	gender: str | None = "gender"
	student_no: str | None = "student_no"
	id_number: str | None = "id_number"  # sealed
	phone: str | None = "guardian_phone"  # sealed
	school: str = "school"
	stands_for: str | None = None  # names the Student File that the record has become, or become part of
	spent: tuple[str, tuple[str, ...]] | None = None  # (field, values) of records that hinder no new one


SEARCHED: dict[str, Searched] = {
	"Student File": Searched(name="student_name", stands_for="merged_into"),
	# who was turned down or passed on can be named anew
	"Screening": Searched(
		name="candidate_name", stands_for="student_file", spent=("decision", ("No Need", "Refer"))
	),
}

# reason → what it adds to the score, in percent of certainty; Duplicate Pair shows the reasons by these names
WEIGHTS = {
	"Same identity number": 100,
	"Same student number": 100,
	"Same name": 40,
	"Same sound of the name": 35,
	"Same name, other order": 30,
	"Same date of birth": 40,
	"Date of birth differs by one digit or by day and month": 20,
	"Same guardian phone": 35,
	"Other name": -20,
	"Other gender": -15,
	"Other student number": -25,
	"Other identity number": -60,
}
EXACT_REASONS = {"Same identity number", "Same student number"}
# two names or dates alone are no likely match; twins (date and phone, other name) come to 55
LIKELY_FROM, POSSIBLE_FROM = 65, 50


@dataclass(frozen=True)
class Person:
	"""What is compared, with numbers as keyed hashes. From a document, a row of a workbook or a stored row."""

	name: str = ""
	birth_date: date | None = None
	gender: str = ""
	student_no: str = ""
	id_hashes: frozenset[str] = frozenset()
	phone_hashes: frozenset[str] = frozenset()

	@property
	def name_key(self) -> str:
		return name_key(self.name)


@dataclass(frozen=True)
class Match:
	"""A stored record that is like a person. `score` 0–100."""

	doctype: str
	record: str
	score: int
	reasons: tuple[str, ...]

	@property
	def level(self) -> str:
		if EXACT_REASONS & set(self.reasons):
			return EXACT
		return LIKELY if self.score >= LIKELY_FROM else POSSIBLE


# ---------------------------------------------------------------- persons


def person_of(doctype: str, values: Document | dict[str, Any]) -> Person:
	"""From a document or from field values, numbers in clear or masked with their hash beside."""
	searched = SEARCHED[doctype]
	birth_date = values.get(searched.birth_date)
	return Person(
		name=cstr(values.get(searched.name)),
		birth_date=getdate(birth_date) if birth_date else None,
		gender=_value(values, searched.gender),
		student_no=_value(values, searched.student_no).strip(),
		id_hashes=_hashes(doctype, values, searched.id_number),
		phone_hashes=_hashes(doctype, values, searched.phone),
	)


def _value(values: Document | dict, fieldname: str | None) -> str:
	return cstr(values.get(fieldname)) if fieldname else ""


def _hashes(doctype: str, values: Document | dict, fieldname: str | None) -> frozenset[str]:
	"""Under each of the site's keys; of a masked number the stored one."""
	if not fieldname:
		return frozenset()
	number = sealed_numbers.declared(doctype)[fieldname].normalise(cstr(values.get(fieldname)))
	stored = values.get(sealed_numbers.hash_field(fieldname))
	if MASK in number or not number:
		return frozenset({stored} if stored and number else ())
	return frozenset(site_keys.hashes(number))


# ---------------------------------------------------------------- how alike two persons are


def compare(one: Person, other: Person) -> tuple[int, tuple[str, ...]]:
	"""Score 0–100 and its reasons; the same whichever comes first."""
	reasons = [reason for reason in (_name(one, other), *_dates(one, other), *_numbers(one, other)) if reason]
	if EXACT_REASONS & set(reasons):
		return 100, tuple(reasons)
	return max(0, min(100, sum(WEIGHTS[reason] for reason in reasons))), tuple(reasons)


def _name(one: Person, other: Person) -> str | None:
	if not (one.name_key and other.name_key):
		return None
	if one.name_key != other.name_key:
		return "Other name"
	if plain_name(one.name) == plain_name(other.name):
		return "Same name"
	if syllables(one.name) == syllables(other.name):
		return "Same sound of the name"
	return "Same name, other order"


def _dates(one: Person, other: Person) -> Iterable[str | None]:
	if one.birth_date and other.birth_date:
		if one.birth_date == other.birth_date:
			yield "Same date of birth"
		elif other.birth_date in near_dates(one.birth_date):
			yield "Date of birth differs by one digit or by day and month"
	if one.gender and other.gender and one.gender != other.gender:
		yield "Other gender"


def _numbers(one: Person, other: Person) -> Iterable[str | None]:
	if one.id_hashes and other.id_hashes:
		yield "Same identity number" if one.id_hashes & other.id_hashes else "Other identity number"
	if one.student_no and other.student_no:
		yield "Same student number" if one.student_no == other.student_no else "Other student number"
	if one.phone_hashes & other.phone_hashes:
		yield "Same guardian phone"


def likely_keys(person: Person) -> set[tuple]:
	"""Two persons that share none of these are no likely match, as WEIGHTS stand (a number apart)."""
	others = [person.birth_date, *person.phone_hashes]
	return {(person.name_key, other) for other in others if other} if person.name_key else set()


@lru_cache(maxsize=8192)
def near_dates(day: date) -> frozenset[date]:
	"""Dates that a slip makes of this one: day and month exchanged, or one digit another. Not the date itself."""
	text = day.strftime("%Y%m%d")
	# the century is not mistyped
	slips = {text[:at] + digit + text[at + 1 :] for at in range(2, 8) for digit in "0123456789"}
	return frozenset(map(_date, slips | {text[:4] + text[6:] + text[4:6]})) - {day, None}


def _date(text: str) -> date | None:
	try:
		return date(int(text[:4]), int(text[4:6]), int(text[6:]))
	except ValueError:
		return None


# ---------------------------------------------------------------- look-up


def find(person: Person, leave_out: str | None = None) -> list[Match]:
	"""Records like this one, the likest first; knows no rights. `leave_out`: the record's own name."""
	return [match for match in find_many([person])[0] if match.record != leave_out]


def find_many(persons: list[Person]) -> list[list[Match]]:
	"""For each person what `find` says, in four queries per DocType and CHUNK persons."""
	found: list[list[Match]] = []
	for start in range(0, len(persons), CHUNK):
		chunk = persons[start : start + CHUNK]
		pools = [Pool.read(doctype, chunk) for doctype in SEARCHED]
		found += [_best([match for pool in pools for match in pool.matches(one)]) for one in chunk]
	return found


def _best(matches: list[Match]) -> list[Match]:
	best: dict[tuple[str, str], Match] = {}
	for match in sorted(matches, key=lambda match: (-match.score, match.record)):
		best.setdefault((match.doctype, match.record), match)
	return list(best.values())


@dataclass
class Pool:
	"""Stored records that share a key with some of the persons: all a comparison needs, by each key."""

	doctype: str
	by_key: dict[tuple, list[tuple[str, str, Person]]] = field(default_factory=dict)

	@classmethod
	def read(cls, doctype: str, persons: list[Person]) -> "Pool":
		pool, rows = cls(doctype), {}
		for criterion, sought in _criteria(doctype, persons):
			rows |= {row.name: row for row in _read(doctype, criterion, sought, SAME_KEY * len(persons))}
		wanted = {key for person in persons for key in _keys(person)}
		for row in rows.values():
			pool.add(row, wanted)
		return pool

	def add(self, row: frappe._dict, wanted: set[tuple]) -> None:
		"""Under those of its keys that somebody looks for; most of a common name's rows have none."""
		searched = SEARCHED[self.doctype]
		keys = _stored_keys(searched, row) & wanted
		if not keys:
			return
		other = person_of(self.doctype, row)
		file = row.get(searched.stands_for) if searched.stands_for else None
		record = (STUDENT_FILE, file) if file else (self.doctype, row.name)
		for key in keys:
			self.by_key.setdefault(key, []).append((*record, other))

	def matches(self, person: Person) -> Iterable[Match]:
		for doctype, record, other in dict.fromkeys(
			stored for key in _keys(person) for stored in self.by_key.get(key, ())
		):
			score, reasons = compare(person, other)
			if score >= POSSIBLE_FROM:
				yield Match(doctype, record, score, reasons)


def _keys(person: Person) -> list[tuple]:
	"""What makes a stored record worth a comparison: a number, or the name with a date that may be a slip."""
	keys: list[tuple] = [("id", value) for value in person.id_hashes]
	keys += [("phone", value) for value in person.phone_hashes]
	keys += [("no", person.student_no)] if person.student_no else []
	name = person.name_key
	if name and person.birth_date:
		keys += [("name", name, day) for day in (person.birth_date, *near_dates(person.birth_date))]
	return keys


def _stored_keys(searched: Searched, row: frappe._dict) -> set[tuple]:
	"""Of a row as it is stored."""
	keys: set[tuple] = {("name", row.name_key, row[searched.birth_date])}
	for kind, name in (("id", searched.id_number), ("phone", searched.phone)):
		if name:
			keys.add((kind, row[sealed_numbers.hash_field(name)]))
	return keys | ({("no", row[searched.student_no])} if searched.student_no else set())


def _criteria(doctype: str, persons: list[Person]) -> Iterable[tuple[Criterion, list[str]]]:
	"""One condition for each index, and the values that SOUGHT stands for in it.

	One person's phone and name are narrowed by the date: few rows to read.
	"""
	table, searched = frappe.qb.DocType(doctype), SEARCHED[doctype]
	names = {person.name_key for person in persons if person.birth_date} - {""}
	ids = {value for person in persons for value in person.id_hashes}
	numbers = {person.student_no for person in persons} - {""}
	phones = {value for person in persons for value in person.phone_hashes}
	if ids and searched.id_number:
		yield table[sealed_numbers.hash_field(searched.id_number)].isin(SOUGHT), sorted(ids)
	if numbers and searched.student_no:
		yield table[searched.student_no].isin(SOUGHT), sorted(numbers)
	if phones and searched.phone:
		yield table[sealed_numbers.hash_field(searched.phone)].isin(SOUGHT), sorted(phones)
	if names:
		yield _by_name(table, searched, persons), sorted(names)


def _by_name(table: Any, searched: Searched, persons: list[Person]) -> Criterion:
	days = persons[0].birth_date and sorted({persons[0].birth_date, *near_dates(persons[0].birth_date)})
	by_name = table.name_key.isin(SOUGHT)
	return by_name & table[searched.birth_date].isin(days) if len(persons) == 1 and days else by_name


def _read(doctype: str, criterion: Criterion, sought: list[str], limit: int) -> list[frappe._dict]:
	table, searched = frappe.qb.DocType(doctype), SEARCHED[doctype]
	sealed = [name for name in (searched.id_number, searched.phone) if name]
	columns = ["name", "name_key", searched.name, searched.birth_date, searched.gender, searched.student_no]
	columns += [searched.stands_for, *sealed, *map(sealed_numbers.hash_field, sealed)]
	query = frappe.qb.from_(table).where(criterion).select(*(table[name] for name in columns if name))
	if searched.spent:
		fieldname, values = searched.spent
		query = query.where(table[fieldname].isnull() | table[fieldname].notin(values))
	return rendered.run(query.limit(limit).get_sql(), {"sought": sought}, as_dict=True)
