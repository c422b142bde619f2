"""The way of a candidate through the desk: class teacher on the form, leading group from the list."""

from candidate import FILE, Office, candidate
from desk import Desk
from playwright.sync_api import Locator, Playwright, expect


def test_intake_is_approved_from_the_list(
	class_teacher: Desk, leading_group: Desk, playwright: Playwright, base_url: str
) -> None:
	with candidate(playwright, base_url) as file:
		pass_class_review(class_teacher, file)
		approve_from_list(leading_group, file)
		stored = Office(playwright, base_url, "coordinator").get(f"{FILE}/{file['name']}")
		assert stored["status"] == "In Support"
		leading_group.go("List", "Student File", "List")


def pass_class_review(desk: Desk, file: dict) -> None:
	desk.go("Form", "Student File", file["name"])
	page = desk.page.locator("#page-Student\\ File")
	page.locator(".actions-btn-group button:visible").click()
	page.locator(".actions-btn-group .dropdown-item", has_text=desk.says("Pass Class Review")).click()
	# the meeting's votes, as the class teacher counted them
	dialog = desk.page.locator(".modal.show")
	expect(dialog.locator("input[data-fieldname=For]")).to_be_visible()
	desk.check("the dialog of the class review")
	dialog.locator("input[data-fieldname=For]").fill("9")
	dialog.locator("input[data-fieldname=Against]").fill("1")
	dialog.locator(".btn-primary:visible").click()
	expect(page.locator(".indicator-pill:visible", has_text=desk.says("School Review")).first).to_be_visible()
	desk.wait()
	desk.check("the class teacher passes the class review")
	desk.go("List", "Student File", "List")


def approve_from_list(desk: Desk, file: dict) -> None:
	desk.go("List", "Student File", "List", options={"student_name": file["student_name"]})
	row = desk.page.locator(".list-row-container:visible", has_text=file["student_name"])
	row.locator(".list-row-checkbox").check()
	page = desk.page.locator("#page-List\\/Student\\ File\\/List")
	page.locator(".actions-btn-group button:visible").click()
	page.locator(".actions-btn-group .dropdown-item:visible", has_text=desk.says("Approve")).first.click()
	desk.wait()
	# Frappe names what was approved in a dialog
	expect(desk.page.locator(".modal.show .modal-body", has_text=file["name"])).to_be_visible()
	desk.close_dialog()
	desk.page.wait_for_timeout(3100)  # a list does not ask the same twice within 3 seconds
	desk.page.evaluate("() => cur_list.refresh()")
	expect(row.locator(".indicator-pill", has_text=desk.says("In Support")).first).to_be_visible()
	desk.check("the leading group approves from the list")


def test_ticked_records_are_returned_with_a_reason(
	class_teacher: Desk, leading_group: Desk, playwright: Playwright, base_url: str
) -> None:
	with candidate(playwright, base_url) as file:
		pass_class_review(class_teacher, file)
		leading_group.go("query-report", "Waiting for My Approval")
		page = leading_group.page
		expect(page.locator(".dt-cell", has_text=file["student_name"]).first).to_be_visible()
		leading_group.check("what waits for the leading group")
		row = page.locator(".dt-row", has_text=file["student_name"]).first
		row.locator("input[type=checkbox]").check()
		page.get_by_role("button", name=leading_group.says("Return Ticked")).click()
		page.locator(".modal.show textarea[data-fieldname=reason]").fill("请补充低保证明")
		page.locator(".modal.show .btn-primary:visible").click()
		leading_group.wait()
		leading_group.check("the ticked record is returned")
		stored = Office(playwright, base_url, "coordinator").get(f"{FILE}/{file['name']}")
		assert stored["status"] == "Returned"
		leading_group.go("Form", "Student File", file["name"])
		expect(page.locator(".form-dashboard-section:visible", has_text="请补充低保证明")).to_be_visible()
		leading_group.check("the trail on the form")
		leading_group.go("List", "Student File", "List")


def test_illegal_drag_is_refused(coordinator: Desk, playwright: Playwright, base_url: str) -> None:
	with candidate(playwright, base_url) as file:
		coordinator.go("List", "Student File", "Kanban", "Student Files by Stage")
		card = coordinator.page.locator(f'.kanban-card-wrapper[data-name="{file["name"]}"]')
		home = coordinator.page.locator('.kanban-column[data-column-value="Class Review"]')
		expect(home.locator(card)).to_be_visible()
		drag(coordinator, card, '.kanban-column[data-column-value="In Support"] .kanban-cards')
		assert coordinator.messages(), "the drag was not refused"
		stored = Office(playwright, base_url, "coordinator").get(f"{FILE}/{file['name']}")
		assert stored["status"] == "Class Review"
		coordinator.close_dialog()
		expect(home.locator(card)).to_be_visible()
		coordinator.go("List", "Student File", "List")


def drag(desk: Desk, card: Locator, target: str) -> None:
	card.scroll_into_view_if_needed()
	start = card.bounding_box()
	end = desk.page.locator(target).bounding_box()
	mouse = desk.page.mouse
	mouse.move(start["x"] + start["width"] / 2, start["y"] + 15)
	mouse.down()
	mouse.move(start["x"] + start["width"] / 2 + 10, start["y"] + 20, steps=3)
	mouse.move(end["x"] + end["width"] / 2, end["y"] + 30, steps=12)
	mouse.up()
	desk.wait()
