"""Two approvers act on one record at once, over real connections: one wins, the other is told."""

import threading

import frappe
from frappe.utils import now

from bangfu_app.approvals.actions import act
from bangfu_app.tests import IntegrationTestCase, factories

# what the records of this test leave in the database, which it has to commit
LEFT_BEHIND = (
	"Student File",
	"Student Need",
	"Recognition Evidence",
	"Eligibility Criterion",
	"File Completeness",
	"Duplicate Pair",
	"School Class",
	"Approval Step",
	"Approval Vote",
	"Comment",
	"Version",
	"ToDo",
	"Workflow Action",
	"Workflow Action Permitted Role",
)


class AtOnceTestCase(IntegrationTestCase):
	"""Tests that commit; `left_behind`: DocTypes whose new records are deleted after each."""

	left_behind: tuple[str, ...] = LEFT_BEHIND

	def setUp(self):
		if frappe.db.db_type == "sqlite":
			self.skipTest("SQLite has one writer at a time; run with DB=mariadb")
		frappe.set_user("Administrator")
		frappe.db.commit()
		self.began = now()
		self.addCleanup(self.clean_up)

	def clean_up(self):
		frappe.db.rollback()
		for doctype in self.left_behind:
			frappe.db.delete(doctype, {"creation": [">=", self.began]})
		frappe.db.commit()

	def at_once(self, *calls: tuple[str, str, str, str]) -> list[str | None]:
		"""Each (user, doctype, name, action) in a connection of its own; the message of each refusal, else None."""
		site, sites_path = frappe.local.site, frappe.local.sites_path
		barrier, told = threading.Barrier(len(calls)), [None] * len(calls)

		def run(place: int, user: str, doctype: str, name: str, action: str) -> None:
			frappe.init(site, sites_path=sites_path)
			frappe.connect()
			try:
				frappe.set_user(user)
				frappe.get_doc(doctype, name)  # both have it open
				barrier.wait(timeout=30)
				act(doctype, name, action, reason="At once")
				frappe.db.commit()
			except Exception as error:
				frappe.db.rollback()
				told[place] = str(error) or type(error).__name__
			finally:
				frappe.destroy()

		threads = [threading.Thread(target=run, args=(place, *call)) for place, call in enumerate(calls)]
		for thread in threads:
			thread.start()
		for thread in threads:
			thread.join(timeout=60)
		frappe.db.commit()  # a new snapshot
		return told


class TestTwoApproversAtOnce(AtOnceTestCase):
	def make_file(self) -> str:
		file = factories.make_student("School Review")
		factories.make_evidence(file.name)
		for number in (1, 2):
			factories.make_user("Bangfu Manager", email=f"manager{number}@bangfu.test")
		frappe.db.commit()
		return file.name

	def test_nothing_is_approved_twice(self):
		for _round in range(5):
			name = self.make_file()
			told = self.at_once(
				("manager1@bangfu.test", "Student File", name, "Approve"),
				("manager2@bangfu.test", "Student File", name, "Approve"),
			)
			self.assertEqual(told.count(None), 1, told)
			filters = {"reference_name": name, "to_state": "In Support"}
			self.assertEqual(frappe.db.count("Approval Step", filters), 1)

	def test_approve_and_return_at_once_are_one_decision(self):
		name = self.make_file()
		told = self.at_once(
			("manager1@bangfu.test", "Student File", name, "Approve"),
			("manager2@bangfu.test", "Student File", name, "Return"),
		)
		self.assertEqual(told.count(None), 1, told)
		status = frappe.db.get_value("Student File", name, "status")
		self.assertEqual(status, "Returned" if told[0] else "In Support")
