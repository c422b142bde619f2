"""Records written by sets: what doc.insert() does that matters, for thousands of rows at once.

A Layout with `bulk` names the function that holds the record's own rules; its controller uses the same one. What
a set cannot do is left for documents (importer.py): a record that changes and keeps versions, text with markup,
whatever the database refuses, and the whole DocType while the office has hung something on its records.

Left out, because nothing of ours reads it: Frappe's Workflow Action rows (what waits for whom is told by
approvals/waiting.py, and a draft waits for nobody), document follows, one list_update message for each record.
"""

from typing import Any

import frappe
from frappe.model.base_document import get_controller

from bangfu_app.excel import rights
from bangfu_app.excel.differences import differences
from bangfu_app.excel.masters import Missing
from bangfu_app.excel.plain_rows import Lookup, PlainRows
from bangfu_app.excel.records import Record
from bangfu_app.excel.refusals import not_allowed, refusal_of
from bangfu_app.persons import duplicate_desk, duplicates, search_before_create
from bangfu_app.persons.duplicates import Match

SET = "bangfu_set"
CHUNK = 1_000  # names per query
EVENTS = (
	"before_insert",
	"validate",
	"before_save",
	"after_insert",
	"on_update",
	"on_change",
	"before_validate",
)
OWN_APPS = {"frappe", "bangfu_app"}
# hooks of ERPNext on every record that do nothing to ours: none has a company, and agreements are asked for below
IDLE = {
	"erpnext.setup.doctype.transaction_deletion_record.transaction_deletion_record.check_for_running_deletion_job",
	"erpnext.support.doctype.service_level_agreement.service_level_agreement.apply",
}
# what an office can hang on the records of a DocType: it is to happen for imported ones too
HUNG_ON = {
	"Server Script": {"reference_doctype": None, "disabled": 0},
	"Notification": {"document_type": None, "enabled": 1},
	"Webhook": {"webhook_doctype": None, "enabled": 1},
	"Assignment Rule": {"document_type": None, "disabled": 0},
	"Milestone Tracker": {"document_type": None, "disabled": 0},
	"Service Level Agreement": {"document_type": None, "enabled": 1},
	"Workflow": {"document_type": None, "is_active": 1, "send_email_alert": 1},
}


def is_possible(doctype: str) -> bool:
	"""Does nothing but Frappe and this app take part when a record is inserted?"""
	if get_controller(doctype).__module__.split(".")[0] not in OWN_APPS:
		return False
	hooks = frappe.get_doc_hooks()
	for event in EVENTS:
		handlers = hooks.get(doctype, {}).get(event, []) + hooks.get("*", {}).get(event, [])
		if any(handler.split(".")[0] not in OWN_APPS for handler in set(handlers) - IDLE):
			return False
	if any(field.in_global_search for field in frappe.get_meta(doctype).fields):
		return False
	for kind, filters in HUNG_ON.items():
		asked = {name: doctype if value is None else value for name, value in filters.items()}
		if frappe.db.exists("DocType", kind) and frappe.db.exists(kind, asked):
			return False
	return True


class SetWriter:
	"""Writes the records of one import by sets; `run` is the WorkbookRun."""

	def __init__(self, run: Any):
		self.layout = run.layout
		self.masters = run.masters
		self.value_of = Lookup()
		self.doctype = run.layout.doctype
		self.meta = frappe.get_meta(self.doctype)
		self.maker = PlainRows(self.doctype, self.value_of)
		self.is_searched = self.doctype in duplicates.SEARCHED
		self.declared = self.layout.of | self.layout.constants
		self.beside = run.layout.beside
		self.maker_beside = PlainRows(self.beside.doctype, self.value_of) if self.beside else None

	def write(self, records: list[Record]) -> list[Record]:
		"""Write these; the records that only documents can write come back."""
		new = [record for record in records if not record.existing]
		known = [record for record in records if len(record.existing) == 1]
		left = [record for record in records if len(record.existing) > 1]
		return [*left, *self.create(new), *self.compare(known)]

	# ------------------------------------------------------------ new records

	def create(self, records: list[Record]) -> list[Record]:
		"""Those that are left for documents: all of them where what is refused had masters made for it."""
		known = set(self.masters.made)
		frappe.db.savepoint(SET)
		left, made = [], []
		self.maker.learn_links([record.values for record in records])
		for record, alike in zip(records, self.search(records), strict=True):
			if alike is None or has_markup(record.values):
				left.append(record)
			elif row := self.make(record, alike):
				made.append((record, row))
		refused = rights.refused_new(self.doctype, [row for _record, row in made])
		if (refused and known != set(self.masters.made)) or not self.insert(made, refused):
			frappe.db.rollback(save_point=SET)
			self.masters.forget(known)
			left = [record for record in records if not record.is_faulty]
		frappe.db.release_savepoint(SET)
		return left

	def search(self, records: list[Record]) -> list[list[Match] | None]:
		"""Search before create, for all at once; None for one like another of the set: a document looks again."""
		if not self.is_searched:
			return [[] for _record in records]
		persons = [duplicates.person_of(self.doctype, record.values) for record in records]
		alike, seen = duplicates.find_many(persons), set()
		for place, person in enumerate(persons):
			keys = duplicates.likely_keys(person)
			if seen & keys:
				alike[place] = None
			seen |= keys
		return alike

	def make(self, record: Record, alike: list[Match]) -> frappe._dict | None:
		"""The plain row by the record's own rules; what they refuse is a fault of the row."""
		known = set(self.masters.made)
		rows = []

		def make() -> None:
			row = self.maker.make({**self.declared, **self.masters.resolve(record.values)})
			self.settle(row)
			if self.is_searched:
				row.flags = frappe._dict(duplicates=alike)
				search_before_create.refuse_duplicates(row)
			self.maker.seal(row)
			rows.append(row)

		if reason := refusal_of(make, writes=False):
			self.masters.forget(known)
			record.first.fault(None, reason)
		return rows[0] if rows else None

	def insert(self, made: list[tuple[Record, frappe._dict]], refused: set[int]) -> bool:
		"""False where the database refuses one of them, or the user may not write what stands beside."""
		good = [pair for place, pair in enumerate(made) if place not in refused]
		rows = [row for _record, row in good]
		try:
			if rows:
				self.insert_rows(rows)
			if self.beside and not self.insert_beside(good):
				return False
		except Exception as error:
			if not (frappe.db.is_duplicate_entry(error) or isinstance(error, frappe.db.DataError)):
				raise
			return False
		for record, row in good:
			record.name, record.outcome = row.name, "created"
		for place in refused:
			made[place][0].first.fault(None, not_allowed())
		return True

	def insert_rows(self, rows: list[frappe._dict]) -> None:
		if self.layout.complete:
			self.layout.complete(rows)
		self.maker.name(rows)
		self.maker.insert(rows)
		if self.layout.follow:
			self.layout.follow(rows)
		for row in rows if self.is_searched else ():
			duplicate_desk.record_matches(row)

	def insert_beside(self, made: list[tuple[Record, frappe._dict]]) -> bool:
		maker, dated, rows = self.maker_beside, self.beside.dated(), []
		for record, row in made:
			if said := record.values_beside(self.beside):
				self.value_of.know(self.doctype, row)
				rows.append(maker.make({**said, **dated, self.beside.link: row.name}))
		self.value_of.forget(self.doctype)
		if rights.refused_new(self.beside.doctype, rows):
			return False
		for row in rows:
			maker.check(row)
		if rows:
			maker.name(rows)
			maker.insert(rows)
		return True

	# ------------------------------------------------------------ stored ones

	def compare(self, records: list[Record]) -> list[Record]:
		"""Leave what says the same as its record; change what may be changed by sets; give back the others."""
		stored = self.stored([record.existing[0] for record in records])
		allowed = rights.allowed_stored(self.doctype, list(stored.values()))
		newest = self.newest_beside(list(stored)) if self.beside else {}
		left = []
		for record in records:
			name = record.name = record.existing[0]
			if name not in allowed:
				record.first.fault(None, not_allowed())
			elif self.is_unchanged(record, stored[name], newest.get(name)):
				record.outcome = "unchanged"
			elif not (self.may_change_by_set(record) and self.change(record, stored[name])):
				left += [] if record.is_faulty else [record]
		return left

	def stored(self, names: list[str]) -> dict[str, frappe._dict]:
		rows = {}
		for start in range(0, len(names), CHUNK):
			some = ["in", names[start : start + CHUNK]]
			rows |= {row.name: row for row in frappe.get_all(self.doctype, {"name": some}, ["*"])}
			for table in self.meta.get_table_fields():
				for row in rows.values():
					row.setdefault(table.fieldname, [])
				lines = frappe.get_all(
					table.options, {"parent": some, "parenttype": self.doctype}, ["*"], order_by="idx"
				)
				for line in lines:
					rows[line.parent][table.fieldname].append(line)
		return rows

	def newest_beside(self, names: list[str]) -> dict[str, frappe._dict]:
		newest = {}
		for start in range(0, len(names), CHUNK):
			filters = {self.beside.link: ["in", names[start : start + CHUNK]]}
			for row in frappe.get_all(self.beside.doctype, filters, ["*"], order_by=self.beside.newest):
				newest.setdefault(row[self.beside.link], row)
		return newest

	def is_unchanged(self, record: Record, stored: frappe._dict, beside: frappe._dict | None) -> bool:
		if self.layout.before_update or Missing in map(type, record.values.values()):
			return False
		if said := record.values_beside(self.beside) if self.beside else None:
			if not beside or differences(self.beside.doctype, beside, said):
				return False
		return not differences(self.doctype, stored, record.values)

	def may_change_by_set(self, record: Record) -> bool:
		"""A record of plain fields that keeps no versions and is bound to no approval."""
		tables = any(isinstance(value, list) for value in record.values.values())
		missing = any(isinstance(value, Missing) for value in record.values.values())
		kept = self.meta.track_changes or self.meta.get_workflow() or self.meta.is_submittable
		return not (
			tables or missing or kept or self.beside or self.maker.sealed or has_markup(record.values)
		)

	def change(self, record: Record, stored: frappe._dict) -> bool:
		"""By the record's own rules; False where they refuse it, which is then a fault of the row."""
		changes = differences(self.doctype, stored, record.values)
		row = frappe._dict({**stored, **changes, "doctype": self.doctype})
		if reason := refusal_of(lambda: self.settle(row), writes=False):
			record.first.fault(None, reason)
			return False
		if rights.refused_new(self.doctype, [row]):
			record.first.fault(None, not_allowed())
			return False
		if self.layout.complete:
			self.layout.complete([row])
		changed = {name: row[name] for name in stored if row.get(name) != stored[name]}
		changed |= {"modified": frappe.utils.now(), "modified_by": frappe.session.user}
		frappe.db.set_value(self.doctype, stored.name, changed, update_modified=False)
		record.changes = {name: (stored.get(name), value) for name, value in changes.items()}
		record.outcome = "updated"
		return True

	def settle(self, row: frappe._dict) -> None:
		self.maker.check(row)
		self.layout.bulk(row, self.value_of)


def has_markup(values: dict[str, Any]) -> bool:
	"""Documents clean such text."""
	said = "\n".join([value for value in values.values() if type(value) is str])
	return "<" in said or ">" in said
