"""Identity numbers of China (GB 11643): what they hold and when they are sound. Sealed by sealed_numbers.py."""

import re
import unicodedata
from datetime import date

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"


def normalise(text: str | None) -> str:
	"""Half-width digits, no spaces, no leading apostrophe of a spreadsheet, X in upper case."""
	return re.sub(r"[\s'‘’`]", "", unicodedata.normalize("NFKC", text or "")).upper()


def fault_of(number: str) -> str | None:
	"""What is wrong with a normalised identity number, as a translatable English sentence; None if nothing."""
	if not re.fullmatch(r"\d{17}[\dX]", number):
		return "must have 18 digits"
	if CHECK_DIGITS[sum(w * int(d) for w, d in zip(WEIGHTS, number, strict=False)) % 11] != number[-1]:
		return "wrong check digit"
	if birth_date_of(number) is None:
		return "holds no valid date of birth"
	return None


def disagreement(number: str, birth_date: date | None, gender: str | None) -> str | None:
	"""What does not agree with a sound number, as `fault_of` says it; a blank agrees."""
	if birth_date and birth_date_of(number) != birth_date:
		return "The date of birth does not agree with the identity number."
	if gender and gender_of(number) != gender:
		return "The gender does not agree with the identity number."
	return None


def birth_date_of(number: str) -> date | None:
	try:
		return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
	except ValueError:
		return None


def gender_of(number: str) -> str:
	return "Male" if int(number[16]) % 2 else "Female"
