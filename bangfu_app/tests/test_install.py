"""What hangs together by name alone: hooks, reports, workflows, type blocks; and a clean way out."""

import ast
import shutil
import tempfile
import textwrap
from pathlib import Path
from unittest.mock import patch

import frappe
from frappe import get_module_path, scrub
from frappe.types.exporter import TypeExporter, end_block, start_block

from bangfu_app import hooks, install, masters
from bangfu_app.patches.v0_2 import fill_new_settings
from bangfu_app.tests import BangfuTestCase, factories


def ours(doctype: str, **filters) -> list[str]:
	return frappe.get_all(doctype, {"module": "Bangfu App", **filters}, pluck="name")


def dotted_paths(value) -> list[str]:
	"""Every "bangfu_app.x.y" in a hook's value, whatever its shape."""
	if isinstance(value, str):
		return [value] if value.startswith("bangfu_app.") else []
	if isinstance(value, dict):
		value = list(value.values())
	if isinstance(value, list | tuple):
		return [path for item in value for path in dotted_paths(item)]
	return []


def statements_of(code: str) -> list[str]:
	"""The statements of the generated type block in `code`, whatever their order and line breaks."""
	block = code[code.index(start_block) : code.index(end_block)]
	check = ast.parse(textwrap.dedent("\t" + block)).body[-1]
	return sorted(ast.unparse(statement) for statement in check.body)


class TestNames(BangfuTestCase):
	def test_every_path_in_hooks_resolves(self):
		paths = [
			path
			for name, value in vars(hooks).items()
			if not name.startswith("_")
			for path in dotted_paths(value)
		]
		self.assertGreater(len(paths), 10)
		for path in paths:
			with self.subTest(path=path):
				self.assertTrue(callable(frappe.get_attr(path)))

	def test_every_doctype_has_its_controller(self):
		for name in ours("DocType"):
			with self.subTest(doctype=name):
				self.assertEqual(frappe.get_meta(name).name, name)
				self.assertTrue(
					frappe.model.base_document.get_controller(name).__module__.startswith("bangfu_app.")
				)

	def test_every_link_points_at_a_doctype_that_is_always_there(self):
		"""A link to a DocType of an app that may be absent lets no form open (style §1.4)."""
		known = set(
			frappe.get_all(
				"DocType", {"module": ["in", self.modules_of("frappe", "bangfu_app")]}, pluck="name"
			)
		)
		for name in ours("DocType"):
			for field in frappe.get_meta(name).get(
				"fields", {"fieldtype": ["in", ["Link", "Table", "Table MultiSelect"]]}
			):
				# those of ERPNext come and go with it (bookkeeping/custom_fields.py)
				if not field.get("is_custom_field"):
					with self.subTest(doctype=name, field=field.fieldname):
						self.assertIn(field.options, known)

	def modules_of(self, *apps: str) -> list[str]:
		return [module for app in apps for module in frappe.get_module_list(app)]

	def test_every_report_runs_from_its_module(self):
		reports = ours("Report")
		self.assertGreaterEqual(len(reports), 4)
		for name in reports:
			with self.subTest(report=name):
				path = f"bangfu_app.bangfu_app.report.{scrub(name)}.{scrub(name)}.execute"
				self.assertTrue(callable(frappe.get_attr(path)))

	def test_an_upgrade_gives_new_settings_their_defaults_and_leaves_the_others(self):
		new, kept = "relief_hours", "census_month"
		frappe.db.delete("Singles", {"doctype": "Bangfu Settings", "field": new})
		frappe.db.set_single_value("Bangfu Settings", kept, 4)
		frappe.clear_document_cache("Bangfu Settings", "Bangfu Settings")
		fill_new_settings.execute()
		settings = frappe.get_doc("Bangfu Settings")
		self.assertEqual((settings.get(new), settings.get(kept)), (24, 4))
		settings.save()

	def test_every_patch_imports(self):
		for line in Path(frappe.get_app_path("bangfu_app", "patches.txt")).read_text().splitlines():
			if line.strip() and not line.startswith(("[", "#")):
				with self.subTest(patch=line):
					self.assertTrue(callable(frappe.get_attr(f"{line.split()[0]}.execute")))

	def test_type_blocks_are_as_frappe_writes_them(self):
		for name in ours("DocType"):
			with self.subTest(doctype=name):
				controller = (
					Path(get_module_path("Bangfu App")) / "doctype" / scrub(name) / f"{scrub(name)}.py"
				)
				generated = TypeExporter(frappe.get_doc("DocType", name))._generate_code()
				self.assertEqual(statements_of(controller.read_text()), statements_of(generated))


class TestWorkflows(BangfuTestCase):
	def workflows(self):
		for path in install._workflow_files():
			name = frappe.get_file_json(str(path))["name"]
			yield frappe.get_doc("Workflow", name)

	def test_states_are_options_of_the_field(self):
		for workflow in self.workflows():
			with self.subTest(workflow=workflow.name):
				field = frappe.get_meta(workflow.document_type).get_field(workflow.workflow_state_field)
				self.assertEqual(
					list(dict.fromkeys(row.state for row in workflow.states)), field.options.split("\n")
				)

	def test_files_carry_one_moment(self):
		"""What tells an office's edit from an untouched workflow: `creation` and `modified` are equal in ours."""
		for path in install._workflow_files():
			with self.subTest(path=path.name):
				workflow = frappe.get_file_json(str(path))
				self.assertEqual(workflow["creation"], workflow["modified"])

	def test_frappe_finds_them_sound(self):
		for workflow in self.workflows():
			with self.subTest(workflow=workflow.name):
				workflow.validate_docstatus()
				self.assertTrue(workflow.is_active)

	def test_no_review_is_a_dead_end(self):
		final = {"Closed", "Archived", "Completed", "Superseded", "Rejected", "Revoked", "In Support", "Paid"}
		for workflow in self.workflows():
			left = {row.state for row in workflow.transitions}
			for row in workflow.states:
				with self.subTest(workflow=workflow.name, state=row.state):
					self.assertTrue(row.state in left or row.state in final)

	def test_approvals_are_not_given_to_oneself(self):
		for workflow in self.workflows():
			for row in workflow.transitions:
				if row.action in ("Approve", "Pass Class Review", "Recommend", "Pass to Leading Group"):
					with self.subTest(workflow=workflow.name, action=row.action):
						self.assertFalse(row.allow_self_approval)

	def add_transition(self) -> int:
		"""What an office does in the Workflow form; returns the new number of transitions."""
		workflow = frappe.get_doc("Workflow", "Student Intake")
		row = {
			"state": "School Review",
			"action": "Approve",
			"next_state": "In Support",
			"allowed": "Bangfu Coordinator",
			"allow_self_approval": 0,
		}
		workflow.append("transitions", row)
		workflow.save()
		return len(workflow.transitions)

	def ship_newer_file(self) -> int:
		"""An upgrade brings a file with one transition less; returns its number of transitions."""
		workflow = frappe.get_file_json(str(install._workflow_files()[0]))
		workflow["transitions"].pop()
		workflow["creation"] = workflow["modified"] = "2099-01-01 00:00:00.000000"
		folder = tempfile.mkdtemp()
		self.addCleanup(shutil.rmtree, folder)
		path = Path(folder) / "student_intake.json"
		path.write_text(frappe.as_json(workflow))
		with patch.object(install, "_workflow_files", return_value=[path]):
			install.after_migrate()
		return len(workflow["transitions"])

	def transitions(self) -> int:
		return len(frappe.get_doc("Workflow", "Student Intake").transitions)

	def test_an_edit_of_the_office_survives_a_migrate(self):
		edited = self.add_transition()
		install.after_migrate()
		self.assertEqual(self.transitions(), edited)

	def test_an_edit_of_the_office_survives_an_upgrade(self):
		edited = self.add_transition()
		self.ship_newer_file()
		self.assertEqual(self.transitions(), edited)

	def test_an_upgrade_reaches_a_workflow_nobody_edited(self):
		self.assertEqual(self.ship_newer_file(), self.transitions())


class TestMasters(BangfuTestCase):
	def test_they_follow_the_language_chosen_in_the_wizard(self):
		frappe.db.set_single_value("System Settings", "language", "zh")
		masters.follow_language()
		self.assertTrue(frappe.db.exists("Need Category", "留守儿童"))
		self.assertFalse(frappe.db.exists("Need Category", "Left-behind Child"))
		self.assertEqual(frappe.db.count("Assessment Domain"), len(masters.ASSESSMENT_DOMAINS))

	def test_what_is_in_use_stays(self):
		factories.make_student(
			"Draft", needs=[{"need_category": factories.make_need_category("Left-behind Child").name}]
		)
		before = frappe.get_all("Need Category", pluck="name")
		frappe.db.set_single_value("System Settings", "language", "zh")
		masters.follow_language()
		self.assertEqual(frappe.get_all("Need Category", pluck="name"), before)


class TestUninstall(BangfuTestCase):
	def test_nothing_of_ours_is_left_that_frappe_would_not_remove(self):
		states, actions = install._states_and_actions()
		install.before_uninstall()
		self.assertEqual(install._our_workflows(), [])
		self.assertEqual(
			set(frappe.get_all("Workflow State", {"name": ["in", states]}, pluck="name"))
			- install.FRAPPE_OWN,
			set(),
		)
		self.assertEqual(
			set(frappe.get_all("Workflow Action Master", {"name": ["in", actions]}, pluck="name"))
			- install.FRAPPE_OWN,
			set(),
		)
		self.assertEqual(frappe.get_all("Kanban Board", {"name": ["in", list(install.KANBAN_BOARDS)]}), [])

	def test_roles_go_unless_another_app_names_them(self):
		frappe.get_doc("DocType", "ToDo").append("permissions", {"role": "Counsellor", "read": 1}).db_insert()
		install.before_uninstall()
		self.assertEqual(
			frappe.get_all("Role", {"name": ["in", install.ROLES]}, pluck="name"), ["Counsellor"]
		)

	def test_a_state_another_workflow_uses_stays(self):
		other = frappe.get_doc(
			{
				"doctype": "Workflow",
				"workflow_name": "Another Office's Flow",
				"document_type": "ToDo",
				"workflow_state_field": "status",
				"states": [{"state": "Draft", "doc_status": "0", "allow_edit": "System Manager"}],
			}
		)
		other.flags.ignore_validate = True
		other.insert(ignore_permissions=True)
		install.before_uninstall()
		self.assertTrue(frappe.db.exists("Workflow State", "Draft"))

	def test_setting_up_again_brings_everything_back(self):
		with patch.object(install, "delete_roles"):  # they come back with the DocTypes, before after_install
			install.before_uninstall()
		install.after_install()
		self.assertEqual(len(install._our_workflows()), len(install.WORKFLOWS))
		boards = list(install.KANBAN_BOARDS)
		self.assertEqual(frappe.db.count("Kanban Board", {"name": ["in", boards]}), len(boards))
