"""What Frappe keeps beside a record obeys the right to the record (surfaces.py)."""

import frappe
from frappe.desk.form import assign_to
from frappe.model.document import Document

from bangfu_app import hooks
from bangfu_app.rights import criteria, surfaces
from bangfu_app.tests import BangfuTestCase, factories

# a row of each kind beside a record
BESIDE = {
	"Comment": {"comment_type": "Comment", "content": "Secret"},
	"Communication": {"communication_medium": "Chat", "content": "Secret", "subject": "Secret"},
	"Version": {"data": "{}"},
	"View Log": {},
	"Activity Log": {"subject": "Secret"},
	"Tag Link": {"tag": "Secret", "title": "Secret"},
	"Deleted Document": {"data": "{}"},
	"Access Log": {},
}


class SurfacesTestCase(BangfuTestCase):
	def setUp(self):
		super().setUp()
		self.user = factories.make_user("Supporter")
		self.student, self.pairing = self.paired_student(self.user)
		self.former = factories.make_user("Supporter")
		stranger_student, _pairing = self.paired_student(factories.make_user("Supporter"))
		self.other = stranger_student

	def paired_student(self, user: str) -> tuple[Document, Document]:
		student = factories.make_student(student_name="Secret Child", student_no=f"S{factories.serial()}")
		team = factories.make_team()
		team[2]["supporter"] = factories.make_supporter(user=user).name
		return student, factories.make_pairing(student.name, members=team)

	def revoke(self) -> None:
		frappe.get_doc("Pairing", self.pairing.name).revoke("Test")

	def attach(self, record: Document, content: str = "", **values) -> Document:
		return frappe.get_doc(
			{
				"doctype": "File",
				"file_name": f"paper{factories.serial()}.txt",
				"content": content or f"content {factories.serial()}",
				"attached_to_doctype": record.doctype,
				"attached_to_name": record.name,
				**values,
			}
		).insert(ignore_permissions=True)

	def may(self, user: str, doc: Document, ptype: str = "read") -> bool:
		with self.set_user(user):
			return bool(frappe.get_doc(doc.doctype, doc.name).has_permission(ptype))


class TestFiles(SurfacesTestCase):
	def test_they_are_private_however_they_come(self):
		file = self.attach(self.student, is_private=0)
		self.assertTrue(file.is_private)
		self.assertTrue(file.file_url.startswith("/private/files/"))
		file.is_private = 0
		file.save(ignore_permissions=True)
		self.assertTrue(frappe.db.get_value("File", file.name, "is_private"))
		public = self.attach(factories.make_student("Draft"), is_private=0)
		self.assertTrue(public.is_private)

	def test_a_public_file_is_no_attachment(self):
		factories.make_consent(self.student.name, "Photo and Publicity")
		self.student.reload()
		self.student.photo = "/files/somewhere.png"
		self.assertRaisesRegex(frappe.ValidationError, "private", self.student.save)

	def test_the_uploader_loses_it_with_the_right(self):
		file = self.attach(self.student)
		file.db_set("owner", self.user)
		self.assertTrue(self.may(self.user, file))
		self.revoke()
		self.assertFalse(self.may(self.user, file))
		with self.set_user(self.user):
			self.assertFalse(frappe.get_doc("File", file.name).is_downloadable())
			self.assertRaises(
				frappe.PermissionError, surfaces.zip_files, frappe.as_json([{"name": file.name}])
			)

	def test_a_file_of_an_unsaved_form_is_its_uploaders_alone(self):
		coordinator = factories.make_user("Bangfu Coordinator")
		values = {"doctype": "File", "file_name": "a.csv", "content": "a,b", "is_private": 1}
		values |= {"attached_to_doctype": "Workbook Import", "attached_to_name": "new-workbook-import-x"}
		with self.set_user(coordinator):
			file = frappe.get_doc(values).insert()
		self.assertTrue(self.may(coordinator, file))
		self.assertFalse(self.may(factories.make_user("Bangfu Coordinator"), file))
		with self.set_user(self.user):
			self.assertRaises(frappe.PermissionError, frappe.get_doc(values).insert)

	def test_lists_hold_none(self):
		file = self.attach(self.other)
		for user in (self.user, factories.make_user("Bangfu Manager"), factories.make_user("System Manager")):
			with self.set_user(user):
				self.assertEqual(frappe.get_list("File", {"name": file.name}), [])

	def test_an_address_alone_opens_nothing(self):
		"""An Attach field of an own record makes Frappe attach whatever file its address names."""
		file = self.attach(self.other)
		with self.set_user(self.user):
			for record in (("Student File", self.student.name), ("User", self.user)):
				copy = {"doctype": "File", "file_url": file.file_url}
				copy |= {"attached_to_doctype": record[0], "attached_to_name": record[1]}
				with self.assertRaises(frappe.PermissionError):
					frappe.get_doc(copy).insert(ignore_permissions=True)

	def test_it_stays_with_its_record(self):
		file = self.attach(self.other)
		file.attached_to_name = self.student.name
		self.assertRaisesRegex(frappe.ValidationError, "stays", file.save, ignore_permissions=True)
		with self.set_user(self.user):
			moved = frappe.get_doc("File", file.name)
			moved.attached_to_name = self.student.name
			self.assertFalse(moved.has_permission("read"))

	def test_nothing_is_attached_to_a_record_one_may_not_write(self):
		values = {"doctype": "File", "file_name": "x.txt", "content": "x", "is_private": 1}
		values |= {"attached_to_doctype": "Student File", "attached_to_name": self.student.name}
		with self.set_user(self.user):
			self.assertRaises(frappe.PermissionError, frappe.get_doc(values).insert)


class TestSharing(SurfacesTestCase):
	def test_a_share_is_refused(self):
		with self.assertRaisesRegex(frappe.PermissionError, "not shared"):
			frappe.share.add("Student File", self.student.name, self.former)
		self.assertFalse(self.may(self.former, self.student))

	def test_an_old_share_ends_with_the_next_migrate(self):
		row = {"doctype": "DocShare", "share_doctype": "Student File", "share_name": self.student.name}
		frappe.get_doc({**row, "user": self.former, "read": 1}).db_insert()
		surfaces.remove_shares()
		self.assertFalse(self.may(self.former, self.student))

	def test_who_may_not_read_is_assigned_nothing(self):
		args = {"doctype": "Student File", "name": self.student.name, "assign_to": [self.former]}
		with self.assertRaisesRegex(frappe.ValidationError, "may not see"):
			assign_to.add(args)
		assign_to.add({**args, "assign_to": [self.user]})

	def test_a_key_opens_no_print(self):
		self.assertRaises(frappe.PermissionError, self.student.get_document_share_key)
		with self.set_user("Guest"), self.assertRaises(frappe.PermissionError):
			frappe.get_doc("Student File", self.student.name).run_method("before_print")

	def test_nobody_follows_by_mail(self):
		follow = {"doctype": "Document Follow", "ref_doctype": "Student File"}
		doc = frappe.get_doc({**follow, "ref_docname": self.student.name, "user": self.user})
		doc.insert(ignore_permissions=True)
		self.assertFalse(frappe.db.exists("Document Follow", doc.name))


class TestRowsBeside(SurfacesTestCase):
	def row(self, doctype: str) -> Document:
		fields = dict(zip(surfaces.TRACES[doctype], ("Student File", self.student.name), strict=True))
		doc = frappe.get_doc({"doctype": doctype, **BESIDE[doctype], **fields})
		doc.set_new_name()
		doc.db_insert()
		return doc

	def test_those_who_set_the_app_up_read_none(self):
		admin = factories.make_user("System Manager")
		for doctype in BESIDE:
			row = self.row(doctype)
			with self.subTest(doctype=doctype):
				self.assertFalse(self.may(admin, row))
				with self.set_user(admin):
					self.assertEqual(frappe.get_list(doctype, {"name": row.name}), [])

	def test_what_belongs_to_no_student_stays_open(self):
		admin = factories.make_user("System Manager")
		comment = {"doctype": "Comment", "comment_type": "Comment", "reference_doctype": "User"}
		doc = frappe.get_doc({**comment, "reference_name": "Administrator", "content": "x"}).insert()
		self.assertTrue(self.may(admin, doc))
		with self.set_user(admin):
			self.assertTrue(frappe.get_list("Comment", {"name": doc.name}))

	def test_a_to_do_ends_with_the_right(self):
		args = {"doctype": "Student File", "name": self.student.name, "assign_to": [self.user]}
		assign_to.add({**args, "description": "Secret"})
		with self.set_user(self.user):
			self.assertEqual(len(frappe.get_list("ToDo")), 1)
		self.revoke()
		with self.set_user(self.user):
			self.assertEqual(frappe.get_list("ToDo"), [])

	def test_notices_tell_nothing(self):
		notice = frappe.get_doc(
			{
				"doctype": "Notification Log",
				"for_user": self.user,
				"subject": "On Secret Child",
				"email_content": "Secret",
				"document_type": "Student File",
				"document_name": self.student.name,
			}
		).insert(ignore_permissions=True)
		self.assertNotIn("Secret", notice.subject + (notice.email_content or ""))

	def test_errors_keep_no_numbers(self):
		number = factories.id_number()
		text = f"id_number = '{number}' phone 13800138000 card 6222020200112233445 line 12345"
		log = frappe.get_doc({"doctype": "Error Log", "method": number, "error": text}).insert()
		self.assertEqual(log.method, "***")
		self.assertEqual(log.error, "id_number = '***' phone *** card *** line 12345")


class TestEveryDoctype(BangfuTestCase):
	def test_each_that_names_a_student_is_restricted(self):
		"""The Disclosure Log is the leading group's alone."""
		for doctype in frappe.get_all("DocType", {"module": "Bangfu App", "istable": 0}, pluck="name"):
			tables = [field.options for field in frappe.get_meta(doctype).get_table_fields()]
			links = [
				field
				for name in (doctype, *tables)
				for field in frappe.get_meta(name).get_link_fields()
				if field.options == "Student File"
			]
			if links and doctype != "Disclosure Log":
				with self.subTest(doctype=doctype):
					self.assertIn(doctype, criteria.CRITERIA)

	def test_hooks_cover_the_registry(self):
		for doctype in (*criteria.CRITERIA, *surfaces.TRACES):
			self.assertIn(doctype, hooks.permission_query_conditions)
			self.assertIn(doctype, hooks.has_permission)

	def test_frappe_calls_ours(self):
		for path, ours in hooks.override_whitelisted_methods.items():
			self.assertEqual(frappe.get_hooks("override_whitelisted_methods")[path][-1], ours)
			self.assertTrue(frappe.get_attr(path))  # Frappe has it under this name

	def test_none_gives_frappes_own_export_or_share(self):
		for doctype in criteria.CRITERIA:
			for rule in frappe.get_meta(doctype).permissions:
				with self.subTest(doctype=doctype, role=rule.role):
					self.assertFalse(rule.export or rule.share)
