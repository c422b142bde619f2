"""What the desk is told when it starts."""

from frappe import _

from bangfu_app.privacy import unmasking
from bangfu_app.rights import permissions


def name_app(bootinfo: dict) -> None:
	"""The sidebar shows the app's title as it is: give it in the user's language."""
	for app in bootinfo.get("app_data") or ():
		if app["app_name"] == "bangfu_app":
			app["app_title"] = _(app["app_title"])


def tell_shown_numbers(bootinfo: dict) -> None:
	"""Sealed fields that get a button to show the number, by DocType."""
	bootinfo["bangfu_shown_numbers"] = unmasking.shown_fields() if permissions.has_app_permission() else {}
