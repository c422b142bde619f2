"""The restricted tier: who opens a confidential record, that it is logged, and where its text never is."""

import json
import pickle
from copy import deepcopy
from pathlib import Path
from unittest.mock import patch

import frappe
from frappe.deferred_insert import save_to_db
from frappe.desk.form.load import getdoc
from frappe.desk.form.save import savedocs
from frappe.model.document import Document
from frappe.utils import set_request
from frappe.utils.error import log_error_snapshot
from frappe.utils.logger import sanitized_dict

from bangfu_app.bangfu_app.doctype.confidential_record import confidential_record as endpoints
from bangfu_app.privacy import confidential, site_keys
from bangfu_app.tests import BangfuTestCase, factories

SECRET = "Quince-lantern-4711"
MODULE = "bangfu_app.bangfu_app.doctype.confidential_record.confidential_record"


class ConfidentialTestCase(BangfuTestCase):
	def setUp(self):
		super().setUp()
		self.student = factories.make_student(guardian_name="Li Fang").name
		self.counsellor = factories.make_user("Counsellor")
		self.referral = factories.make_referral(self.student, self.counsellor)
		self.record = factories.make_confidential_record(self.student, self.counsellor, SECRET)

	def open(self, user: str | None = None, reason: str = "Talk tomorrow") -> dict:
		with self.set_user(user or self.counsellor):
			return endpoints.open_record(self.record.name, reason)

	def upload(self, content: bytes, file_name: str = "report.pdf", user: str | None = None) -> str:
		frappe.local.uploaded_file, frappe.local.uploaded_filename = content, file_name
		with self.set_user(user or self.counsellor):
			# signing in empties it
			frappe.local.form_dict = frappe._dict(docname=self.record.name)
			name = endpoints.add_paper()
		# a rollback to a savepoint leaves it on the disk
		self.addCleanup(Path(frappe.get_doc("File", name).get_full_path()).unlink, missing_ok=True)
		return name

	def assertNowhere(self, secret: str = SECRET) -> None:
		"""In no text of no table, nor among what waits to be inserted."""
		for table in frappe.db.get_tables(cached=False):
			rows = frappe.qb.from_(frappe.qb.Table(table)).select("*").run()
			self.assertNotIn(secret, repr(rows), table)


class TestRights(ConfidentialTestCase):
	def test_the_counsellor_and_the_leading_group_open_it(self):
		self.assertEqual(self.open()["content"], SECRET)
		self.assertEqual(self.open(factories.make_user("Bangfu Manager"))["content"], SECRET)

	def test_nobody_else_does(self):
		teacher = frappe.db.get_value("Student File", self.student, "head_teacher")
		paper = self.upload(b"x")
		strangers = [teacher] + [
			factories.make_user(role)
			for role in (
				"Bangfu Coordinator",
				"Supporter",
				"Counsellor",
				"Bangfu Finance",
				"Evaluator",
				"System Manager",
			)
		]
		for user in strangers:
			with self.subTest(roles=frappe.get_roles(user)), self.set_user(user):
				name = self.record.name
				for call in (
					lambda: endpoints.open_record(name, "Curious"),
					lambda: endpoints.amend_record(name, "More", "Curious"),
					lambda: endpoints.open_paper(name, paper, "Curious"),
					lambda: endpoints.stored(name).withdraw("Curious"),
				):
					self.assertRaises(frappe.PermissionError, call)
				frappe.local.form_dict = frappe._dict(docname=name)
				self.assertRaises(frappe.PermissionError, endpoints.add_paper)
				self.assertFalse(frappe.get_doc("Confidential Record", name).has_permission("read"))
		self.assertFalse(frappe.db.count("Disclosure Log", {"user": ["in", strangers]}))

	def test_a_pairing_opens_the_file_and_no_record(self):
		paired = factories.make_user("Counsellor")
		team = factories.make_team()
		team[1]["supporter"] = factories.make_supporter(user=paired).name
		factories.make_pairing(self.student, members=team)
		with self.set_user(paired):
			self.assertTrue(frappe.has_permission("Student File", "read", self.student))
			self.assertEqual(frappe.get_list("Confidential Record", pluck="name"), [])
		self.assertRaises(frappe.PermissionError, self.open, paired)

	def test_lists_follow_the_same_rule(self):
		other = factories.make_user("Counsellor")
		for user, names in ((self.counsellor, [self.record.name]), (other, [])):
			with self.set_user(user):
				self.assertEqual(frappe.get_list("Confidential Record", pluck="name"), names)

	def test_a_closed_referral_leaves_the_responsible_counsellor_alone(self):
		second = factories.make_user("Counsellor")
		referral = factories.make_referral(self.student, second)
		self.assertEqual(self.open(second)["content"], SECRET)
		with self.set_user(second):
			referral.close("Better")
		self.assertRaises(frappe.PermissionError, self.open, second)
		self.assertEqual(self.open()["content"], SECRET)

	def test_a_record_is_made_for_own_students_by_oneself(self):
		stranger = factories.make_student().name
		with self.set_user(self.counsellor):
			values = {"doctype": "Confidential Record", "kind": "Medical", "recorded_on": "2025-03-01"}
			own = frappe.get_doc({**values, "student": self.student, "content": "x"}).insert()
			self.assertEqual(own.counsellor, self.counsellor)
			self.assertRaises(frappe.PermissionError, frappe.get_doc({**values, "student": stranger}).insert)
			own.counsellor = factories.make_user("Counsellor")
			self.assertRaisesRegex(frappe.ValidationError, "leading group", own.save)

	def test_nobody_reads_entries_but_through_the_record(self):
		for user in (self.counsellor, factories.make_user("Bangfu Manager", "System Manager")):
			with self.set_user(user):
				self.assertFalse(frappe.has_permission("Confidential Entry", "read"))

	def test_no_role_exports_prints_shares_mails_or_deletes(self):
		for rule in frappe.get_meta("Confidential Record").permissions:
			for right in ("export", "print", "share", "email", "report", "delete", "import"):
				self.assertFalse(rule.get(right), (rule.role, right))


class TestOpening(ConfidentialTestCase):
	def test_it_asks_why_and_keeps_it(self):
		self.assertRaisesRegex(frappe.ValidationError, "reason", self.open, reason=" ")
		self.open(reason="Case conference")
		log = frappe.get_last_doc("Disclosure Log", {"user": self.counsellor})
		self.assertEqual(
			(log.kind, log.reference_name, log.student, log.reason),
			("Confidential Record", self.record.name, self.student, "Case conference"),
		)

	def test_what_was_written_stays(self):
		with self.set_user(self.counsellor):
			self.assertRaisesRegex(
				frappe.ValidationError, "reason", endpoints.amend_record, self.record.name, "Text", " "
			)
			endpoints.amend_record(self.record.name, "Second text", "After the talk")
		entries = self.open()["entries"]
		self.assertEqual([entry.text for entry in entries], [SECRET, "Second text"])
		self.assertEqual(entries[1].reason, "After the talk")

	def test_saving_does_not_overwrite(self):
		record = frappe.get_doc("Confidential Record", self.record.name)
		record.content = "Overwritten"
		self.assertRaisesRegex(frappe.ValidationError, "Add to Record", record.save)
		self.assertRaises(frappe.ValidationError, frappe.delete_doc, "Confidential Record", record.name)

	def test_a_withdrawn_record_is_counted_no_more(self):
		self.assertEqual(confidential.count_of(self.student), 1)
		with self.set_user(self.counsellor):
			record = endpoints.stored(self.record.name)
			self.assertRaisesRegex(frappe.ValidationError, "reason", record.withdraw, " ")
			record.withdraw("Wrong child")
		self.assertEqual(confidential.count_of(self.student), 0)
		self.assertEqual(self.open()["content"], SECRET)
		record = frappe.get_doc("Confidential Record", self.record.name)
		for values in ({"withdrawal_reason": "Another"}, {"withdrawn": 0}, {"withdrawn_on": None}):
			record.reload()
			record.update(values)
			self.assertRaisesRegex(frappe.ValidationError, "Withdraw", record.save)

	def test_readers_of_the_file_learn_the_number_alone(self):
		teacher = frappe.db.get_value("Student File", self.student, "head_teacher")
		with self.set_user(teacher):
			getdoc("Student File", self.student)
			self.assertEqual(frappe.response.docs[-1].get("__onload")["confidential_records"], 1)
			self.assertRaises(frappe.PermissionError, getdoc, "Confidential Record", self.record.name)


class TestPapers(ConfidentialTestCase):
	def test_a_paper_is_sealed_on_the_disk_and_opened_with_a_reason(self):
		name = self.upload(SECRET.encode(), f"{SECRET}.pdf")
		file = frappe.get_doc("File", name)
		self.assertNotIn(SECRET.encode(), Path(file.get_full_path()).read_bytes())
		self.assertTrue(file.is_private)
		self.assertRegex(file.file_name, rf"^{self.record.name}-1\w*\.sealed$")
		self.assertNowhere()
		with self.set_user(self.counsellor):
			self.assertRaises(frappe.ValidationError, endpoints.open_paper, self.record.name, name, "")
			endpoints.open_paper(self.record.name, name, "Case conference")
		self.assertEqual(frappe.response.filecontent, SECRET.encode())
		self.assertEqual(frappe.response.filename, file.file_name.replace(".sealed", ".pdf"))
		log = frappe.get_last_doc("Disclosure Log", {"user": self.counsellor})
		self.assertEqual((log.kind, log.reason), ("Confidential Paper", "Case conference"))

	def test_a_file_of_another_record_is_not_opened_through_this_one(self):
		other = factories.make_confidential_record(
			factories.make_student().name, factories.make_user("Counsellor"), "Other"
		)
		own, self.record = self.record, other
		name = self.upload(b"other", user="Administrator")
		with self.set_user(self.counsellor):
			self.assertRaises(frappe.PermissionError, endpoints.open_paper, own.name, name, "Curious")

	def test_a_plain_attachment_is_refused(self):
		values = {
			"doctype": "File",
			"file_name": "plain.txt",
			"content": "plain",
			"attached_to_doctype": "Confidential Record",
			"attached_to_name": self.record.name,
			"is_private": 1,
		}
		with self.set_user(self.counsellor):
			for more in ({}, {"flags": {"sealed": True}}):
				self.assertRaisesRegex(
					frappe.ValidationError, "Add Paper", frappe.get_doc({**values, **more}).insert
				)

	def test_a_paper_is_neither_moved_nor_deleted(self):
		file = frappe.get_doc("File", self.upload(b"x"))
		file.attached_to_doctype, file.attached_to_name = "Student File", self.student
		self.assertRaises(frappe.ValidationError, file.save)
		self.assertRaises(frappe.ValidationError, frappe.delete_doc, "File", file.name)

	def test_size(self):
		with patch.object(confidential, "MAX_PAPER_MB", 0):
			self.assertRaisesRegex(frappe.ValidationError, "at most", self.upload, b"x")

	def test_a_change_of_the_key_finds_the_paper(self):
		path = Path(frappe.get_doc("File", self.upload(b"kept")).get_full_path())
		self.assertIn(path, list(confidential.sealed_papers()))
		self.assertEqual(confidential.open_paper(path.read_bytes()), (b"kept", ".pdf"))
		self.assertTrue(site_keys.is_newest(path.read_bytes()))


class TestLeaks(ConfidentialTestCase):
	def test_the_text_is_in_no_table(self):
		with self.set_user(self.counsellor):
			endpoints.amend_record(self.record.name, SECRET, "Again")
			record = frappe.get_doc("Confidential Record", self.record.name)
			record.kind = "Medical"
			record.save(ignore_version=False)
		self.open()
		self.assertNowhere()

	def test_no_ordinary_way_yields_it(self):
		with self.set_user(self.counsellor):
			getdoc("Confidential Record", self.record.name)
			shown = frappe.as_json(frappe.response.docs)
			listed = frappe.get_list("Confidential Record", fields=["*"])
			value = frappe.client.get_value("Confidential Record", ["content"], self.record.name)
			whole = frappe.client.get("Confidential Record", self.record.name)
		for answer in (shown, listed, value, whole):
			self.assertNotIn(SECRET, frappe.as_json(answer))
			self.assertNotIn("cipher", frappe.as_json(answer))

	def test_the_save_of_the_form_does_not_send_it_back(self):
		with self.set_user(self.counsellor):
			savedocs(self.form(), "Save")
		self.assertNotIn(SECRET, frappe.as_json(frappe.response.docs))

	def form(self) -> str:
		return json.dumps(
			{
				"doctype": "Confidential Record",
				"name": "new-confidential-record-1",
				"__islocal": 1,
				"student": self.student,
				"kind": "Abuse",
				"recorded_on": "2025-03-01",
				"counsellor": self.counsellor,
				"content": SECRET,
			}
		)

	def log_failure(self, call, target: str) -> None:
		"""An error nobody foresaw, logged as Frappe's request handler does, and what waits written."""
		with patch(target, side_effect=RuntimeError(f"cannot store {SECRET}")):
			try:
				call()
			except RuntimeError as error:
				log_error_snapshot(error)
		self.assertNotIn(SECRET, str(frappe.form_dict))
		waiting = frappe.cache.lrange("insert_queue_for_Error Log", 0, -1)
		self.assertTrue(waiting)
		self.assertNotIn(SECRET, str(waiting))
		with self.set_user("Administrator"):  # a scheduler's job
			save_to_db()
		self.assertNowhere()
		log = frappe.get_last_doc("Error Log")
		self.assertIn("confidential_record.py", log.error)
		self.assertIn("RuntimeError", log.error)

	def test_an_error_while_saving_logs_none_of_it(self):
		form = self.form()
		with self.set_user(self.counsellor):
			frappe.local.form_dict = frappe._dict(cmd="frappe.desk.form.save.savedocs", doc=form)
			self.log_failure(lambda: frappe.call(savedocs, doc=form, action="Save"), f"{MODULE}.add_entry")

	def test_an_error_while_opening_logs_none_of_it(self):
		self.log_failure(self.open, f"{MODULE}.papers_of")

	def test_an_error_while_adding_logs_none_of_it(self):
		with self.set_user(self.counsellor):
			frappe.local.form_dict = frappe._dict(content=SECRET)
			self.log_failure(
				lambda: endpoints.amend_record(self.record.name, SECRET, "Again"), f"{MODULE}.add_entry"
			)

	def request(self, path: str, **values: str) -> frappe._dict:
		"""As Frappe begins a request; its Recorder has the parameters before any hook of ours."""
		set_request(path=path, method="POST")
		self.addCleanup(setattr, frappe.local, "request", None)
		frappe.local.form_dict = frappe._dict(values)
		kept = frappe.local.form_dict
		for task in frappe.get_hooks("before_request", app_name="bangfu_app"):
			frappe.call(task)
		return kept

	def test_no_log_file_and_no_recording_gets_it_before_it_is_sealed(self):
		ways = {
			"/api/method/frappe.desk.form.save.savedocs": {"doc": self.form()},
			"/api/resource/Confidential Record": {"content": SECRET, "kind": "Abuse"},
			"/api/v2/document/Confidential Record": {"content": SECRET},
			"/api/method/frappe.client.insert": {"doc": self.form()},
			f"/api/method/{MODULE}.amend_record": {"content": SECRET, "reason": SECRET, "name": "x"},
		}
		for path, values in ways.items():
			with self.subTest(path=path):
				kept = self.request(path, **values)
				self.assertEqual(dict(frappe.form_dict), values, "the request itself has it")
				for copied in (sanitized_dict(kept), pickle.loads(pickle.dumps(kept)), deepcopy(kept)):
					self.assertNotIn(SECRET, str(copied))

	def test_an_error_before_it_is_sealed_logs_none_of_it(self):
		with self.set_user(self.counsellor):
			form = self.form()
			self.request("/api/method/frappe.desk.form.save.savedocs", doc=form)
			try:
				with patch.object(Document, "check_permission", side_effect=RuntimeError(f"at {SECRET}")):
					frappe.call(savedocs, doc=form, action="Save")
			except RuntimeError as error:
				log_error_snapshot(error)
		self.assertNotIn(SECRET, str(frappe.cache.lrange("insert_queue_for_Error Log", 0, -1)))
		with self.set_user("Administrator"):
			save_to_db()
		self.assertNowhere()
		self.assertIn("RuntimeError", frappe.get_last_doc("Error Log").error)

	def test_other_requests_are_logged_whole(self):
		kept = self.request("/api/method/frappe.client.insert", doc='{"doctype": "ToDo"}')
		self.assertEqual(sanitized_dict(kept), {"doc": '{"doctype": "ToDo"}'})

	def test_an_error_elsewhere_is_logged_whole(self):
		log = frappe.log_error("Elsewhere", "Traceback\n  value = 42")
		self.assertIn("value = 42", log.error)

	def test_nothing_is_written_beside_it(self):
		name = self.record.name
		beside = (
			{"doctype": "Comment", "comment_type": "Comment", "reference_name": name, "content": SECRET},
			{"doctype": "ToDo", "reference_name": name, "description": SECRET},
			{"doctype": "DocShare", "share_name": name, "user": self.counsellor, "read": 1},
			{"doctype": "Communication", "reference_name": name, "content": SECRET, "subject": "x"},
			{"doctype": "Tag Link", "document_name": name, "tag": SECRET},
		)
		for values in beside:
			field = confidential.BESIDE[values["doctype"]]
			with self.subTest(doctype=values["doctype"]):
				doc = frappe.get_doc({**values, field: "Confidential Record"})
				# a share is refused earlier, like that of every record of a student
				refused = (frappe.ValidationError, frappe.PermissionError)
				self.assertRaisesRegex(refused, "itself|not shared", doc.insert, ignore_links=True)

	def test_it_is_in_no_search_and_has_no_title(self):
		meta = frappe.get_meta("Confidential Record")
		self.assertFalse([field.fieldname for field in meta.fields if field.in_global_search])
		self.assertFalse(meta.title_field or meta.track_changes)
