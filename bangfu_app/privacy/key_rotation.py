"""A new encryption key for the site: `bench rotate-encryption-key`, at any point interrupted and run again.

1. The new key is written beside the old one. From then on both are tried to read and to search, the new one
   is written with (site_keys.py).
2. What the app encrypts is brought under the new key, in batches that are committed one by one.
3. Frappe's own passwords follow in one transaction, and the new key becomes the site's.
4. The old key stays beside it until `retire_previous_key`, an hour later or more, has found nothing under it:
   a transaction that was open meanwhile may have used it.

No progress is stored: whatever the new key opens is done, the rest is not.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import frappe
from cryptography.fernet import Fernet
from frappe.query_builder import Table
from frappe.utils import add_to_date, get_datetime, now_datetime
from frappe.utils.password import get_encryption_key
from frappe.utils.synchronization import filelock

from bangfu_app.privacy import sealed_numbers, site_keys

ROTATED_ON = "bangfu_key_rotated_on"
BATCH = 200


class EncryptedField(NamedTuple):
	doctype: str
	cipher: str
	hash: str | None = None  # a keyed hash of the same text


# Encrypted columns beside the sealed numbers, which are found by their declaration.
ENCRYPTED_FIELDS: list[EncryptedField] = [
	EncryptedField("Confidential Entry", "text_cipher"),
	EncryptedField("Confidential Entry", "reason_cipher"),
]
# Dotted names of functions that yield the paths of files encrypted with site_keys.encrypt_bytes.
ENCRYPTED_FILES: list[str] = ["bangfu_app.privacy.confidential.sealed_papers"]

Commit = Callable[[], None]
Report = Callable[[str], None]


def rotate(report: Report = print, commit: Commit | None = None) -> int:
	"""Begin a rotation, or end one that was interrupted; the number of values that no key of the site opens."""
	commit = commit or frappe.db.commit
	with filelock("bangfu_key_rotation", timeout=1):
		if not site_keys.stored(site_keys.NEXT):
			if site_keys.stored(site_keys.PREVIOUS):
				_retire(report, commit)
			site_keys.keys()  # a site that has encrypted nothing yet gets its key now
			site_keys.store({site_keys.NEXT: Fernet.generate_key().decode()})
			report("The new key is in site_config.json, beside the old one.")
		unreadable = reencrypt_ours(report, commit)
		_switch(report, commit)
		return unreadable


def retire_previous_key() -> None:
	"""Daily: take the old key away once nothing can be under it any more."""
	rotated_on = site_keys.stored(ROTATED_ON)
	if not site_keys.stored(site_keys.PREVIOUS) or site_keys.stored(site_keys.NEXT):
		return
	if rotated_on and get_datetime(rotated_on) > add_to_date(now_datetime(), hours=-1):
		return
	with filelock("bangfu_key_rotation", timeout=1):
		_retire(lambda line: None, frappe.db.commit)


def _switch(report: Report, commit: Commit) -> None:
	"""Frappe's passwords and the site's key. Where the last commit fails, the old key is the site's again."""
	old, new = get_encryption_key(), site_keys.stored(site_keys.NEXT)
	count = reencrypt_passwords()
	if old != new:  # else an earlier run was killed right after it had written the new one
		now = now_datetime().isoformat(" ", "seconds")
		site_keys.store({site_keys.CURRENT: new, site_keys.PREVIOUS: old, ROTATED_ON: now})
	try:
		commit()
	except Exception:
		if old != new:
			site_keys.store({site_keys.CURRENT: old, site_keys.PREVIOUS: None, ROTATED_ON: None})
		raise
	site_keys.store({site_keys.NEXT: None})
	frappe.clear_cache()
	report(f"{count} passwords of Frappe; the new key is the site's.")


def _retire(report: Report, commit: Commit) -> None:
	reencrypt_ours(report, commit)
	reencrypt_passwords()
	commit()
	site_keys.store({site_keys.PREVIOUS: None, ROTATED_ON: None})


# ---------------------------------------------------------------- what the app encrypts


def encrypted_fields() -> list[EncryptedField]:
	sealed = [
		EncryptedField(doctype, sealed_numbers.cipher_field(name), sealed_numbers.hash_field(name))
		for doctype, fields in sealed_numbers.all_declared().items()
		for name in fields
	]
	return sealed + ENCRYPTED_FIELDS


def reencrypt_ours(report: Report, commit: Commit) -> int:
	"""All columns and files that are not yet under the newest key; the number of those that no key opens."""
	unreadable = 0
	for field in encrypted_fields():
		done = 0
		for changed, lost in _reencrypt_column(field):
			commit()
			done, unreadable = done + changed, unreadable + lost
		report(f"{field.doctype}.{field.cipher}: {done}")
	for path in (path for name in ENCRYPTED_FILES for path in frappe.get_attr(name)()):
		unreadable += not reencrypt_file(Path(path))
	return unreadable


def _reencrypt_column(field: EncryptedField) -> Iterator[tuple[int, int]]:
	"""Batch by batch in the order of names: (values brought under the new key, values that no key opens)."""
	last = ""
	while rows := _batch(field, last):
		last = rows[-1].name
		outcomes = [_reencrypt_row(field, row) for row in rows]
		yield outcomes.count(True), outcomes.count(None)


def _batch(field: EncryptedField, after: str) -> list:
	table = frappe.qb.DocType(field.doctype)
	query = frappe.qb.from_(table).select(table.name, table[field.cipher].as_("cipher"))
	if frappe.get_meta(field.doctype).istable:
		query = query.select(table.parenttype, table.parent)
	query = query.where((table.name > after) & table[field.cipher].isnotnull() & (table[field.cipher] != ""))
	return query.orderby(table.name).limit(BATCH).run(as_dict=True)


def _reencrypt_row(field: EncryptedField, row: dict) -> bool | None:
	"""True: brought under the newest key; False: was there already; None: no key opens it, it stays as it is."""
	if site_keys.is_newest(row.cipher.encode()):
		return False
	try:
		text = site_keys.decrypt(row.cipher)
	except site_keys.UnreadableCipher:
		return None
	table = frappe.qb.DocType(field.doctype)
	query = frappe.qb.update(table).set(table[field.cipher], site_keys.encrypt(text))
	if field.hash:
		query = query.set(table[field.hash], site_keys.hashes(text)[0])
	# what somebody has changed since it was read stays as that one wrote it, under the newest key
	query.where((table.name == row.name) & (table[field.cipher] == row.cipher)).run()
	frappe.clear_document_cache(row.get("parenttype") or field.doctype, row.get("parent") or row.name)
	return True


def reencrypt_file(path: Path) -> bool:
	"""Is it readable? Replaced as a whole, so that at any moment the old or the new file is there."""
	content = path.read_bytes()
	if site_keys.is_newest(content):
		return True
	try:
		clear = site_keys.decrypt_bytes(content)
	except site_keys.UnreadableCipher:
		return False
	part = path.with_name(path.name + ".part")
	part.write_bytes(site_keys.encrypt_bytes(clear))
	part.chmod(path.stat().st_mode & 0o777)
	os.replace(part, path)
	return True


# ---------------------------------------------------------------- what Frappe encrypts


def reencrypt_passwords() -> int:
	"""Passwords of Frappe's accounts and settings, and secrets of two-factor sign-in; not committed."""
	auth = Table("__Auth")
	defaults = frappe.qb.DocType("DefaultValue")
	passwords = frappe.qb.from_(auth).select(auth.doctype, auth.name, auth.fieldname, auth.password)
	secrets = frappe.qb.from_(defaults).select(defaults.name, defaults.defvalue)
	count = 0
	for doctype, name, fieldname, cipher in passwords.where(auth.encrypted == 1).run():
		this = (auth.doctype == doctype) & (auth.name == name) & (auth.fieldname == fieldname)
		count += _reencrypt_value(auth, auth.password, cipher, this)
	for name, cipher in secrets.where(defaults.defkey.like("%_otpsecret")).run():
		count += _reencrypt_value(defaults, defaults.defvalue, cipher, defaults.name == name)
	return count


def _reencrypt_value(table: Table, column: object, cipher: str | None, this: object) -> bool:
	"""Was it under an older key? A value that no key opens (an old secret in clear) stays as it is."""
	if not cipher or site_keys.is_newest(cipher.encode()):
		return False
	try:
		text = site_keys.decrypt(cipher)
	except site_keys.UnreadableCipher:
		return False
	frappe.qb.update(table).set(column, site_keys.encrypt(text)).where(this & (column == cipher)).run()
	return True
