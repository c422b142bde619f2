"""Screenings from before they were looked up for duplicates."""

from bangfu_app.patches.v0_2.fill_name_keys import fill_keys


def execute() -> None:
	fill_keys("Screening")
