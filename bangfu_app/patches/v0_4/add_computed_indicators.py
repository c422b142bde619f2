"""Indicators that the app computes, for sites of before there were any."""

from bangfu_app.masters import add_indicators


def execute() -> None:
	add_indicators()
