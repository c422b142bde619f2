"""Identity numbers: checked (GB 11643), kept encrypted, found by a keyed hash, shown masked (domain §5, X2).

A sealed field `f` holds only the masked text. Beside it `f_cipher` holds the number encrypted with the
site's key and `f_hash` its keyed hash, which makes it unique and searchable without being readable.
"""

import hashlib
import hmac
import re
import unicodedata
from datetime import date

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils.password import decrypt, encrypt, get_encryption_key

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"
MASK = "*"


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


def birth_date_of(number: str) -> date | None:
	try:
		return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
	except ValueError:
		return None


def gender_of(number: str) -> str:
	return "Male" if int(number[16]) % 2 else "Female"


def mask(number: str) -> str:
	"""The first three and the last four characters stay: 999***********9978."""
	return number[:3] + MASK * (len(number) - 7) + number[-4:]


def keyed_hash(number: str) -> str:
	"""HMAC-SHA256 under the site's encryption key: equal numbers, equal hash; no way back."""
	return hmac.new(get_encryption_key().encode(), number.encode(), hashlib.sha256).hexdigest()


def seal(doc: Document, fieldname: str) -> None:
	"""Replace a number just entered by its mask; keep cipher and hash. A masked text means "unchanged"."""
	cipher, digest = f"{fieldname}_cipher", f"{fieldname}_hash"
	value = normalise(doc.get(fieldname))
	before = doc.get_doc_before_save()
	if value and MASK in value:
		if not before or before.get(fieldname) != value:
			frappe.throw(_("Enter the whole number; only a masked one was given."), title=_("Masked Number"))
		doc.update({fieldname: value, cipher: before.get(cipher), digest: before.get(digest)})
	elif value:
		doc.update({fieldname: mask(value), cipher: encrypt(value), digest: keyed_hash(value)})
	else:
		doc.update({fieldname: None, cipher: None, digest: None})


def unseal(doc: Document, fieldname: str) -> str | None:
	"""The number in clear. The caller answers for the right to see it."""
	cipher = doc.get(f"{fieldname}_cipher")
	return decrypt(cipher) if cipher else None
