"""What is private, clicked through: exports, numbers in clear, confidential records, referrals, the end of a pairing."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from desk import Desk
from openpyxl import load_workbook
from playwright.sync_api import expect


def open_first(desk: Desk, doctype: str, **filters: str) -> str:
	"""The form of the first record that the user's list has."""
	rows = desk.call("frappe.client.get_list", doctype=doctype, filters=filters, limit_page_length=1)
	desk.go("Form", doctype, rows[0]["name"])
	return rows[0]["name"]


@pytest.mark.parametrize("anonymous", (True, False))
def test_a_list_is_exported_with_a_purpose(coordinator: Desk, anonymous: bool) -> None:
	coordinator.go("List", "Student File", "List", options={"status": "In Support"})
	name = coordinator.page.evaluate("() => cur_list.data[0].student_name")
	coordinator.menu("Export …")
	dialog = coordinator.dialog("the dialog of the export", purpose="学期末统计")
	if not anonymous:
		dialog.locator("input[data-fieldname=anonymous]").uncheck()
	with coordinator.page.expect_download() as download:
		dialog.locator(".btn-modal-primary:visible").click()
	assert re.fullmatch(r"export-\d{8}-\d{6}-\w{4}\.xlsx", download.value.suggested_filename)
	book = load_workbook(BytesIO(Path(download.value.path()).read_bytes()))
	assert (name in str(list(book.active.values))) is not anonymous
	coordinator.go("List", "Student File", "List")
	coordinator.check("the list after an export")


def test_a_number_is_shown_for_a_reason_and_found_by_it(coordinator: Desk) -> None:
	page = coordinator.page
	name = open_first(coordinator, "Student File", guardian_phone=["is", "set"])
	page.evaluate("() => cur_frm.scroll_to_field('guardian_phone')")
	coordinator.wait()
	eye = page.locator("[data-fieldname=guardian_phone]:visible .bangfu-eye")
	expect(eye).to_be_visible()
	eye.click()
	coordinator.answer("why a number is shown", reason="通知监护人来校")
	number = page.locator(".bangfu-number").inner_text()
	assert re.fullmatch(r"\d{7,12}", number)
	coordinator.check("the number in clear")
	coordinator.close_dialog()

	coordinator.go("List", "Student File", "List")
	coordinator.menu("Find by Number…")
	coordinator.answer("find by number", number=number)
	page.wait_for_function("(name) => cur_frm?.doc.name === name", arg=name)
	coordinator.check("the file found by a number")


def test_a_confidential_record_is_opened_and_added_to(counsellor: Desk) -> None:
	page = counsellor.page
	counsellor.go("List", "Confidential Record", "List")
	counsellor.check("the counsellor's records")
	open_first(counsellor, "Confidential Record", kind="Psychology")
	counsellor.check("a confidential record, closed")
	assert "面谈" not in page.locator("#page-Confidential\\ Record").inner_text()

	counsellor.button("Add to Record…")
	counsellor.answer("add to a record", content="第五次面谈:情绪平稳。", reason="阶段记录")
	papers = page.evaluate("() => cur_frm.doc.__onload.papers.length")
	counsellor.button("Add Paper…")
	paper = {"name": "量表.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 paper"}
	uploader = page.locator(".modal.show .file-uploader")
	counsellor.check("add a paper")
	uploader.locator("input[type=file]").first.set_input_files(paper)
	page.locator(".modal.show .btn-modal-primary:visible").click()
	page.wait_for_function("(before) => cur_frm.doc.__onload?.papers?.length > before", arg=papers)
	counsellor.wait()
	counsellor.check("a record with a paper")

	counsellor.button("Open…")
	counsellor.answer("why a record is opened", reason="准备面谈")
	shown = page.locator(".modal.show")
	expect(shown.get_by_text("第五次面谈").last).to_be_visible()
	counsellor.check("a confidential record, open")
	shown.get_by_role("button", name=re.compile("sealed")).last.click()
	with page.expect_download() as download:
		counsellor.answer("why a paper is opened", reason="准备面谈")
	assert Path(download.value.path()).read_bytes() == b"%PDF-1.4 paper"


def test_a_referral_is_sent_and_accepted(class_teacher: Desk, counsellor: Desk) -> None:
	page = class_teacher.page
	student = class_teacher.call(
		"frappe.client.get_list",
		doctype="Student File",
		filters={"status": "In Support"},
		limit_page_length=50,
	)[-1]["name"]
	class_teacher.go("List", "Support Referral", "List")
	class_teacher.check("the referrals of a class teacher")
	page.evaluate("() => frappe.new_doc('Support Referral')")
	page.wait_for_function("() => cur_frm?.doctype === 'Support Referral' && cur_frm.is_new()")
	class_teacher.wait()
	values = {"student": student, "kind": "Internal", "counsellor": "he@yangguang.example"}
	values |= {"reason_category": "Well-being", "from_date": "2025-09-01"}
	page.evaluate("(values) => cur_frm.set_value(values)", values)
	class_teacher.wait()
	class_teacher.check("a new referral")
	page.evaluate("() => cur_frm.save()")
	page.wait_for_function("() => !cur_frm.is_new()")
	class_teacher.wait()
	class_teacher.check("a referral is sent")
	name = page.evaluate("() => cur_frm.doc.name")
	accept = class_teacher.says("Accept")
	assert not page.get_by_role("button", name=accept, exact=True).count(), "who sent it cannot accept it"

	counsellor.go("Form", "Support Referral", name)
	counsellor.check("a referral that waits")
	counsellor.button("Accept")
	close = counsellor.page.get_by_role("button", name=counsellor.says("Close…"), exact=True)
	expect(close).to_be_visible()
	counsellor.wait()
	counsellor.check("a referral is accepted")
	counsellor.go("Form", "Student File", student)
	counsellor.check("the student referred")


def test_a_pairing_ends_with_a_handover(coordinator: Desk) -> None:
	open_first(coordinator, "Pairing", status="Active")
	coordinator.check("an active pairing")
	coordinator.button("End Pairing")
	coordinator.answer("the handover", reason="Supporter Left", handover_note="数学已补到八年级上册")
	coordinator.page.wait_for_function("() => cur_frm.doc.end_reason === 'Supporter Left'")
	coordinator.wait()
	# today is its last day: until tonight the team works on
	expect(coordinator.page.get_by_text("数学已补到八年级上册").first).to_be_attached()
	coordinator.check("a pairing that was handed over")


def test_a_pairing_is_revoked_at_once(coordinator: Desk) -> None:
	open_first(coordinator, "Pairing", status="Active")
	coordinator.button("Revoke at Once")
	coordinator.answer("revoke at once", reason="违反保密约定")
	coordinator.page.wait_for_function("() => cur_frm.doc.status === 'Ended'")
	coordinator.wait()
	coordinator.check("a pairing that was revoked")
