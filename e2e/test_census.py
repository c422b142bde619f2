"""A class teacher fills the grid of the class census and finishes it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from candidate import Office
from conftest import USERS
from desk import Desk
from playwright.sync_api import Playwright, expect

CAMPAIGN, CENSUS, SCREENING = (
	f"/api/resource/{name}" for name in ("Screening Campaign", "Class Census", "Screening")
)


@contextmanager
def open_list(playwright: Playwright, base_url: str) -> Iterator[dict]:
	"""A list of a class of the class teacher, in a campaign of its own that is taken away again."""
	office = Office(playwright, base_url, "coordinator")
	own = json.dumps([["head_teacher", "=", USERS["class_teacher"]]])
	fields = '["name", "school", "school_year"]'
	school_class = office.get("/api/resource/School Class", filters=own, fields=fields)[0]
	campaign = office.create(
		CAMPAIGN,
		{
			"title": f"测试摸底{datetime.now():%m%d%H%M%S%f}",
			"school": school_class["school"],
			"school_year": school_class["school_year"],
			"from_date": "2025-01-06",
			"to_date": "2025-02-28",
		},
	)
	office.call("run_doc_method", dt="Screening Campaign", dn=campaign["name"], method="start")
	of_campaign = json.dumps([["campaign", "=", campaign["name"]]])
	try:
		own = json.dumps([["campaign", "=", campaign["name"]], ["school_class", "=", school_class["name"]]])
		yield office.get(CENSUS, filters=own)[0]
	finally:
		office = Office(playwright, base_url, "leading_group")
		lists = office.get(CENSUS, filters=of_campaign, limit_page_length="100")
		found = [
			row
			for census in lists
			for row in office.get(SCREENING, filters=json.dumps([["census", "=", census["name"]]]))
		]
		for path, rows in ((SCREENING, found), (CENSUS, lists), (CAMPAIGN, [campaign])):
			for row in rows:
				office.delete(f"{path}/{row['name']}")


def test_a_class_teacher_fills_and_finishes_the_list(
	class_teacher: Desk, playwright: Playwright, base_url: str
) -> None:
	with open_list(playwright, base_url) as census:
		name = f"测试学生{datetime.now():%H%M%S%f}"
		fill(class_teacher, census["name"], name)
		finish(class_teacher)
		stored = Office(playwright, base_url, "class_teacher").get(f"{CENSUS}/{census['name']}")
		assert stored["status"] == "Finished"
		row = next(row for row in stored["pupils"] if row["pupil_name"] == name)
		assert row["sign_economic"] and not row["sign_academic"]
		assert row["screening"]
		class_teacher.go("List", "Class Census", "List")
		class_teacher.check("the list of lists")
		class_teacher.go("Form", "Screening", row["screening"])
		class_teacher.check("the screening made")


def fill(desk: Desk, census: str, name: str) -> None:
	desk.go("Form", "Class Census", census)
	desk.check("the open list")
	page = desk.page.locator("#page-Class\\ Census")
	page.locator(".grid-add-row:visible").first.click()
	row = page.locator(".grid-body .grid-row").last
	row.locator("[data-fieldname=pupil_name] input").fill(name)
	row.locator("[data-fieldname=sign_economic]").first.click()
	box = row.locator("[data-fieldname=sign_economic] input[type=checkbox]:visible")
	if not box.is_checked():
		box.check()


def finish(desk: Desk) -> None:
	page = desk.page.locator("#page-Class\\ Census")
	page.get_by_role("button", name=desk.says("Finish"), exact=True).first.click()
	desk.page.locator(".modal.show .btn-primary:visible").click()
	desk.wait()
	expect(page.locator(".indicator-pill:visible", has_text="已完成").first).to_be_visible()
	desk.check("the finished list")
