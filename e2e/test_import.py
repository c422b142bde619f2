"""An office's workbook through the desk: upload, check, see every fault."""

from pathlib import Path

from desk import Desk
from playwright.sync_api import expect

WORKBOOKS = Path(__file__).parents[1] / "bangfu_app" / "demo" / "community_2025"


def test_faults_of_a_workbook_are_shown_by_row_and_column(coordinator: Desk) -> None:
	page = coordinator.page
	coordinator.go("List", "Student File", "List")
	page.locator("button:visible", has_text=coordinator.says("Import from Excel")).first.click()
	coordinator.wait()
	attach(coordinator, WORKBOOKS / "students_dirty.xlsx")
	page.locator("button.primary-action:visible", has_text=coordinator.says("Save")).click()
	check = page.locator("#page-Workbook\\ Import button:visible", has_text=coordinator.says("Check")).first
	expect(check).to_be_visible()
	check.click()
	faults = page.locator("#page-Workbook\\ Import .table-bordered tbody tr")
	expect(faults.first).to_be_visible()
	shown = [tuple(row.locator("td").all_inner_texts()) for row in faults.all()]
	assert ("8", "身份证号", "校验位错误") in shown
	assert ("33", "学校", "系统中不存在") in shown
	coordinator.check("faults of a workbook")


def attach(desk: Desk, path: Path) -> None:
	page = desk.page
	page.locator("#page-Workbook\\ Import .btn-attach:visible").click()
	page.locator(".file-upload-area input[type=file]").first.set_input_files(path)
	page.locator(".modal.show .btn-modal-primary").click()
	page.wait_for_selector(".modal-backdrop", state="detached")
	desk.wait()
