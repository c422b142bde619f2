"""The first 20 of 100,000 student files, their number, and one form, as readers of each kind of right."""

import os
import random
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

# change it with what is filled in
KEY = "2"
SCHOOLS, CLASSES, PUPILS = 50, 50, 40
SUPPORTED = 3
PAIRED = 21_000
ROUNDS = 150
LAST_CHANGE, CHANGED_OVER = datetime(2025, 11, 20, 12), timedelta(days=730)
PASSWORD = "bench-9-of-7-pupils"
MANAGER = "manager@bench.test"
READERS = {
	"manager, unscoped": MANAGER,
	"class teacher, 40 students": "teacher@bench.test",
	"supporter, 3 students": "supporter@bench.test",
	"coordinator of one school, 2,000": "coordinator@bench.test",
}
COLUMNS = ("name", "student_name", "status", "school", "grade", "support_focus", "priority", "modified")
LIST = {
	"doctype": "Student File",
	"fields": [f"`tabStudent File`.`{column}`" for column in COLUMNS],
	"filters": [],
	"order_by": "`tabStudent File`.`modified` desc",
	"start": 0,
	"page_length": 20,
	"view": "List",
}
# as the list view asks: how many, but no more than 1,001
COUNT = {"doctype": "Student File", "filters": [], "fields": [], "distinct": False, "limit": 1001}


def main() -> None:
	"""Outside the bench: make the site once, then measure in the bench's own Python."""
	os.environ["DB"] = "mariadb"
	from localbench import bench, sites

	site = sites.Site("bench-rights")
	if not site.is_made(KEY):
		site.make(KEY)
	script = [str(bench.PYTHON), str(Path(__file__).resolve()), site.name]
	sys.exit(subprocess.call(script, cwd=bench.FOLDER / "sites"))


# ---------------------------------------------------------------- what is measured


def measure(site: str) -> None:
	import frappe

	os.environ["FRAPPE_SITE"] = site  # of the whole requests
	connect(site)
	if not frappe.db.count("Student File"):
		fill()
	print(f"{frappe.db.count('Student File')} student files, median and fastest tenth of {ROUNDS} rounds\n")
	for what, action in {"list of 20": open_list, "count": count_list, "form": open_form}.items():
		report(what, time_readers(action))
	clients = {user: sign_in(site, user) for user in READERS.values()}
	for what, method, query in (
		("request: list", "frappe.desk.reportview.get", LIST),
		("request: count", "frappe.desk.reportview.get_count", COUNT),
	):
		report(what, time_readers(lambda user, method=method, query=query: clients[user](method, query)))


def connect(site: str) -> None:
	import frappe

	frappe.init(site, sites_path=".")
	frappe.connect()


def time_readers(prepare) -> dict[str, list[float]]:
	"""`prepare` gives the call that is timed; the readers take turns, so that what else runs hits all."""
	times = {user: [] for user in READERS.values()}
	for _round in range(ROUNDS):
		for user in READERS.values():
			call = prepare(user)
			begin = perf_counter()
			call()
			times[user].append(perf_counter() - begin)
	return times


def report(what: str, times: dict[str, list[float]]) -> None:
	"""Median, and the fastest tenth: on a machine that has other work too, that one is near the truth."""
	for reader, user in READERS.items():
		line = f"{what:15} {reader:34}"
		for measure_of in (median, fastest_tenth):
			taken, unscoped = measure_of(times[user]), measure_of(times[MANAGER])
			line += f"{taken * 1000:8.2f} ms {taken / unscoped:5.2f} ×"
		print(line)


def fastest_tenth(times: list[float]) -> float:
	return quantiles(times, n=10)[0]


def open_list(user: str):
	"""The call of the list view."""
	from frappe.desk import reportview

	return as_request_of(user, LIST, reportview.get)


def count_list(user: str):
	"""The call for the number below the list."""
	from frappe.desk import reportview

	return as_request_of(user, COUNT, reportview.get_count)


def open_form(user: str):
	"""The call of the form, on a file that the user may read."""
	import frappe
	from frappe.desk.form.load import getdoc

	frappe.set_user(user)
	name = frappe.get_list("Student File", limit_page_length=1, pluck="name")[0]
	return as_request_of(user, {}, lambda: getdoc("Student File", name))


def as_request_of(user: str, query: dict, call):
	"""A request has its own user, and a transaction in which nothing is known yet."""
	import frappe

	frappe.db.rollback()
	frappe.set_user(user)
	frappe.local.form_dict = frappe._dict(
		{key: value if isinstance(value, str) else frappe.as_json(value) for key, value in query.items()}
	)
	frappe.local.response = frappe._dict(docs=[])
	return call


def sign_in(site: str, user: str):
	"""Whole requests, as the web server would hand them on: session, rights, list, answer."""
	import json

	from frappe.app import application
	from werkzeug.test import Client

	client = Client(application)
	headers = {"X-Frappe-Site-Name": site}
	answer = client.post("/api/method/login", data={"usr": user, "pwd": PASSWORD}, headers=headers)
	assert answer.status_code == 200, answer.text

	def ask(method: str, query: dict):
		data = {key: value if isinstance(value, str) else json.dumps(value) for key, value in query.items()}

		def call():
			answer = client.get(f"/api/method/{method}", query_string=data, headers=headers)
			assert answer.status_code == 200, answer.text

		return call

	return ask


# ---------------------------------------------------------------- what it is measured on


def fill() -> None:
	"""Rows by sets, without controllers: what is measured is the reading."""
	import frappe

	random.seed(1)
	fill_readers()
	schools = [f"School {number}" for number in range(SCHOOLS)]
	insert("School", ("school_name",), [(school, school) for school in schools])
	classes = [(f"{school}-{number}", school) for school in schools for number in range(CLASSES)]
	insert(
		"School Class",
		("school", "school_year", "grade", "class_name", "head_teacher"),
		[
			(name, school, "2025-2026", "Grade 7", name, f"teacher{number or ''}@bench.test")
			for number, (name, school) in enumerate(classes)
		],
	)
	pupils = [(name, school) for name, school in classes for _number in range(PUPILS)]
	random.shuffle(pupils)
	insert(
		"Student File",
		("student_name", "status", "school", "school_class", "grade", "birth_date"),
		[
			(f"SF-{number:06}", f"Pupil {number}", "In Support", school, name, "Grade 7", "2013-02-21")
			for number, (name, school) in enumerate(pupils)
		],
	)
	fill_pairings()
	permission = {"doctype": "User Permission", "user": "coordinator@bench.test", "allow": "School"}
	frappe.get_doc({**permission, "for_value": schools[7]}).insert()
	frappe.db.commit()
	for doctype in ("Student File", "School Class", "Pairing", "Pairing Member", "Supporter"):
		frappe.db.sql_ddl(f"analyze table `tab{doctype}`")


def fill_readers() -> None:
	import frappe

	roles = ("Bangfu Manager", "Class Teacher", "Supporter", "Bangfu Coordinator")
	for role, email in zip(roles, READERS.values(), strict=True):
		user = frappe.get_doc(
			{
				"doctype": "User",
				"email": email,
				"first_name": role,
				"send_welcome_email": 0,
				"new_password": PASSWORD,
			}
		)
		user.insert().add_roles(role)


def fill_pairings() -> None:
	"""One member each, three students a supporter."""
	names = [(f"PA-{number}", f"SU-{number // SUPPORTED}", f"SF-{number * 4:06}") for number in range(PAIRED)]
	supporters = sorted({supporter for _name, supporter, _student in names})
	insert(
		"Supporter",
		("supporter_name", "status", "user"),
		[(name, name, "Active", "supporter@bench.test" if name == "SU-9" else None) for name in supporters],
	)
	insert(
		"Pairing",
		("student", "status", "from_date"),
		[(name, student, "Active", "2025-02-01") for name, _supporter, student in names],
	)
	insert(
		"Pairing Member",
		("parent", "parenttype", "parentfield", "supporter", "idx"),
		[(f"m-{name}", name, "Pairing", "members", supporter, 1) for name, supporter, _student in names],
	)


def insert(doctype: str, fields: tuple[str, ...], rows: list[tuple]) -> None:
	"""Each row changed at a moment of its own, in no order, spread over two years."""
	import frappe

	moments = [LAST_CHANGE - CHANGED_OVER * number / len(rows) for number in range(len(rows))]
	random.shuffle(moments)
	frappe.db.bulk_insert(
		doctype,
		["name", *fields, "creation", "modified", "owner"],
		(
			(*row, moment, moment, "Administrator")
			for row, moment in zip(rows, map(str, moments), strict=True)
		),
		chunk_size=5000,
	)


if __name__ == "__main__":
	measure(sys.argv[1]) if len(sys.argv) > 1 else main()
