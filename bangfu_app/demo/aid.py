"""Goods of the demo year: all that was donated goes to students by name, and what comes after."""

from collections.abc import Iterable

import frappe
from frappe.model.document import Document

from bangfu_app.demo import people
from bangfu_app.demo.people import add, as_user

BOOKS, STATIONERY, DEVICES, WHEELCHAIR, BEDDING = "图书", "文具", "智能学习设备", "电动轮椅", "床上用品"


def load(files: list[Document]) -> None:
	rider = rider_among(files)
	with as_user(people.COORDINATOR):
		apply_for_device(rider)
		promise_books()
	with as_user(people.FINANCE):
		for purpose, day, item, shares in (
			("春季学期学习用品", "2025-03-10", STATIONERY, shared_out(200, files)),
			("读书月图书", "2025-04-23", BOOKS, shared_out(320, files)),
			("线上学习设备", "2025-04-02", DEVICES, shared_out(10, files[:10])),
			("秋季读书角图书", "2025-09-10", BOOKS, shared_out(180, files)),
			("住校生床上用品", "2025-09-03", BEDDING, shared_out(15, files[-15:])),
			("出行辅具", "2025-04-25", WHEELCHAIR, [(rider, 1)]),
		):
			give(purpose, day, item, shares)


def rider_among(files: list[Document]) -> str:
	"""Who moves about with difficulty: the wheelchair's."""
	return frappe.get_all(
		"Student Circumstances",
		{"disability": "Physical", "student": ["in", [file.name for file in files]]},
		order_by="student",
		pluck="student",
	)[0]


def shared_out(pieces: int, files: list[Document]) -> Iterable[tuple[str, int]]:
	"""(student, pieces): as even as whole pieces allow, the first get the odd ones."""
	each, more = divmod(pieces, len(files))
	for number, file in enumerate(files):
		if qty := each + (number < more):
			yield file.name, qty


def give(purpose: str, day: str, item: str, shares: Iterable[tuple[str, int]]) -> Document:
	lines = [
		{"student": student, "item": item, "qty": qty, "received_by": "监护人", "received_on": day}
		for student, qty in shares
	]
	doc = frappe.get_doc(
		{"doctype": "Aid Distribution", "purpose": purpose, "distribution_date": day, "items": lines}
	)
	doc.insert()
	doc.submit()
	return doc


def promise_books() -> None:
	"""What a donor has promised for the year to come."""
	add(
		"Aid Pledge",
		donor="新华书店",
		pledged_on="2025-12-01",
		kind="Goods",
		item=BOOKS,
		qty=60,
		unit_value=25,
		frequency="Quarterly",
		from_date="2026-03-01",
		to_date="2026-12-31",
	)


def apply_for_device(student: str) -> None:
	"""A foundation is asked for what comes after the wheelchair; it has not answered yet."""
	application = add(
		"Device Application",
		student=student,
		item=DEVICES,
		qty=1,
		foundation="希望公益基金会",
		amount=1899,
		reason="出行不便,需要在家上网课。",
	)
	application.apply("2025-11-20")
