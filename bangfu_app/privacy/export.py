"""Lists and reports as workbooks: a right of its own, with a purpose, logged; anonymous on demand (X2).

Rows come from Frappe's list and report calls, so they obey the one criterion of criteria.py.
"""

from collections import defaultdict
from collections.abc import Iterable
from io import BytesIO
from typing import Any

import frappe
from frappe import _
from frappe.desk.query_report import run
from frappe.utils import getdate, now_datetime
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from bangfu_app.dossier_workbook import Sheet, sheets_of
from bangfu_app.excel import exporting
from bangfu_app.privacy import consent, disclosure, site_keys
from bangfu_app.privacy.small_cells import HIDDEN, PersonCounts, hide_small_counts
from bangfu_app.rights.criteria import CRITERIA

ROLE = "Bangfu Exporter"
SEALED = ("_cipher", "_hash")
NO_VALUE = {"Section Break", "Column Break", "Tab Break", "HTML", "Button", "Heading", "Fold", "Table"}
NO_VALUE |= {"Table MultiSelect", "Password", "Image", "Signature"}

# what an anonymous export of persons may hold: figures, choices, dates, and these
OPEN_TYPES = {"Select", "Check", "Int", "Float", "Currency", "Percent", "Rating", "Date", "Datetime"}
OPEN_LINKS = {"School", "School Class", "School Term", "School Subject", "Need Category", "Assessment Domain"}
OPEN_FIELDS = {"support_focus", "kind"}
# together these may point at one person
QUASI_IDENTIFIERS = ("school", "school_class", "grade", "stage", "gender", "birth_date", "support_focus")
# columns of our reports that count persons
PERSON_COUNTS = {
	"Student Statistics": PersonCounts(("waiting", "in_support", "closed"), total="total"),
	# who came once is one person
	"Session Statistics": PersonCounts(("persons", "person_times")),
	"Bottom 20 Percent Analysis": PersonCounts(
		("sat", "bottom"), telling=("share", "share_before", "change", "mean")
	),
	"Screening Funnel": PersonCounts(
		("listed", "visited", "scored", "admitted", "watched", "referred", "no_need"), telling=("share",)
	),
	"Alerts and Response Times": PersonCounts(
		("raised", "open", "overdue", "escalated", "in_time"), telling=("median_hours",)
	),
	"Enrolment Checks": PersonCounts(("students", "absent")),
	"Aid Coverage": PersonCounts(("covered", "without_aid"), total="recognised", telling=("share",)),
	"Donor Statement": PersonCounts(("students",)),
}
# records of children who may have no file: no consent of theirs is known, so none goes to a partner by name
WITHOUT_FILE = {"Bottom List", "Class Census", "Duplicate Pair", "Exam Score", "Panel Score", "Screening"}
# reports whose rows are no persons and count none
OPEN_REPORTS = {"Aid Stock", "Fund Use", "Indicator Attainment", "Tie-out"}


@frappe.whitelist(methods=["POST"])
def export_list(
	doctype: str,
	purpose: str,
	filters: str | list | dict | None = None,
	fields: str | list | None = None,
	anonymous: int | bool = 0,
	recipient: str | None = None,
	as_import: int | bool = 0,
) -> None:
	"""The rows of a list that the user may read, as a workbook in the response.

	With `as_import` in the columns of the import, which takes the workbook back.
	"""
	require_exporter(doctype)
	purpose = disclosure.require_reason(purpose)
	filters = frappe.parse_json(filters) or {}
	columns = list_columns(doctype, frappe.parse_json(fields))
	student = student_field(doctype)
	asked = list(
		dict.fromkeys(["name", *(column["fieldname"] for column in columns), *([student] * bool(student))])
	)
	rows = frappe.get_list(doctype, filters=filters, fields=asked, limit_page_length=0)
	if recipient and not anonymous:
		refuse_names_without_consent(doctype, as_import)
	if recipient:
		rows = of_consenting(rows, student)
	if as_import and not anonymous:
		sheets = as_imported(doctype, rows)
	else:
		columns, rows = without_persons(columns, rows, student) if anonymous else (columns, rows)
		sheets = [Sheet("", columns, rows)]
	give(sheets, doctype, None, purpose, filters=filters, anonymous=anonymous, recipient=recipient)


@frappe.whitelist(methods=["POST"])
def export_report(
	report_name: str,
	purpose: str,
	filters: str | dict | None = None,
	anonymous: int | bool = 0,
	recipient: str | None = None,
) -> None:
	"""A script report of ours as the user sees it, as a workbook in the response."""
	report = frappe.get_cached_doc("Report", report_name)
	require_exporter(report.ref_doctype)
	if report.module != "Bangfu App":
		frappe.throw(_("This report is not exported here."), frappe.PermissionError)
	purpose = disclosure.require_reason(purpose)
	filters = frappe.parse_json(filters) or {}
	result = run(report_name, filters=filters, ignore_prepared_report=True)
	# a report may keep whose row it is in a hidden column
	student = student_column(result["columns"])
	columns = [column for column in result["columns"] if not column.get("hidden")]
	rows = [row for row in result["result"] if isinstance(row, dict)]
	if anonymous or recipient:
		require_known_persons(report_name, student)
	if recipient:
		rows = of_consenting(rows, student)
	if anonymous:
		columns, rows = anonymous_report(report_name, columns, rows, student)
	sheet = Sheet("", columns, rows)
	give([sheet], "Report", report_name, purpose, filters=filters, anonymous=anonymous, recipient=recipient)


@frappe.whitelist(methods=["POST"])
def export_dossier(student: str, purpose: str) -> None:
	"""The dossier of one student as a workbook in the response; it stays in the office."""
	frappe.has_permission("Student File", "read", student, throw=True)
	require_exporter("Student File")
	purpose = disclosure.require_reason(purpose)
	give(sheets_of(student), "Student File", student, purpose)


def require_known_persons(report_name: str, student: str | None) -> None:
	"""Of a report that tells neither whose its rows are nor how it counts, nobody knows what it gives away."""
	if not (student or report_name in PERSON_COUNTS or report_name in OPEN_REPORTS):
		frappe.throw(
			_("This report does not leave the office: it does not say whom its rows are about."),
			frappe.PermissionError,
			title=_("Export"),
		)


def as_imported(doctype: str, rows: list[dict]) -> list[Sheet]:
	"""The same records in the columns that the importer takes back; a sheet for each kind of workbook."""
	names = [row["name"] for row in rows]
	layouts = exporting.layouts_of(doctype)
	if not layouts:
		frappe.throw(_("There is no import of {0}.").format(_(doctype)), title=_("Export"))
	sheets = []
	for layout in layouts:
		taken = exporting.of_layout(layout, names)
		if taken or layout is layouts[0]:
			title = _(layout.name, context="Workbook Import") if len(layouts) > 1 else ""
			sheets.append(Sheet(title, *exporting.table(layout, taken)))
	return sheets


def refuse_names_without_consent(doctype: str, as_import: int | bool) -> None:
	"""The import's columns hold names of rosters and what stands beside a file: they stay in the office."""
	if as_import or doctype in WITHOUT_FILE:
		frappe.throw(
			_("This goes to a partner anonymously only: it names children whose consent is not known."),
			frappe.PermissionError,
			title=_("Export"),
		)


def of_consenting(rows: list[dict], student: str | None) -> list[dict]:
	"""What goes to a partner holds only students who consent to that; rows of no student stay."""
	if not student:
		return rows
	sharing = set(consent.students_with_consent("Partner Sharing").run(pluck=True))
	return [row for row in rows if not row.get(student) or row[student] in sharing]


def student_column(columns: list[dict]) -> str | None:
	"""The column of a report that holds a student's ID."""
	return next((column["fieldname"] for column in columns if column.get("options") == "Student File"), None)


def require_exporter(doctype: str) -> None:
	"""The right to export stands beside the right to read."""
	if frappe.session.user != "Administrator" and ROLE not in frappe.get_roles():
		frappe.throw(_("Exporting needs the role {0}.").format(_(ROLE)), frappe.PermissionError)
	if frappe.get_meta(doctype).module != "Bangfu App":
		frappe.throw(_("This list is not exported here."), frappe.PermissionError)
	frappe.has_permission(doctype, "read", throw=True)


# ---------------------------------------------------------------- columns and rows of a list


def list_columns(doctype: str, fields: list[str] | None) -> list[dict]:
	"""The fields asked for, else title and list view; never a sealed one, nor one the user may not read."""
	meta = frappe.get_meta(doctype)
	readable = set(meta.get_permitted_fieldnames(user=frappe.session.user))
	chosen = [
		field.as_dict()
		for field in meta.fields
		if field.fieldname in readable
		and field.fieldtype not in NO_VALUE
		and not field.fieldname.endswith(SEALED)
		and (
			field.fieldname in fields if fields else field.in_list_view or field.fieldname == meta.title_field
		)
	]
	return [
		{"fieldname": "name", "label": _("Record"), "fieldtype": "Data"},
		*({**field, "label": _(field.label, context=doctype), "context": doctype} for field in chosen),
	]


def student_field(doctype: str) -> str | None:
	"""The field that holds the student's name (ID) in a row."""
	if doctype == "Student File":
		return "name"
	return "student" if doctype in CRITERIA and frappe.get_meta(doctype).has_field("student") else None


def shown(value: Any, column: dict) -> Any:
	"""A value as a cell holds it: choices in the user's language, numbers as numbers, nothing that calculates."""
	if column.get("fieldtype") == "Select" and isinstance(value, str):
		value = _(value, context=column.get("context"))
	if not isinstance(value, str):
		return value
	value = ILLEGAL_CHARACTERS_RE.sub("", value)
	return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\r")) else value


# ---------------------------------------------------------------- anonymous


def without_persons(
	columns: list[dict], rows: list[dict], student: str | None
) -> tuple[list[dict], list[dict]]:
	"""Alias for the name, year for the birth date, and no combination that few persons share."""
	kept = [column for column in columns if is_open(column)]
	quasi = [column["fieldname"] for column in kept if column["fieldname"] in QUASI_IDENTIFIERS]
	persons = aliases(row.get(student) for row in rows) if student else {}
	shown_rows = []
	for number, row in enumerate(rows):
		copy = {column["fieldname"]: row.get(column["fieldname"]) for column in kept}
		if copy.get("birth_date"):
			copy["birth_date"] = getdate(copy["birth_date"]).year
		shown_rows.append({"alias": persons.get(row.get(student)) or f"#{number + 1}", **copy})
	hide_small_groups(shown_rows, quasi)
	return [{"fieldname": "alias", "label": _("Alias"), "fieldtype": "Data"}, *kept], shown_rows


def is_open(column: dict) -> bool:
	fieldname = column["fieldname"]
	if column.get("fieldtype") == "Link":
		return column.get("options") in OPEN_LINKS
	return fieldname in OPEN_FIELDS or column.get("fieldtype") in OPEN_TYPES


def aliases(students: Iterable[str | None]) -> dict[str, str]:
	"""The alias of each file; where there is none a pseudonym that is the same in every export."""
	names = sorted({name for name in students if name})
	rows = frappe.get_all("Student File", {"name": ["in", names]}, ["name", "alias"]) if names else []
	return {row.name: row.alias or "P-" + site_keys.hashes(row.name)[0][:8].upper() for row in rows}


def hide_small_groups(rows: list[dict], quasi: list[str]) -> None:
	"""Blank the quasi-identifiers of rows whose combination fewer persons share than the setting allows.

	The rows so blanked are a combination too: the next smallest goes with them until they are enough.
	"""
	groups, persons = defaultdict(list), set()
	for row in rows:
		groups[tuple(row[name] for name in quasi)].append(row)
	for group in sorted(groups.values(), key=lambda group: len({row["alias"] for row in group})):
		sharing = {row["alias"] for row in group}
		if len(sharing) >= small_cell_size() and not 0 < len(persons) < small_cell_size():
			break
		persons |= sharing
		for row in group:
			row.update(dict.fromkeys(quasi, HIDDEN))


def anonymous_report(
	report_name: str, columns: list[dict], rows: list[dict], student: str | None = None
) -> tuple[list[dict], list[dict]]:
	"""A report that lists persons becomes a list of aliases; in one that counts them small counts are hidden."""
	if counts := PERSON_COUNTS.get(report_name):
		return columns, hide_small_counts(rows, counts, small_cell_size())
	if report_name in OPEN_REPORTS:
		return columns, rows
	return without_persons(columns, rows, student)


def small_cell_size() -> int:
	return frappe.get_cached_doc("Bangfu Settings").small_cell_size or 5


# ---------------------------------------------------------------- the file


def give(
	sheets: list[Sheet],
	doctype: str,
	name: str | None,
	purpose: str,
	filters: list | dict | None = None,
	anonymous: int | bool = 0,
	recipient: str | None = None,
) -> None:
	"""Log the export and put its workbook into the response; its name tells nothing of its content."""
	file_name = f"export-{now_datetime():%Y%m%d-%H%M%S}-{frappe.generate_hash(length=4)}.xlsx"
	disclosure.log(
		"Export",
		doctype,
		name,
		row_count=sum(len(sheet.rows) for sheet in sheets),
		filters=frappe.as_json(filters or {}),
		anonymous=int(bool(anonymous)),
		recipient=recipient or None,
		file_name=file_name,
		reason=purpose,
	)
	frappe.response.update({"filename": file_name, "filecontent": workbook(sheets), "type": "binary"})


def workbook(sheets: list[Sheet]) -> bytes:
	book = Workbook(write_only=True)
	for sheet in sheets:
		write(book.create_sheet(sheet.title or None), sheet)
	content = BytesIO()
	book.save(content)
	return content.getvalue()


def write(page: Any, sheet: Sheet) -> None:
	page.freeze_panes = "A2"
	for place, column in enumerate(sheet.columns, start=1):
		width = max(10, min(40, 2 * len(column["label"] or "") + 4))
		page.column_dimensions[get_column_letter(place)].width = width
	page.append([heading(page, column["label"]) for column in sheet.columns])
	for row in sheet.rows:
		page.append([shown(row.get(column["fieldname"]), column) for column in sheet.columns])


def heading(sheet: Any, label: str) -> WriteOnlyCell:
	cell = WriteOnlyCell(sheet, shown(label, {}))
	cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="FFDDEBF7")
	cell.border = Border(bottom=Side(style="thin", color="FF9E9E9E"))
	return cell
