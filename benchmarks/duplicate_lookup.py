"""One look-up for duplicates among 100,000 files, against reading one file by its name."""

import os
import random
import subprocess
import sys
from pathlib import Path
from statistics import median
from time import perf_counter

FILES = 100_000
ROUNDS = 300
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红建国志文"
PHONE_HASH = "phone-{}"


def main() -> None:
	"""Outside the bench: a site for each database, made once, then measured in the bench's own Python."""
	if len(sys.argv) > 1 and sys.argv[1] in ("mariadb", "sqlite"):
		return run(sys.argv[1])
	for db in ("mariadb", "sqlite"):
		subprocess.check_call([sys.executable, "-m", "benchmarks.duplicate_lookup", db])


def run(db: str) -> None:
	os.environ["DB"] = db
	from localbench import bench, sites

	site = sites.Site("bench-duplicates")
	if not site.is_made("1"):
		site.make("1")
	script = [str(bench.PYTHON), str(Path(__file__).resolve()), "measure", site.name]
	sys.exit(subprocess.call(script, cwd=bench.FOLDER / "sites"))


def measure(site: str) -> None:
	import frappe

	from bangfu_app.persons import duplicates

	frappe.init(site, sites_path=".")
	frappe.connect()
	frappe.set_user("Administrator")
	if not frappe.db.count("Student File"):
		fill()
	people = sample(ROUNDS)
	one = [time_of(lambda person=person: duplicates.find(person)) for person in people]
	names = [f"SF-{random.randrange(FILES):06}" for _n in range(ROUNDS)]
	table = frappe.qb.DocType("Student File")
	columns = ("student_name", "birth_date", "gender", "student_no", "id_number_hash", "guardian_phone_hash")
	by_name = [
		time_of(lambda name=name: frappe.qb.from_(table).select(*columns).where(table.name == name).run())
		for name in names
	]
	many = time_of(lambda: duplicates.find_many(sample(5000)))
	read, found = median(by_name), median(one)
	print(f"{frappe.db.db_type}, {frappe.db.count('Student File')} files, median of {ROUNDS}")
	print(f"  one file by name      {read * 1000:8.3f} ms")
	print(f"  one look-up           {found * 1000:8.3f} ms   {found / read:6.1f} ×")
	print(f"  5,000 rows at once    {many * 1000:8.1f} ms   {many / 5000 / read:6.2f} × per row")
	explain(people[0])


def explain(person) -> None:
	"""The plan of each query of a look-up: an index in every line."""
	import frappe

	from bangfu_app.persons import duplicates

	table = frappe.qb.DocType("Student File")
	word = "explain query plan" if frappe.db.db_type == "sqlite" else "explain"
	for criterion, sought in duplicates._criteria("Student File", [person]):
		query = frappe.qb.from_(table).select(table.name, table.student_name).where(criterion)
		for row in frappe.db.sql(f"{word} {query.get_sql()}", {"sought": sought}, as_dict=True):
			print("   ", row.get("detail") or f"{row.type} {row.key} rows={row.rows}")


def time_of(act) -> float:
	begin = perf_counter()
	act()
	return perf_counter() - begin


def sample(number: int) -> list:
	"""Half of them like a file that is there."""
	from datetime import date

	from bangfu_app.persons.duplicates import Person

	random.seed(2)
	people = []
	for _n in range(number):
		order = random.randrange(FILES)
		known = _n % 2
		people.append(
			Person(
				name=name_of(order) if known else name_of(order + 7),
				birth_date=date.fromisoformat(birth_date_of(order)),
				gender="Male",
				student_no=f"N{order + FILES}",
				id_hashes=frozenset({f"id-{order + FILES}"}),
				phone_hashes=frozenset({PHONE_HASH.format(order // 2)}),
			)
		)
	return people


def name_of(order: int) -> str:
	rest, surname = divmod(order * 7919, len(SURNAMES))
	first, second = divmod(rest, len(GIVEN))
	return SURNAMES[surname] + GIVEN[first % len(GIVEN)] + (GIVEN[second] if order % 3 else "")


def birth_date_of(order: int) -> str:
	from datetime import date, timedelta

	return str(date(2007, 1, 1) + timedelta(days=order * 31 % 4000))


def fill() -> None:
	"""Rows by sets, without controllers: what is measured is the look-up."""
	import frappe

	from bangfu_app.persons.name_keys import name_key

	now = frappe.utils.now()
	columns = ["name", "student_name", "name_key", "birth_date", "gender", "student_no"]
	columns += ["id_number", "id_number_hash", "guardian_phone", "guardian_phone_hash", "school", "status"]
	rows = (
		(
			f"SF-{order:06}",
			name_of(order),
			name_key(name_of(order)),
			birth_date_of(order),
			"Male",
			f"N{order}",
			"3***1",
			f"id-{order}",
			"138****1",
			PHONE_HASH.format(order // 2),
			"School",
			"In Support",
			now,
			now,
			"Administrator",
		)
		for order in range(FILES)
	)
	frappe.db.bulk_insert("Student File", [*columns, "creation", "modified", "owner"], rows, chunk_size=5000)
	frappe.db.commit()
	frappe.db.sql_ddl("analyze" if frappe.db.db_type == "sqlite" else "analyze table `tabStudent File`")


if __name__ == "__main__":
	measure(sys.argv[2]) if sys.argv[1:2] == ["measure"] else main()
