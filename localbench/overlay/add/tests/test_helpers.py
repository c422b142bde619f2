"""What upstream's test_helpers.py gives to other tests: a blog of custom doctypes with a few posts."""

import frappe


def setup_for_tests():
	make_doctype(
		"Test Blog Category", "field:title", [{"fieldname": "title", "fieldtype": "Data", "reqd": 1}]
	)
	make_doctype(
		"Test Blog Post",
		"field:title",
		[
			{"fieldname": "title", "fieldtype": "Data", "reqd": 1, "unique": 1},
			{"fieldname": "blog_category", "fieldtype": "Link", "options": "Test Blog Category"},
			{"fieldname": "content", "fieldtype": "Text Editor"},
			{"fieldname": "published", "fieldtype": "Check"},
		],
	)
	for category in ("_Test Blog Category", "_Test Blog Category 1", "_Test Blog Category 2"):
		make("Test Blog Category", title=category)
	for number in range(1, 4):
		make(
			"Test Blog Post",
			title=f"_Test Blog Post {number}",
			blog_category="_Test Blog Category",
			content="-",
		)


def make_doctype(name, autoname, fields):
	from frappe.core.doctype.doctype.test_doctype import new_doctype

	if not frappe.db.exists("DocType", name):
		permission = {"read": 1, "write": 1, "create": 1, "delete": 1}
		permissions = [{"role": role, **permission} for role in ("System Manager", "Blogger")]
		make("Role", role_name="Blogger")
		fields = [{"label": frappe.unscrub(field["fieldname"]), **field} for field in fields]
		new_doctype(name, fields=fields, autoname=autoname, permissions=permissions).insert()


def make(doctype, **values):
	if not frappe.db.exists(doctype, values):
		frappe.get_doc(doctype=doctype, **values).insert(ignore_permissions=True)
