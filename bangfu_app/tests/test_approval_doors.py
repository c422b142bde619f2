"""One door means all doors (domain §4.2): every transition through every door by every role, allowed and refused."""

import csv
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from unittest.mock import patch

import frappe
from frappe.api import v1, v2
from frappe.core.doctype.data_import.importer import INSERT, UPDATE, Importer
from frappe.desk.doctype.bulk_update.bulk_update import submit_cancel_or_update_docs
from frappe.desk.doctype.kanban_board.kanban_board import update_order_for_single_card
from frappe.model.document import Document
from frappe.model.workflow import apply_workflow, bulk_workflow_approval

from bangfu_app.approvals.actions import act, decide
from bangfu_app.approvals.chain import Chain, chain_of
from bangfu_app.tests import BangfuTestCase, factories

ROLES = (
	"Bangfu Manager",
	"Bangfu Coordinator",
	"Class Teacher",
	"Supporter",
	"Counsellor",
	"Bangfu Finance",
	"Evaluator",
)
REFUSALS = (frappe.ValidationError, frappe.PermissionError)


def by_action(doc: Document, action: str, state: str) -> None:
	act(doc.doctype, doc.name, action, reason="Said in the test", ballot={"For": 3})


def by_workflow(doc: Document, action: str, state: str) -> None:
	apply_workflow(frappe.get_doc(doc.doctype, doc.name), action)


def by_bulk_action(doc: Document, action: str, state: str) -> None:
	bulk_workflow_approval(frappe.as_json([doc.name]), doc.doctype, action)


def by_save(doc: Document, action: str, state: str) -> None:
	"""The form's own save."""
	stored = frappe.get_doc(doc.doctype, doc.name)
	stored.update({"status": state})
	stored.save()


def by_rest(doc: Document, action: str, state: str) -> None:
	put(v1, doc, state)


def by_rest_v2(doc: Document, action: str, state: str) -> None:
	put(v2, doc, state)


def put(api, doc: Document, state: str) -> None:
	before = frappe.local.form_dict
	frappe.local.form_dict = frappe._dict(status=state, data=frappe.as_json({"status": state}))
	try:
		api.update_doc(doc.doctype, doc.name)
	finally:
		frappe.local.form_dict = before


def by_data_import(doc: Document, action: str, state: str) -> None:
	import_rows(doc.doctype, UPDATE, {"name": doc.name, "status": state})


def import_rows(doctype: str, kind: str, *rows: dict) -> None:
	"""By Frappe's Data Import, as its command line calls it; refusals stand in its log."""
	with tempfile.NamedTemporaryFile("w", suffix=".csv", newline="", encoding="utf-8") as file:
		frappe.db.delete("Data Import Log", {"data_import": ["is", "not set"]})
		writer = csv.DictWriter(file, list(rows[0]))
		writer.writeheader()
		writer.writerows(rows)
		file.flush()
		with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere):
			Importer(doctype, file_path=file.name, import_type=kind, console=True).import_data()


def by_set_value(doc: Document, action: str, state: str) -> None:
	frappe.client.set_value(doc.doctype, doc.name, "status", state)


def by_bulk_edit(doc: Document, action: str, state: str) -> None:
	submit_cancel_or_update_docs(doc.doctype, [doc.name], "update", {"status": state})


def by_drag(doc: Document, action: str, state: str) -> None:
	board = frappe.get_doc("Kanban Board", {"reference_doctype": doc.doctype})
	old = frappe.db.get_value(doc.doctype, doc.name, "status")
	columns = {row.column_name for row in board.columns}
	for column in {old, state} - columns:
		board.append("columns", {"column_name": column})
	for column in board.columns:
		column.order = frappe.as_json([doc.name] if column.column_name == old else [])
	board.flags.ignore_permissions = True
	board.save()
	update_order_for_single_card(board.name, doc.name, old, state, 0, 0)


def by_decision(doc: Document, action: str, state: str) -> None:
	chain = chain_of(doc.doctype)
	old = frappe.db.get_value(doc.doctype, doc.name, "status")
	kind = chain.kind_of(chain.between(old, state)[0])
	decision = {"Approval": "approve", "Sent Back": "return"}.get(kind)
	if decision:
		decide([{"doctype": doc.doctype, "name": doc.name}], decision, reason="Said in the test")


def by_submit_or_cancel(doc: Document, action: str, state: str) -> None:
	chain = chain_of(doc.doctype)
	if chain.docstatus[state] == 1:
		frappe.get_doc(doc.doctype, doc.name).submit()
	elif chain.docstatus[state] == 2:
		frappe.client.cancel(doc.doctype, doc.name)


class Door:
	"""`says_reason`: reasons can be given there; `sets_docstatus`: a submitted or cancelled state can be reached."""

	def __init__(self, go: Callable, says_reason: bool = False, sets_docstatus: bool = False):
		self.go, self.says_reason, self.sets_docstatus = go, says_reason, sets_docstatus


DOORS = (
	Door(by_action, says_reason=True, sets_docstatus=True),
	Door(by_workflow, sets_docstatus=True),
	Door(by_bulk_action, sets_docstatus=True),
	Door(by_save),
	Door(by_rest),
	Door(by_rest_v2),
	Door(by_data_import),
	Door(by_set_value),
	Door(by_bulk_edit),
	Door(by_drag),
)


class DoorTestCase(BangfuTestCase):
	def setUp(self):
		super().setUp()
		# these doors commit row by row; a test takes everything back
		for name in ("commit", "rollback"):
			patcher = patch.object(frappe.db, name, side_effect=self.keep(getattr(frappe.db, name)))
			patcher.start()
			self.addCleanup(patcher.stop)
		self.users = {}

	@staticmethod
	def keep(method: Callable) -> Callable:
		def only_savepoints(*args, save_point: str | None = None, **kwargs):
			return method(save_point=save_point) if save_point else None

		return only_savepoints

	def world(self) -> str:
		"""A student with class teacher and an active pairing."""
		self.users = {role: factories.make_user(role) for role in ROLES}
		student = factories.make_student(head_teacher=self.users["Class Teacher"])
		team = factories.make_team()
		for place, role in ((1, "Counsellor"), (2, "Supporter")):
			supporter = factories.make_supporter(user=self.users[role])
			team[place]["supporter"] = supporter.name
		factories.make_pairing(student.name, members=team)
		return student.name

	def walk(self, doc: Document) -> None:
		chain = chain_of(doc.doctype)
		for state, prepare in self.states(chain).items():
			frappe.db.savepoint("state")
			prepare(doc)
			for (action, next_state), rows in self.actions_from(chain, state).items():
				for door in DOORS:
					for role in ROLES:
						with self.subTest(state=state, action=action, door=door.go.__name__, role=role):
							self.try_door(doc, chain, rows, door, role, next_state)
			frappe.db.rollback(save_point="state")

	def actions_from(self, chain: Chain, state: str) -> dict[tuple[str, str], list]:
		found = {}
		for row in chain.from_state(state):
			found.setdefault((row.action, row.next_state), []).append(row)
		return found

	def try_door(self, doc, chain, rows, door, role, state) -> None:
		before = frappe.db.get_value(doc.doctype, doc.name, "status")
		steps = self.steps(doc)
		frappe.db.savepoint("door")
		frappe.set_user(self.users[role])
		try:
			door.go(doc, rows[0].action, state)
		except REFUSALS:
			pass
		finally:
			frappe.set_user("Administrator")
		reached = frappe.db.get_value(doc.doctype, doc.name, "status")
		written = self.steps(doc) - steps
		frappe.db.rollback(save_point="door")
		frappe.clear_document_cache(doc.doctype, doc.name)
		if self.is_open(chain, rows, door, role):
			self.assertEqual((reached, written), (state, 1))
		else:
			self.assertEqual((reached, written), (before, 0))

	def is_open(self, chain, rows, door, role) -> bool:
		if role not in {row.allowed for row in rows}:
			return False
		if chain.sends_back(rows[0]) and not door.says_reason:
			return False
		if rows[0].state == chain.declaration.voted and chain.is_approval(rows[0]) and not door.says_reason:
			return False
		changes = chain.docstatus[rows[0].next_state] != chain.docstatus[rows[0].state]
		return door.sets_docstatus or not changes

	def steps(self, doc: Document) -> int:
		return frappe.db.count("Approval Step", {"reference_name": doc.name})

	def states(self, chain: Chain) -> dict[str, Callable[[Document], None]]:
		"""State → how a record gets there by the app's own step, so that nobody among the users proposed it."""
		return {
			state: lambda doc, state=state: self.put(doc, state, chain.docstatus[state])
			for state in chain.docstatus
			if chain.from_state(state)
		}

	def put(self, doc: Document, state: str, docstatus: int) -> None:
		frappe.db.set_value(doc.doctype, doc.name, {"status": state, "docstatus": docstatus})
		frappe.db.delete("Approval Vote", {"reference_name": doc.name})
		frappe.clear_document_cache(doc.doctype, doc.name)


class TestIntakeDoors(DoorTestCase):
	def test_every_transition_by_every_door_and_role(self):
		student = self.world()
		self.walk(frappe.get_doc("Student File", student))


class TestPlanDoors(DoorTestCase):
	def test_every_transition_by_every_door_and_role(self):
		self.walk(factories.make_plan(self.world(), active=False))


class TestClosureDoors(DoorTestCase):
	def test_every_transition_by_every_door_and_role(self):
		self.walk(factories.make_closure(self.world(), approved=False))


class TestOtherDoors(DoorTestCase):
	def doors_of(self, doc: Document) -> Iterator[Callable]:
		yield lambda: by_submit_or_cancel(doc, "Approve", "Approved")
		yield lambda: frappe.client.submit(frappe.get_doc(doc.doctype, doc.name).as_dict())

	def test_submitting_by_hand_is_the_action_with_all_its_checks(self):
		closure = factories.make_closure(self.world(), approved=False)
		for go in self.doors_of(closure):
			with self.set_user(self.users["Bangfu Manager"]):
				self.assertRaises(REFUSALS, go)
		self.put(closure, "Leading Group Review", 0)
		with self.set_user(self.users["Bangfu Manager"]):
			by_submit_or_cancel(closure, "Approve", "Approved")
		self.assertEqual(frappe.db.get_value("Case Closure", closure.name, "status"), "Approved")

	def test_cancelling_by_hand_needs_the_reason_of_revoking(self):
		closure = factories.make_closure(self.world())
		with self.set_user(self.users["Bangfu Manager"]):
			with self.assertRaisesRegex(REFUSALS, "Revoke"):
				by_submit_or_cancel(closure, "Revoke", "Revoked")
			act("Case Closure", closure.name, "Revoke", reason="Back at school")
		closure.reload()
		self.assertEqual((closure.status, closure.docstatus), ("Revoked", 2))

	def test_a_draft_is_not_discarded_out_of_its_chain(self):
		closure = factories.make_closure(self.world(), approved=False)
		if not hasattr(closure, "discard"):
			return
		with self.set_user(self.users["Bangfu Manager"]):
			self.assertRaises(frappe.ValidationError, frappe.get_doc("Case Closure", closure.name).discard)

	def test_a_copy_begins_at_the_beginning(self):
		student = self.world()
		for doc in (factories.make_plan(student), frappe.get_doc("Student File", student)):
			with self.subTest(doctype=doc.doctype):
				copy = frappe.copy_doc(doc, ignore_no_copy=False)
				copy.update({"duplicate_reason": "A copy"})  # one student has one file
				copy.insert()
				self.assertEqual(copy.status, "Draft")
				born_approved = frappe.copy_doc(doc, ignore_no_copy=False)
				born_approved.status = doc.status
				self.assertRaises(REFUSALS, born_approved.insert)

	def test_an_amended_record_begins_at_the_beginning(self):
		closure = factories.make_closure(self.world())
		with self.set_user(self.users["Bangfu Manager"]):
			act("Case Closure", closure.name, "Revoke", reason="Back at school")
			amended = frappe.copy_doc(frappe.get_doc("Case Closure", closure.name), ignore_no_copy=False)
			amended.update({"amended_from": closure.name, "docstatus": 0})
			self.assertRaises(REFUSALS, frappe.get_doc(amended.as_dict() | {"status": "Approved"}).insert)
			amended.insert()
		self.assertEqual((amended.status, amended.docstatus), ("Draft", 0))
		self.assertEqual(self.steps(amended), 0)
		with self.set_user(self.users["Bangfu Manager"]):
			self.assertRaises(REFUSALS, amended.submit)

	def test_rows_of_an_import_begin_at_the_beginning(self):
		values = factories.student_values(school_class=factories.make_class().name)
		row = {
			name: values[name]
			for name in ("student_name", "gender", "birth_date", "school", "stage", "source")
		}
		row |= {
			"school_class": values["school_class"],
			"needs.need_category": values["needs"][0]["need_category"],
		}
		for state, born in (("In Support", 0), ("Class Review", 0), ("Draft", 1)):
			with self.subTest(state=state), self.set_user(factories.make_user("Bangfu Coordinator")):
				import_rows("Student File", INSERT, row | {"status": state})
				self.assertEqual(frappe.db.count("Student File", {"student_name": row["student_name"]}), born)

	def test_many_are_decided_at_once_each_for_itself(self):
		student = self.world()
		good = factories.make_plan(student, active=False)
		self.put(good, "Department Review", 0)
		draft = factories.make_plan(student, active=False)
		with self.set_user(self.users["Bangfu Manager"]):
			own = factories.make_plan(student, active=False)
			own.db_set("owner", self.users["Bangfu Manager"])
			self.put(own, "Department Review", 0)
			rows = [{"doctype": "Support Plan", "name": doc.name} for doc in (good, draft, own)]
			rows.append({"doctype": "Support Plan", "name": "no such plan"})
			rows.append({"doctype": "User", "name": "Administrator"})
			results = decide(rows, "approve")
		self.assertEqual([row["done"] for row in results], [True, False, False, False, False])
		self.assertTrue(all(row["message"] for row in results[1:]))
		states = [frappe.db.get_value("Support Plan", doc.name, "status") for doc in (good, draft, own)]
		self.assertEqual(states, ["Active", "Draft", "Department Review"])

	def test_what_fails_half_way_takes_back_itself_alone(self):
		student = self.world()
		plans = [factories.make_plan(student, active=False) for _ in range(2)]
		for plan in plans:
			self.put(plan, "Department Review", 0)
		names = [plan.name for plan in plans]

		def renew(doc: Document) -> None:
			if doc.name == names[0]:
				frappe.throw("Written already")

		with (
			self.set_user(self.users["Bangfu Manager"]),
			patch("bangfu_app.approvals.waiting.renew_todos", renew),
		):
			results = decide([{"doctype": "Support Plan", "name": name} for name in names], "return", "No")
		self.assertEqual([row["done"] for row in results], [False, True])
		states = [frappe.db.get_value("Support Plan", name, "status") for name in names]
		self.assertEqual(states, ["Department Review", "Returned"])
		self.assertEqual([self.steps(plan) for plan in plans], [0, 1])

	def test_only_known_decisions_on_so_many(self):
		row = {"doctype": "Support Plan", "name": "no such plan"}
		for rows, decision in (([row] * 201, "approve"), ([row], "delete")):
			self.assertRaisesRegex(frappe.ValidationError, "at most 200", decide, rows, decision)

	def test_a_stranger_decides_nothing(self):
		plan = factories.make_plan(self.world(), active=False)
		self.put(plan, "Department Review", 0)
		for role in ("Class Teacher", "Supporter"):
			with self.set_user(factories.make_user(role)):
				(result,) = decide([{"doctype": "Support Plan", "name": plan.name}], "return", "No")
				self.assertFalse(result["done"])
				for secret in (plan.student_name, "Department Review"):
					self.assertNotIn(secret, result["message"])
				self.assertRaises(frappe.PermissionError, act, "Support Plan", plan.name, "Return", "No")

	def test_the_message_names_the_action_and_who_does_it(self):
		plan = factories.make_plan(self.world(), active=False)
		self.put(plan, "Department Review", 0)
		with self.set_user(self.users["Bangfu Coordinator"]):
			with self.assertRaisesRegex(REFUSALS, "Approve.*Bangfu Manager"):
				by_save(plan, "Approve", "Active")
		with self.set_user(self.users["Bangfu Manager"]):
			with self.assertRaisesRegex(REFUSALS, "no way from.*Approve, Return"):
				by_save(plan, "", "Superseded")
