"""Sealed numbers: nothing in clear at rest, masked in view, shown by right and with a reason, found exactly (X2)."""

from unittest.mock import patch

import frappe
from frappe import client, handler
from frappe.desk.form.load import getdoc
from frappe.desk.form.save import savedocs
from hypothesis import given, settings
from hypothesis import strategies as st

from bangfu_app.patches.v0_2 import seal_phone_numbers
from bangfu_app.privacy import sealed_numbers, site_keys, unmasking
from bangfu_app.privacy.number_kinds import BANK_ACCOUNT, IDENTITY, MASK, PHONE
from bangfu_app.tests import BangfuTestCase, factories

GUARDIAN, CONTACT, SUPPORTER = "13812345678", "01062345678", "13987654321"
SEALED = {
	"Student File": ("id_number", "guardian_phone"),
	"Student Contact": ("phone",),
	"Supporter": ("phone",),
	"Screening": ("id_number", "guardian_phone"),
	"Payee Account": ("account",),
}


class TestKinds(BangfuTestCase):
	@given(
		st.text("0123456789０１２Xx*+-—()（） \u3000'’转ab", max_size=40),
		st.sampled_from([IDENTITY, PHONE, BANK_ACCOUNT]),
	)
	def test_a_mask_hides_something_of_any_text(self, text, kind):
		number = kind.normalise(text)
		self.assertEqual(kind.normalise(number), number)
		if number and MASK not in number:
			mask = kind.mask(number)
			self.assertEqual(len(mask), len(number))
			self.assertGreaterEqual(mask.count(MASK), min(4, len(number)))
			self.assertIn(MASK, kind.normalise(mask), "a mask is known for one when it comes back")

	@given(st.text(min_size=1, max_size=60))
	@settings(deadline=None)
	def test_round_trip(self, text):
		values = sealed_numbers.sealed_values("phone", PHONE, text)
		row = frappe._dict(values)
		self.assertEqual(sealed_numbers.unseal(row, "phone"), text)
		self.assertIn(values["phone_hash"], site_keys.hashes(text))

	def test_masks(self):
		for number, mask in {
			"13812345678": "138****5678",
			"01062345678": "010****5678",
			"073112345678": "0731****5678",
			"07311234567": "0731***4567",
			"62345678": "******78",
			"110": "***",
		}.items():
			self.assertEqual(PHONE.mask(number), mask)
		self.assertEqual(BANK_ACCOUNT.mask("6222021234567890"), "************7890")

	def test_equal_phones_however_typed(self):
		for typed in ("138-1234-5678", "+86 138 1234 5678", "１３８12345678", "0086 13812345678"):
			self.assertEqual(PHONE.normalise(typed), GUARDIAN)


class SealedTestCase(BangfuTestCase):
	def setUp(self):
		super().setUp()
		self.number = factories.id_number()
		self.teacher = factories.make_user("Class Teacher")
		self.file = factories.make_student(
			id_number=self.number,
			guardian_phone="138 1234 5678",
			contacts=[{"contact_name": "Aunt", "phone": "010-6234 5678"}],
			head_teacher=self.teacher,
		)
		self.supporter = factories.make_supporter(phone=SUPPORTER)


class TestAtRest(SealedTestCase):
	def tables(self) -> list[str]:
		own = [*SEALED, "Version", "Comment", "Deleted Document", "Disclosure Log"]
		return [*(f"tab{name}" for name in own), "__global_search"]

	def assertNowhere(self, *secrets: str):
		for table in self.tables():
			rows = str(frappe.qb.from_(frappe.qb.Table(table)).select("*").run())
			for secret in secrets:
				with self.subTest(table=table, secret=secret):
					self.assertNotIn(secret, rows)

	def test_no_table_holds_a_number_in_clear(self):
		self.file.reload()
		self.file.guardian_phone = "13600001111"
		self.file.contacts[0].phone = "13600002222"
		self.file.append("contacts", {"contact_name": "Uncle", "phone": "13600003333"})
		self.file.save(ignore_version=False)
		self.file.contacts = []
		self.file.save(ignore_version=False)
		new = ("13600001111", "13600002222", "13600003333")
		self.assertNowhere(self.number, GUARDIAN, CONTACT, SUPPORTER, *new)
		self.assertIn(
			"guardian_phone", str(frappe.get_all("Version", {"docname": self.file.name}, pluck="data"))
		)

	def test_versions_hold_neither_cipher_nor_hash(self):
		secrets = [self.file.guardian_phone_hash, self.file.contacts[0].phone_hash]
		self.file.contacts[0].phone = "13600002222"
		self.file.guardian_phone = "13600001111"
		self.file.save(ignore_version=False)
		self.file.append("contacts", {"contact_name": "Uncle", "phone": "13600003333"})
		self.file.save(ignore_version=False)
		for row in (self.file, *self.file.contacts):
			secrets += [
				row.get(f) for f in ("phone_hash", "guardian_phone_hash", "id_number_hash") if row.get(f)
			]
		versions = str(frappe.get_all("Version", {"docname": self.file.name}, pluck="data"))
		self.assertIn("Uncle", versions)
		for text in (*secrets, "_cipher", "_hash", "1111", "2222", "3333"):
			self.assertNotIn(text, versions)

	def test_a_deleted_record_leaves_no_number(self):
		secrets = (self.supporter.phone, self.supporter.phone_hash)
		frappe.delete_doc("Supporter", self.supporter.name)
		data = frappe.db.get_value("Deleted Document", {"deleted_name": self.supporter.name}, "data")
		for secret in (*secrets, SUPPORTER):
			self.assertNotIn(secret, data)

	def test_every_declared_field_has_closed_columns(self):
		for doctype, fields in sealed_numbers.all_declared().items():
			for fieldname in fields:
				for column in (sealed_numbers.cipher_field(fieldname), sealed_numbers.hash_field(fieldname)):
					with self.subTest(doctype=doctype, column=column):
						field = frappe.get_meta(doctype).get_field(column)
						self.assertEqual(field.permlevel, sealed_numbers.LEVEL)
						self.assertTrue(
							field.hidden and field.print_hide and field.report_hide and field.no_copy
						)
		self.assertEqual(set(sealed_numbers.all_declared()), set(SEALED))

	def test_every_record_that_declares_numbers_is_sealed_and_no_other(self):
		ours = frappe.get_all("DocType", {"module": "Bangfu App"}, pluck="name")
		declaring = {doctype for doctype in ours if sealed_numbers.declared(doctype)}
		records = {
			doctype
			for doctype in ours
			if not (meta := frappe.get_meta(doctype)).istable
			and declaring & {doctype, *(table.options for table in meta.get_table_fields())}
		}
		for event, method in (("validate", "seal_all"), ("on_trash", "forget")):
			path = f"bangfu_app.privacy.sealed_numbers.{method}"
			hooked = {
				doctype for doctype, events in frappe.get_doc_hooks().items() if path in events.get(event, [])
			}
			self.assertEqual(hooked, records)


class TestSaving(SealedTestCase):
	def test_masks_that_come_back_change_nothing(self):
		file = frappe.get_doc(frappe.parse_json(self.file.as_json()))
		for row in (file, *file.contacts):  # what a browser has: no cipher, no hash, or forged ones
			for fieldname in ("id_number", "guardian_phone", "phone"):
				row.update({f"{fieldname}_cipher": "forged", f"{fieldname}_hash": "forged"})
		file.save()
		file.reload()
		self.assertEqual(sealed_numbers.unseal(file, "id_number"), self.number)
		self.assertEqual(sealed_numbers.unseal(file, "guardian_phone"), GUARDIAN)
		self.assertEqual(sealed_numbers.unseal(file.contacts[0], "phone"), CONTACT)
		self.assertEqual(file.contacts[0].phone, "010****5678")

	def test_a_mask_of_another_row_is_refused(self):
		self.file.append("contacts", {"contact_name": "Uncle", "phone": self.file.contacts[0].phone})
		self.assertRaisesRegex(frappe.ValidationError, "whole number", self.file.save)

	def test_a_phone_of_letters_is_refused(self):
		self.supporter.phone = "call me"
		self.assertRaisesRegex(frappe.ValidationError, "5 to 15 digits", self.supporter.save)

	def test_blank_takes_all_away(self):
		self.supporter.phone = None
		self.supporter.save()
		self.assertFalse(self.supporter.phone_cipher or self.supporter.phone_hash)


class TestSurfaces(SealedTestCase):
	"""Ciphers and hashes do not leave the server for anybody with a role."""

	def setUp(self):
		super().setUp()
		for task in frappe.get_hooks("before_request", app_name="bangfu_app"):  # as each request does
			frappe.call(task)
		self.manager = factories.make_user("Bangfu Manager")
		self.secrets = [
			row.get(f"{fieldname}_{kind}")
			for row in (self.file, self.file.contacts[0])
			for fieldname in row.sealed_numbers
			for kind in ("cipher", "hash")
		]
		self.assertEqual(len(set(filter(None, self.secrets))), 6)

	def assertClosed(self, answer):
		for secret in self.secrets:
			self.assertNotIn(secret, frappe.as_json(answer))

	def test_lists(self):
		columns = ["name", "guardian_phone_cipher", "id_number_hash", "id_number_cipher"]
		with self.set_user(self.manager):
			self.assertClosed(frappe.get_list("Student File", fields=columns))
			self.assertClosed(frappe.get_list("Student File", fields=["*"]))
			rows = frappe.get_list(
				"Student Contact",
				fields=["name", "phone_cipher", "phone_hash"],
				parent_doctype="Student File",
			)
			self.assertClosed(rows)
			self.assertClosed(frappe.get_list("Student File", fields=["id_number_hash", "*"]))
			self.assertClosed(frappe.get_list("Student File", fields=columns, as_list=True))
			for column in ("guardian_phone_hash", "GUARDIAN_PHONE_HASH"):
				self.assertClosed(frappe.get_list("Student File", fields=["id_number_cipher", column]))

	def test_lists_that_would_let_a_hash_be_guessed(self):
		column, value = "guardian_phone_hash", self.file.guardian_phone_hash
		contact = ["Student Contact", "phone_hash", "=", self.file.contacts[0].phone_hash]
		guesses = (
			{"filters": {column: ["like", value[:4] + "%"]}},
			{"filters": [["Student File", column, "=", value]]},
			{"filters": [contact]},
			{"or_filters": {column: value}},
			{"order_by": f"{column} asc"},
			{"order_by": f"`tabStudent File`.`{column}` asc"},
			{"group_by": column},
			{"fields": [f"max({column}) as most"]},
			{"fields": ["name", f"least(name, {column}) as least"]},
		)
		with self.set_user(self.manager):
			for guess in guesses:
				with self.subTest(guess=guess):
					self.assertEqual(self.listed(**guess), "refused")
			self.assertIn(self.file.name, str(self.listed(order_by="student_name asc")))

	def listed(self, **arguments) -> list | str:
		try:
			rows = frappe.get_list("Student File", **arguments)
		except (frappe.PermissionError, frappe.ValidationError):
			return "refused"
		self.assertClosed(rows)
		return rows

	def test_no_role_is_given_the_level(self):
		for doctype in ("Student File", "Supporter"):
			with self.subTest(doctype=doctype):
				right = frappe.new_doc(
					"Custom DocPerm", parent=doctype, role="Evaluator", permlevel=9, read=1
				)
				self.assertRaisesRegex(frappe.ValidationError, "stays closed", right.insert)
		frappe.new_doc(
			"Custom DocPerm", parent="Support Plan", role="Evaluator", permlevel=9, read=1
		).insert()

	def test_the_form(self):
		with self.set_user(self.manager):
			getdoc("Student File", self.file.name)
			doc = frappe.response.docs[-1].as_dict()
		self.assertEqual(doc["guardian_phone"], "138****5678")
		self.assertClosed(doc)

	def test_what_a_change_answers_with(self):
		"""Frappe answers an insert, a change, a workflow step and a document's method with the whole document."""
		name = self.file.name
		new = {"doctype": "Supporter", "supporter_name": "New", "supporter_kind": "University Volunteer"}
		frappe.response.docs = []  # what other tests were answered
		with self.set_user(self.manager):
			answers = [
				client.set_value("Student File", name, "alias", "Xiao"),
				client.save(frappe.as_json(client.get("Student File", name))),
				client.insert(new | {"phone": "13700001111"}),
			]
			savedocs(frappe.as_json(client.get("Student File", name)), "Save")
		stored = frappe.get_last_doc("Supporter")
		self.secrets += [stored.phone_cipher, stored.phone_hash]
		for answer in (*answers, *frappe.response.docs, frappe.get_doc("Student File", name)):
			self.assertClosed(answer)
			self.assertIn("****", frappe.as_json(answer))

	def test_what_a_method_answers_with(self):
		"""A reader may comment by a call, and Frappe answers with the document on top."""
		user = factories.make_user("Supporter")
		team = factories.make_team()
		team[2]["supporter"] = factories.make_supporter(user=user).name
		factories.make_pairing(self.file.name, members=team)
		for reader, sees in ((user, False), (self.teacher, True)):
			with self.set_user(reader), patch.object(handler, "is_valid_http_method"):
				arguments = {"text": "Called the school"}
				handler.run_doc_method("add_comment", dt="Student File", dn=self.file.name, args=arguments)
				answer = frappe.as_json(frappe.response.docs.pop())
			self.assertClosed(answer)
			self.assertIn("138****5678", answer)
			self.assertEqual(self.file.id_number in answer, sees)

	def test_prints(self):
		for print_format in ("Standard", "Student Dossier"):
			html = frappe.get_print("Student File", self.file.name, print_format, no_letterhead=1)
			for secret in (*self.secrets, GUARDIAN, CONTACT, self.number):
				self.assertNotIn(secret, html)
			self.assertIn("138****5678", html)


class TestShowing(SealedTestCase):
	def show(
		self, user: str, doctype="Student File", name=None, fieldname="guardian_phone", reason="Call", **row
	):
		with self.set_user(user):
			return unmasking.show_number(doctype, name or self.file.name, fieldname, reason, **row)

	def logged(self) -> list:
		fields = [
			"user",
			"kind",
			"reference_doctype",
			"reference_name",
			"reference_field",
			"student",
			"reason",
		]
		return frappe.get_all("Disclosure Log", {"reference_name": self.file.name}, fields, as_list=True)

	def test_shown_with_a_reason_and_logged(self):
		self.assertEqual(self.show(self.teacher), GUARDIAN)
		entry = (
			self.teacher,
			"Number",
			"Student File",
			self.file.name,
			"guardian_phone",
			self.file.name,
			"Call",
		)
		self.assertEqual([tuple(row) for row in self.logged()], [entry])

	def test_a_row_of_a_table(self):
		row = self.file.contacts[0].name
		self.assertEqual(self.show(self.teacher, fieldname="phone", row=row), CONTACT)
		self.assertEqual(self.logged()[0][4], "contacts.phone")

	def test_no_reason_no_number(self):
		self.assertRaises(frappe.ValidationError, self.show, self.teacher, reason=" ")
		self.assertFalse(self.logged())

	def test_the_right_is_by_kind(self):
		self.assertRaises(frappe.PermissionError, self.show, self.teacher, fieldname="id_number")
		manager = factories.make_user("Bangfu Manager")
		self.assertEqual(self.show(manager, fieldname="id_number"), self.number)

	def test_strangers_and_those_without_the_right(self):
		stranger = factories.make_user("Class Teacher")
		user = factories.make_user("Supporter")
		team = factories.make_team()
		team[2]["supporter"] = factories.make_supporter(user=user).name
		factories.make_pairing(self.file.name, members=team)
		evaluator = factories.make_user("Evaluator")
		for reader in (stranger, user, evaluator, "Guest"):
			for fieldname in ("guardian_phone", "id_number"):
				with self.subTest(reader=reader, fieldname=fieldname):
					self.assertRaises(frappe.PermissionError, self.show, reader, fieldname=fieldname)
		self.assertFalse(self.logged())

	def test_only_sealed_fields_and_own_rows(self):
		other = factories.make_student(contacts=[{"contact_name": "Aunt", "phone": "13600002222"}])
		for arguments in (
			{"fieldname": "guardian_name"},
			{"fieldname": "phone", "row": other.contacts[0].name},
		):
			self.assertRaises(frappe.PermissionError, self.show, "Administrator", **arguments)

	def test_an_office_changes_the_right(self):
		office = frappe.get_doc("Bangfu Settings")
		office.unmask_rights = [row for row in office.unmask_rights if row.role != "Class Teacher"]
		office.append("unmask_rights", {"role": "Evaluator", "number_kind": "Phone"})
		office.save()
		self.assertRaises(frappe.PermissionError, self.show, self.teacher)
		self.assertEqual(self.show(factories.make_user("Evaluator")), GUARDIAN)

	def test_identity_stays_behind_its_field_level(self):
		office = frappe.get_doc("Bangfu Settings")
		office.append("unmask_rights", {"role": "Evaluator", "number_kind": "Identity Number"})
		office.save()
		evaluator = factories.make_user("Evaluator")
		self.assertRaises(frappe.PermissionError, self.show, evaluator, fieldname="id_number")

	def test_what_the_desk_is_told(self):
		with self.set_user(self.teacher):
			expected = {
				"Student File": ["guardian_phone"],
				"Student Contact": ["phone"],
				"Supporter": ["phone"],
				"Screening": ["guardian_phone"],
			}
			self.assertEqual(unmasking.shown_fields(), expected)
		with self.set_user(factories.make_user("Supporter")):
			self.assertEqual(unmasking.shown_fields(), {})

	def test_defaults_are_not_put_back(self):
		office = frappe.get_doc("Bangfu Settings")
		office.unmask_rights = office.unmask_rights[:1]
		office.save()
		unmasking.add_default_rights()
		self.assertEqual(len(frappe.get_doc("Bangfu Settings").unmask_rights), 1)


class TestFinding(SealedTestCase):
	def find(self, user: str, number: str, doctype: str = "Student File") -> list[str]:
		with self.set_user(user):
			return [record["name"] for record in unmasking.find_by_number(doctype, number)]

	def test_by_any_sealed_number_of_the_record(self):
		manager = factories.make_user("Bangfu Manager")
		for number in ("138-1234-5678", CONTACT, self.number.lower()):
			self.assertEqual(self.find(manager, number), [self.file.name])
		self.assertEqual(self.find(manager, SUPPORTER, "Supporter"), [self.supporter.name])
		self.assertEqual(self.find(manager, "13812345679"), [])

	def test_own_records_and_own_kinds_only(self):
		self.assertEqual(self.find(self.teacher, GUARDIAN), [self.file.name])
		self.assertEqual(self.find(self.teacher, self.number), [])
		self.assertEqual(self.find(factories.make_user("Class Teacher"), GUARDIAN), [])

	def test_nobody_without_the_right_tries_numbers(self):
		for user in (factories.make_user("Supporter"), factories.make_user("Evaluator"), "Guest"):
			self.assertRaises(frappe.PermissionError, self.find, user, GUARDIAN)


class TestPatch(SealedTestCase):
	def test_phones_in_clear_are_sealed_once(self):
		plain = {"phone": "010-6234 5678", "phone_cipher": None, "phone_hash": None}
		row = self.file.contacts[0].name
		frappe.db.set_value("Student Contact", row, plain)
		frappe.db.set_value("Supporter", self.supporter.name, plain | {"phone": "ask the office"})
		version = frappe.get_doc(
			{"doctype": "Version", "ref_doctype": "Supporter", "docname": self.supporter.name}
		)
		version.data = frappe.as_json({"changed": [["phone", SUPPORTER, "13600001111"]]})
		version.set_new_name()
		version.db_insert()
		for _run in range(2):
			seal_phone_numbers.execute()
			file = frappe.get_doc("Student File", self.file.name)
			self.assertEqual(file.contacts[0].phone, "010****5678")
			self.assertEqual(sealed_numbers.unseal(file.contacts[0], "phone"), CONTACT)
			self.assertEqual(sealed_numbers.unseal(file, "guardian_phone"), GUARDIAN)
		self.assertNotIn(SUPPORTER, frappe.db.get_value("Version", version.name, "data"))
		self.assertEqual(sealed_numbers.unseal(self.supporter.reload(), "phone"), "asktheoffice")
