"""One cell of an office's workbook → a value, or a fault that says what is wrong. Nothing here asks the database."""

import math
import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from frappe import _

from bangfu_app.privacy import identity, number_kinds

Cell = Any
YES = {"是", "有", "√", "✓", "对", "y", "yes", "true", "1"}
NO = {"否", "无", "没有", "×", "✗", "n", "no", "false", "0"}
APOSTROPHE = re.compile(r"^\s*['‘’`]")
FULL_WIDTH = re.compile(r"[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]")
SPACES = re.compile(r"[^\S\n]+")
# text without any of these is as it should be
UNTIDY = re.compile(r"[\s'‘’`\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]")
NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?", re.IGNORECASE)
CJK = r"\u3400-\u9fff\uf900-\ufaff"
ABSENT = "absent"
ABSENT_WORDS = {"缺考", "缺", "未考", "缺席", "absent", "abs"}
BETWEEN_CHARACTERS = re.compile(rf"(?<=[{CJK}])\s+(?=[{CJK}])")
# day numbers of a spreadsheet that are taken for a date: 1927 to 2119
SERIALS = range(10_000, 80_001)
# what a field of a record can hold: digits before the point, whole numbers below
DIGITS = 11
WHOLE_NUMBERS = 2**31
APOSTROPHES = set("'‘’`")
PLAIN = (str, int, float, Decimal, date, time, timedelta)
SPREADSHEET_ERRORS = re.compile(r"#(N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!)", re.IGNORECASE)


class CellFault(ValueError):
	"""What is wrong with a cell, in the reader's language, to be read after its heading."""


def is_blank(cell: Cell) -> bool:
	if not isinstance(cell, str):
		return cell is None
	if cell and cell[0] not in APOSTROPHES and not cell[0].isspace():
		return False
	return not _without_apostrophe(cell).strip()


def is_plain(cell: Cell) -> bool:
	"""Text, a number or a date; array formulas and data tables are objects of their own."""
	return cell is None or isinstance(cell, PLAIN)


def key(cell: Cell) -> str:
	"""For comparing headings, options and names: no spaces, half-width, lower case, no mark of a required column."""
	return _key(text(cell))


@lru_cache(maxsize=50_000)
def _key(words: str) -> str:
	return re.sub(r"[\s*:]+", "", unicodedata.normalize("NFKC", words)).casefold()


def text(cell: Cell) -> str:
	"""Trimmed, full-width digits and letters made half-width; Chinese punctuation stays."""
	if type(cell) is str and not UNTIDY.search(cell):
		return cell
	if isinstance(cell, float) and cell.is_integer():
		cell = int(cell)
	if isinstance(cell, datetime):
		return cell.date().isoformat() if cell.time().isoformat() == "00:00:00" else cell.isoformat(" ")
	words = "" if cell is None else _without_apostrophe(str(cell))
	words = FULL_WIDTH.sub(lambda found: unicodedata.normalize("NFKC", found[0]), words)
	return SPACES.sub(" ", words).strip()


def name(cell: Cell) -> str:
	"""A person's or an organisation's name: no spaces between Chinese characters."""
	words = text(cell)
	return BETWEEN_CHARACTERS.sub("", words) if " " in words or "\n" in words else words


def calendar_date(cell: Cell) -> date:
	"""A date cell, 2012/01/20, 2016年1月4日, 2012.1.20, 20120125, or a spreadsheet's day number."""
	if isinstance(cell, datetime):
		return cell.date()
	if isinstance(cell, date):
		return cell
	words = unicodedata.normalize("NFKC", text(cell)).replace(" ", "")
	if words.isdecimal() and int(words) in SERIALS:
		return date(1899, 12, 30) + timedelta(days=int(words))
	found = re.fullmatch(r"(\d{4})(\d{2})(\d{2})", words) or re.fullmatch(
		r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(T?[\d:.]+)?", words
	)
	try:
		return date(*map(int, found.groups()[:3]))
	except (AttributeError, ValueError):
		raise CellFault(_("not a date")) from None


def number(cell: Cell) -> Decimal:
	"""A number, also typed as text: "12,000", "¥3.50", "35%"."""
	if isinstance(cell, bool) or (isinstance(cell, float) and not math.isfinite(cell)):
		raise CellFault(_("not a number"))
	if type(cell) is int and -WHOLE_NUMBERS < cell < WHOLE_NUMBERS:
		return Decimal(cell)
	if type(cell) is float and abs(cell) < WHOLE_NUMBERS:
		return Decimal(int(cell) if cell.is_integer() else repr(cell))
	words = unicodedata.normalize("NFKC", text(cell)).replace(" ", "").replace(",", "")
	words = words.removeprefix("¥").removesuffix("元")
	percent = words.endswith("%")
	if not NUMBER.fullmatch(words.removesuffix("%")):
		raise CellFault(_("not a number"))
	try:
		figure = Decimal(words.removesuffix("%"))
	except InvalidOperation:
		raise CellFault(_("not a number")) from None
	if figure and figure.adjusted() >= DIGITS:
		raise CellFault(_("the number is too large"))
	return figure / 100 if percent else figure


def whole_number(cell: Cell) -> int:
	figure = number(cell)
	if figure != figure.to_integral_value():
		raise CellFault(_("not a whole number"))
	if abs(figure) >= WHOLE_NUMBERS:
		raise CellFault(_("the number is too large"))
	return int(figure)


def yes_no(cell: Cell) -> int:
	word = key(cell)
	if word in YES | NO:
		return int(word in YES)
	raise CellFault(_("neither yes nor no"))


def phone(cell: Cell) -> str:
	"""A mobile number, or a landline with its area code; dashes, spaces and +86 are left out."""
	digits = number_kinds.normalise_phone(text(cell))
	if not re.fullmatch(r"1[3-9]\d{9}|0\d{2,3}\d{7,8}", digits):
		raise CellFault(_("wrong format"))
	return digits


def identity_number(cell: Cell) -> str:
	if isinstance(cell, int | float):
		raise CellFault(_("typed as a number, which loses its last digits; format the cell as text"))
	digits = identity.normalise(_without_apostrophe(str(cell)))
	if fault := identity.fault_of(digits):
		raise CellFault(_(fault))
	return digits


def account_number(cell: Cell) -> str:
	if isinstance(cell, int | float) and abs(cell) >= 10**15:
		raise CellFault(_("typed as a number, which loses its last digits; format the cell as text"))
	number = number_kinds.normalise_account(text(cell))
	if fault := number_kinds.account_fault_of(number):
		raise CellFault(_(fault))
	return number


def school_year(cell: Cell) -> str:
	"""2025-2026, 2025—2026学年 or 2025学年."""
	found = re.fullmatch(r"(\d{4})(?:\D+(\d{4}))?(?:学年)?(?:度)?", text(cell).replace(" ", ""))
	if not found or (found[2] and int(found[2]) != int(found[1]) + 1):
		raise CellFault(_("not a school year, as 2025-2026"))
	return f"{found[1]}-{int(found[1]) + 1}"


def option(choices: dict[str, str]) -> Callable[[Cell], str]:
	"""One of the options; `choices` leads from `key(word)` to the option."""

	def parse(cell: Cell) -> str:
		try:
			return choices[key(cell)]
		except KeyError:
			raise CellFault(_("not one of the options")) from None

	return parse


def several(cell: Cell) -> list[str]:
	"""The parts of a cell that holds several words."""
	parts = re.split(r"[、,;/|\n]+", unicodedata.normalize("NFKC", text(cell)))
	return [part.strip() for part in parts if part.strip()]


def each(parse: Callable[[Cell], Any]) -> Callable[[Cell], list]:
	"""Parse the parts of a cell that holds several words; a word said twice counts once."""

	def parse_all(cell: Cell) -> list:
		return list(dict.fromkeys(parse(part) for part in several(cell)))

	return parse_all


def not_negative(parse: Callable[[Cell], Any]) -> Callable[[Cell], Any]:
	def parse_checked(cell: Cell) -> Any:
		figure = parse(cell)
		if figure < 0:
			raise CellFault(_("must not be negative"))
		return figure

	return parse_checked


def quantity(cell: Cell) -> Decimal:
	figure = number(cell)
	if figure <= 0:
		raise CellFault(_("must be more than 0"))
	return figure


def mark(cell: Cell) -> Decimal | str:
	"""Marks of a paper, or ABSENT."""
	if isinstance(cell, str) and key(cell) in ABSENT_WORDS:
		return ABSENT
	figure = number(cell)
	if figure < 0:
		raise CellFault(_("must not be negative"))
	return figure


def refuse_formula(cell: Cell) -> None:
	"""A formula has no value of its own here, and an error value has none at all."""
	if type(cell) in (int, float):
		return
	written = isinstance(cell, str) and cell.startswith("=") and len(cell) > 1
	if written or not is_plain(cell):
		raise CellFault(_("a formula; paste it as a value"))
	if isinstance(cell, str) and "#" in cell and SPREADSHEET_ERRORS.fullmatch(cell.strip()):
		raise CellFault(_("an error value of the spreadsheet"))


def _without_apostrophe(words: str) -> str:
	"""The apostrophe that makes a spreadsheet take digits for text."""
	return APOSTROPHE.sub("", words)
