"""Hostile calls: refused or answered, never a crash, never a secret, never a write (seeded, so that it repeats)."""

import importlib
import json
import random
import traceback

import frappe
import frappe.client
from frappe.api import v1
from frappe.desk import reportview
from frappe.handler import run_doc_method

from bangfu_app.tests.rights_world import SECRET
from bangfu_app.tests.strings import PACKAGE
from bangfu_app.tests.test_rights_matrix import OF_STUDENT, MatrixTestCase, form

HOSTILE = (
	None,
	"",
	0,
	-1,
	10**30,
	True,
	[],
	{},
	[[]],
	{"name": ["like", "%"]},
	["in", ["x"]],
	"' or 1=1 --",
	"1; drop table `tabStudent File`",
	"<script>alert(1)</script>",
	"../../../etc/passwd",
	"/private/files/../../site_config.json",
	"{{ 7*7 }}",
	"姓名🙂\u202e",
	"a\x00b",
	"x" * 20_000,
	"[1, {",
	"null",
)
FILTERS = (
	'[["name", "like", "%"]]',
	'[["Student File", "student_name", "like", "Secret%"]]',
	'{"name": ["!=", ""]}',
	'[["name", "in", "select name from tabUser"]]',
	'[["1=1 or name", "=", "x"]]',
	'[["name", "sounds like", "x"]]',
	'{"nowhere": 1}',
	"not json",
	"[]",
)
FIELDS = (
	'["*"]',
	'["name", "student_name"]',
	'["student.student_name"]',
	'["student.id_number_cipher"]',
	'["(select student_name from `tabStudent File`)"]',
	'["sleep(5)"]',
	'["nowhere"]',
	"not json",
)
ORDERS = ("name", "name; drop table x", "(select 1)", "sleep(5)", "nowhere desc", "case when 1 then 2 end")
PERSONS = ("Guest", "Stranger", "Foreign", "Teacher 2")


def refusals() -> tuple:
	"""What Frappe answers with a status of its own, below 500."""
	own = (
		item
		for item in vars(frappe.exceptions).values()
		if isinstance(item, type)
		and issubclass(item, Exception)
		and getattr(item, "http_status_code", 500) < 500
	)
	return tuple(own)


REFUSALS = refusals()


def is_ours(crash: Exception) -> bool:
	"""Did it pass through code of the app, its tests apart?"""
	files = [frame.filename for frame in traceback.extract_tb(crash.__traceback__)]
	return any("/bangfu_app/bangfu_app/" in file and "/tests/" not in file for file in files)


def path_of(module: str) -> str:
	"""Dotted path of a module with whitelisted functions."""
	(path,) = (
		path for path in PACKAGE.rglob(f"{module}.py") if "@frappe.whitelist(" in path.read_text("utf-8")
	)
	return ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)


class TestFuzz(MatrixTestCase):
	def setUp(self):
		super().setUp()
		self.chance = random.Random(20261124)
		self.number = frappe.get_doc("Student File", self.world.student).id_number_cipher

	def state(self) -> list:
		"""What a write would change."""
		table = frappe.qb.DocType
		names = {record.doctype for record in self.world.records.values() if not record.meta.issingle}
		return [
			(name, frappe.qb.from_(table(name)).select(table(name).name, table(name).modified).run())
			for name in sorted(names)
		]

	def attempt(self, call, *args, **kwargs) -> None:
		"""Refused as Frappe refuses, or answered; nothing said of the student."""
		frappe.db.savepoint("fuzz")
		frappe.local.response = frappe._dict(docs=[])
		try:
			told = frappe.as_json([call(*args, **kwargs), frappe.local.response])
		except REFUSALS as refusal:
			frappe.db.rollback(save_point="fuzz")
			told = str(refusal)
		except Exception as crash:
			frappe.db.rollback(save_point="fuzz")
			# Frappe's own parsers crash on some of these: not ours to mend, but nothing may be told
			if is_ours(crash):
				raise
			told = str(crash)
		told += frappe.as_json(frappe.get_message_log())
		frappe.clear_messages()
		for secret in (SECRET, self.number):
			self.assertNotIn(secret, told)

	def as_each(self):
		before = self.state()
		for person in PERSONS:
			frappe.set_user(self.world.users[person])
			yield person
		frappe.set_user("Administrator")
		self.assertEqual(self.state(), before)

	def functions(self):
		from bangfu_app.tests.test_rights_matrix import TestEndpoints

		for endpoint in sorted(TestEndpoints.ENDPOINTS):
			module, _, method = endpoint.partition(":")
			if "." not in method:
				yield getattr(importlib.import_module(path_of(module)), method)

	def test_methods(self):
		for person in self.as_each():
			for method in self.functions():
				names = list(method.__annotations__)[:-1]
				for value in HOSTILE:
					arguments = {name: self.chance.choice((value, self.world.student)) for name in names}
					with self.subTest(person=person, method=method.__name__, arguments=str(arguments)[:120]):
						self.attempt(frappe.call, method, **arguments)

	def test_document_methods(self):
		methods = {"Pairing": ("activate", "end", "resume", "end_by_closure", "db_set", "__init__")}
		methods["Workbook Import"] = ("check_workbook", "run_import", "read_file")
		methods["Exam"] = ("make_bottom_lists",)
		for person in self.as_each():
			for row, names in methods.items():
				record = self.world.records[row]
				for method in names:
					for value in HOSTILE:
						with self.subTest(person=person, method=method, value=str(value)[:60]):
							sent = json.dumps(value)
							self.attempt(run_doc_method, method, dt=record.doctype, dn=record.name, args=sent)

	def test_rest(self):
		for person in self.as_each():
			for row in OF_STUDENT:
				record = self.world.records[row]
				for value in HOSTILE:
					for call in (v1.read_doc, v1.delete_doc):
						with self.subTest(person=person, row=row, call=call.__name__, value=str(value)[:60]):
							form()
							self.attempt(call, record.doctype, value)
					with self.subTest(person=person, row=row, call="set_value", value=str(value)[:60]):
						self.attempt(frappe.client.set_value, record.doctype, record.name, "student", value)
					with self.subTest(person=person, row=row, call="insert", value=str(value)[:60]):
						sent = {"doctype": record.doctype, "student": value, "name": value}
						self.attempt(frappe.client.insert, sent)

	def test_lists(self):
		"""A class teacher or supporter of others gets own rows alone, whatever is asked."""
		for person in self.as_each():
			for row in OF_STUDENT:
				doctype = self.world.records[row].doctype
				for _attempt in range(25):
					asked = {
						"fields": self.chance.choice(FIELDS),
						"filters": self.chance.choice(FILTERS),
						"or_filters": self.chance.choice((None, *FILTERS)),
						"order_by": self.chance.choice(ORDERS),
						"group_by": self.chance.choice((None, *ORDERS)),
						"limit_page_length": self.chance.choice((20, "x", -1)),
					}
					with self.subTest(person=person, row=row, asked=asked):
						form(**{key: value for key, value in asked.items() if value})
						self.attempt(v1.document_list, doctype)
						form(doctype=doctype, **{key: value for key, value in asked.items() if value})
						self.attempt(reportview.get)
