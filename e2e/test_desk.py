"""Every screen of the spine opens, in Chinese, without an error."""

from collections.abc import Callable

import pytest
from desk import VISIBLE_TEXT, Desk, untranslated

SPINE = (
	"Student File",
	"Student Circumstances",
	"Needs Survey",
	"Support Plan",
	"Support Programme",
	"Pairing",
	"Supporter",
	"Support Session",
	"Aid Donation",
	"Aid Distribution",
	"Support Evaluation",
	"Case Closure",
	"Exam",
	"Exam Score",
	"Workbook Import",
)
MASTERS = (
	"School",
	"School Class",
	"School Term",
	"Need Category",
	"Assessment Domain",
	"Support Measure",
	"Support Indicator",
	"Service Point",
	"Partner",
	"Aid Item",
)
REPORTS = (
	"Student Statistics",
	"Session Statistics",
	"Support Ledger",
	"Indicator Attainment",
	"Aid Stock",
	"Bottom 20 Percent Analysis",
)
NEW = """async (doctype) => {
	await frappe.model.with_doctype(doctype);
	return frappe.model.make_new_doc_and_get_name(doctype);
}"""
BOARDS = {"Student Files by Stage": "Student File", "Support Plans by Stage": "Support Plan"}


@pytest.mark.parametrize("who", ("coordinator", "class_teacher", "leading_group"))
def test_workspace(desk_of: Callable[[str], Desk], who: str) -> None:
	desk = desk_of(who)
	desk.go("Workspaces", "Support Management")
	desk.page.wait_for_selector(".number-widget-box .number")
	desk.wait()
	desk.check(f"workspace of the {who}")


@pytest.mark.parametrize("doctype", SPINE)
def test_list_record_and_new_form(coordinator: Desk, doctype: str) -> None:
	open_list(coordinator, doctype)
	if names := coordinator.page.evaluate("() => cur_list.data.map((row) => row.name)"):
		coordinator.go("Form", doctype, names[0])
		coordinator.check(f"form of {doctype}")
	open_new_form(coordinator, doctype)


@pytest.mark.parametrize("doctype", MASTERS)
def test_master_data(coordinator: Desk, doctype: str) -> None:
	open_list(coordinator, doctype)
	open_new_form(coordinator, doctype)


def open_list(desk: Desk, doctype: str) -> None:
	desk.go("List", doctype, "List")
	desk.check(f"list of {doctype}")


def open_new_form(desk: Desk, doctype: str) -> None:
	if desk.page.evaluate("(doctype) => frappe.model.can_create(doctype)", doctype):
		desk.go("Form", doctype, desk.page.evaluate(NEW, doctype))
		desk.check(f"new {doctype}")


@pytest.mark.parametrize("doctype", ("Student File", "Support Session"))
def test_class_teacher(class_teacher: Desk, doctype: str) -> None:
	class_teacher.go("List", doctype, "List")
	class_teacher.check(f"list of {doctype}")
	class_teacher.go("Form", doctype, class_teacher.page.evaluate("() => cur_list.data[0].name"))
	class_teacher.check(f"form of {doctype}")


@pytest.mark.parametrize("report", REPORTS)
def test_report(leading_group: Desk, report: str) -> None:
	leading_group.go("query-report", report)
	leading_group.page.wait_for_selector(".query-report:visible .dt-row, .report-wrapper:visible .dt-row")
	leading_group.wait()
	leading_group.check(f"report {report}")


@pytest.mark.parametrize("board", BOARDS)
def test_kanban(coordinator: Desk, board: str) -> None:
	coordinator.go("List", BOARDS[board], "Kanban", board)
	coordinator.page.wait_for_selector(".kanban-card:visible")
	coordinator.check(board)


def test_calendar(coordinator: Desk) -> None:
	coordinator.go("List", "Support Session", "Calendar", "default")
	coordinator.page.wait_for_selector(".fc-view:visible")
	coordinator.wait()
	coordinator.check("calendar of sessions")


def test_next_record_is_filled_in(coordinator: Desk) -> None:
	coordinator.go("List", "Student File", "List", options={"status": "In Support"})
	coordinator.go("Form", "Student File", coordinator.page.evaluate("() => cur_list.data[0].name"))
	student = coordinator.page.evaluate("() => cur_frm.doc.name")
	coordinator.page.evaluate("() => cur_frm.make_methods['Needs Survey']()")
	coordinator.page.wait_for_function(
		"() => cur_frm?.doctype === 'Needs Survey' && cur_frm.is_new() && cur_frm.doc.student"
	)
	coordinator.wait()
	assert coordinator.page.evaluate("() => cur_frm.doc.student") == student
	assert coordinator.page.evaluate("() => cur_frm.doc.scores.length") > 0
	coordinator.check("survey of the student")


def test_dossier(coordinator: Desk) -> None:
	coordinator.go("List", "Student File", "List")
	name, student = coordinator.page.evaluate("() => [cur_list.data[0].name, cur_list.data[0].student_name]")
	coordinator.go("print", "Student File", name)
	frame = coordinator.page.frame_locator(".print-format-container iframe, iframe.print-format-container")
	frame.get_by_text(student).first.wait_for()
	coordinator.check("print view")
	texts = frame.locator("body").evaluate(VISIBLE_TEXT)
	assert not untranslated(texts), untranslated(texts)
