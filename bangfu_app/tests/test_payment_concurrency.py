"""Two people pay one batch at once, over real connections: each row goes to the bank once, the other is told."""

import threading

import frappe
from frappe.utils import now

from bangfu_app.bangfu_app.doctype.subsidy_batch import subsidy_batch
from bangfu_app.tests import IntegrationTestCase, factories

# what the records of this test leave in the database, which it has to commit
LEFT_BEHIND = (
	"Aid Fund",
	"Approval Step",
	"Approval Vote",
	"Comment",
	"Duplicate Pair",
	"Eligibility Criterion",
	"Eligibility Snapshot",
	"File Completeness",
	"Payee Account",
	"Recognition Evidence",
	"School Class",
	"Student File",
	"Student Need",
	"Subsidy Batch",
	"Subsidy Batch Row",
	"Subsidy Payment",
	"Subsidy Payment Row",
	"Subsidy Scheme",
	"ToDo",
	"Version",
	"Workflow Action",
	"Workflow Action Permitted Role",
)


class TestTwoPaymentsAtOnce(IntegrationTestCase):
	def setUp(self):
		if frappe.db.db_type == "sqlite":
			self.skipTest("SQLite has one writer at a time; run with DB=mariadb")
		frappe.set_user("Administrator")
		frappe.db.commit()
		self.began = now()
		self.addCleanup(self.clean_up)
		self.students = [factories.make_student().name for _ in range(2)]
		for student in self.students:
			factories.make_payee_account(student)
		self.batch = factories.make_batch(factories.make_scheme().name, *self.students).name
		frappe.db.commit()

	def clean_up(self):
		frappe.db.rollback()
		for doctype in LEFT_BEHIND:
			frappe.db.delete(doctype, {"creation": [">=", self.began]})
		frappe.db.commit()

	def at_once(self, *calls) -> list[str | None]:
		"""Each call in a connection of its own; the message of each refusal, else None."""
		site, sites_path = frappe.local.site, frappe.local.sites_path
		barrier, told = threading.Barrier(len(calls)), [None] * len(calls)

		def run(place: int, call) -> None:
			frappe.init(site, sites_path=sites_path)
			frappe.connect()
			try:
				frappe.set_user("Administrator")
				frappe.db.count("Subsidy Payment")  # the snapshot of this connection
				barrier.wait(timeout=30)
				call()
				frappe.db.commit()
			except Exception as error:
				frappe.db.rollback()
				told[place] = str(error) or type(error).__name__
			finally:
				frappe.destroy()

		threads = [threading.Thread(target=run, args=(place, call)) for place, call in enumerate(calls)]
		for thread in threads:
			thread.start()
		for thread in threads:
			thread.join(timeout=60)
		frappe.db.commit()  # a new snapshot
		return told

	def make(self):
		subsidy_batch.make_payment(self.batch).insert()

	def by_hand(self):
		"""Named row by row, as REST would: nothing is left out quietly."""
		rows = frappe.get_all("Subsidy Batch Row", {"parent": self.batch}, pluck="name")
		named = [{"batch_row": row} for row in rows]
		frappe.get_doc({"doctype": "Subsidy Payment", "batch": self.batch, "rows": named}).insert()

	def held(self) -> list[str]:
		return frappe.get_all("Subsidy Payment Row", {"open_key": ["is", "set"]}, pluck="open_key")

	def test_each_row_is_in_one_payment(self):
		for calls in (
			(self.make, self.make),
			(self.by_hand, self.by_hand),
			(self.make, self.by_hand, self.make),
		):
			with self.subTest(calls=[call.__name__ for call in calls]):
				told = self.at_once(*calls)
				self.assertEqual(told.count(None), 1, told)
				rows = frappe.get_all("Subsidy Batch Row", {"parent": self.batch}, pluck="name")
				self.assertCountEqual(self.held(), rows)
				frappe.delete_doc("Subsidy Payment", frappe.get_last_doc("Subsidy Payment").name)
				frappe.db.commit()

	def test_a_row_is_withdrawn_or_paid_not_both(self):
		batch = frappe.get_doc("Subsidy Batch", self.batch)
		row = batch.rows[0].name

		def withdraw():
			frappe.get_doc("Subsidy Batch", self.batch).withdraw(row, "Moved away")

		told = self.at_once(withdraw, self.by_hand)
		self.assertEqual(told.count(None), 1, told)
		status = frappe.db.get_value("Subsidy Batch Row", row, "status")
		self.assertEqual(
			(status, row in self.held()), ("In Bank File", True) if told[0] else ("Withdrawn", False)
		)

	def test_one_student_has_one_active_account(self):
		def enter():
			factories.make_payee_account(self.students[0])

		self.at_once(enter, enter)
		active = frappe.db.count("Payee Account", {"student": self.students[0], "active": 1})
		self.assertEqual(active, 1)
