"""What install and uninstall do beyond Frappe's own sync: workflows, boards, master data, roles."""

from collections.abc import Iterable
from pathlib import Path

import frappe
from frappe.modules.import_file import import_file_by_path

from bangfu_app.completeness import add_default_requirements
from bangfu_app.masters import create_masters
from bangfu_app.money import bank_layouts
from bangfu_app.privacy.unmasking import add_default_rights
from bangfu_app.rights.surfaces import remove_shares

WORKFLOWS = ("student_intake", "support_plan_approval", "case_closure_approval", "subsidy_approval")

# colour of a workflow state in lists and forms
STATE_STYLES = {
	"In Support": "Success",
	"Active": "Success",
	"Approved": "Success",
	"Class Review": "Warning",
	"School Review": "Warning",
	"Department Review": "Warning",
	"Finance Check": "Warning",
	"Leading Group Review": "Warning",
	"Returned": "Danger",
	"Agreed": "Info",
	"Completed": "Primary",
	"Closed": "Primary",
	"Paid": "Primary",
}

KANBAN_BOARDS = {
	"Student Files by Stage": {
		"reference_doctype": "Student File",
		"field_name": "status",
		"fields": ["school", "grade", "support_focus", "priority"],
		"columns": (
			("Draft", "Gray"),
			("Class Review", "Orange"),
			("School Review", "Yellow"),
			("In Support", "Green"),
			("Returned", "Red"),
			("Closed", "Blue"),
		),
	},
	"Support Plans by Stage": {
		"reference_doctype": "Support Plan",
		"field_name": "status",
		"fields": ["school", "version", "from_date", "to_date"],
		"columns": (
			("Draft", "Gray"),
			("Agreed", "Cyan"),
			("Department Review", "Yellow"),
			("Active", "Green"),
			("Returned", "Red"),
			("Completed", "Blue"),
		),
	},
	"Case Closures by Stage": {
		"reference_doctype": "Case Closure",
		"field_name": "status",
		"fields": ["school", "reason", "closure_date"],
		"columns": (
			("Draft", "Gray"),
			("Department Review", "Orange"),
			("Leading Group Review", "Yellow"),
			("Approved", "Green"),
			("Returned", "Red"),
			("Rejected", "Red"),
		),
	},
	"Subsidy Batches by Stage": {
		"reference_doctype": "Subsidy Batch",
		"field_name": "status",
		"fields": ["scheme", "period", "school", "total_amount"],
		"columns": (
			("Draft", "Gray"),
			("Finance Check", "Orange"),
			("Leading Group Review", "Yellow"),
			("Approved", "Green"),
			("Paid", "Blue"),
			("Returned", "Red"),
		),
	},
}

ROLES = (
	"Bangfu Manager",
	"Bangfu Coordinator",
	"Class Teacher",
	"Supporter",
	"Counsellor",
	"Bangfu Finance",
	"Evaluator",
	"Bangfu Exporter",
)


def after_install() -> None:
	create_roles()
	sync_workflows()
	create_kanban_boards()
	create_masters()
	add_default_rights()
	add_default_requirements()
	bank_layouts.create_default()


def after_migrate() -> None:
	create_roles()
	sync_workflows()
	bank_layouts.create_default()
	remove_shares()


def before_uninstall() -> None:
	"""Take away what Frappe leaves behind: it removes only records that carry our module."""
	states, actions = _states_and_actions()
	delete_all("Workflow", _our_workflows())
	delete_all("Workflow State", _unused("Workflow Document State", "state", states))
	delete_all("Workflow Action Master", _unused("Workflow Transition", "action", actions))
	ours = frappe.get_all("DocType", {"module": "Bangfu App"}, pluck="name")
	delete_all(
		"Kanban Board", frappe.get_all("Kanban Board", {"reference_doctype": ["in", ours]}, pluck="name")
	)
	delete_all(
		"Workflow Action",
		frappe.get_all("Workflow Action", {"reference_doctype": ["in", ours]}, pluck="name"),
	)
	delete_traces(ours)
	delete_navigation()
	delete_roles(ours)


def delete_navigation() -> None:
	"""Frappe 16 keeps tiles and sidebars per app; rows only, their controllers would delete our files."""
	tables = {
		"Desktop Icon": {"label": ["in", ["Bangfu", "Support Management"]]},
		"Workspace Sidebar": {"title": "Support Management"},
		"Workspace Sidebar Item": {"parent": "Support Management"},
	}
	for doctype, filters in tables.items():
		if frappe.db.exists("DocType", doctype):
			frappe.db.delete(doctype, filters)


def delete_roles(doctypes: list[str]) -> None:
	"""Our roles, but for those that a DocType of another app names too."""
	for role in ROLES:
		elsewhere = {"role": role, "parent": ["not in", doctypes]}
		if not frappe.db.exists("DocPerm", elsewhere) and not frappe.db.exists("Custom DocPerm", elsewhere):
			frappe.db.delete("Has Role", {"role": role})
			delete_all("Role", [role])


def sync_workflows() -> None:
	"""Bring the workflows up to our files' state; one that the office has edited stays as it is."""
	create_states_and_actions()
	for path in _workflow_files():
		if not is_edited("Workflow", frappe.get_file_json(str(path))["name"]):
			import_file_by_path(str(path), ignore_version=True)


def is_edited(doctype: str, name: str) -> bool:
	"""Our files keep `creation` equal to `modified`, so a record saved on the site since shows in the difference."""
	creation, modified = frappe.db.get_value(doctype, name, ["creation", "modified"]) or (None, None)
	return creation != modified


def create_roles() -> None:
	"""Most roles come with the DocTypes that name them; a right beside them is named by none."""
	for role in ROLES:
		if not frappe.db.exists("Role", role):
			# Frappe's install step runs as Administrator, a migrate as nobody in particular
			frappe.get_doc({"doctype": "Role", "role_name": role, "desk_access": 1}).insert(
				ignore_permissions=True
			)


def create_states_and_actions() -> None:
	"""States and actions are names shared by all workflows of a site: add those missing, touch no others."""
	states, actions = _states_and_actions()
	for state in states:
		if not frappe.db.exists("Workflow State", state):
			# Frappe's install step runs as Administrator, a migrate as nobody in particular
			frappe.get_doc(
				{
					"doctype": "Workflow State",
					"workflow_state_name": state,
					"style": STATE_STYLES.get(state, ""),
				}
			).insert(ignore_permissions=True)
	for action in actions:
		if not frappe.db.exists("Workflow Action Master", action):
			frappe.get_doc({"doctype": "Workflow Action Master", "workflow_action_name": action}).insert(
				ignore_permissions=True  # the same
			)


def create_kanban_boards(names: Iterable[str] = tuple(KANBAN_BOARDS)) -> None:
	"""Those that are missing; a patch names the boards that are new, so that none deleted by the office comes back."""
	for name in names:
		if frappe.db.exists("Kanban Board", name):
			continue
		board = KANBAN_BOARDS[name]
		columns = [
			{"column_name": column, "status": "Active", "indicator": colour}
			for column, colour in board["columns"]
		]
		frappe.get_doc(
			{
				"doctype": "Kanban Board",
				"kanban_board_name": name,
				"reference_doctype": board["reference_doctype"],
				"field_name": board["field_name"],
				"fields": frappe.as_json(board["fields"]),
				"show_labels": 1,
				"columns": columns,
			}
		).insert(ignore_permissions=True)  # install step, nobody is signed in


def delete_traces(doctypes: list[str]) -> None:
	"""Comments, versions, files and permissions that point at our records."""
	frappe.db.delete("Scheduled Job Type", {"method": ["like", "bangfu_app.%"]})
	for doctype, field in (
		("Comment", "reference_doctype"),
		("Version", "ref_doctype"),
		("File", "attached_to_doctype"),
		("ToDo", "reference_type"),
		("DocShare", "share_doctype"),
		("User Permission", "allow"),
		("Notification Log", "document_type"),
		("Tag Link", "document_type"),
		("Custom Field", "dt"),
		("Property Setter", "doc_type"),
		("Custom DocPerm", "parent"),
		("List Filter", "reference_doctype"),
		("View Log", "reference_doctype"),
		("Document Follow", "ref_doctype"),
	):
		frappe.db.delete(doctype, {field: ["in", doctypes]})


def delete_all(doctype: str, names: list[str]) -> None:
	"""Uninstall step, nobody is signed in; what still points at these goes too."""
	for name in names:
		frappe.delete_doc(doctype, name, ignore_missing=True, ignore_permissions=True, force=True)


def _workflow_files() -> list[Path]:
	folder = Path(frappe.get_app_path("bangfu_app", "bangfu_app", "workflow"))
	return [folder / name / f"{name}.json" for name in WORKFLOWS]


def _our_workflows() -> list[str]:
	ours = frappe.get_all("DocType", {"module": "Bangfu App"}, pluck="name")
	return frappe.get_all("Workflow", {"document_type": ["in", ours]}, pluck="name")


def _states_and_actions() -> tuple[list[str], list[str]]:
	"""Names that our workflows use, in order of appearance."""
	states, actions = {}, {}
	for path in _workflow_files():
		workflow = frappe.get_file_json(str(path))
		states.update((row["state"], None) for row in workflow["states"])
		actions.update((row["action"], None) for row in workflow["transitions"])
	return list(states), list(actions)


def _unused(child: str, field: str, names: list[str]) -> list[str]:
	"""Names that no other workflow uses, and that Frappe did not bring itself."""
	used = set(frappe.get_all(child, {field: ["in", names]}, pluck=field))
	return [name for name in names if name not in used | FRAPPE_OWN]


# Workflow states and actions that Frappe creates on every site
FRAPPE_OWN = {"Pending", "Approved", "Rejected", "Approve", "Reject", "Review"}
