"""Who works in the demo: an invented community, 阳光社区. Nobody here exists."""

from contextlib import contextmanager

import frappe
from frappe.model.document import Document

PASSWORD = "bangfu-demo-2025"
DOMAIN = "yangguang.example"

MANAGER = f"lin@{DOMAIN}"
COORDINATOR = f"chen@{DOMAIN}"
FINANCE = f"zhou@{DOMAIN}"
EVALUATOR = f"sun@{DOMAIN}"
COUNSELLOR = f"he@{DOMAIN}"
TUTOR = f"liu@{DOMAIN}"

# account → (name, role, what to look at first)
USERS = {
	MANAGER: ("林书记", "Bangfu Manager", "帮扶领导小组:最后一级审批"),
	COORDINATOR: ("陈专干", "Bangfu Coordinator", "社区专干:全部档案、活动、台账"),
	f"teacher1@{DOMAIN}": ("许老师", "Class Teacher", "初中七年级班主任"),
	f"teacher2@{DOMAIN}": ("吴老师", "Class Teacher", "初中八年级班主任"),
	f"teacher3@{DOMAIN}": ("郑老师", "Class Teacher", "初中九年级班主任"),
	f"teacher4@{DOMAIN}": ("王老师", "Class Teacher", "小学班主任"),
	f"teacher5@{DOMAIN}": ("冯老师", "Class Teacher", "高中班主任"),
	TUTOR: ("刘桂英", "Supporter", "帮扶人:只见自己结对的学生"),
	COUNSELLOR: ("何心怡", "Counsellor", "心理教师"),
	FINANCE: ("周会计", "Bangfu Finance", "财务/总务:捐赠与发放"),
	EVALUATOR: ("孙督导", "Evaluator", "评估与督导"),
}

# who may export beside
EXPORTERS = (MANAGER, COORDINATOR)

PRIMARY = "阳光社区第一小学"
JUNIOR = "阳光社区实验初级中学"
SENIOR = "阳光高级中学"

# school → type
SCHOOLS = {PRIMARY: "Primary School", JUNIOR: "Junior Secondary School", SENIOR: "Senior Secondary School"}

# (school, grade or None for all) → class teacher
HEAD_TEACHERS = {
	(JUNIOR, "Grade 7"): f"teacher1@{DOMAIN}",
	(JUNIOR, "Grade 8"): f"teacher2@{DOMAIN}",
	(JUNIOR, "Grade 9"): f"teacher3@{DOMAIN}",
	(PRIMARY, None): f"teacher4@{DOMAIN}",
	(SENIOR, None): f"teacher5@{DOMAIN}",
}


def head_teacher_of(school: str, grade: str) -> str:
	return HEAD_TEACHERS.get((school, grade)) or HEAD_TEACHERS[(school, None)]


def sign_in_table() -> list[str]:
	"""Lines that tell who can sign in, for the command to print."""
	width = max(len(user) for user in USERS)
	lines = [f"  {user:<{width}}  {name}  {what}" for user, (name, role, what) in USERS.items()]
	return [*lines, f"  password of all: {PASSWORD}"]


@contextmanager
def as_user(user: str):
	"""Signed in as this user, in the user's language: what the app writes on a timeline is in it."""
	before, language = frappe.session.user, frappe.local.lang
	frappe.set_user(user)
	frappe.local.lang = frappe.db.get_value("User", user, "language") or language
	try:
		yield
	finally:
		frappe.set_user(before)
		frappe.local.lang = language


def add(doctype: str, **values) -> Document:
	"""A new record, by whoever is signed in."""
	return frappe.get_doc({"doctype": doctype, **values}).insert()
