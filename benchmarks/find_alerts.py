"""The nightly search for alerts among 100,000 students: all shipped rules, then once more with nothing new."""

import os
import random
import subprocess
import sys
from pathlib import Path
from time import perf_counter

from benchmarks import scoped_list

SUBJECTS = ("Chinese", "Mathematics", "English")
EXAMS = (("Bench Exam 1", -90), ("Bench Exam 2", -20))
SESSIONS = 6_000
PLACES = 20


def main() -> None:
	"""Outside the bench: make the site once, then measure in the bench's own Python."""
	os.environ["DB"] = "mariadb"
	from localbench import bench, sites

	site = sites.Site("bench-alerts")
	if not site.is_made("1"):
		site.make("1")
	root = Path(__file__).resolve().parent.parent
	environment = {**os.environ, "PYTHONPATH": str(root)}
	script = [str(bench.PYTHON), "-m", "benchmarks.find_alerts", site.name]
	sys.exit(subprocess.call(script, cwd=bench.FOLDER / "sites", env=environment))


def measure(site: str) -> None:
	import frappe

	from bangfu_app.alerts import finding

	frappe.init(site, sites_path=".")
	frappe.connect()
	if not frappe.db.count("Exam Score"):
		fill()
	for doctype in ("Student Alert", "Alert Step", "ToDo"):
		frappe.db.delete(doctype)
	forget_runs()
	frappe.db.commit()
	counted = count_rows()
	first = run_rules(finding, "first run")
	again = run_rules(finding, "again")
	raised = frappe.db.count("Student Alert")
	print(
		f"\n{raised} alerts. Plain count of the tables read {counted:.2f} s; "
		f"first run {first:.2f} s = {first / counted:.1f} ×, again {again:.2f} s = {again / counted:.1f} ×"
	)


def forget_runs() -> None:
	"""No rule has run over the exams, which came in days ago."""
	import frappe
	from frappe.utils import add_days, now_datetime

	rule = frappe.qb.DocType("Alert Rule")
	frappe.qb.update(rule).set(rule.exam_runs, None).run()
	for doctype in ("Exam", "Exam Score"):
		table = frappe.qb.DocType(doctype)
		frappe.qb.update(table).set(table.modified, add_days(now_datetime(), -3)).run()


def count_rows() -> float:
	"""The plain reading that a search cannot do without."""
	import frappe
	from frappe.query_builder.functions import Count, Sum

	score, row = frappe.qb.DocType("Exam Score"), frappe.qb.DocType("Session Attendance")
	begin = perf_counter()
	frappe.qb.from_(score).select(Count(score.name), Sum(score.score)).run()
	frappe.qb.from_(row).select(Count(row.name), Sum(row.state == "Absent")).run()
	taken = perf_counter() - begin
	sizes = {d: frappe.db.count(d) for d in ("Student File", "Exam Score", "Session Attendance")}
	print(", ".join(f"{number} × {doctype}" for doctype, number in sizes.items()))
	return taken


def run_rules(finding, what: str) -> float:
	import frappe

	print(f"\n{what}")
	total = 0.0
	for name in finding.enabled_rules():
		begin = perf_counter()
		new, further = finding.run_rule(name)
		frappe.db.commit()
		taken = perf_counter() - begin
		total += taken
		print(f"  {name:34} {taken:7.2f} s   {new:6} raised   {further:6} added to")
	return total


def fill() -> None:
	"""Students as in scoped_list, two exams of all of them, sessions with a roster."""
	import frappe
	from frappe.utils import add_days, today

	if not frappe.db.count("Student File"):
		scoped_list.fill()
	random.seed(1)
	files = frappe.get_all("Student File", ["name", "school", "grade"], order_by="name")
	for exam, days in EXAMS:
		fields = ("exam_name", "exam_date", "scope", "population")
		insert("Exam", fields, [(exam, exam, add_days(today(), days), "County", "all")])
		rows = ((f"{exam} {s}", exam, "Exam", "subjects", s, 100, i) for i, s in enumerate(SUBJECTS, 1))
		insert("Exam Subject", ("parent", "parenttype", "parentfield", "subject", "full_marks", "idx"), rows)
		fill_scores(exam, files)
	fill_sessions([file.name for file in files], today())
	frappe.db.commit()
	for doctype in ("Exam Score", "Support Session", "Session Attendance"):
		frappe.db.sql_ddl(f"analyze table `tab{doctype}`")


def insert(doctype: str, fields: tuple[str, ...], rows) -> None:
	scoped_list.insert(doctype, fields, list(rows))


def fill_scores(exam: str, files: list) -> None:
	fields = ("exam", "subject", "score", "absent", "candidate", "student_no", "student", "school", "grade")
	insert(
		"Exam Score",
		fields,
		(
			(
				f"{exam[-1]}{s[:2]}{f.name}",
				exam,
				s,
				mark(f.name),
				0,
				f.name,
				f.name,
				f.name,
				f.school,
				f.grade,
			)
			for f in files
			for s in SUBJECTS
		),
	)


def mark(student: str) -> int:
	"""Most keep their place; about one in twenty fails two subjects."""
	level = int(student[-4:]) % 41 + 52
	return max(0, min(100, int(random.gauss(level + 8, 7))))


def fill_sessions(students: list[str], day: str) -> None:
	from frappe.utils import add_days

	sessions = [(f"SE-{n}", add_days(day, -(n % 100) - 1), "Held", "Tutoring") for n in range(SESSIONS)]
	insert("Support Session", ("session_date", "status", "session_kind"), sessions)
	insert(
		"Session Attendance",
		("parent", "parenttype", "parentfield", "student", "state", "idx"),
		(
			(f"a{n}-{p}", f"SE-{n}", "Support Session", "attendance", student, state_of(student), p)
			for n in range(SESSIONS)
			for p, student in enumerate(random.sample(students[:20_000], PLACES), 1)
		),
	)


def state_of(student: str) -> str:
	often = int(student[-3:]) % 25 == 0
	return "Absent" if random.random() < (0.6 if often else 0.05) else "Attended"


if __name__ == "__main__":
	measure(sys.argv[1]) if len(sys.argv) > 1 else main()
