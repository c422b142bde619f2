"""Kinds of number that are kept encrypted: how each is written, what is wrong with it, what of it is shown."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from bangfu_app.privacy import identity

MASK = "*"


@dataclass(frozen=True)
class NumberKind:
	name: str  # an option of Unmask Right
	normalise: Callable[[str | None], str]  # equal numbers, however typed, become equal
	fault_of: Callable[[str], str | None]  # of a normalised number; a translatable English sentence
	mask: Callable[[str], str]  # at least one MASK for any text that is not empty


def _half_width(text: str | None) -> str:
	"""No spaces, dashes, brackets, nor the apostrophe of a spreadsheet."""
	return re.sub(r"[\s\-\u2010-\u2015()._'‘’`]", "", unicodedata.normalize("NFKC", text or ""))


# ---------------------------------------------------------------- phones


def normalise_phone(text: str | None) -> str:
	"""Digits; the country code of China is left out, another one stays with its +."""
	return re.sub(r"^(\+86|0086)", "", _half_width(text))


def phone_fault_of(number: str) -> str | None:
	if not re.fullmatch(r"\+?\d{5,15}", number):
		return "must have 5 to 15 digits"
	return None


def mask_phone(number: str) -> str:
	"""138****5678 of a mobile; of a landline its area code and the last four; of a short one the last two."""
	landline = re.fullmatch(r"(0(?:10|2\d|[3-9]\d\d))(\d{7,8})", number)
	if landline:
		area, local = landline.groups()
		return area + MASK * (len(local) - 4) + local[-4:]
	if len(number) < 11:
		return _mask_middle(number, 0, 2)
	return _mask_middle(number, 3, 4)


# ---------------------------------------------------------------- bank accounts


def normalise_account(text: str | None) -> str:
	return _half_width(text).upper()


def account_fault_of(number: str) -> str | None:
	if not re.fullmatch(r"\d{8,32}", number):
		return "must have 8 to 32 digits"
	return None


def mask_account(number: str) -> str:
	return _mask_middle(number, 0, 4)


def _mask_middle(number: str, head: int, tail: int) -> str:
	"""Head and tail stay where four characters or more are hidden between them, else nothing stays."""
	hidden = len(number) - head - tail
	if hidden < 4:
		return MASK * len(number)
	return number[:head] + MASK * hidden + number[-tail:]


def mask_identity(number: str) -> str:
	"""999***********9978: the date of birth and the order are hidden."""
	return _mask_middle(number, 3, 4)


IDENTITY = NumberKind("Identity Number", identity.normalise, identity.fault_of, mask_identity)
PHONE = NumberKind("Phone", normalise_phone, phone_fault_of, mask_phone)
BANK_ACCOUNT = NumberKind("Bank Account", normalise_account, account_fault_of, mask_account)
