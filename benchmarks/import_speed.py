"""Workbooks of 10,000 students and 100,000 exam scores: against openpyxl alone, and against Frappe's Data Import."""

import io
import os
import random
import resource
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter, process_time

STUDENTS = 10_000
PUPILS = 20_000  # with a mark in each of five subjects
SUBJECTS = ("语文", "数学", "英语", "科学", "社会")
SCHOOLS, CLASSES = 40, 12
# Data Import takes so long that a part tells its pace
STUDENTS_BY_DATA_IMPORT, SCORES_BY_DATA_IMPORT = 300, 500


def main() -> None:
	"""Outside the bench: make the site once, then measure in the bench's own Python."""
	from localbench import bench, sites

	site = sites.Site("bench-import")
	if not site.is_made("1"):
		site.make("1")
	script = [str(bench.PYTHON), str(Path(__file__).resolve()), site.name]
	sys.exit(subprocess.call(script, cwd=bench.FOLDER / "sites"))


def measure(site: str) -> None:
	import frappe

	frappe.init(site, sites_path=".")
	frappe.connect()
	frappe.set_user("Administrator")
	frappe.flags.mute_messages = True
	prepare()
	random.seed(1)
	print(f"{frappe.conf.db_type}, {site}\n")
	students = list(student_rows(STUDENTS))
	compare("10,000 students", students, "Students", "Student File", students_by_data_import)
	scores = list(wide_rows(PUPILS))
	compare("100,000 scores, wide", scores, "Exam Scores", "Exam Score", scores_by_data_import, exam=exam())
	compare("100,000 scores, long", list(long_rows(scores)), "Exam Scores", "Exam Score", None, exam=exam())
	memory()


def compare(what: str, rows: list[dict], layout: str, doctype: str, data_import, **options) -> None:
	"""Read alone, check and write by our import, and the same rows by Data Import; all is taken back."""
	import frappe

	from bangfu_app.excel.importer import import_workbook

	content = workbook(rows)
	reading, cpu_reading, _none = timed(lambda: read_alone(content))
	taken, cpu, result = timed(lambda: import_workbook(content, layout, **options).throw_if_faulty())
	taken_again, cpu_again, again = timed(lambda: import_workbook(content, layout, **options))
	assert (again.created, again.updated, again.unchanged) == (0, 0, result.created)
	frappe.db.rollback()
	print(f"{what:22} read alone {reading:6.1f} s  import {taken:6.1f} s = {taken / reading:4.1f} ×", end="")
	print(f"  again, unchanged {taken_again:6.1f} s  ({result.created} created)")
	cpu_ratios = f"import {cpu / cpu_reading:4.1f} ×  again {cpu_again / cpu_reading:4.1f} ×"
	print(f"{'':22} processor time of this process against the reading: {cpu_ratios}", flush=True)
	if data_import:
		each = data_import(rows)
		frappe.db.rollback()
		print(f"{'':22} Data Import {each * 1000:6.1f} ms each, {each * result.created:6.0f} s", end="")
		print(f" = {each * result.created / taken:5.0f} × ours")


def timed(act) -> tuple[float, float, object]:
	"""Seconds by the clock, and of the processor (a busy machine changes those less); what came of it."""
	begin, cpu_begin = perf_counter(), process_time()
	came = act()
	return perf_counter() - begin, process_time() - cpu_begin, came


def read_alone(content: bytes) -> None:
	import openpyxl

	book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
	for _row in book.worksheets[0].iter_rows(values_only=True):
		pass


def memory() -> None:
	"""What the process has taken at most: long sheets of one size and of five times that size."""
	import frappe

	from bangfu_app.excel.importer import import_workbook

	for pupils in (4_000, 20_000):
		content = workbook(list(long_rows(list(wide_rows(pupils)))))
		child = os.fork()
		if not child:
			frappe.db.connect()
			before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
			import_workbook(content, "Exam Scores", exam=exam(), check_only=True)
			peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
			print(f"{pupils * 5:>8} rows: {(peak - before) / 1024:6.0f} MB more than before", flush=True)
			os._exit(0)
		os.waitpid(child, 0)


# ---------------------------------------------------------------- the workbooks


def workbook(rows: list[dict]) -> bytes:
	import openpyxl

	book = openpyxl.Workbook(write_only=True)
	page = book.create_sheet()
	page.append(list(rows[0]))
	for row in rows:
		page.append(list(row.values()))
	stream = io.BytesIO()
	book.save(stream)
	return stream.getvalue()


def school(number: int) -> str:
	return f"速度第{number % SCHOOLS}小学"


def student_rows(count: int):
	"""As the community's students.xlsx has them."""
	for number in range(count):
		female = number % 2
		born = date(2010, 1, 1) + timedelta(days=number % 1800)
		yield {
			"姓名": f"学生{number}",
			"性别": "女" if female else "男",
			"出生日期": born,
			"身份证号": identity(born, number // 1800 * 2 + (0 if female else 1)),
			"学籍号": f"B{number:09}",
			"学校": school(number),
			"年级": "四年级",
			"班级": f"{number // SCHOOLS % CLASSES + 1}班",
			"学段": "义务教育",
			"困难类型": ("留守儿童", "单亲家庭", "单亲家庭、留守儿童")[number % 3],
			"家庭人口": 2 + number % 5,
			"家庭年收入(元)": 5000 + number % 50_000,
			"是否低保": "是" if number % 7 == 0 else "否",
			"是否建档立卡": "否",
			"残疾类型": None,
			"监护人": f"家长{number}",
			"与学生关系": "父亲",
			"监护人电话": f"138{number:08}",
			"家庭住址": f"阳光街道{number % 90}号{number % 9}单元",
			"来源": "网格员",
			"备注": None,
		}


def identity(born: date, sequence: int) -> str:
	digits = f"999001{born:%Y%m%d}{sequence:03}"
	weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
	return digits + "10X98765432"[sum(int(d) * w for d, w in zip(digits, weights, strict=True)) % 11]


def wide_rows(count: int):
	for number in range(count):
		marks = {subject: random.randrange(0, 200) / 2 for subject in SUBJECTS}
		yield {
			"学校": school(number),
			"年级": "四年级",
			"班级": f"{number // SCHOOLS % CLASSES + 1}班",
			"考号": f"{number:06}",
			"姓名": f"考生{number}",
			"学籍号": f"B{number:09}",
			**marks,
			"总分": sum(marks.values()),
		}


def long_rows(wide: list[dict]):
	for row in wide:
		for subject in SUBJECTS:
			place = {name: row[name] for name in ("学校", "年级", "班级", "考号", "姓名", "学籍号")}
			yield {**place, "学科": subject, "成绩": row[subject]}


# ---------------------------------------------------------------- Frappe's own


def students_by_data_import(rows: list[dict]) -> float:
	"""Seconds for each of some rows, with Frappe's headings; no circumstances: Data Import knows one DocType."""
	import frappe

	relations = {"父亲": "Father"}
	categories = {"留守儿童": category("Left-behind Child"), "单亲家庭": category("Single-parent Family")}
	table = [
		[
			"student_name",
			"gender",
			"birth_date",
			"id_number",
			"student_no",
			"school",
			"school_class",
			"stage",
			"guardian_name",
			"guardian_relation",
			"guardian_phone",
			"address",
			"source",
			"needs.need_category",
		]
	]
	for row in rows[:STUDENTS_BY_DATA_IMPORT]:
		year = frappe.db.get_value("School Class", {"school": row["学校"]}, "school_year")
		table.append(
			[
				row["姓名"],
				"Female" if row["性别"] == "女" else "Male",
				str(row["出生日期"]),
				row["身份证号"],
				row["学籍号"],
				row["学校"],
				f"{row['学校']}-{year}-G4-{row['班级']}",
				"Compulsory Education",
				row["监护人"],
				relations[row["与学生关系"]],
				row["监护人电话"],
				row["家庭住址"],
				"Grid Worker",
				categories[row["困难类型"].split("、")[0]],
			]
		)
	return by_data_import("Student File", table)


def scores_by_data_import(rows: list[dict]) -> float:
	table = [
		[
			"exam",
			"subject",
			"score",
			"candidate_name",
			"student_no",
			"exam_no",
			"school",
			"grade",
			"class_name",
		]
	]
	for row in rows[: SCORES_BY_DATA_IMPORT // len(SUBJECTS)]:
		for name in SUBJECTS:
			table.append(
				[
					exam(),
					name,
					row[name],
					row["姓名"],
					row["学籍号"],
					row["考号"],
					row["学校"],
					"Grade 4",
					row["班级"],
				]
			)
	return by_data_import("Exam Score", table)


def by_data_import(doctype: str, table: list[list]) -> float:
	"""Seconds for each row. Data Import keeps what it has written: it is deleted afterwards."""
	import frappe
	from frappe.core.doctype.data_import.importer import Importer

	frappe.db.delete(doctype)
	frappe.db.set_value("DocType", doctype, "allow_import", 1)
	frappe.clear_cache(doctype=doctype)
	content = "\n".join(",".join(str(cell) for cell in row) for row in table)
	file = frappe.get_doc(
		{"doctype": "File", "file_name": "speed.csv", "content": content, "is_private": 1}
	).insert()
	doc = frappe.get_doc(
		{
			"doctype": "Data Import",
			"reference_doctype": doctype,
			"import_type": "Insert New Records",
			"import_file": file.file_url,
			"mute_emails": 1,
		}
	).insert()
	frappe.db.commit()
	begin = perf_counter()
	Importer(doctype, data_import=doc).import_data()
	taken = perf_counter() - begin
	imported = frappe.db.count(doctype)
	assert imported == len(table) - 1, f"{imported} of {len(table) - 1} imported"
	frappe.db.delete(doctype)
	frappe.db.commit()
	return taken / imported


# ---------------------------------------------------------------- masters


def prepare() -> None:
	import frappe

	frappe.db.delete("Student File")
	frappe.db.delete("Exam Score")
	for number in range(SCHOOLS):
		ensure("School", school(number), school_name=school(number))
	for name in SUBJECTS:
		ensure("School Subject", name, subject_name=name)
	term = ensure("School Term", "速度学期", term_name="速度学期", school_year="2025-2026", **term_dates())
	ensure(
		"Exam",
		exam(),
		exam_name=exam(),
		school_term=term,
		exam_date="2025-11-01",
		population="all",
		subjects=[{"subject": name, "full_marks": 100} for name in SUBJECTS],
	)
	ready_classes()


def term_dates() -> dict:
	return {"start_date": "2025-09-01", "end_date": "2026-01-31"}


def ready_classes() -> None:
	"""Data Import makes no classes: they are there before both."""
	import frappe

	from bangfu_app.excel.row_rules import current_school_year

	for number in range(SCHOOLS):
		for room in range(CLASSES):
			values = {"school": school(number), "school_year": current_school_year(), "grade": "Grade 4"}
			values["class_name"] = f"{room + 1}班"
			if not frappe.db.exists("School Class", values):
				frappe.get_doc({"doctype": "School Class", **values}).insert()
	frappe.db.commit()


def category(english: str) -> str:
	from bangfu_app.excel.masters import Masters

	return Masters().find("Need Category", english) or ensure("Need Category", english, category_name=english)


def exam() -> str:
	return "速度测试"


def ensure(doctype: str, name: str, **values) -> str:
	import frappe

	if not frappe.db.exists(doctype, name):
		name = frappe.get_doc({"doctype": doctype, **values}).insert().name
	return name


if __name__ == "__main__":
	measure(sys.argv[1]) if len(sys.argv) > 1 else main()
