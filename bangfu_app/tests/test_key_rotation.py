"""A new key for the site: interrupted anywhere, nothing is lost, and nothing unreadable meanwhile."""

import json
import tempfile
from pathlib import Path
from unittest.mock import patch

import frappe
from frappe.utils.password import decrypt, encrypt, get_encryption_key, set_encrypted_password
from hypothesis import given, settings
from hypothesis import strategies as st

from bangfu_app.excel.importer import import_workbook
from bangfu_app.privacy import key_rotation, sealed_numbers, site_keys
from bangfu_app.privacy.number_kinds import PHONE
from bangfu_app.tests import BangfuTestCase, factories
from bangfu_app.tests.test_excel import STUDENT, book_of

PHONES = [f"1381234{n:04d}" for n in range(3)]
PAPERS: list[Path] = []


def papers() -> list[Path]:
	return PAPERS


class Killed(BaseException):
	"""The process dies here: no handler of errors runs."""


class Boundaries:
	"""Counts the points before and after each commit and each change of the config; dies at one of them."""

	def __init__(self, at: int | None = None):
		self.at, self.count = at, 0
		self.store = site_keys.store

	def point(self):
		self.count += 1
		if self.count == self.at:
			raise Killed

	def commit(self):
		self.point()
		frappe.db.savepoint("committed")
		self.point()

	def write(self, values):
		self.point()
		self.store(values)
		self.point()


class RotationTestCase(BangfuTestCase):
	"""The keys are in a config file of the test's own."""

	def setUp(self):
		super().setUp()
		self.old = get_encryption_key()
		folder = tempfile.TemporaryDirectory()
		self.addCleanup(folder.cleanup)
		self.folder = Path(folder.name)
		self.config = self.folder / "site_config.json"
		self.addCleanup(self.restore_conf, dict(frappe.local.conf))
		self.start()
		for patcher in (
			patch.object(site_keys, "config_path", lambda: self.config),
			patch.object(key_rotation, "BATCH", 1),
			patch.object(frappe, "clear_cache"),
		):
			patcher.start()
			self.addCleanup(patcher.stop)
		self.number = factories.id_number()
		self.file = factories.make_student(
			"Draft",
			id_number=self.number,
			guardian_phone=PHONES[0],
			contacts=[{"contact_name": "Aunt", "phone": PHONES[1]}],
		)
		self.supporter = factories.make_supporter(phone=PHONES[2])
		set_encrypted_password("User", "Guest", "their secret", "api_secret")

	def start(self):
		"""As before any rotation."""
		self.config.write_text(json.dumps({"encryption_key": self.old}))
		frappe.local.conf.encryption_key = self.old

	def restore_conf(self, conf: dict):
		frappe.local.conf.clear()
		frappe.local.conf.update(conf)

	def run_until(self, at: int | None = None) -> Boundaries:
		boundaries = Boundaries(at)
		frappe.db.savepoint("committed")
		with patch.object(site_keys, "store", boundaries.write):
			try:
				key_rotation.rotate(lambda said: None, boundaries.commit)
			except Killed:
				frappe.db.rollback(save_point="committed")
		return boundaries

	def assertReadable(self):
		file = frappe.get_doc("Student File", self.file.name)
		supporter = frappe.get_doc("Supporter", self.supporter.name)
		self.assertEqual(sealed_numbers.unseal(file, "id_number"), self.number)
		self.assertEqual(sealed_numbers.unseal(file, "guardian_phone"), PHONES[0])
		self.assertEqual(sealed_numbers.unseal(file.contacts[0], "phone"), PHONES[1])
		self.assertEqual(sealed_numbers.unseal(supporter, "phone"), PHONES[2])
		self.assertEqual(sealed_numbers.find("Student File", "id_number", self.number), [file.name])
		self.assertEqual(sealed_numbers.find("Student Contact", "phone", PHONES[1]), [file.name])
		self.assertEqual(sealed_numbers.find("Supporter", "phone", PHONES[2]), [supporter.name])

	def auth_cipher(self) -> str:
		auth = frappe.qb.Table("__Auth")
		query = frappe.qb.from_(auth).select(auth.password).where(auth.fieldname == "api_secret")
		return query.where(auth.name == "Guest").run()[0][0]

	def assertDone(self):
		config = json.loads(self.config.read_text())
		self.assertNotEqual(config["encryption_key"], self.old)
		self.assertNotIn(site_keys.NEXT, config)
		self.assertEqual(decrypt(self.auth_cipher(), config["encryption_key"]), "their secret")
		self.config.write_text(json.dumps({"encryption_key": config["encryption_key"]}))
		self.assertReadable()  # by the new key alone


class TestRotation(RotationTestCase):
	def test_killed_at_every_boundary(self):
		self.run_until()
		self.assertDone()
		at, count = 0, 0
		while at <= count:  # until a run ends without being killed
			at += 1
			with self.subTest(at=at):
				count = self.run_until(at).count
				self.assertReadable()
				self.run_until()
				self.assertReadable()
				self.assertNotIn(site_keys.NEXT, json.loads(self.config.read_text()))
				self.assertEqual(decrypt(self.auth_cipher()), "their secret")
		self.assertGreater(at, 20)

	@given(st.lists(st.integers(1, 25), min_size=1, max_size=4))
	@settings(deadline=None, max_examples=10)
	def test_killed_again_and_again(self, points):
		for at in points:
			self.run_until(at)
			self.assertReadable()
		self.run_until()
		self.assertReadable()
		self.assertEqual(decrypt(self.auth_cipher()), "their secret")

	def test_a_failed_last_commit_leaves_the_old_key(self):
		with (
			patch.object(key_rotation, "reencrypt_ours", return_value=0),
			self.assertRaisesRegex(ValueError, "disk full"),
		):
			key_rotation.rotate(lambda said: None, self.fail_to_commit)
		self.assertEqual(json.loads(self.config.read_text())["encryption_key"], self.old)
		self.assertEqual(frappe.local.conf.encryption_key, self.old)

	def fail_to_commit(self):
		raise ValueError("disk full")

	def test_writing_and_uniqueness_meanwhile(self):
		self.run_until(3)  # the new key is there, nothing is under it yet
		self.assertEqual(len(site_keys.keys()), 2)
		with self.assertRaises(frappe.DuplicateEntryError):
			factories.make_student("Draft", id_number=self.number)
		supporter = factories.make_supporter(phone="13600001111")
		self.assertTrue(site_keys.is_newest(supporter.phone_cipher.encode()))
		self.assertFalse(site_keys.is_newest(self.supporter.phone_cipher.encode()))

	def test_a_workbook_knows_its_students_meanwhile(self):
		factories.make_school(STUDENT["学校"])
		factories.make_need_category("Left-behind Child")
		# known by the identity number alone
		row = {"姓名": "测试生", "身份证号": factories.id_number("2014-05-13", "Female")} | STUDENT
		content = book_of({name: cell for name, cell in row.items() if name not in ("学籍号", "监护人电话")})
		self.assertEqual(import_workbook(content, "Students").by_row(), {})
		self.run_until(3)
		self.assertEqual(import_workbook(content, "Students").unchanged, 1)
		self.run_until()
		self.assertEqual(import_workbook(content, "Students").unchanged, 1)

	def test_a_late_writer_is_swept_before_the_old_key_goes(self):
		late = sealed_numbers.sealed_values("phone", PHONE, "13600001111")
		secret = encrypt("late secret")
		self.run_until()
		frappe.db.set_value("Supporter", self.supporter.name, late)
		auth = frappe.qb.Table("__Auth")
		frappe.qb.update(auth).set(auth.password, secret).where(auth.name == "Guest").run()
		key_rotation.retire_previous_key()
		self.assertTrue(site_keys.stored(site_keys.PREVIOUS), "not within the hour")
		site_keys.store({key_rotation.ROTATED_ON: "2020-01-01 00:00:00"})
		with patch.object(frappe.db, "commit"):
			key_rotation.retire_previous_key()
		self.assertEqual(site_keys.keys(), (site_keys.stored(site_keys.CURRENT),))
		supporter = frappe.get_doc("Supporter", self.supporter.name)
		self.assertEqual(sealed_numbers.unseal(supporter, "phone"), "13600001111")
		self.assertEqual(decrypt(self.auth_cipher()), "late secret")

	def test_other_columns_and_files_join_by_a_line(self):
		path = self.folder / "paper"
		path.write_bytes(site_keys.encrypt_bytes(b"a paper"))
		frappe.db.set_value("Supporter", self.supporter.name, "notes", site_keys.encrypt("a note"))
		with (
			patch.object(
				key_rotation, "ENCRYPTED_FIELDS", [key_rotation.EncryptedField("Supporter", "notes")]
			),
			patch(f"{__name__}.PAPERS", [path]),
			patch.object(key_rotation, "ENCRYPTED_FILES", [f"{__name__}.papers"]),
		):
			self.run_until()
		self.assertTrue(site_keys.is_newest(path.read_bytes()))
		note = frappe.db.get_value("Supporter", self.supporter.name, "notes")
		self.assertTrue(site_keys.is_newest(note.encode()))
		self.assertEqual(
			(site_keys.decrypt(note), site_keys.decrypt_bytes(path.read_bytes())), ("a note", b"a paper")
		)

	def test_what_no_key_opens_is_counted_and_kept(self):
		frappe.db.set_value("Supporter", self.supporter.name, "phone_cipher", "broken")
		unreadable = key_rotation.rotate(lambda said: None, lambda: None)
		self.assertEqual(unreadable, 1)
		self.assertEqual(frappe.db.get_value("Supporter", self.supporter.name, "phone_cipher"), "broken")


class TestConfig(RotationTestCase):
	def test_the_file_is_replaced_as_a_whole_and_keeps_its_rights(self):
		self.config.chmod(0o640)
		with patch.object(site_keys.os, "replace", side_effect=Killed), self.assertRaises(Killed):
			site_keys.store({"other": "value"})
		self.assertEqual(json.loads(self.config.read_text()), {"encryption_key": self.old})
		site_keys.store({"other": "value"})
		self.assertEqual(self.config.stat().st_mode & 0o777, 0o640)
		self.assertEqual(json.loads(self.config.read_text())["other"], "value")
