"""How a bank wants its file and answers it: columns, words and what must be there (M4)."""

import re
from dataclasses import dataclass, field

import frappe
from frappe import _
from frappe.model.document import Document

from bangfu_app.excel.reading import heading_keys
from bangfu_app.excel.values import key

# without these a file pays nobody, or its result cannot be brought home
NEEDED = ("Payee", "Account", "Amount", "Row Reference")
# columns that the bank fills in
RESULT_COLUMNS = ("Result", "Failure Reason", "Paid On", "Bank Reference")
NEEDED_OF_RESULT = ("Row Reference", "Amount", "Result")

DEFAULT = (
	("序号", "No."),
	("户名", "Payee"),
	("账号", "Account"),
	("开户行", "Bank"),
	("金额", "Amount"),
	("用途", "Remark"),
	("备注号", "Row Reference"),
	("处理结果", "Result"),
	("失败原因", "Failure Reason"),
	("交易日期", "Paid On"),
	("流水号", "Bank Reference"),
)
PAID_WORDS = ("成功", "交易成功", "已入账", "success", "paid")
FAILED_WORDS = ("失败", "交易失败", "退回", "失败退回", "failed")


def words(text: str | None) -> set[str]:
	"""Comparable words of a field that holds several."""
	return {key(part) for part in re.split(r"[,,、;;\n]+", text or "")} - {""}


def check(layout: Document) -> None:
	"""What is missing or said twice, in words."""
	holds = [row.holds for row in layout.columns]
	if missing := [part for part in NEEDED if part not in holds]:
		frappe.throw(
			_("A bank file needs these columns too: {0}.").format(names_of(missing)), title=_("Columns")
		)
	if twice := sorted({part for part in holds if part != "Fixed Text" and holds.count(part) > 1}):
		frappe.throw(_("Only one column holds: {0}.").format(names_of(twice)), title=_("Columns"))
	headings = [heading_keys(row.heading)[0] for row in layout.columns]
	if len(set(headings)) < len(headings):
		frappe.throw(_("Two columns have the same heading."), title=_("Columns"))
	if both := words(layout.paid_words) & words(layout.failed_words):
		frappe.throw(
			_("These words cannot mean paid and failed: {0}.").format(", ".join(sorted(both))),
			title=_("Words of the Bank"),
		)


def names_of(columns: list[str]) -> str:
	return ", ".join(_(column, context="Bank File Column") for column in columns)


def layout_for(name: str | None) -> Document:
	"""The layout named, else the one of Bangfu Settings, else the only one in use."""
	name = name or frappe.get_cached_doc("Bangfu Settings").get("bank_file_layout")
	if name:
		return frappe.get_doc("Bank File Layout", name)
	in_use = frappe.get_all("Bank File Layout", {"enabled": 1}, pluck="name", limit=2)
	if len(in_use) != 1:
		frappe.throw(_("Choose the layout of the bank's file."), exc=frappe.MandatoryError, title=_("Layout"))
	return frappe.get_doc("Bank File Layout", in_use[0])


@dataclass
class Headings:
	"""Which column of a sheet holds what, in whatever order they stand."""

	layout: Document
	by_heading: dict[str, str] = field(default_factory=dict)

	def __post_init__(self):
		for place in (0, 1):
			for row in self.layout.columns:
				if row.holds != "Fixed Text":
					self.by_heading.setdefault(heading_keys(row.heading)[place], row.holds)

	def holds(self, heading: str) -> str | None:
		whole, bare = heading_keys(heading)
		return self.by_heading.get(whole) or self.by_heading.get(bare)

	def score(self, words) -> int:
		return len({self.holds(word) for word in words} - {None})

	def heading_of(self, holds: str) -> str:
		"""As the office has it; for what the layout does not name the name of the column."""
		named = next((row.heading for row in self.layout.columns if row.holds == holds), None)
		return named or names_of([holds])


STANDARD = "Standard"  # its name in English


def create_default() -> None:
	"""Install step and migrate: a layout to start with; the office's own stay."""
	if frappe.db.count("Bank File Layout"):
		return
	language = frappe.db.get_single_value("System Settings", "language") or "en"
	name = _(STANDARD, language, "Bank File Layout")
	frappe.get_doc(
		{
			"doctype": "Bank File Layout",
			"layout_name": name,
			"paid_words": "\n".join(PAID_WORDS),
			"failed_words": "\n".join(FAILED_WORDS),
			"columns": [{"heading": heading, "holds": holds} for heading, holds in DEFAULT],
		}
	).insert(ignore_permissions=True)  # install step, nobody is signed in
