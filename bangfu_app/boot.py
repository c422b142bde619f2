"""What the desk is told when it starts."""

from frappe import _


def name_app(bootinfo: dict) -> None:
	"""The sidebar shows the app's title as it is: give it in the user's language."""
	for app in bootinfo.get("app_data") or ():
		if app["app_name"] == "bangfu_app":
			app["app_title"] = _(app["app_title"])
