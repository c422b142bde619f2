"""Donations of money (M6, M13): into one fund, for what the fund is for, held by what was spent of it."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import fmt_money

from bangfu_app.money import funds

RESTRICTIONS = ("for_school", "for_stage", "for_need_group")


def settle(donation: Document) -> None:
	"""Kind Money: fund and amount, no goods. Kind Goods: no money, so that no sum mixes them."""
	if donation.kind != "Money":
		donation.update({"fund": None, "money_amount": 0, "payment_reference": None})
		return
	amount = funds.money(donation.money_amount)
	if not donation.fund or amount <= 0:
		frappe.throw(_("A donation of money needs a fund and an amount above 0."))
	donation.update({"items": [], "service_point": None, "money_amount": amount, "total_value": amount})
	require_same_purpose(donation)


def require_same_purpose(donation: Document) -> None:
	"""What the donor restricts it to, the fund has to be restricted to: else it is paid to others."""
	fund = frappe.db.get_value("Aid Fund", donation.fund, ["enabled", *RESTRICTIONS], as_dict=True)
	if fund and not fund.enabled:
		funds.refuse(_("Fund {0} is not open. Choose another one.").format(frappe.bold(donation.fund)))
	for name in RESTRICTIONS:
		if fund and donation.get(name) and donation.get(name) != fund.get(name):
			funds.refuse(
				_("The donor gives for {0} only. Choose a fund that is for nothing else.").format(
					frappe.bold(_(donation.get(name)))
				)
			)


def require_unspent(donation: Document) -> None:
	"""Refuse the cancelling of money that the fund has committed or paid, naming what holds it."""
	funds.hold(donation.fund)
	if frappe.db.get_value("Aid Fund", donation.fund, "limit_by") != funds.MONEY_RECEIVED:
		return
	amount = funds.money(donation.money_amount)
	limit = funds.balance(donation.fund, lock=True).limit - amount
	funds.require_covered(
		donation.fund,
		limit,
		_("Without these {0} fund {1} would have received {2}.").format(
			fmt_money(amount), frappe.bold(donation.fund), fmt_money(limit)
		),
	)
