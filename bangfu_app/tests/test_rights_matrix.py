"""docs/rights.md against the documents, every surface that shows a record, and every way to write one (domain §5)."""

import ast
import tempfile
from pathlib import Path
from typing import ClassVar
from unittest.mock import patch

import frappe
import frappe.client
from frappe.api import v1, v2
from frappe.core.doctype.data_import.data_import import download_template
from frappe.core.doctype.data_import.importer import INSERT, UPDATE, Importer
from frappe.core.doctype.file.utils import find_file_by_url
from frappe.desk import reportview
from frappe.desk.calendar import get_events
from frappe.desk.doctype.dashboard_chart import dashboard_chart
from frappe.desk.doctype.number_card import number_card
from frappe.desk.doctype.tag.tag import get_documents_for_tag
from frappe.desk.form import linked_with, load
from frappe.desk.listview import get_group_by_count
from frappe.desk.notifications import get_open_count
from frappe.desk.query_report import run
from frappe.desk.search import search_link
from frappe.utils.global_search import search as global_search
from frappe.utils.print_format import download_multi_pdf
from frappe.www.printview import get_html_and_style

from bangfu_app import enrolment
from bangfu_app.approvals import actions
from bangfu_app.bangfu_app.doctype.aid_pledge import aid_pledge
from bangfu_app.bangfu_app.doctype.needs_survey import needs_survey
from bangfu_app.bangfu_app.doctype.support_session import support_session
from bangfu_app.goods import aid_due, aid_returns, aid_stock
from bangfu_app.money import coverage, coverage_batch
from bangfu_app.persons import search_before_create
from bangfu_app.privacy import export, unmasking
from bangfu_app.rights import surfaces
from bangfu_app.scores import score_trend
from bangfu_app.tests import BangfuTestCase
from bangfu_app.tests.rights_world import RECORDS, SECRET, World, doctype_of, read_matrix

ACTIONS = {
	"r": "read",
	"w": "write",
	"c": "create",
	"d": "delete",
	"s": "submit",
	"x": "cancel",
	"p": "print",
}
# rows of records that tell of the student
OF_STUDENT = (
	"Student File",
	"Student Circumstances",
	"Needs Survey",
	"Support Plan",
	"Pairing",
	"Support Session",
	"Support Session (counselling)",
	"Support Evaluation",
	"Case Closure",
	"Aid Distribution",
	"Device Application",
	"Screening",
	"Panel Score",
	"Recognition Evidence",
	"Class Census",
	"Exam Score",
	"Bottom List",
	"Subsidy Batch",
	"Eligibility Snapshot",
	"Payee Account",
	"Subsidy Payment",
)
REFUSED = (frappe.PermissionError, frappe.AuthenticationError)


def form(**values) -> None:
	frappe.local.form_dict = frappe._dict(values)


def listed(rows, name: str) -> bool:
	return any(name in (row.values() if isinstance(row, dict) else row) for row in rows or [])


def in_report_view(doctype: str, name: str) -> bool:
	form(doctype=doctype, fields='["name"]', filters=frappe.as_json([[doctype, "name", "=", name]]))
	return listed((reportview.get() or {}).get("values"), name)


def counted_in_report_view(doctype: str, name: str) -> bool:
	form(doctype=doctype, fields='["name"]', filters=frappe.as_json([[doctype, "name", "=", name]]))
	return bool(reportview.get_count())


def in_rest_list(doctype: str, name: str) -> bool:
	form(filters=frappe.as_json({"name": name}))
	return listed(v1.document_list(doctype), name)


def in_rest_v2_list(doctype: str, name: str) -> bool:
	form(filters=frappe.as_json({"name": name}))
	return listed(v2.document_list(doctype), name)


def by_rest(doctype: str, name: str) -> bool:
	form()
	return bool(v1.read_doc(doctype, name))


def by_rest_v2(doctype: str, name: str) -> bool:
	form()
	return bool(v2.read_doc(doctype, name))


def by_form(doctype: str, name: str) -> bool:
	frappe.local.response = frappe._dict(docs=[])
	load.getdoc(doctype, name)
	return bool(frappe.response.docs)


def by_docinfo(doctype: str, name: str) -> bool:
	frappe.local.response = frappe._dict(docs=[])
	load.get_docinfo(doctype=doctype, name=name)
	return bool(frappe.response.get("docinfo"))


def by_client_value(doctype: str, name: str) -> bool:
	return bool(frappe.client.get_value(doctype, "name", {"name": name}))


def by_linked_with(doctype: str, name: str) -> bool:
	linked_with.get(doctype, name)
	return True


def by_open_count(doctype: str, name: str) -> bool:
	try:
		get_open_count(doctype, name)
	except IndexError as error:
		# Frappe 16 on MariaDB looks for a number in the refusal, which has none, and stumbles over it
		refusal = error.__context__
		raise (refusal if isinstance(refusal, REFUSED) else error) from None
	return True


def grouped(doctype: str, name: str) -> bool:
	rows = get_group_by_count(doctype, frappe.as_json([[doctype, "name", "=", name]]), "owner")
	return any(row["count"] for row in rows)


LISTS = {
	"get_list": lambda d, n: listed(frappe.get_list(d, {"name": n}), n),
	"client.get_list": lambda d, n: listed(frappe.client.get_list(d, filters={"name": n}), n),
	"client.get_count": lambda d, n: bool(frappe.client.get_count(d, {"name": n})),
	"client.get_value": by_client_value,
	"REST list": in_rest_list,
	"REST v2 list": in_rest_v2_list,
	"report view": in_report_view,
	"report view count": counted_in_report_view,
	"group by": grouped,
}
DOCUMENTS = {
	"client.get": lambda d, n: bool(frappe.client.get(d, n)),
	"REST document": by_rest,
	"REST v2 document": by_rest_v2,
	**({"REST v2 copy": lambda d, n: bool(v2.copy_doc(d, n))} if hasattr(v2, "copy_doc") else {}),
	"form": by_form,
	"docinfo": by_docinfo,
	"linked with": by_linked_with,
	"connections": by_open_count,
}


def set_value(doc) -> None:
	"""Send a field as it is: what is refused is the writing."""
	field = next(field.fieldname for field in doc.meta.fields if field.fieldtype in ("Date", "Link", "Data"))
	frappe.client.set_value(doc.doctype, doc.name, field, doc.get(field))


def rest_update(api, doc) -> None:
	field = next(field.fieldname for field in doc.meta.fields if field.fieldtype in ("Date", "Link", "Data"))
	values = {field: doc.get(field)}
	form(data=frappe.as_json(values), **values)
	api.update_doc(doc.doctype, doc.name)


def rest_insert(api, doc) -> None:
	values = frappe.copy_doc(doc).as_dict(no_nulls=True)
	form(data=frappe.as_json(values), **values)
	api.create_doc(doc.doctype)


def data_import(kind: str, doc) -> None:
	"""One row of Frappe's Data Import; changed, for it passes over rows without a change."""
	with tempfile.NamedTemporaryFile("w", suffix=".csv") as file:
		file.write("name\nx\n")
		file.flush()
		importer = Importer(doc.doctype, file_path=file.name, import_type=kind, console=True)
	field = next(f.fieldname for f in doc.meta.fields if f.fieldtype in ("Small Text", "Date", "Data"))
	importer.process_doc(frappe._dict(doc.as_dict(no_nulls=True), **{field: "2025-04-04"}))


class MatrixTestCase(BangfuTestCase):
	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		frappe.set_user("Administrator")
		cls.addClassCleanup(frappe.db.rollback)
		cls.matrix = read_matrix()
		cls.world = World()

	def setUp(self):
		super().setUp()
		for name in ("form_dict", "response"):
			self.addCleanup(setattr, frappe.local, name, getattr(frappe.local, name, frappe._dict()))
			setattr(frappe.local, name, frappe._dict(docs=[]))

	def cells(self, rows=None):
		"""(row, DocType, record, person, letters), the person signed in."""
		for person, user in self.world.users.items():
			frappe.set_user(user)
			for row in rows or self.matrix:
				yield row, doctype_of(row), self.world.records[row], person, self.matrix[row][person]
		frappe.set_user("Administrator")

	def assertSurface(self, shows, doctype: str, name: str, expected: bool) -> None:
		"""A refusal and an empty answer are alike; whatever is said names no student."""
		try:
			shown = shows(doctype, name)
		except REFUSED as refusal:
			shown = False
			self.assertNotIn(SECRET, str(refusal))
		frappe.clear_messages()
		self.assertEqual(bool(shown), expected)


class TestTable(BangfuTestCase):
	def test_every_record_type_has_a_row_and_a_record(self):
		ours = frappe.get_all("DocType", {"module": "Bangfu App", "istable": 0}, pluck="name")
		matrix = read_matrix()
		self.assertEqual({doctype_of(row) for row in matrix}, set(ours))
		self.assertEqual(set(matrix), set(RECORDS))

	def test_letters_are_those_of_the_legend(self):
		for row, cells in read_matrix().items():
			self.assertLessEqual(set("".join(cells.values())), {*ACTIONS, "l"}, row)


class TestMatrix(MatrixTestCase):
	def test_documents(self):
		for row, doctype, record, person, letters in self.cells():
			submittable = frappe.get_meta(doctype).is_submittable
			for letter, action in ACTIONS.items():
				if letter in "sx" and not submittable:
					continue
				with self.subTest(row=row, person=person, action=action):
					doc = frappe.copy_doc(record) if letter == "c" else frappe.get_doc(doctype, record.name)
					self.assertEqual(bool(doc.has_permission(action)), letter in letters)

	def test_lists(self):
		for row, doctype, record, person, letters in self.cells():
			if frappe.get_meta(doctype).issingle:
				continue
			for surface, shows in LISTS.items():
				with self.subTest(row=row, person=person, surface=surface):
					expected = "r" in letters or ("l" in letters and surface in self.OF_A_CHOICE)
					self.assertSurface(shows, doctype, record.name, expected)

	# who may choose a record in a link lists its name; the others ask for the right to read
	OF_A_CHOICE = frozenset(LISTS) - {"client.get_value"}

	def test_single_documents(self):
		for row, doctype, record, person, letters in self.cells():
			for surface, shows in DOCUMENTS.items():
				with self.subTest(row=row, person=person, surface=surface):
					self.assertSurface(shows, doctype, record.name, "r" in letters)

	def test_link_search(self):
		def found(doctype, name):
			rows = search_link(doctype, name)
			rows = rows if rows is not None else frappe.response.pop("results")
			return any(row["value"] == name for row in rows)

		for row, doctype, record, person, letters in self.cells(OF_STUDENT):
			with self.subTest(row=row, person=person):
				self.assertSurface(found, doctype, record.name, bool(set("rl") & set(letters)))

	def test_print(self):
		def printed(doctype, name):
			form(doctype=doctype, name=name)
			return bool(get_html_and_style(doctype, name)["html"])

		for row, doctype, record, person, letters in self.cells(OF_STUDENT):
			with self.subTest(row=row, person=person):
				self.assertSurface(printed, doctype, record.name, {"r", "p"} <= set(letters))

	def test_pages_for_many_prints(self):
		"""The page /printview as Frappe serves it, which it makes a PDF of for many records at once."""
		pages = []

		def keep_page(html, options=None, output=None):
			pages.append(html)
			return output

		for row, doctype, record, person, letters in self.cells(OF_STUDENT):
			for asked in ((doctype, frappe.as_json([record.name])), ({doctype: [record.name]}, "many")):
				with self.subTest(row=row, person=person), patch("frappe.utils.pdf.get_pdf", keep_page):
					pages.clear()
					form()
					try:
						download_multi_pdf(*asked)
					except REFUSED:
						pass
					printed = any(record.name in page for page in pages)
					self.assertEqual(printed, {"r", "p"} <= set(letters))


class TestTold(MatrixTestCase):
	"""Surfaces that show no record but tell of one."""

	def test_titles_of_links(self):
		for _row, doctype, record, person, letters in self.cells(("Student File",)):
			with self.subTest(person=person):
				try:
					title = surfaces.get_link_title(doctype, record.name)
				except REFUSED:
					title = None
				self.assertEqual(title == SECRET, bool(set("rl") & set(letters)))

	# files that show numbers in clear are closed to others who read the record
	OPENED_BY: ClassVar[dict[str, tuple]] = {"Subsidy Payment": ("Finance",)}

	def test_private_files(self):
		files = {}
		for row in OF_STUDENT:
			record = self.world.records[row]
			file = {
				"doctype": "File",
				"file_name": f"{frappe.scrub(row)}.txt",
				"content": row,
				"is_private": 1,
			}
			file |= {"attached_to_doctype": record.doctype, "attached_to_name": record.name}
			files[row] = frappe.get_doc(file).insert()
		for row, _doctype, _record, person, letters in self.cells(OF_STUDENT):
			file = files[row]
			shown_by = {
				"document": lambda d, n: frappe.get_doc(d, n).has_permission("read"),
				"download": lambda d, n, file=file: find_file_by_url(file.file_url, name=n),
				"get_list": LISTS["get_list"],
				"REST document": by_rest,
			}
			for surface, shows in shown_by.items():
				# the list of all files shows none of a record: they are reached from it (surfaces.py)
				expected = "r" in letters and surface != "get_list"
				expected = expected and person in self.OPENED_BY.get(row, (person,))
				with self.subTest(row=row, person=person, surface=surface):
					self.assertSurface(shows, "File", file.name, expected)

	def test_timeline(self):
		"""Comment, version and to-do of a record, asked for as records of their own."""
		for row in OF_STUDENT:
			record = self.world.records[row]
			about = {"reference_doctype": record.doctype, "reference_name": record.name}
			comment = frappe.get_doc(
				{"doctype": "Comment", "comment_type": "Comment", "content": SECRET, **about}
			)
			version = {
				"doctype": "Version",
				"ref_doctype": record.doctype,
				"docname": record.name,
				"data": "{}",
			}
			todo = {"doctype": "ToDo", "description": SECRET, "reference_type": record.doctype}
			told = [
				comment.insert(),
				frappe.get_doc(version).insert(),
				frappe.get_doc(todo | {"reference_name": record.name}).insert(),
			]
			for _row, _doctype, _record, person, letters in self.cells((row,)):
				for doc in told if "r" not in letters else []:
					with self.subTest(row=row, person=person, told=doc.doctype):
						for shows in (LISTS["get_list"], DOCUMENTS["client.get"]):
							self.assertSurface(shows, doc.doctype, doc.name, False)

	def test_calendars(self):
		fields = frappe.as_json({"start": "session_date", "end": "session_date", "title": "theme"})

		def own(_doctype, name):
			return any(row["name"] == name for row in support_session.get_events("2025-02-01", "2025-04-01"))

		def frappes(doctype, name):
			return any(row.name == name for row in get_events(doctype, "2025-02-01", "2025-04-01", fields))

		for row, doctype, record, person, letters in self.cells(OF_STUDENT[5:7]):
			for shows in (own, frappes):
				with self.subTest(row=row, person=person, calendar=shows.__name__):
					self.assertSurface(shows, doctype, record.name, "r" in letters)

	def test_number_cards_count_what_the_user_reads(self):
		cards = frappe.get_all(
			"Number Card",
			{"module": "Bangfu App", "type": "Document Type", "function": "Count"},
			pluck="name",
		)
		self.assertGreater(len(cards), 2)
		for name in cards:
			card = frappe.get_doc("Number Card", name)
			filters = frappe.parse_json(card.filters_json)
			records = frappe.get_all(card.document_type, filters, pluck="name")
			for person, user in self.world.users.items():
				# who chooses among all in a link may count them, which Frappe 15 does by a card too
				readable, chosen = (
					sum(frappe.has_permission(card.document_type, right, r, user=user) for r in records)
					for right in ("read", "select")
				)
				with self.subTest(card=name, person=person), self.set_user(user):
					try:
						shown = number_card.get_result(card.as_json(), card.filters_json)
					except REFUSED:
						shown = 0
					self.assertIn(shown, {readable, readable or chosen})

	def test_a_chart_of_the_office_shows_what_the_user_reads(self):
		def charted(field: str) -> list[str]:
			values = {
				"chart_name": f"Rights {field}",
				"chart_type": "Group By",
				"type": "Bar",
				"filters_json": "[]",
			}
			values |= {"document_type": "Student File", "group_by_type": "Count", "group_by_based_on": field}
			name = values["chart_name"]
			with self.set_user("Administrator"):
				if not frappe.db.exists("Dashboard Chart", name):
					frappe.get_doc({"doctype": "Dashboard Chart", "timeseries": 0, **values}).insert()
			return (dashboard_chart.get(chart_name=name) or {}).get("labels", [])

		focus = frappe.db.get_value("Student File", self.world.student, "support_focus")
		with self.set_user(self.world.users["Manager"]):
			self.assertIn(SECRET, charted("student_name"))
			self.assertIn(focus, charted("support_focus"))
		for _row, doctype, record, person, letters in self.cells(("Student File",)):
			with self.subTest(person=person):
				# who may choose a student sees the name, and no more
				chosen = bool(set("rl") & set(letters))
				self.assertSurface(lambda *_: SECRET in charted("student_name"), doctype, record.name, chosen)
				if letters == "l":
					self.assertSurface(
						lambda *_: focus in charted("support_focus"), doctype, record.name, False
					)

	def test_a_filled_template_of_data_import_is_an_export(self):
		fields = frappe.as_json({"Student File": ["name", "student_name"]})
		for person, user in self.world.users.items():
			with self.subTest(person=person), self.set_user(user), self.assertRaises(REFUSED):
				download_template("Student File", export_fields=fields, export_records="all")

	def test_reports_name_no_student(self):
		reports = frappe.get_all("Report", {"module": "Bangfu App"}, pluck="name")
		for _row, _doctype, _record, person, letters in self.cells(("Student File",)):
			for report in reports if "r" not in letters else []:
				with self.subTest(person=person, report=report):
					try:
						answer = frappe.as_json(
							run(report, {"from_date": "2025-01-01", "to_date": "2025-12-31"})
						)
					except REFUSED as refusal:
						answer = str(refusal)
					if person == "Finance" and report == "Support Ledger":
						continue
					self.assertNotIn(SECRET, answer)

	def test_search_and_tags(self):
		def tagged(_doctype, name):
			return name in frappe.as_json(get_documents_for_tag("Rights Tag"))

		student = self.world.student
		frappe.get_doc("Student File", student).add_tag("Rights Tag")
		for _row, _doctype, _record, person, letters in self.cells(("Student File",)):
			with self.subTest(person=person):
				self.assertFalse([row for row in global_search(SECRET) if row.name == student])
				if "r" not in letters:
					self.assertSurface(tagged, "Student File", student, False)


class TestWrites(MatrixTestCase):
	"""Every door for writing: open exactly to those of the table; what a validation says is no refusal."""

	DOORS = {
		"set_value": ("w", lambda doc: set_value(doc)),
		"save": ("w", lambda doc: frappe.client.save(doc.as_dict())),
		"delete": ("d", lambda doc: frappe.client.delete(doc.doctype, doc.name)),
		"insert": ("c", lambda doc: frappe.client.insert(frappe.copy_doc(doc).as_dict())),
		"REST delete": ("d", lambda doc: v1.delete_doc(doc.doctype, doc.name)),
		"REST update": ("w", lambda doc: rest_update(v1, doc)),
		"REST v2 update": ("w", lambda doc: rest_update(v2, doc)),
		"REST insert": ("c", lambda doc: rest_insert(v1, doc)),
		"REST v2 insert": ("c", lambda doc: rest_insert(v2, doc)),
		"Data Import update": ("w", lambda doc: data_import(UPDATE, doc)),
		"Data Import insert": ("c", lambda doc: data_import(INSERT, frappe.copy_doc(doc))),
	}

	def test_doors(self):
		for row, doctype, record, person, letters in self.cells(OF_STUDENT):
			for door, (letter, write) in self.DOORS.items():
				if letter in letters:
					continue  # what the allowed do is the matter of each record's own tests
				with self.subTest(row=row, person=person, door=door):
					self.assertRefused(write, doctype, record.name)

	def test_submit_and_cancel(self):
		for row, doctype, record, person, letters in self.cells(OF_STUDENT):
			if frappe.get_meta(doctype).is_submittable and not set("sx") & set(letters):
				with self.subTest(row=row, person=person):
					self.assertRefused(lambda doc: frappe.client.submit(doc.as_dict()), doctype, record.name)
					if record.docstatus.is_submitted():
						self.assertRefused(
							lambda doc: frappe.client.cancel(doc.doctype, doc.name), doctype, record.name
						)

	def assertRefused(self, write, doctype: str, name: str) -> None:
		frappe.db.savepoint("door")
		try:
			with self.assertRaises(REFUSED) as caught:
				write(frappe.get_doc(doctype, name))
			self.assertNotIn(SECRET, str(caught.exception))
		finally:
			frappe.db.rollback(save_point="door")
			frappe.clear_document_cache(doctype, name)
			frappe.clear_messages()


class TestEndpoints(MatrixTestCase):
	"""Every whitelisted method, called by a stranger with the student's record."""

	@staticmethod
	def whitelisted() -> set[str]:
		"""module:function or module:Class.method of the package, found in the source."""
		root, found = Path(frappe.get_app_path("bangfu_app")), set()
		for path in root.rglob("*.py"):
			tree = ast.parse(path.read_text(encoding="utf-8"))
			owners = [("", tree), *((f"{n.name}.", n) for n in tree.body if isinstance(n, ast.ClassDef))]
			for prefix, owner in owners:
				for node in owner.body:
					marks = [ast.unparse(mark) for mark in getattr(node, "decorator_list", [])]
					if any("whitelist" in mark for mark in marks):
						found.add(f"{path.stem}:{prefix}{node.name}")
		return found

	# method → the row whose record it is given; None for those called in a way of their own below
	ENDPOINTS = {
		"payee_account:PayeeAccount.confirm": "Payee Account",
		"subsidy_batch:make_payment": "Subsidy Batch",
		"subsidy_payment:SubsidyPayment.make_bank_file": "Subsidy Payment",
		"subsidy_payment:SubsidyPayment.read_result": "Subsidy Payment",
		"aid_donation:make_distribution": "Aid Donation",
		"aid_due:make_distribution": None,
		"aid_due:make_distribution_of_plan": None,
		"aid_due:make_distribution_to_student": None,
		"aid_pledge:get_events": None,
		"aid_pledge:make_donation": "Aid Pledge",
		"device_application:DeviceApplication.apply": "Device Application",
		"device_application:DeviceApplication.grant": "Device Application",
		"device_application:DeviceApplication.make_distribution": "Device Application",
		"device_application:DeviceApplication.make_donation": "Device Application",
		"device_application:DeviceApplication.refuse": "Device Application",
		"aid_donation:make_write_off": "Aid Donation",
		"aid_distribution:make_return": "Aid Distribution",
		"aid_returns:count_overdue": None,
		"subsidy_batch:SubsidyBatch.fill_from_scheme": "Subsidy Batch",
		"subsidy_batch:SubsidyBatch.withdraw": "Subsidy Batch",
		"aid_fund:make_fund_budget": "Aid Fund",
		"fund_budget:make_fund_spending": "Fund Budget",
		"fund_budget:FundBudget.close": "Fund Budget",
		"fund_budget:FundBudget.reopen": "Fund Budget",
		"relief_request:ReliefRequest.grant": "Relief Request",
		"relief_request:ReliefRequest.refuse": "Relief Request",
		"relief_request:ReliefRequest.pay_again": "Relief Request",
		"needs_survey:make_support_plan": "Needs Survey",
		"needs_survey:domain_anchors": None,
		"needs_survey:exam_facts": None,
		"student_alert:StudentAlert.add_step": "Student Alert",
		"student_alert:StudentAlert.end": "Student Alert",
		"student_alert:StudentAlert.hand_over": "Student Alert",
		"pairing:Pairing.activate": "Pairing",
		"pairing:Pairing.end": "Pairing",
		"pairing:make_support_session": "Pairing",
		"student_file:make_case_closure": "Student File",
		"student_file:make_needs_survey": "Student File",
		"student_file:make_pairing": "Student File",
		"student_file:make_support_plan": "Student File",
		"support_plan:make_evaluation": "Support Plan",
		"support_plan:make_new_version": "Support Plan",
		"support_plan:make_pairing": "Support Plan",
		"support_plan:make_support_session": "Support Plan",
		"support_programme:make_evaluation": "Support Programme",
		"support_programme:make_fund_budget": "Support Programme",
		"supporter:make_pairing": "Supporter",
		"workbook_import:WorkbookImport.check_workbook": "Workbook Import",
		"workbook_import:WorkbookImport.run_import": "Workbook Import",
		"workbook_import:WorkbookImport.cancel_import": "Workbook Import",
		"workbook_import:WorkbookImport.get_progress": "Workbook Import",
		"workbook_import:download_template": None,
		"class_census:ClassCensus.finish": "Class Census",
		"screening:make_panel_score": "Screening",
		"screening:make_student_file": "Screening",
		"screening_campaign:ScreeningCampaign.start": "Screening Campaign",
		"bottom_list:make_screening": "Bottom List",
		"bottom_list:make_student_file": "Bottom List",
		"exam:Exam.make_bottom_lists": "Exam",
		"score_trend:get_trend": None,
		"aid_stock:value_in_stock": None,
		"coverage:students_without_aid": None,
		"coverage_batch:make_batch": None,
		"support_evaluation:SupportEvaluation.compute_figures": "Support Evaluation",
		"pairing:Pairing.revoke": "Pairing",
		"confidential_record:ConfidentialRecord.withdraw": "Confidential Record",
		"confidential_record:amend_record": "Confidential Record",
		"confidential_record:open_paper": "Confidential Record",
		"confidential_record:open_record": "Confidential Record",
		"support_consent:SupportConsent.withdraw": "Support Consent",
		"support_referral:SupportReferral.accept": "Support Referral",
		"support_referral:SupportReferral.close": "Support Referral",
		"support_referral:SupportReferral.decline": "Support Referral",
		"actions:act": None,
		"actions:decide": None,
		"actions:vote": None,
		"confidential_record:add_paper": None,  # reads the upload of a request: test_confidential
		"export:export_list": None,
		"export:export_report": None,
		"export:export_dossier": None,
		"surfaces:get_group_by_count": None,
		"surfaces:get_link_title": None,
		"surfaces:zip_files": None,
		"unmasking:find_by_number": None,
		"backlog:post_backlog": None,  # test_bookkeeping
		"check:check_bookkeeping": None,  # the same
		"unmasking:show_number": None,
		"duplicate_pair:DuplicatePair.decide": "Duplicate Pair",
		"enrolment:class_list": None,
		"search_before_create:search": None,
		"search_before_create:side_by_side": None,
		"support_session:get_events": None,
		"support_session:reschedule": None,
	}
	ARGUMENTS = {
		"relief_request:ReliefRequest.grant": (100,),
		"relief_request:ReliefRequest.refuse": ("No reason",),
		"subsidy_payment:SubsidyPayment.read_result": ("/private/files/no.xlsx",),
		"device_application:DeviceApplication.make_distribution": ("2026-07-01",),
		"device_application:DeviceApplication.refuse": ("No reason",),
		"duplicate_pair:DuplicatePair.decide": ("Different", "No reason"),
		"student_alert:StudentAlert.add_step": ("Contacted",),
		"student_alert:StudentAlert.end": ("Settled", "No reason"),
		"student_alert:StudentAlert.hand_over": ("Administrator",),
		"exam:Exam.make_bottom_lists": ("County",),
		"pairing:Pairing.end": ("Other",),
		"pairing:Pairing.revoke": ("Other",),
		"confidential_record:ConfidentialRecord.withdraw": ("No reason",),
		"confidential_record:amend_record": ("Text", "No reason"),
		"confidential_record:open_paper": ("no file", "No reason"),
		"confidential_record:open_record": ("No reason",),
		"support_consent:SupportConsent.withdraw": ("No reason",),
		"support_referral:SupportReferral.decline": ("No reason",),
		"subsidy_batch:SubsidyBatch.withdraw": ("No row", "No reason"),
	}

	def test_each_is_declared(self):
		self.assertEqual(self.whitelisted(), set(self.ENDPOINTS))

	def test_strangers_are_refused(self):
		for endpoint, row in self.ENDPOINTS.items():
			if not row:
				continue
			method, record = endpoint.partition(":")[2], self.world.records[row]
			module = frappe.get_module(type(record).__module__)
			for person in ("Guest", "Stranger", "System"):
				if "r" in self.matrix[row][person]:
					continue
				frappe.set_user(self.world.users[person])
				doc = frappe.get_doc(record.doctype, record.name)
				on_document = "." in method
				call = getattr(doc, method.rpartition(".")[2]) if on_document else getattr(module, method)
				more = self.ARGUMENTS.get(endpoint, ())
				arguments = more if on_document else (record.name, *more)
				with self.subTest(endpoint=endpoint, person=person):
					self.assertRaises(REFUSED, call, *arguments)

	def test_those_called_in_a_way_of_their_own(self):
		session, student = self.world.records["Support Session"], self.world.student
		with self.set_user(self.world.users["Stranger"]):
			self.assertRaises(REFUSED, aid_stock.value_in_stock)
			self.assertRaises(REFUSED, aid_due.make_distribution, ["x"])
			self.assertRaises(REFUSED, aid_due.make_distribution_to_student, student)
			self.assertRaises(
				REFUSED, aid_due.make_distribution_of_plan, self.world.records["Support Plan"].name
			)
			self.assertRaises(REFUSED, aid_pledge.get_events, "2025-01-01", "2025-12-31")
			self.assertRaises(REFUSED, coverage.students_without_aid)
			self.assertRaises(REFUSED, coverage_batch.make_batch, "Any scheme")
			self.assertRaises(REFUSED, aid_returns.count_overdue)
			self.assertRaises(REFUSED, needs_survey.domain_anchors)
			self.assertRaises(REFUSED, needs_survey.exam_facts, student)
			self.assertRaises(REFUSED, support_session.get_events, "2025-01-01", "2025-12-31")
			moved = {"name": session.name, "session_date": "2025-03-02"}
			self.assertRaises(REFUSED, support_session.reschedule, moved)
			self.assertEqual(surfaces.get_link_title("Student File", student), student)
			file = ("Student File", student)
			self.assertRaises(REFUSED, actions.act, *file, "Approve")
			self.assertRaises(REFUSED, score_trend.get_trend, student)
			self.assertRaises(REFUSED, actions.vote, *file, "For")
			(row,) = actions.decide([{"doctype": file[0], "name": student}], "approve")
			self.assertFalse(row["done"])
			self.assertRaises(REFUSED, export.export_list, "Student File", "No reason")
			self.assertRaises(REFUSED, export.export_report, "Student Statistics", "No reason")
			self.assertRaises(REFUSED, surfaces.get_group_by_count, "Student File", "[]", "assigned_to")
			self.assertRaises(REFUSED, search_before_create.search, "Student File", {"student_name": SECRET})
			self.assertRaises(REFUSED, search_before_create.side_by_side, "Student File", [student])
			self.assertRaises(REFUSED, enrolment.class_list, self.world.school_class.name)
			self.assertRaises(REFUSED, unmasking.find_by_number, "Student File", "13800000000")
			self.assertRaises(REFUSED, unmasking.show_number, *file, "id_number", "No reason")


class TestRightsPassedOver(BangfuTestCase):
	"""What is written without asking for a right: steps of install, migrate, uninstall and jobs, and the vouchers of
	ERPNext that follow from a document on which the right was asked; no more."""

	WITHOUT_USER = {
		"bank_layouts:create_default",
		"backlog:note_failure",
		"census:make_campaign",
		"census:send_notice",
		"clock:escalate",
		"clock:tell",
		"completeness:add_default_requirements",
		"field_levels:apply_levels",  # asks whether Frappe was told so
		"install:create_kanban_boards",
		"install:create_roles",
		"install:create_states_and_actions",
		"install:delete_all",
		"guard:keep_mapping",  # asks whether Frappe was told so
		"items:batch_of",
		"items:create_item",
		"items:item_group",
		"items:unit",
		"masters:add",
		"masters:add_level_groups",
		"masters:create_masters",
		"masters:follow_language",
		"pairing:end_expired_pairings",
		"posting:cancel",
		"posting:cancel_voucher",
		"posting:record",
		"posting:submit",
		"relief:notify",
		"unmasking:add_default_rights",
		"waiting:send_digest",
	}

	def test_only_where_nobody_is_signed_in(self):
		root, found = Path(frappe.get_app_path("bangfu_app")), set()
		for path in root.rglob("*.py"):
			if "tests" in path.relative_to(root).parts:
				continue
			tree = ast.parse(path.read_text(encoding="utf-8"))
			for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
				if "ignore_permissions" in ast.unparse(function):
					found.add(f"{path.stem}:{function.name}")
		self.assertEqual(found, self.WITHOUT_USER)
