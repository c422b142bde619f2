"""An import whose process is killed in the middle of a batch: nothing of that batch stays, *Continue* takes the rest."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from unittest.mock import patch

import frappe
from frappe.model.document import Document
from frappe.utils import now

from bangfu_app.bangfu_app.doctype.workbook_import import workbook_import
from bangfu_app.excel import bulk
from bangfu_app.tests import IntegrationTestCase, factories
from bangfu_app.tests.test_excel import book_of

SCHOOL = "断电小学"
BATCH, CLASSES = 2, [f"{number}班" for number in range(1, 6)]
CHILD = (
	"import sys; from bangfu_app.tests.test_import_killed import run_until_killed as run; run(*sys.argv[1:])"
)
# what the records of this test leave in the database, which it has to commit
LEFT_BEHIND = (
	"School",
	"School Class",
	"Workbook Import",
	"Workbook Import Batch",
	"File",
	"Comment",
	"Version",
)
SETTINGS = ("import_batch_rows", "import_background_rows")


def run_until_killed(site: str, sites_path: str, name: str) -> None:
	"""The background job in a process of its own, which ends when its second batch is written and not kept yet."""
	frappe.init(site, sites_path=sites_path)
	frappe.connect()
	insert_rows, batches = bulk.SetWriter.insert_rows, []

	def die(writer: bulk.SetWriter, rows: list) -> None:
		insert_rows(writer, rows)
		batches.append(rows)
		if len(batches) == 2:
			os.kill(os.getpid(), signal.SIGKILL)

	bulk.SetWriter.insert_rows = die
	workbook_import.run_in_background(name, check_only=False, is_checked=True)


class TestKilled(IntegrationTestCase):
	def setUp(self):
		frappe.set_user("Administrator")
		self.began = now()
		before = {name: frappe.db.get_single_value("Bangfu Settings", name) for name in SETTINGS}
		self.addCleanup(self.clean_up, before)
		self.settle(dict(zip(SETTINGS, (BATCH, 1), strict=True)))
		factories.make_school(SCHOOL)

	def settle(self, values: dict[str, int]) -> None:
		frappe.db.set_single_value("Bangfu Settings", values)
		frappe.clear_document_cache("Bangfu Settings")

	def clean_up(self, settings: dict[str, int]) -> None:
		frappe.db.rollback()
		self.settle(settings)
		for doctype in LEFT_BEHIND:
			frappe.db.delete(doctype, {"creation": [">=", self.began]})
		frappe.db.commit()

	def make_import(self) -> Document:
		common = {"学校": SCHOOL, "学年": "2025-2026", "年级": "四年级"}
		content = book_of(*({**common, "班级": name} for name in CLASSES))
		file = {"doctype": "File", "file_name": "killed.xlsx", "is_private": 1, "content": content}
		doc = {"doctype": "Workbook Import", "layout": "Classes"}
		doc = frappe.get_doc({**doc, "workbook": frappe.get_doc(file).insert().file_url}).insert()
		workbook_import.run_in_background(doc.name, check_only=True)
		return doc

	def job_of(self, doc: Document) -> tuple[Callable, dict]:
		"""What *Import* or *Continue* hands over to the background, committed."""
		with patch.object(workbook_import.frappe, "enqueue") as enqueue:
			doc.run_import()
		frappe.db.commit()
		((job,), said) = enqueue.call_args
		return job, {name: said[name] for name in ("name", "check_only", "is_checked")}

	def stored(self) -> list[str]:
		frappe.db.commit()  # a new snapshot
		return frappe.get_all("School Class", {"school": SCHOOL}, pluck="class_name", order_by="class_name")

	def test_nothing_of_the_batch_and_then_each_row_once(self):
		doc = self.make_import()
		job, said = self.job_of(doc)
		self.assertEqual(job, workbook_import.run_in_background)
		self.assertEqual(said, {"name": doc.name, "check_only": False, "is_checked": True})
		path = os.path.abspath(frappe.local.sites_path)
		child = [sys.executable, "-c", CHILD, frappe.local.site, path, doc.name]
		ended = subprocess.run(child, cwd=path, capture_output=True, text=True, timeout=300)
		self.assertEqual(ended.returncode, -signal.SIGKILL, ended.stderr)
		self.assertEqual(self.stored(), CLASSES[:BATCH])

		doc.reload()
		self.assertEqual((len(doc.batches), doc.created), (1, BATCH))
		job, said = self.job_of(doc)
		job(**said)
		self.assertEqual(self.stored(), CLASSES)
		doc.reload()
		self.assertEqual((doc.status, doc.created, len(doc.batches)), ("Imported", len(CLASSES), 3))
