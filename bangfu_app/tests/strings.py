"""Every string of the app that a user can see, and where it stands. Reads files alone, no database.

Records of the module (JSON) by the keys that Frappe translates, `_()` in Python by the syntax tree, `_()`
and `__()` in scripts and templates by a small scanner, and the constants that reach `_()` in a variable.
"""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

PACKAGE = Path(__file__).resolve().parent.parent
SKIPPED = {"tests", "demo", "node_modules", "__pycache__"}  # nobody reads these on a desk

# record: keys of its own, keys of its child tables
KEYS = {
	"DocType": (
		("name", "description"),
		{
			"fields": ("label", "description", "placeholder"),
			"links": ("group",),
			"actions": ("label",),
			"states": ("title",),
		},
	),
	"Report": (("name",), {"columns": ("label",), "filters": ("label",)}),
	"Print Format": (("name",), {}),
	"Workspace": (
		("title", "label"),
		dict.fromkeys(("links", "charts", "number_cards", "quick_lists"), ("label",))
		| {"shortcuts": ("label", "format")},
	),
	"Workspace Sidebar": (("title",), {"items": ("label",)}),
	"Desktop Icon": (("label",), {}),
	"Number Card": (("label",), {}),
	"Dashboard Chart": (("chart_name",), {}),
	"Dashboard": (("dashboard_name",), {}),
	"Module Onboarding": (("title", "subtitle", "success_message"), {}),
	"Onboarding Step": (("title", "description", "action_label"), {}),
	"Web Form": (
		("title", "introduction_text", "success_message"),
		{"web_form_fields": ("label", "description")},
	),
	"Workflow": (("name",), {"states": ("state",), "transitions": ("action",)}),
}

# constants whose strings are translated when they are used
CONSTANTS = {
	"hooks.py": ("app_title",),
	"persons/duplicates.py": ("WEIGHTS",),
	"bangfu_app/report/enrolment_checks/enrolment_checks.py": ("STATES",),
	"install.py": ("KANBAN_BOARDS", "ROLES"),
	"money/subsidy_rules.py": ("TESTS", "INCOME_STATES", "YES_NO"),
	"bangfu_app/report/subsidy_register/subsidy_register.py": ("FIGURES",),
	"bookkeeping/custom_fields.py": ("LABELS", "DESCRIPTIONS"),
	"bookkeeping/items.py": ("ITEM_GROUP",),
	"bookkeeping/tie_out.py": ("POSTED", "NOT_POSTED", "GONE", "ORPHAN", "CANCELLED"),
	"alerts/signals.py": ("REPORT_SIGNS",),
	"masters.py": (
		"NEED_CATEGORIES",
		"SUBJECTS",
		"ASSESSMENT_DOMAINS",
		"SUPPORT_MEASURES",
		"PRIORITY_BANDS",
		"ELIGIBILITY_CRITERIA",
		"ALERT_RULES",
		"LEVEL_GROUPS",
		"BOTTOM_QUESTIONNAIRE",
		"SURVEY_TEMPLATES",
		"QUESTIONNAIRE",
		"COMPUTED_INDICATORS",
	),
}
# functions that return the source of a translation
FUNCTIONS = {
	"privacy/identity.py": ("fault_of", "disagreement"),
	"privacy/number_kinds.py": ("phone_fault_of", "account_fault_of"),
}
# strings in those constants that are values, not words
VALUE = re.compile(r"#[0-9A-F]{6}|[a-z]+(_[a-z]+)*")
COLOURS = {"Blue", "Cyan", "Gray", "Green", "Orange", "Purple", "Red", "Yellow"}

# names of translating functions in Python, and those whose first argument is shown as it stands
TRANSLATORS = {"_", "_lt", "say"}
SPEAKERS = {"throw", "msgprint"}
SPOKEN_KEYWORDS = {"title", "msg", "message"}

CALL = re.compile(r"(?<![\w.$])__?\(\s*")
LITERAL = re.compile(r'"((?:[^"\\\n]|\\.)*)"|\'((?:[^\'\\\n]|\\.)*)\'|`((?:[^`\\]|\\.)*)`')
JOIN = re.compile(r"\s*(?:\+|~)\s*")
TAG = re.compile(r"<[^>]*>")
CONTEXT = re.compile(r"\s*,\s*(?:(?:null|None|\[[^\]]*\])\s*,\s*|context\s*=\s*)([\"'])(.+?)\1")


# words outside any translating call: of a script as a label or first argument, of a template between tags
BARE = {
	".js": re.compile(
		r"(?:\b(?:label|title|message|placeholder|description)\s*:|(?:msgprint|throw|confirm|show_alert|button)\()"
		r"\s*([\"'`](?:[A-Z]|[a-z]+ )[^\n]*)"  # not a fieldname
	),
	".html": re.compile(r">([^<>{}]*[A-Za-z]{2}[^<>{}]*)<"),
}
JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|<style>.*?</style>|<script>.*?</script>|&\w+;", re.S)


class Text(NamedTuple):
	source: str
	context: str
	where: str


def texts() -> Iterator[Text]:
	"""All strings with the context (a DocType) in which Frappe asks for their translation, or ""."""
	yield Text(PACKAGE.joinpath("modules.txt").read_text().strip(), "", "modules.txt")
	for path in _files():
		where = str(path.relative_to(PACKAGE))
		if path.suffix == ".json":
			yield from of_record(json.loads(path.read_text(encoding="utf-8")), where)
		elif path.suffix == ".py":
			yield from of_python(ast.parse(path.read_text(encoding="utf-8")), where)
		else:
			yield from of_script(path.read_text(encoding="utf-8"), where)


def unspoken() -> Iterator[str]:
	"""Places where a user would read a literal that is never translated."""
	for path in _files():
		where = str(path.relative_to(PACKAGE))
		if path.suffix == ".py":
			for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
				for literal in untranslated(node):
					yield f"{where}:{literal.lineno}"
		elif path.suffix in BARE:
			# what is blanked out keeps its lines, so that the number is right
			code = JINJA.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), path.read_text(encoding="utf-8"))
			for bare in BARE[path.suffix].finditer(code):
				yield f"{where}:{code.count(chr(10), 0, bare.end()) + 1}: {bare[1].strip()}"


def _files() -> Iterator[Path]:
	for path in sorted(PACKAGE.rglob("*")):
		if path.suffix in {".json", ".py", ".js", ".html", ".vue"} and not SKIPPED & set(path.parts):
			yield path


# ---------------------------------------------------------------- records


def of_record(record: dict | list, where: str) -> Iterator[Text]:
	for row in record if isinstance(record, list) else [record]:
		if not isinstance(row, dict) or row.get("doctype") not in KEYS:
			continue
		own, children = KEYS[row["doctype"]]
		context = row["name"] if row["doctype"] == "DocType" else ""
		for child, keys in children.items():
			for line in row.get(child) or ():
				for key in keys:
					yield from _text(line.get(key), context if child == "fields" else "", where)
				yield from _options(line, context, where)
		for key in own:
			yield from _text(row.get(key), "", where)
		yield from _blocks(row, where)


def _options(field: dict, context: str, where: str) -> Iterator[Text]:
	if field.get("fieldtype") == "Select" and field.get("fieldname") != "naming_series":
		for option in (field.get("options") or "").split("\n"):
			yield from _text(option, context, where)


def _blocks(workspace: dict, where: str) -> Iterator[Text]:
	"""Headers and paragraphs in the layout of a Workspace. Frappe translates a header without its markup."""
	if workspace["doctype"] == "Workspace":
		for block in json.loads(workspace.get("content") or "[]"):
			text = block["data"].get("text") or ""
			yield from _text(TAG.sub("", text) if block["type"] == "header" else text, "", where)


def _text(source: str | None, context: str, where: str) -> Iterator[Text]:
	if source and source.strip():
		yield Text(source.strip(), context, where)


# ---------------------------------------------------------------- Python


def of_python(tree: ast.Module, where: str) -> Iterator[Text]:
	for node in ast.walk(tree):
		if isinstance(node, ast.Call) and _called(node) in TRANSLATORS and node.args:
			for source in _literals(node.args[0]):
				yield Text(source, _context(node), f"{where}:{node.lineno}")
		elif isinstance(node, ast.Assign) and _assigned(node) in CONSTANTS.get(where, ()):
			yield from _of_constant(node.value, where)
		elif isinstance(node, ast.FunctionDef) and node.name in FUNCTIONS.get(where, ()):
			for step in ast.walk(node):
				if isinstance(step, ast.Return) and step.value:
					yield from _of_constant(step.value, where)


def _of_constant(value: ast.expr, where: str) -> Iterator[Text]:
	for node in ast.walk(value):
		if isinstance(node, ast.Constant) and isinstance(node.value, str):
			if not VALUE.fullmatch(node.value) and node.value not in COLOURS:
				yield Text(node.value, "", f"{where}:{node.lineno}")


def _literals(node: ast.expr) -> Iterator[str]:
	"""The string of `"a"`, `"a" "b"` and `"a" + "b"`, both of `"a" if x else "b"`; nothing of a variable."""
	if isinstance(node, ast.Constant):
		yield node.value
	elif isinstance(node, ast.BinOp):
		yield "".join([*_literals(node.left), *_literals(node.right)])
	elif isinstance(node, ast.IfExp):
		yield from _literals(node.body)
		yield from _literals(node.orelse)


def _context(node: ast.Call) -> str:
	"""`context="…"` or the third argument, where it is a literal."""
	values = [keyword.value for keyword in node.keywords if keyword.arg == "context"] + node.args[2:3]
	return next((value.value for value in values if isinstance(value, ast.Constant)), "")


def untranslated(node: ast.AST) -> Iterator[ast.expr]:
	if isinstance(node, ast.Call):
		spoken = [keyword.value for keyword in node.keywords if keyword.arg in SPOKEN_KEYWORDS]
		if _called(node) in SPEAKERS:
			yield from (value for value in (*node.args[:1], *spoken) if _is_literal(value))
		elif _called(node) in TRANSLATORS:
			yield from (value for value in node.args[:1] if isinstance(value, ast.JoinedStr))
	elif isinstance(node, ast.Dict):
		for key, value in zip(node.keys, node.values, strict=True):
			if isinstance(key, ast.Constant) and key.value == "label" and _is_literal(value):
				yield value


def _is_literal(node: ast.expr) -> bool:
	return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _called(node: ast.Call) -> str:
	return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def _assigned(node: ast.Assign) -> str:
	return getattr(node.targets[0], "id", "")


# ---------------------------------------------------------------- scripts and templates


def of_script(code: str, where: str) -> Iterator[Text]:
	for call in CALL.finditer(code):
		source, end = _joined(code, call.end())
		if source:
			context = CONTEXT.match(code, end)
			line = code.count("\n", 0, call.start()) + 1
			yield Text(source, context[2] if context else "", f"{where}:{line}")


def _joined(code: str, start: int) -> tuple[str, int]:
	"""The literal at `start`, with those joined to it, and where it ends; "" for a variable."""
	parts, at = [], start
	while literal := LITERAL.match(code, at):
		parts.append(_unescape(next(group for group in literal.groups() if group is not None)))
		at = literal.end()
		if not (join := JOIN.match(code, at)):
			break
		at = join.end()
	return "".join(parts), at


def _unescape(text: str) -> str:
	return re.sub(r"\\(.)", lambda m: {"n": "\n", "t": "\t"}.get(m[1], m[1]), text, flags=re.S)
