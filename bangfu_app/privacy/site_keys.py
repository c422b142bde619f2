"""The keys of the site: what the app encrypts and hashes, also while the key is being changed (key_rotation.py).

Encrypt with these functions, not with frappe.utils.password: a value they wrote stays readable all the way
through a rotation. Keys are read from site_config.json whenever that file has changed, so that a job which
began before a rotation knows the new key too.
"""

import hashlib
import hmac
import json
import os
from functools import lru_cache
from pathlib import Path

import frappe
from cryptography.fernet import Fernet, InvalidToken
from frappe.utils.password import get_encryption_key
from frappe.utils.synchronization import filelock

CURRENT = "encryption_key"
NEXT = "bangfu_next_encryption_key"  # a rotation is under way
PREVIOUS = "bangfu_previous_encryption_key"  # a rotation is done, late writers may still have used this one


class UnreadableCipher(frappe.ValidationError):
	"""None of the site's keys opens it."""


def keys() -> tuple[str, ...]:
	"""All keys that values may be under; the first is the one to write with."""
	path = config_path()
	state = path.stat()
	following, current, previous = _keys_in(str(path), (state.st_mtime_ns, state.st_ino, state.st_size))
	all_keys = (following, current or get_encryption_key(), previous)
	return tuple(dict.fromkeys(key for key in all_keys if key))


@lru_cache(maxsize=64)
def _keys_in(path: str, state: tuple[int, ...]) -> tuple[str | None, ...]:
	"""`state` tells one content of the file from another."""
	config = json.loads(Path(path).read_text())
	return tuple(config.get(name) for name in (NEXT, CURRENT, PREVIOUS))


def encrypt(text: str) -> str:
	return encrypt_bytes(text.encode()).decode()


def decrypt(cipher: str) -> str:
	return decrypt_bytes(cipher.encode()).decode()


def encrypt_bytes(content: bytes) -> bytes:
	return _fernet(keys()[0]).encrypt(content)


def decrypt_bytes(cipher: bytes) -> bytes:
	for key in keys():
		try:
			return _fernet(key).decrypt(cipher)
		except InvalidToken:
			continue
	raise UnreadableCipher(frappe._("The site's encryption key does not open this value."))


def is_newest(cipher: bytes) -> bool:
	"""Is it under the key to write with?"""
	try:
		_fernet(keys()[0]).decrypt(cipher)
	except InvalidToken:
		return False
	return True


def hashes(text: str) -> list[str]:
	"""HMAC-SHA256 under each key: equal texts, equal hash; no way back. The first is the one to store."""
	return [hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest() for key in keys()]


@lru_cache(maxsize=8)
def _fernet(key: str) -> Fernet:
	return Fernet(key.encode())


# ---------------------------------------------------------------- site_config.json


def config_path() -> Path:
	return _config_path(frappe.local.site_path)


@lru_cache(maxsize=8)
def _config_path(site_path: str) -> Path:
	return Path(site_path, "site_config.json")


def stored(name: str) -> str | None:
	return json.loads(config_path().read_text()).get(name)


def store(values: dict[str, str | None]) -> None:
	"""All of them at once, None removes. Frappe's update_site_config empties the file before it writes: killed
	there, the site would have lost its key."""
	path = config_path()
	with filelock("site_config"):
		config = json.loads(path.read_text()) | values
		config = {name: value for name, value in config.items() if value is not None}
		_replace(path, json.dumps(config, indent=1, sort_keys=True).encode())
	if clear := getattr(_config_module(), "clear_site_config_cache", None):
		clear()
	_keys_in.cache_clear()
	for name, value in values.items():
		frappe.local.conf.pop(name, None)
		if value is not None:
			frappe.local.conf[name] = value


def _config_module():
	"""Frappe 16 keeps what it has read of the file, Frappe 15 reads it anew for each request."""
	try:
		import frappe.config as config
	except ImportError:
		return None
	return config


def _replace(path: Path, content: bytes) -> None:
	"""The old content or the new one is there at any moment; owner's rights stay."""
	part = path.with_name(path.name + ".part")
	part.touch(mode=0o600)
	with part.open("wb") as file:
		file.write(content)
		file.flush()
		os.fsync(file.fileno())
	part.chmod(path.stat().st_mode & 0o777)
	os.replace(part, path)
