"""To-dos that the app gives; they carry the role for which they are given, those of people do not."""

from datetime import date

import frappe
from frappe.model.document import Document
from frappe.utils import today


def give_todo(doc: Document, user: str, role: str, description: str, due: date | str | None = None) -> None:
	"""The description names no student: to-dos obey no right of ours."""
	todo = frappe.get_doc(
		{
			"doctype": "ToDo",
			"status": "Open",
			"priority": "Medium",
			"allocated_to": user,
			"role": role,
			"assigned_by": frappe.session.user,
			"reference_type": doc.doctype,
			"reference_name": doc.name,
			"description": description,
			"date": due or today(),
		}
	)
	todo.set_new_name()
	todo.set_user_and_timestamp()
	# insert() would write a comment for each user on the timeline and share the record
	todo.db_insert()


def close_todos(doctype: str, name: str) -> None:
	"""Ours carry a role; those that people gave each other stay."""
	todo = frappe.qb.DocType("ToDo")
	(
		frappe.qb.update(todo)
		.set(todo.status, "Closed")
		.where((todo.reference_type == doctype) & (todo.reference_name == name))
		.where((todo.status == "Open") & todo.role.isnotnull())
	).run()


def has_open_todo(doctype: str, name: str) -> bool:
	filters = {"reference_type": doctype, "reference_name": name, "status": "Open", "role": ["is", "set"]}
	return bool(frappe.db.exists("ToDo", filters))
