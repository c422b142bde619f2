"""Who did see what of a student: forms opened, prints, attachments, exports and disclosures (F13, X1, X2).

A DocType takes part by `track_views`; whose student a record is, its links to Student File tell.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

import frappe
from frappe import _
from frappe.query_builder import Criterion
from frappe.query_builder.functions import IfNull
from frappe.utils import add_days, get_datetime
from pypika.queries import QueryBuilder, Table

Record = tuple[str, str]  # DocType, name


@dataclass(frozen=True)
class Sighting:
	"""`kind`: Opened, Printed, Attachment, Export or Disclosure. `student` is None for a list of many students."""

	user: str
	student: str | None
	seen_on: datetime
	kind: str
	what: str


@dataclass(frozen=True)
class Asked:
	from_date: date
	to_date: date
	user: str | None = None
	student: str | None = None

	def query(self, log: str, user: str, moment: str = "creation") -> tuple[Table, QueryBuilder]:
		"""The log within the days asked for, of the user asked for."""
		table = frappe.qb.DocType(log)
		query = frappe.qb.from_(table).select(table[user].as_("user"), table[moment].as_("seen_on"))
		query = query.where(table[moment] >= f"{self.from_date} 00:00:00")
		query = query.where(table[moment] < f"{add_days(self.to_date, 1)} 00:00:00")
		return table, query.where(table[user] == self.user) if self.user else query


def find_sightings(
	from_date: date, to_date: date, user: str | None = None, student: str | None = None
) -> list[Sighting]:
	"""Of one user, or of one student, or both, oldest first; the number of queries is fixed."""
	asked = Asked(from_date, to_date, user, student)
	records = records_of(student) if student else None
	found = [*record_sightings(asked, records), *list_exports(asked), *disclosures(asked)]
	return sorted(found, key=lambda sighting: sighting.seen_on)


# ---------------------------------------------------------------- records: views, prints, attachments


def record_sightings(asked: Asked, records: dict[Record, set[str]] | None) -> list[Sighting]:
	"""One for each student of the record that was seen; `records`, if given, are those that count."""
	attached = attachments(records) if records is not None else None
	names = None if records is None else {name for _doctype, name in (*records, *attached)}
	rows = [*views(asked, names), *prints(asked, names)]
	if records is None:
		attached = attachments_among(rows)
		seen = {(row.doctype, row.name) for row in rows} | set(attached.values())
		records = students_of_records(seen)
	return [
		sighting
		for row in rows
		for sighting in told(row, attached.get((row.doctype, row.name)), records, asked.student)
	]


def told(row: dict, owner: Record | None, records: dict[Record, set[str]], student: str | None):
	"""The sightings that one line of a log means; `owner` is the record that a file hangs on."""
	kind = "Attachment" if owner else row.kind
	record = owner or (row.doctype, row.name)
	for seen in sorted(records.get(record, ())):
		if student in (None, seen):
			yield Sighting(row.user, seen, get_datetime(row.seen_on), kind, describe(kind, record[0]))


def describe(kind: str, doctype: str) -> str:
	sentences = {
		"Opened": _("{0} opened"),
		"Printed": _("{0} printed"),
		"Attachment": _("Attachment of {0} opened"),
		"Export": _("List exported: {0}"),
	}
	return sentences[kind].format(_(doctype))


def views(asked: Asked, names: set[str] | None) -> list[dict]:
	log, query = asked.query("View Log", "viewed_by")
	query = query.select(log.reference_doctype.as_("doctype"), log.reference_name.as_("name"))
	query = query.where(log.reference_doctype.isin(tracked_doctypes()))
	if names is not None:
		query = query.where(log.reference_name.isin(sorted(names) or [""]))
	return [row.update(kind="Opened") for row in query.run(as_dict=True)]


def prints(asked: Asked, names: set[str] | None) -> list[dict]:
	"""Access Log: prints and PDFs of a record, and private files that were opened."""
	log, query = asked.query("Access Log", "user")
	query = query.select(log.export_from.as_("doctype"), log.reference_document.as_("name"))
	query = query.where(log.export_from.isin((*tracked_doctypes(), "File")))
	if names is not None:
		query = query.where(log.reference_document.isin(sorted(names) or [""]))
	return [row.update(kind="Printed") for row in query.run(as_dict=True)]


# ---------------------------------------------------------------- lists of many students


def list_exports(asked: Asked) -> list[Sighting]:
	"""Exports and prints of lists and reports; whoever asks for one student cannot tell whether it was among them."""
	log, query = asked.query("Access Log", "user")
	reports = frappe.get_all("Report", {"module": "Bangfu App"}, pluck="name")
	query = query.select(log.export_from, log.report_name).where(IfNull(log.reference_document, "") == "")
	query = query.where(log.export_from.isin(tracked_doctypes()) | log.report_name.isin(reports or [""]))
	return [
		Sighting(
			row.user,
			None,
			get_datetime(row.seen_on),
			"Export",
			describe("Export", row.report_name or row.export_from),
		)
		for row in query.run(as_dict=True)
	]


# ---------------------------------------------------------------- what is closed to others


def disclosures(asked: Asked) -> list[Sighting]:
	"""Disclosure Log: numbers in clear, confidential records, our own exports."""
	log, query = asked.query("Disclosure Log", "user", "disclosed_on")
	query = query.select(log.student, log.kind, log.reference_doctype, log.reference_field, log.reason)
	if asked.student:
		query = query.where((log.student == asked.student) | (log.kind == "Export"))
	return [
		Sighting(row.user, row.student or None, get_datetime(row.seen_on), "Disclosure", disclosed(row))
		for row in query.run(as_dict=True)
	]


def disclosed(row: dict) -> str:
	"""What was shown and the reason that was given."""
	shown = _(row.kind, context="Disclosure Log")
	if row.kind == "Number":
		field = frappe.get_meta(row.reference_doctype).get_field(row.reference_field or "")
		shown = _("{0} shown").format(_(field.label) if field else shown)
	elif row.kind == "Export":
		shown = describe("Export", row.reference_doctype)
	return _("{0}, because: {1}").format(shown, row.reason) if row.reason else shown


# ---------------------------------------------------------------- whose record it is


def tracked_doctypes() -> list[str]:
	return frappe.get_all(
		"DocType", {"module": "Bangfu App", "track_views": 1, "istable": 0}, pluck="name", order_by="name"
	)


def links_to_students() -> list[tuple[str, str, str, str]]:
	"""(DocType, table, field with the record's name, field with the student) for every tracked DocType."""
	links = [("Student File", "Student File", "name", "name")]
	for doctype in tracked_doctypes():
		meta = frappe.get_meta(doctype)
		tables = [(doctype, "name"), *((table.options, "parent") for table in meta.get_table_fields())]
		links += [
			(doctype, table, key, link.fieldname)
			for table, key in tables
			for link in frappe.get_meta(table).get_link_fields()
			if link.options == "Student File"
		]
	return links


def records_of(student: str) -> dict[Record, set[str]]:
	"""All records of one student, as keys."""
	return _records(lambda table, key, field: table[field] == student)


def students_of_records(records: set[Record]) -> dict[Record, set[str]]:
	names = sorted({name for _doctype, name in records if name})
	if not names:
		return {}
	return _records(lambda table, key, field: table[key].isin(names) & (table[field] != ""))


def _records(condition) -> dict[Record, set[str]]:
	found = defaultdict(set)
	for doctype, source, key, field in links_to_students():
		table = frappe.qb.DocType(source)
		query = frappe.qb.from_(table).select(table[key], table[field]).where(condition(table, key, field))
		if key == "parent":
			query = query.where(table.parenttype == doctype)
		for name, student in query.run():
			found[doctype, name].add(student)
	return dict(found)


def attachments(records: dict[Record, set[str]]) -> dict[Record, Record]:
	"""Private files on these records: ("File", name) → record."""
	file = frappe.qb.DocType("File")
	names = sorted({name for _doctype, name in records}) or [""]
	return {
		file: record
		for file, record in _files(file.attached_to_name.isin(names)).items()
		if record in records
	}


def attachments_among(rows: list[dict]) -> dict[Record, Record]:
	names = sorted({row.name for row in rows if row.doctype == "File" and row.name}) or [""]
	return _files(frappe.qb.DocType("File").name.isin(names))


def _files(condition: Criterion) -> dict[Record, Record]:
	file = frappe.qb.DocType("File")
	query = frappe.qb.from_(file).select(file.name, file.attached_to_doctype, file.attached_to_name)
	return {("File", name): (doctype, owner) for name, doctype, owner in query.where(condition).run()}
