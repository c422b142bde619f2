"""Rights: by role, by User Permission, by workflow, on attachments."""

import pytest


def test_role_permissions(frappe, make_user):
	frappe.set_user(make_user("stranger"))
	with pytest.raises(frappe.PermissionError):
		frappe.new_doc("Probe Visit", title="t").insert()
	with pytest.raises(frappe.PermissionError):
		frappe.get_list("Probe Visit")


def test_user_permission_limits_lists_and_documents(frappe, make_user):
	clerk = make_user("clerk", "Probe Clerk")
	names = {}
	for region in ("North", "South"):
		frappe.new_doc("Probe Region", name=region).insert(ignore_if_duplicate=True)
		names[region] = frappe.new_doc("Probe Visit", title=region, region=region).insert().name
	frappe.get_doc(doctype="User Permission", user=clerk, allow="Probe Region", for_value="North").insert()
	frappe.set_user(clerk)
	assert frappe.get_list("Probe Region", pluck="name") == ["North"]
	assert {row.region for row in frappe.get_list("Probe Visit", fields=["region"])} <= {"North", None, ""}
	assert frappe.get_doc("Probe Visit", names["North"]).has_permission("read")
	assert not frappe.has_permission("Probe Visit", "read", names["South"])
	assert frappe.new_doc("Probe Visit").region in (None, "North")


def test_workflow_goes_only_by_role_and_condition(frappe, make_user):
	from frappe.model.workflow import WorkflowPermissionError, apply_workflow, get_transitions

	clerk, chief = make_user("clerk2", "Probe Clerk"), make_user("chief", "Probe Chief")
	frappe.new_doc("Probe Region", name="East").insert(ignore_if_duplicate=True)
	frappe.set_user(clerk)
	visit = frappe.new_doc("Probe Visit", title="t").insert()
	assert visit.workflow_state == "Probe Draft"
	assert [t.action for t in get_transitions(visit)] == ["Probe Ask"]
	visit = apply_workflow(visit, "Probe Ask")
	with pytest.raises(WorkflowPermissionError):
		visit.workflow_state = "Probe Approved"
		visit.save()
	visit.reload()
	with pytest.raises(frappe.ValidationError):
		apply_workflow(visit, "Probe Approve")
	frappe.set_user(chief)
	visit = frappe.get_doc("Probe Visit", visit.name)
	assert get_transitions(visit) == []  # no region yet
	visit.region = "East"
	visit.save()
	visit = apply_workflow(visit, "Probe Approve")
	assert (visit.workflow_state, visit.docstatus) == ("Probe Approved", 1)


def test_private_attachment(frappe, make_user):
	from frappe.utils.file_manager import save_file

	visit = frappe.new_doc("Probe Visit", title="t").insert()
	file = save_file("report.txt", b"secret", "Probe Visit", visit.name, is_private=1)
	assert file.file_url.startswith("/private/files/")
	frappe.set_user(make_user("stranger"))
	assert not frappe.has_permission("File", "read", file.name)
	frappe.set_user(make_user("clerk", "Probe Clerk"))
	assert frappe.has_permission("File", "read", file.name)
