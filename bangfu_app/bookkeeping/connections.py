"""On each document that is posted: its Ledger Postings among the connections."""

from functools import partial

from frappe import _

from bangfu_app.bookkeeping.documents import DATES


def add_postings(doctype: str, data: dict) -> dict:
	data.setdefault("fieldname", "reference_name")
	data.setdefault("non_standard_fieldnames", {})["Ledger Posting"] = "reference_name"
	data.setdefault("dynamic_links", {})["reference_name"] = [doctype, "reference_doctype"]
	data.setdefault("transactions", []).append({"label": _("Bookkeeping"), "items": ["Ledger Posting"]})
	return data


aid_donation, aid_distribution, aid_return, aid_write_off, subsidy_payment, fund_spending = (
	partial(add_postings, doctype) for doctype in DATES
)
