"""The community's year: after the demo is loaded, the reports say what the office's own figures say."""

import json

import frappe
from frappe.desk.query_report import run

from bangfu_app.demo import money, people, year
from bangfu_app.goods import aid_stock
from bangfu_app.tests import BangfuTestCase


class TestYear(BangfuTestCase):
	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		frappe.set_user("Administrator")
		year.load(tell=lambda line: None)
		cls.expected = json.loads((year.WORKBOOKS / "expected.json").read_text())

	def count(self, **filters) -> int:
		return frappe.db.count("Student File", filters)

	def report(self, name: str, user: str = people.MANAGER, **filters) -> list[dict]:
		with self.set_user(user):
			rows = run(name, filters=filters)["result"]
		return [row for row in rows if isinstance(row, dict)]

	def test_students_by_stage_and_disability(self):
		self.assertEqual(self.count(), self.expected["students"])
		self.assertEqual(self.count(stage="Compulsory Education"), self.expected["stage"]["义务教育"])
		self.assertEqual(self.count(stage="Senior Secondary"), self.expected["stage"]["高中"])
		disabled = frappe.db.count("Student Circumstances", {"disability": ["is", "set"]})
		self.assertEqual(disabled, self.expected["disabled"])

	def test_the_disabled_are_those_with_the_need_too(self):
		need = frappe.qb.DocType("Student Need")
		category = frappe.qb.DocType("Need Category")
		students = (
			frappe.qb.from_(need)
			.join(category)
			.on(need.need_category == category.name)
			.where(category.is_disability == 1)
			.select(need.parent)
			.distinct()
		).run()
		self.assertEqual(len(students), self.expected["disabled"])

	def test_supporters_by_kind(self):
		kinds = frappe.get_all("Supporter", pluck="supporter_kind")
		counts = {frappe._(kind, "zh"): kinds.count(kind) for kind in set(kinds)}
		self.assertEqual(counts, self.expected["supporters_by_kind"])

	def test_donations_to_the_cent(self):
		rows = self.report("Aid Stock", user=people.FINANCE)
		for item, figures in self.expected["donations"].items():
			with self.subTest(item=item):
				lines = [row for row in rows if row.get("item") == item]
				self.assertEqual(sum(row["received"] for row in lines), figures["qty"])
				self.assertEqual(float(sum(row["value_received"] for row in lines)), figures["value"])
		total = sum(lot.received * lot.unit_value for lot in aid_stock.lots())
		self.assertEqual(float(total), self.expected["donation_value"])

	def test_all_that_was_donated_went_to_students_by_name(self):
		rows = frappe.get_all("Aid Distribution Item", {"docstatus": 1}, ["item", "qty", "amount", "student"])
		self.assertTrue(all(row.student for row in rows))
		for item, figures in self.expected["donations"].items():
			with self.subTest(item=item):
				given = [row for row in rows if row.item == item]
				self.assertEqual(sum(row.qty for row in given), figures["qty"])
				self.assertEqual(float(sum(row.amount for row in given)), figures["value"])
		self.assertFalse([lot for lot in aid_stock.lots() if lot.left])

	def test_the_terms_subsidy_reached_everybody_the_failed_account_on_the_second_try(self):
		batch = frappe.get_doc("Subsidy Batch", {"scheme": money.LIVING})
		self.assertEqual(batch.status, "Paid")
		recognised = self.count(status="In Support") + self.count(student_name=year.HERO)  # closed since
		self.assertEqual(len(batch.rows), recognised)
		self.assertEqual({row.status for row in batch.rows}, {"Paid"})
		payments = frappe.get_all(
			"Subsidy Payment",
			{"batch": batch.name, "docstatus": 1},
			["total_paid", "total_failed"],
			order_by="payment_date",
		)
		first, second = payments
		self.assertEqual((second.total_paid, second.total_failed), (first.total_failed, 0))
		self.assertGreater(second.total_paid, 0)
		self.assertEqual(first.total_paid + second.total_paid, batch.total_amount)

	def test_funds_come_to_what_was_paid_out_of_them(self):
		for row in self.report("Fund Use", user=people.FINANCE):
			fund = row.get("fund")
			if fund not in (money.GOVERNMENT, money.LOVE):
				continue
			with self.subTest(fund=fund):
				parts = [row[name] for name in ("committed", "paid", "left")]
				self.assertAlmostEqual(row["limit"], sum(parts), 2)
				ledger = self.report("Aid Ledger", user=people.FINANCE, fund=fund)
				paid = sum(line.get("value_out") or 0 for line in ledger if line.get("document_type"))
				self.assertAlmostEqual(paid, row["paid"], 2)

	def test_sessions_and_person_times_by_kind(self):
		by_kind = {row["group"]: row for row in self.report("Session Statistics", group_by="Kind")}
		for kind, figures in self.expected["sessions"].items():
			with self.subTest(kind=kind):
				row = by_kind.get(kind) or by_kind[self.english(kind)]
				self.assertEqual(row["events"], figures["times"])
				self.assertEqual(row["person_times"], figures["attendances"])
		courses = by_kind.get("兴趣课程") or by_kind["Interest Course"]
		self.assertEqual(courses["class_hours"], self.expected["interest_course_hours"])

	def english(self, chinese: str) -> str:
		options = frappe.get_meta("Support Session").get_field("session_kind").options.split("\n")
		return next(option for option in options if frappe._(option, "zh") == chinese)

	def test_attainment_rows(self):
		rows = {
			row["indicator"]: row for row in self.report("Indicator Attainment", programme=year.PROGRAMME)
		}
		self.assertEqual(len(rows), len(self.expected["indicators"]))
		for figures in self.expected["indicators"]:
			row = rows[figures["indicator"]]
			with self.subTest(indicator=figures["indicator"]):
				for name in ("attainment", "gap_closed"):
					ratio = row[f"{name}_ratio"]
					self.assertEqual(None if ratio is None else round(float(ratio), 6), figures[name])
				self.assertEqual(row["is_met"], figures["met"])

	def test_one_student_went_the_whole_way(self):
		hero = frappe.get_doc("Student File", {"student_name": year.HERO})
		self.assertEqual(hero.status, "Closed")
		closure = frappe.get_doc("Case Closure", {"student": hero.name})
		plan = frappe.get_doc("Support Plan", {"student": hero.name})
		steps = {
			doc.doctype: frappe.get_all(
				"Comment",
				{"reference_doctype": doc.doctype, "reference_name": doc.name, "comment_type": "Workflow"},
				["content", "owner"],
				order_by="creation, name",
			)
			for doc in (hero, plan, closure)
		}
		self.assertEqual(
			[step.owner for step in steps["Student File"]][1:],
			[hero.head_teacher, people.MANAGER, people.MANAGER],
		)
		self.assertEqual(
			[step.owner for step in steps["Support Plan"]][:3],
			[hero.head_teacher, people.COORDINATOR, people.MANAGER],
		)
		self.assertEqual(
			[step.owner for step in steps["Case Closure"]],
			[hero.head_teacher, people.COORDINATOR, people.MANAGER],
		)
		for doctype in ("Needs Survey", "Pairing", "Support Evaluation"):
			self.assertTrue(frappe.db.exists(doctype, {"student": hero.name}), doctype)
		self.assertGreater(
			frappe.db.count("Session Attendance", {"student": hero.name, "state": "Attended"}), 20
		)

	def test_the_supporter_sees_the_own_students_while_the_pairing_lasts(self):
		"""The pairing with the hero ended with the closure; the other one goes on."""
		with self.set_user(people.TUTOR):
			seen = frappe.get_list("Student File", pluck="student_name")
		self.assertEqual(len(seen), 1)
		self.assertNotIn(year.HERO, seen)

	def test_the_counsellor_finds_work_and_the_others_a_number(self):
		student = frappe.db.get_value("Confidential Record", {}, "student")
		with self.set_user(people.COUNSELLOR):
			self.assertEqual(len(frappe.get_list("Confidential Record")), 2)
			self.assertEqual(len(frappe.get_list("Support Referral", {"status": "Proposed"})), 1)
			self.assertIn(student, frappe.get_list("Student File", pluck="name"))
		teacher = frappe.db.get_value("Student File", student, "head_teacher")
		with self.set_user(teacher):
			self.assertRaises(frappe.PermissionError, frappe.get_list, "Confidential Record")
			file = frappe.get_doc("Student File", student)
			file.run_method("onload")
			self.assertEqual(file.get_onload("confidential_records"), 2)

	def test_loading_twice_is_refused_without_harm(self):
		self.assertTrue(year.is_loaded())
		self.assertRaises(frappe.ValidationError, year.load)
		self.assertEqual(self.count(), self.expected["students"])
