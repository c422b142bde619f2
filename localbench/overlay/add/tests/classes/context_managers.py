"""Instead of the wheel's."""

import functools
import pdb
import signal
import sys
import traceback
from contextlib import contextmanager
from unittest.mock import patch

import frappe


@contextmanager
def change_settings(doctype, settings_dict=None, /, commit=False, **settings):
	"""Set fields of a Single, and set them back afterwards."""
	settings = {**(settings_dict or {}), **settings}
	doc = frappe.get_doc(doctype)
	before = {key: doc.get(key) for key in settings}
	try:
		_save(doctype, settings, commit)
		yield
	finally:
		_save(doctype, before, commit)


def _save(doctype, values, commit):
	doc = frappe.get_doc(doctype)
	doc.update(values)
	doc.flags.ignore_links = True
	doc.save(ignore_permissions=True)
	frappe.db.value_cache.clear()
	if commit:
		frappe.db.commit()


@contextmanager
def patch_hooks(overridden_hooks):
	"""Give some hooks other values while inside."""
	get_hooks = frappe.get_hooks

	def patched(hook=None, default="_KEEP_DEFAULT_LIST", app_name=None):
		if hook in overridden_hooks:
			return overridden_hooks[hook]
		return get_hooks(hook, default, app_name)

	with patch.object(frappe, "get_hooks", patched):
		yield


@contextmanager
def freeze_time(time_to_freeze, is_utc=False, *args, **kwargs):
	from freezegun import freeze_time as _freeze_time

	if not is_utc:
		time_to_freeze = _as_utc(time_to_freeze)
	with _freeze_time(time_to_freeze, *args, **kwargs):
		yield


def _as_utc(value):
	from zoneinfo import ZoneInfo

	from frappe.utils.data import get_datetime, get_system_timezone

	local = get_datetime(value).replace(tzinfo=ZoneInfo(get_system_timezone()))
	return local.astimezone(ZoneInfo("UTC")).replace(tzinfo=None)


@contextmanager
def trace_fields(*args, **kwargs):
	yield


def timeout(seconds=30, error_message="Test timed out."):
	"""Fail a test function that runs longer (main thread only)."""
	if callable(seconds):
		return timeout()(seconds)

	def decorator(func):
		@functools.wraps(func)
		def wrapper(*args, **kwargs):
			def handler(signum, frame):
				raise Exception(error_message)

			old = signal.signal(signal.SIGALRM, handler)
			signal.alarm(seconds)
			try:
				return func(*args, **kwargs)
			finally:
				signal.alarm(0)
				signal.signal(signal.SIGALRM, old)

		return wrapper

	return decorator


def debug_on(*exceptions):
	exceptions = exceptions or (AssertionError,)

	def decorator(func):
		@functools.wraps(func)
		def wrapper(*args, **kwargs):
			try:
				return func(*args, **kwargs)
			except exceptions:
				traceback.print_exc()
				pdb.post_mortem(sys.exc_info()[2])
				raise

		return wrapper

	return decorator
