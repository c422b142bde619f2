"""The county's unified exam of the demo year: a wide sheet with a column for each subject."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import frappe
from frappe.model.document import Document
from frappe.utils import now
from openpyxl import load_workbook

from bangfu_app.demo import people
from bangfu_app.scores import bottom_lists, exam_scores

WORKBOOK = Path(__file__).parent / "community_2025" / "county_exam.xlsx"
EXPECTED = WORKBOOK.with_name("county_exam_expected.json")
# headings of the sheet beside the subjects
PLACE = {"学校": "school", "年级": "grade", "班级": "class_name", "考号": "exam_no", "姓名": "candidate_name"}
PLACE |= {"学籍号": "student_no"}
GRADES = {"七年级": "Grade 7", "八年级": "Grade 8", "九年级": "Grade 9"}
TOTAL = "总分"
SUBJECTS = ("语文", "数学", "英语", "科学", "社会")

# the demo takes two grades of four schools; the first of them stands for the community's own
DEMO_SCHOOLS = {
	"泗洲中学": people.JUNIOR,
	"县东中学": "县东中学",
	"县西中学": "县西中学",
	"县南中学": "县南中学",
}
DEMO_GRADES = ("七年级", "八年级")
POPULATION = "全县七、八年级参加期末统考的学生"
# what the community's year tells of its hero
HERO, HERO_SUBJECT, HERO_SCORES = "小明", "数学", (40, 75)


def sheet() -> Iterator[dict]:
	"""Each row of the sheet by its headings, streamed."""
	rows = load_workbook(WORKBOOK, read_only=True).active.iter_rows(values_only=True)
	next(rows)
	headings = next(rows)
	for row in rows:
		yield dict(zip(headings, row, strict=True))


def scores(exam: str, rows: Iterable[dict] | None = None) -> Iterator[dict]:
	"""Rows of Exam Score: blank and 缺考 are absences, with the score 0 that the column needs."""
	for row in rows or sheet():
		place = {fieldname: row[heading] for heading, fieldname in PLACE.items()}
		place["grade"] = GRADES[place["grade"]]
		for subject in SUBJECTS:
			sat = isinstance(row[subject], int | float)
			score = {"subject": subject, "score": row[subject] if sat else 0, "absent": int(not sat)}
			yield {"exam": exam, "candidate": exam_scores.candidate_of(place), **place, **score}


def insert_scores(exam: str, rows: Iterator[dict]) -> None:
	"""As an import does it: past the controller, then students and classes for all at once."""
	moment, user = now(), frappe.session.user
	fields = ["name", "owner", "modified_by", "creation", "modified", *exam_scores.FIELDS]
	head = (user, user, moment, moment)
	values = ((frappe.generate_hash(length=10), *head, *(row[f] for f in exam_scores.FIELDS)) for row in rows)
	frappe.db.bulk_insert("Exam Score", fields, values, chunk_size=500)
	exam_scores.finish_batch(exam)


# ---------------------------------------------------------------- demo


def load() -> None:
	"""Two exams of the year, the first as baseline, and the lists of the second for the teachers."""
	for school in DEMO_SCHOOLS.values():
		if not frappe.db.exists("School", school):
			frappe.get_doc(
				{"doctype": "School", "school_name": school, "school_type": "Junior Secondary School"}
			).insert()
	for subject in SUBJECTS:
		if not frappe.db.exists("School Subject", subject):
			frappe.get_doc({"doctype": "School Subject", "subject_name": subject}).insert()
	name_subject_teachers()
	candidates = list(demo_candidates())
	before = add_exam(
		"2025年1月全县期末统考", "2024-2025学年第一学期", "2025-01-15", "帮扶开始前的最后一次统考"
	)
	insert_scores(before.name, scores(before.name, (a_term_earlier(row) for row in candidates)))
	exam = add_exam("2025年6月全县期末统考", "2024-2025学年第二学期", "2025-06-25")
	insert_scores(exam.name, scores(exam.name, candidates))
	for subject in (None, HERO_SUBJECT):
		bottom_lists.make_lists(exam, "County", subject)


def add_exam(name: str, term: str, day: str, baseline_reason: str | None = None) -> Document:
	return frappe.get_doc(
		{
			"doctype": "Exam",
			"exam_name": name,
			"school_term": term,
			"exam_date": day,
			"scope": "County",
			"population": POPULATION,
			"subjects": [{"subject": subject, "full_marks": 100} for subject in SUBJECTS],
			"is_baseline": int(bool(baseline_reason)),
			"baseline_reason": baseline_reason,
		}
	).insert()


def name_subject_teachers() -> None:
	"""The class teacher of Grade 8 teaches mathematics in Grade 7."""
	teacher = people.head_teacher_of(people.JUNIOR, "Grade 8")
	for name in frappe.get_all("School Class", {"school": people.JUNIOR, "grade": "Grade 7"}, pluck="name"):
		school_class = frappe.get_doc("School Class", name)
		school_class.append("subject_teachers", {"subject": HERO_SUBJECT, "teacher": teacher})
		school_class.save()


def demo_candidates() -> Iterator[dict]:
	"""Rows of the sheet; in the community's school every third sheet row is a pupil with a file."""
	files = {grade: pupils_with_file(GRADES[grade]) for grade in DEMO_GRADES}
	for number, row in enumerate(sheet()):
		if row["学校"] not in DEMO_SCHOOLS or row["年级"] not in DEMO_GRADES:
			continue
		row["学校"] = DEMO_SCHOOLS[row["学校"]]
		if row["学校"] == people.JUNIOR and number % 3 == 0 and files[row["年级"]]:
			row |= files[row["年级"]].pop()
			if row["姓名"] == HERO:
				row[HERO_SUBJECT] = HERO_SCORES[1]
		yield row


def pupils_with_file(grade: str) -> list[dict]:
	files = frappe.get_all(
		"Student File",
		{"school": people.JUNIOR, "grade": grade},
		["student_name", "student_no", "school_class"],
		order_by="student_no desc",
	)
	return [
		{
			"姓名": file.student_name,
			"学籍号": file.student_no,
			"班级": frappe.db.get_value("School Class", file.school_class, "class_name"),
		}
		for file in files
	]


def a_term_earlier(row: dict) -> dict:
	"""The same pupils half a year before: up to four points apart, the community's school four points lower."""
	shift = int(row["考号"]) % 9 - 4 - 4 * (row["学校"] == people.JUNIOR)
	earlier = {
		subject: max(0, min(100, row[subject] + shift))
		for subject in SUBJECTS
		if isinstance(row[subject], int | float)
	}
	if row["姓名"] == HERO and row["学校"] == people.JUNIOR:
		earlier[HERO_SUBJECT] = HERO_SCORES[0]
	return row | earlier
