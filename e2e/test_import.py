"""An office's workbook through the desk: upload, check, see every fault, correct it, import."""

from pathlib import Path

import openpyxl
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


HEADINGS = ("姓名", "类别", "可帮扶人数", "电话")
GOOD = ("导入一", "专业社工", 3, "13800007701")


def test_a_workbook_is_corrected_and_imported(coordinator: Desk, tmp_path: Path) -> None:
	"""Upload, preview with its fault, then the corrected workbook: preview, import, the record in the list."""
	page = coordinator.page
	begin_import(coordinator)
	form = page.locator("#page-Workbook\\ Import")
	attach(coordinator, workbook(tmp_path / "faulty.xlsx", GOOD, ("导入二", "神仙", 2, "13800007702")))
	page.locator("button.primary-action:visible", has_text=coordinator.says("Save")).click()
	press(coordinator, "Check")
	expect(form.locator(".table-bordered tbody tr", has_text="类别").first).to_be_visible()
	expect(form.locator(".bangfu-preview")).to_be_visible()
	coordinator.check("preview of a workbook")
	begin_import(coordinator)
	attach(coordinator, workbook(tmp_path / "good.xlsx", GOOD, ("导入二", "专业社工", 2, "13800007702")))
	page.locator("button.primary-action:visible", has_text=coordinator.says("Save")).click()
	press(coordinator, "Check")
	expect(form.locator(".indicator-pill.green:visible").first).to_be_visible()
	press(coordinator, "Import")
	expect(form.locator(".indicator-pill", has_text=coordinator.says("Imported")).first).to_be_visible()
	coordinator.check("imported")
	coordinator.go("List", "Supporter", "List")
	expect(page.locator(".list-row", has_text="导入二").first).to_be_visible()


def begin_import(desk: Desk) -> None:
	desk.go("List", "Supporter", "List")
	desk.page.locator("button:visible", has_text=desk.says("Import from Excel")).first.click()
	desk.wait()


def press(desk: Desk, label: str) -> None:
	button = desk.page.locator("#page-Workbook\\ Import button:visible", has_text=desk.says(label)).first
	expect(button).to_be_visible()
	button.click()
	desk.wait()


def workbook(path: Path, *rows: tuple) -> Path:
	book = openpyxl.Workbook()
	for row in (HEADINGS, *rows):
		book.active.append(row)
	book.save(path)
	return path
