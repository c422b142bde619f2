"""What finance sees and does: goods, money, and the reports on both."""

import json
from collections.abc import Callable

import pytest
from candidate import Office
from desk import Desk
from playwright.sync_api import Playwright, expect
from test_desk import open_list, open_new_form

RECORDS = (
	"Aid Return",
	"Aid Write Off",
	"Aid Pledge",
	"Aid Fund",
	"Fund Budget",
	"Fund Spending",
	"Subsidy Scheme",
	"Subsidy Batch",
	"Subsidy Payment",
	"Payee Account",
	"Bank File Layout",
	"Work Study Post",
	"Work Study Record",
)
REPORTS = ("Aid Ledger", "Aid Due", "Donor Statement", "Fund Use", "Subsidy Register", "Aid Coverage")
BATCH = "/api/resource/Subsidy Batch"


@pytest.fixture
def finance(desk_of: Callable[[str], Desk]) -> Desk:
	return desk_of("finance")


def test_workspace(finance: Desk) -> None:
	finance.go("Workspaces", "Support Management")
	finance.page.wait_for_selector(".number-widget-box .number")
	finance.wait()
	finance.check("workspace of finance")


@pytest.mark.parametrize("doctype", RECORDS)
def test_list_record_and_new_form(finance: Desk, doctype: str) -> None:
	open_list(finance, doctype)
	if names := finance.page.evaluate("() => cur_list.data.map((row) => row.name)"):
		finance.go("Form", doctype, names[0])
		finance.check(f"form of {doctype}")
	open_new_form(finance, doctype)


@pytest.mark.parametrize("doctype", ("Device Application", "Relief Request"))
def test_what_coordinators_ask_for(coordinator: Desk, doctype: str) -> None:
	open_list(coordinator, doctype)
	coordinator.go("Form", doctype, coordinator.page.evaluate("() => cur_list.data[0].name"))
	coordinator.check(f"form of {doctype}")
	open_new_form(coordinator, doctype)


@pytest.mark.parametrize("report", REPORTS)
def test_report(finance: Desk, report: str) -> None:
	finance.go("query-report", report)
	finance.page.wait_for_selector(".query-report:visible .dt-row, .report-wrapper:visible .dt-row")
	finance.wait()
	finance.check(f"report {report}")


def test_what_is_due_becomes_a_distribution_as_far_as_goods_are_there(finance: Desk) -> None:
	books = {"item": "图书", "qty": 5, "unit_value": 20}
	donation = {
		"doctype": "Aid Donation",
		"donor": "新华书店",
		"donation_date": "2025-12-20",
		"items": [books],
	}
	stored = finance.call("frappe.client.insert", doc=donation)
	finance.call("frappe.client.submit", doc=stored)
	try:
		finance.go("query-report", "Aid Due")
		finance.page.wait_for_selector(".query-report:visible .dt-row, .report-wrapper:visible .dt-row")
		finance.button("Make Distribution")
		finance.page.wait_for_function("() => window.cur_frm?.doctype === 'Aid Distribution'")
		finance.close_dialog()  # what the stock does not reach for
		given = finance.page.evaluate(
			"() => cur_frm.doc.items.map((row) => [row.item, row.qty, row.plan_aid])"
		)
		assert sum(qty for _item, qty, _promise in given) == 5
		assert all(item == "图书" and promise for item, _qty, promise in given)
	finally:
		finance.page.evaluate("() => frappe.model.clear_doc(cur_frm.doctype, cur_frm.docname)")
		finance.go("List", "Aid Donation", "List")
		finance.call("frappe.client.cancel", doctype="Aid Donation", name=stored["name"])


def test_tie_out_says_that_there_are_no_books(finance: Desk) -> None:
	finance.go("query-report", "Tie-out")
	expect(finance.page.get_by_text("ERPNext").first).to_be_visible()
	finance.check("tie-out without ERPNext")


def test_a_batch_is_filled_by_its_scheme(finance: Desk, playwright: Playwright, base_url: str) -> None:
	office = Office(playwright, base_url, "finance")
	work = json.dumps([["kind", "=", "Work-study"]])
	scheme = office.get("/api/resource/Subsidy Scheme", filters=work)[0]["name"]
	batch = office.create(BATCH, {"title": "十一月岗位补贴", "scheme": scheme, "month": "2025-11-01"})
	try:
		finance.go("Form", "Subsidy Batch", batch["name"])
		finance.button("Fill from Scheme")
		finance.close_dialog()
		expect(finance.page.locator(".grid-body .grid-row:visible").nth(1)).to_be_visible()
		stored = office.get(f"{BATCH}/{batch['name']}")
		assert [(row["hours"], row["amount"]) for row in stored["rows"]] == [(10, 150), (10, 150)]
	finally:
		Office(playwright, base_url, "leading_group").delete(f"{BATCH}/{batch['name']}")
