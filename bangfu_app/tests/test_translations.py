"""The Chinese of every string of ours: translations/zh.csv is complete, clean and without dead rows."""

import ast
import csv
import re
from collections import defaultdict
from functools import cache

from bangfu_app.tests import BangfuTestCase
from bangfu_app.tests.strings import PACKAGE, Text, of_python, of_record, of_script, texts, unspoken

CHINESE = re.compile("[\u4e00-\u9fff]")
PLACEHOLDER = re.compile(r"\{\w*\}|%[sd]|</?\w+")
# a half-width mark after a Chinese character, or before one
HALF_WIDTH = re.compile("[\u4e00-\u9fff][,;?!()]|[,;?!()][\u4e00-\u9fff]")
# sources that read the same in Chinese
SAME = {"%"}


@cache
def rows() -> list[list[str]]:
	with (PACKAGE / "translations" / "zh.csv").open(encoding="utf-8", newline="") as file:
		return [[cell.replace("\\n", "\n") for cell in row] for row in csv.reader(file, strict=True)]


@cache
def uses() -> dict[tuple[str, str], list[str]]:
	"""Places of each string, by source and context."""
	found = defaultdict(list)
	for text in texts():
		found[text.source, text.context].append(text.where)
	return dict(found)


class TestTranslations(BangfuTestCase):
	def test_every_string_has_its_chinese(self):
		"""In the context that Frappe asks for, or in general: a context falls back to the general row."""
		translated = {key(row) for row in rows()}
		self.assertNone(
			"without Chinese; add to translations/zh.csv",
			(
				f"{source!r} ({context or 'no context'}): {', '.join(places[:3])}"
				for (source, context), places in uses().items()
				if not {(source, context), (source, "")} & translated
			),
		)

	def test_no_row_is_dead(self):
		sources = {source for source, _context in uses()}
		self.assertNone(
			"in zh.csv, but nowhere in the app in that context",
			(
				f"{source!r}{context and f' ({context})'}"
				for source, context in map(key, rows())
				if (source, context) not in uses() and (context or source not in sources)
			),
		)

	def test_rows_are_well_formed(self):
		self.assertNone("not source, Chinese[, context]", (row for row in rows() if len(row) not in (2, 3)))
		self.assertNone(
			"with an empty cell", (row for row in rows() if not all(cell.strip() for cell in row))
		)
		seen = defaultdict(list)
		for row in rows():
			seen[key(row)].append(row[1])
		self.assertNone("twice in zh.csv", (f"{k}: {v}" for k, v in seen.items() if len(v) > 1))

	def test_placeholders_agree(self):
		self.assertNone(
			"with other placeholders or tags than the source",
			(
				row[:2]
				for row in rows()
				if set(PLACEHOLDER.findall(row[0])) != set(PLACEHOLDER.findall(row[1]))
			),
		)

	def test_chinese_is_chinese(self):
		self.assertNone(
			"left in English",
			(row[:2] for row in rows() if not CHINESE.search(row[1]) and row[0] not in SAME),
		)
		self.assertNone(
			"with half-width punctuation", (row[1] for row in rows() if HALF_WIDTH.search(row[1]))
		)

	def test_sources_are_english(self):
		self.assertNone(
			"Chinese in the code; write English there and Chinese in zh.csv",
			(f"{source!r}: {places[0]}" for (source, _), places in uses().items() if CHINESE.search(source)),
		)

	def test_nothing_is_spoken_untranslated(self):
		self.assertNone("shown without passing _()", unspoken())

	def assertNone(self, what: str, faults) -> None:
		faults = [str(fault) for fault in faults]
		self.assertFalse(faults, f"{len(faults)} {what}:\n" + "\n".join(faults))


class TestStrings(BangfuTestCase):
	"""The collector itself: what it does not find, nobody translates."""

	def test_python(self):
		code = """
_("plain"), _('it "quotes"'), _("joined " "twice"), _("added " + "up"), _("Row {0}").format(1)
_("yes" if here else "no"), _("Kind", context="Pairing"), _("Kind", None, "Support Plan"), _(variable), no_("x")
"""
		self.assertCountEqual(
			[(text.source, text.context) for text in of_python(ast.parse(code), "x.py")],
			[
				("plain", ""),
				('it "quotes"', ""),
				("joined twice", ""),
				("added up", ""),
				("Row {0}", ""),
				("yes", ""),
				("no", ""),
				("Kind", "Pairing"),
				("Kind", "Support Plan"),
			],
		)

	def test_scripts_and_templates(self):
		code = r"""
__("a", [x]); __('it\'s'); __(
	"on " +
	"two lines"
); __(`back`); __("Kind", null, "Pairing"); frm.__("not ours"); __(variable)
{{ _("in Jinja") }} {{ _("Item", None, "Aid Item") }} {{ _('s', context='Partner') }}
"""
		self.assertEqual(
			[(text.source, text.context) for text in of_script(code, "x.js")],
			[
				("a", ""),
				("it's", ""),
				("on two lines", ""),
				("back", ""),
				("Kind", "Pairing"),
				("in Jinja", ""),
				("Item", "Aid Item"),
				("s", "Partner"),
			],
		)

	def test_records(self):
		field = {"fieldname": "kind", "fieldtype": "Select", "label": "Kind", "options": "\nPlan\nIEP"}
		record = {"doctype": "DocType", "name": "Plan", "fields": [field], "links": [{"group": "After"}]}
		self.assertEqual(
			list(of_record(record, "plan.json")),
			[
				Text("Kind", "Plan", "plan.json"),
				Text("Plan", "Plan", "plan.json"),
				Text("IEP", "Plan", "plan.json"),
				Text("After", "", "plan.json"),
				Text("Plan", "", "plan.json"),
			],
		)


def key(row: list[str]) -> tuple[str, str]:
	return row[0], row[2] if len(row) > 2 else ""
