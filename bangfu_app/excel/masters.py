"""Records that a row refers to: found by name or its translation, made when missing and allowed."""

from dataclasses import dataclass, field

import frappe
from frappe import _

from bangfu_app.excel.values import key

CHINESE = "zh"


@dataclass(frozen=True)
class Missing:
	"""Stands in a row for a record that is made when the row is written."""

	doctype: str
	key: tuple[str, ...]
	values: dict = field(compare=False, hash=False)


NESTED = frozenset({Missing, list, dict})


class Masters:
	"""Each DocType is read once per import. What is made counts as known until its row is taken back."""

	def __init__(self):
		self.made: dict[Missing, str] = {}
		self._names: dict[str, dict[str, str]] = {}
		self._indexes: dict[tuple[str, tuple[str, ...]], dict[tuple[str, ...], str]] = {}
		self._may_make: dict[str, bool] = {}

	def find(self, doctype: str, word: str) -> str | None:
		"""The record of this name. Masters are named in the language of the site, workbooks in any."""
		names = self._names_of(doctype)
		return names.get(key(word)) or names.get(key(_(word, CHINESE)))

	def index(self, doctype: str, fields: tuple[str, ...]) -> dict[tuple[str, ...], str]:
		"""Records by the comparable text of some fields."""
		if (doctype, fields) not in self._indexes:
			rows = frappe.get_all(doctype, fields=["name", *fields])
			self._indexes[doctype, fields] = {
				tuple(key(row[name]) for name in fields): row.name for row in rows
			}
		return self._indexes[doctype, fields]

	def may_make(self, doctype: str) -> bool:
		if doctype not in self._may_make:
			self._may_make[doctype] = bool(frappe.has_permission(doctype, "create"))
		return self._may_make[doctype]

	def named(self, doctype: str, word: str) -> Missing:
		"""A master to be made that is named by one of its fields."""
		fieldname = frappe.get_meta(doctype).autoname.removeprefix("field:")
		return Missing(doctype, (key(word),), {fieldname: word})

	def resolve(self, value: object) -> object:
		"""Replace what is missing by the name of the record, which is made on first use, as the user's own act."""
		if isinstance(value, dict):
			if NESTED.isdisjoint(map(type, value.values())):  # nearly always, and asked for each record
				return value
			return {name: self.resolve(item) for name, item in value.items()}
		if isinstance(value, list):
			return [self.resolve(item) for item in value]
		if not isinstance(value, Missing):
			return value
		if value not in self.made:
			self.made[value] = frappe.get_doc({"doctype": value.doctype, **value.values}).insert().name
		return self.made[value]

	def forget(self, kept: set[Missing]) -> None:
		"""The database has taken back what was made since `kept`."""
		for missing in set(self.made) - kept:
			frappe.clear_document_cache(missing.doctype, self.made.pop(missing))

	def _names_of(self, doctype: str) -> dict[str, str]:
		if doctype not in self._names:
			names = frappe.get_all(doctype, pluck="name")
			translated = {key(_(name, CHINESE)): name for name in names}
			self._names[doctype] = translated | {key(name): name for name in names}
		return self._names[doctype]


def choices_of(options: str, doctype: str, words: dict[str, str]) -> dict[str, str]:
	"""Comparable word → option of a Select: the option, its Chinese, and the office's other words for it."""
	choices = {key(word): option for word, option in words.items()}
	for option in filter(None, (options or "").split("\n")):
		for word in (option, _(option, CHINESE), _(option, CHINESE, doctype)):
			choices[key(word)] = option
	return choices
