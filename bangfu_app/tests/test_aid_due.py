"""Goods that plans promise: approved content, what was received of them, the report and the distribution of what is due."""

import hashlib
import json
from datetime import date
from decimal import Decimal

import frappe
from frappe.desk.query_report import run
from hypothesis import given
from hypothesis import strategies as st

from bangfu_app.approvals.content import digest_of, plain_value
from bangfu_app.bangfu_app.doctype.support_plan.support_plan import make_new_version
from bangfu_app.bangfu_app.report.aid_due import aid_due as report
from bangfu_app.dossier import plans_of
from bangfu_app.goods import aid_due, aid_stock
from bangfu_app.goods.aid_due import Handed, Promise
from bangfu_app.tests import BangfuTestCase, counted_queries, factories

DAY = {"on_date": "2025-06-15"}


def promise(name: str, qty: int, due_by: int | None = None, item: str = "Book") -> Promise:
	due = due_by and date(2025, 1, due_by)
	return Promise(name, "Plan", "Child", item, date(2025, 1, 1), due, Decimal(qty))


def handed(qty: int, of: str | None = None, day: int = 5, item: str = "Book") -> Handed:
	return Handed(of, "Child", item, date(2025, 1, day), Decimal(qty))


class TestFillUp(BangfuTestCase):
	def received(self, promises: list[Promise], *lines: Handed) -> list[int]:
		aid_due.fill_up(promises, lines)
		return [int(promise.received) for promise in promises]

	def test_a_line_counts_to_the_promise_it_names(self):
		self.assertEqual(self.received([promise("a", 5, 3), promise("b", 5, 9)], handed(2, "b")), [0, 2])

	def test_other_goods_fill_up_the_oldest_first(self):
		promises = [promise("none", 5), promise("late", 5, 9), promise("soon", 5, 3)]
		self.assertEqual(self.received(promises, handed(7)), [0, 2, 5])

	def test_goods_given_before_the_plan_do_not_count(self):
		early = Handed(None, "Child", "Book", date(2024, 12, 31), Decimal(5))
		self.assertEqual(self.received([promise("a", 5)], early), [0])

	def test_goods_of_a_plan_that_is_over_count_as_any_other(self):
		self.assertEqual(self.received([promise("a", 5)], handed(4, "row of an earlier version")), [4])

	lines = st.tuples(
		st.integers(1, 9), st.sampled_from([None, "0", "1", "2", "gone"]), st.sampled_from("xy")
	)

	@given(
		st.lists(st.tuples(st.integers(1, 9), st.sampled_from("xy")), max_size=3), st.lists(lines, max_size=6)
	)
	def test_nothing_counts_twice_and_nothing_is_lost_that_is_due(self, wanted, given_out):
		promises = [promise(str(n), qty, item=item) for n, (qty, item) in enumerate(wanted)]
		aid_due.fill_up(promises, [handed(qty, of, item=item) for qty, of, item in given_out])
		for item in "xy":
			total = sum(qty for qty, _of, of_item in given_out if of_item == item)
			of_item = [p for p in promises if p.item == item]
			counted = sum(p.received for p in of_item)
			self.assertLessEqual(counted, total)
			# while goods are left over nothing is due
			if counted < total:
				self.assertEqual(sum(p.left for p in of_item), 0)


class TestServe(BangfuTestCase):
	@given(st.lists(st.integers(1, 9), max_size=6), st.integers(0, 30))
	def test_the_oldest_get_what_there_is_and_the_rest_is_missing(self, wanted, stock):
		lot = aid_stock.Lot(
			"lot", "Book", "AD", "Donor", date(2025, 1, 1), Decimal(stock), Decimal(stock), Decimal(1)
		)
		due = [promise(str(number), qty) for number, qty in enumerate(wanted)]
		served, missing = aid_due.serve(due, [lot])
		given_out = sum(qty for _promise, qty in served)
		self.assertEqual(given_out, min(stock, sum(wanted)))
		self.assertEqual(missing.get("Book", 0), sum(wanted) - given_out)
		# who comes later gets nothing before who came first has all
		self.assertTrue(all(promise.left == qty for promise, qty in served[:-1]))
		self.assertEqual([promise.name for promise, _qty in served], [p.name for p in due[: len(served)]])


class TestPlanAid(BangfuTestCase):
	def setUp(self):
		super().setUp()
		self.item = factories.make_item(f"Item {factories.serial()}").name
		self.student = factories.make_student().name

	def test_a_plan_approved_before_there_were_goods_is_not_reopened(self):
		plan = factories.make_plan(self.student)
		names = [name for name in plan.approval.content if name != "aid"]
		content = {name: plain_value(plan, name) for name in names}
		before = hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
		filters = {"reference_name": plan.name, "kind": "Approval"}
		frappe.db.set_value("Approval Step", filters, "digest", before)
		self.assertEqual(digest_of(plan), before)
		plan.programme = factories.make_programme().name
		plan.save()
		self.assertEqual(plan.status, "Active")

	def test_goods_promised_later_have_to_be_approved(self):
		plan = factories.make_plan(self.student)
		plan.append("aid", {"item": self.item, "qty": 1})
		plan.save()
		self.assertEqual(plan.status, "Draft")

	def test_goods_taken_out_have_to_be_approved(self):
		plan = factories.make_plan(self.student, aid=[{"item": self.item, "qty": 1}])
		plan.aid = []
		plan.save()
		self.assertEqual(plan.status, "Draft")

	def test_goods_are_promised_within_the_plan(self):
		for row in ({"qty": 0}, {"qty": 1, "due_by": "2026-01-01"}):
			with self.subTest(row=row), self.assertRaises(frappe.ValidationError):
				factories.make_plan(self.student, active=False, aid=[{"item": self.item, **row}])

	def test_a_new_version_carries_them_over(self):
		plan = factories.make_plan(self.student, aid=[{"item": self.item, "qty": 3, "note": "In autumn"}])
		(row,) = make_new_version(plan.name).insert().aid
		self.assertEqual((row.item, row.qty, row.note), (self.item, 3, "In autumn"))
		self.assertNotEqual(row.name, plan.aid[0].name)

	def test_the_dossier_shows_them(self):
		factories.make_plan(self.student, aid=[{"item": self.item, "qty": 3}])
		self.assertEqual([(row.item, row.qty) for row in plans_of(self.student)[0].aid], [(self.item, 3)])
		html = frappe.get_print("Student File", self.student, "Student Dossier")
		self.assertIn(self.item, html)


class DueTestCase(BangfuTestCase):
	"""A student with 3 of an item promised by the 1st of June, 2 more without a day; 10 are in stock."""

	def setUp(self):
		super().setUp()
		self.item = factories.make_item(f"Item {factories.serial()}").name
		self.near = factories.make_school("Near School").name
		self.school_class = factories.make_class(self.near, factories.make_user("Class Teacher"))
		self.student = factories.make_student(school_class=self.school_class.name).name
		rows = [{"item": self.item, "qty": 2}, {"item": self.item, "qty": 3, "due_by": "2025-06-01"}]
		self.plan = factories.make_plan(self.student, aid=rows)
		self.open_line, self.dated_line = self.plan.aid

	def rows(self, **filters) -> list[dict]:
		return report.execute({"item": self.item, **DAY, **filters})[1]

	def figures(self, **filters) -> list[tuple]:
		return [(row["promised"], row["received"], row["due"]) for row in self.rows(**filters)]

	def give(self, qty: float, line=None, **values):
		distribution = factories.make_distribution(self.item, self.student, qty, submit=False, **values)
		if line:
			distribution.items[0].plan_aid = line.name
		distribution.save()
		distribution.submit()
		return distribution


class TestReport(DueTestCase):
	def test_promised_received_and_due_the_oldest_first(self):
		factories.make_donation(self.item, 10)
		self.give(1, self.open_line)
		distribution = self.give(2)
		self.assertEqual(self.figures(), [(3, 2, 1), (2, 1, 1)])
		distribution.cancel()
		self.assertEqual(self.figures(), [(3, 0, 3), (2, 1, 1)])

	def test_overdue_on_a_day(self):
		self.assertEqual([row["overdue"] for row in self.rows()], [1, 0])
		self.assertEqual(len(self.rows(only_overdue=1)), 1)
		self.assertEqual(self.rows(only_overdue=1, on_date="2025-06-01"), [])

	def test_on_a_day_what_was_given_later_does_not_count(self):
		factories.make_donation(self.item, 10)
		self.give(3, distribution_date="2025-07-01")
		self.assertEqual(self.figures()[0], (3, 0, 3))
		self.assertEqual(self.figures(on_date="2025-07-01")[0], (3, 3, 0))

	def test_a_filter_does_not_move_goods_from_one_promise_to_another(self):
		other = factories.make_item(f"Item {factories.serial()}").name
		factories.make_donation(other, 5)
		factories.make_distribution(other, self.student, 5)
		self.assertEqual(self.figures(), [(3, 0, 3), (2, 0, 2)])

	def test_a_draft_and_a_superseded_plan_promise_nothing(self):
		factories.make_plan(self.student, active=False, aid=[{"item": self.item, "qty": 9}])
		self.assertEqual(len(self.rows()), 2)
		factories.make_plan(self.student, aid=[{"item": self.item, "qty": 7}])
		self.assertEqual(self.figures(), [(7, 0, 7)])

	def test_a_new_version_does_not_promise_again_what_was_given(self):
		factories.make_donation(self.item, 10)
		self.give(2, self.dated_line)
		factories.make_plan(self.student, aid=[{"item": self.item, "qty": 3}])
		self.assertEqual(self.figures(), [(3, 2, 1)])

	def test_chart_and_summary(self):
		factories.make_donation(self.item, 10)
		self.give(3)
		_columns, _rows, _message, chart, summary = report.execute({"item": self.item, **DAY})
		self.assertEqual([set_["values"] for set_ in chart["data"]["datasets"]], [(3,), (2,)])
		self.assertEqual([card["value"] for card in summary], [2, 1, 1, 0])

	def test_filters(self):
		far = factories.make_school("Far School").name
		self.assertEqual(len(self.rows(school=self.near)), 2)
		self.assertEqual(self.rows(school=far), [])
		self.assertEqual(len(self.rows(school_class=self.school_class.name)), 2)

	def test_each_role_sees_its_own(self):
		far = factories.make_school("Far School").name
		expected = {
			factories.make_user("Bangfu Manager"): 2,
			factories.make_user("Bangfu Coordinator", school=self.near): 2,
			factories.make_user("Bangfu Coordinator", school=far): 0,
			factories.make_user("Bangfu Finance"): 2,
			factories.make_user("Bangfu Finance", school=far): 0,
			factories.make_user("Evaluator", school=self.near): 2,
			factories.make_user("Evaluator", school=far): 0,
			self.school_class.head_teacher: 2,
			factories.make_user("Class Teacher"): 0,
		}
		for user, number in expected.items():
			with self.subTest(user=user, roles=frappe.get_roles(user)), self.set_user(user):
				self.assertEqual(len(run("Aid Due", {"item": self.item, **DAY})["result"]), number)
		for role in ("Supporter", "Counsellor", "System Manager"):
			with self.subTest(role=role), self.set_user(factories.make_user(role)):
				self.assertRaises(frappe.PermissionError, run, "Aid Due", {})

	def test_finance_learns_who_gets_what_and_no_more(self):
		name = frappe.db.get_value("Student File", self.student, "student_name")
		with self.set_user(factories.make_user("Bangfu Finance")):
			answer = run("Aid Due", {"item": self.item, **DAY})
			self.assertNotIn(name, frappe.as_json(answer))
			shown = {column["fieldname"] for column in answer["columns"]}
			told = set(answer["result"][0])
		goods = {"item", "promised", "received", "due", "due_by", "overdue"}
		self.assertEqual(shown, {"student", "school", "school_class", *goods})
		self.assertEqual(told, {*shown, "student_name", "plan_aid"})
		with self.set_user(self.school_class.head_teacher):
			self.assertIn(name, frappe.as_json(run("Aid Due", {"item": self.item, **DAY})))

	def test_no_query_for_each_row(self):
		def queries() -> int:
			report.execute({"item": self.item, **DAY})
			with counted_queries() as counted:
				report.execute({"item": self.item, **DAY})
			return len(counted)

		before = queries()
		for _number in range(3):
			student = factories.make_student(school_class=self.school_class.name).name
			factories.make_plan(student, aid=[{"item": self.item, "qty": 1}])
		self.assertEqual(queries(), before)


class TestLines(DueTestCase):
	def setUp(self):
		super().setUp()
		factories.make_donation(self.item, 10)

	def draft(self, **values):
		return factories.make_distribution(self.item, self.student, submit=False, **values)

	def refused(self, message: str, **row) -> None:
		distribution = self.draft()
		distribution.items[0].update(row)
		self.assertRaisesRegex(frappe.ValidationError, message, distribution.save)

	def test_a_line_names_a_promise_to_its_student_of_its_item(self):
		other = factories.make_plan(factories.make_student().name, aid=[{"item": self.item, "qty": 1}])
		self.refused("no active plan", plan_aid=other.aid[0].name)
		self.refused("no active plan", plan_aid="nothing")
		another = factories.make_item(f"Item {factories.serial()}").name
		self.refused("no active plan", item=another, plan_aid=self.dated_line.name)

	def test_the_plan_follows_from_the_promise(self):
		distribution = self.draft()
		distribution.items[0].plan = self.plan.name
		distribution.save()
		self.assertFalse(distribution.items[0].plan)
		self.assertEqual(self.give(1, self.dated_line).items[0].plan, self.plan.name)

	def test_a_promise_is_not_kept_twice(self):
		self.refused("promises 3.0 more", plan_aid=self.dated_line.name, qty=4)
		first, second = aid_due.make_distribution([self.dated_line.name]).insert(), self.draft()
		second.items[0].update({"plan_aid": self.dated_line.name, "qty": 2})
		second.save()
		first.submit()
		self.assertRaisesRegex(frappe.ValidationError, "promises 0.0 more", second.submit)
		first.cancel()
		second.reload()
		second.submit()
		self.assertEqual(self.figures()[0], (3, 2, 1))

	def test_a_draft_of_a_plan_that_is_over_is_refused(self):
		draft = aid_due.make_distribution([self.dated_line.name]).insert()
		factories.make_plan(self.student)
		self.assertRaisesRegex(frappe.ValidationError, "no active plan", draft.submit)

	def test_a_line_split_over_donations_keeps_its_promise(self):
		factories.make_donation(self.item, 5, donation_date="2025-03-01")
		other = factories.make_student().name
		factories.make_distribution(self.item, other, 9)
		distribution = self.give(3, self.dated_line)
		self.assertEqual([row.qty for row in distribution.items], [1, 2])
		self.assertEqual({row.plan_aid for row in distribution.items}, {self.dated_line.name})
		self.assertEqual(self.figures()[0], (3, 3, 0))


class TestMakeDistribution(DueTestCase):
	def lines(self, distribution) -> list[tuple]:
		return [(row.student, row.item, row.qty, row.plan_aid) for row in distribution.items]

	def test_a_line_for_each_promise_as_far_as_the_stock_goes(self):
		factories.make_donation(self.item, 4)
		distribution = aid_due.make_distribution(frappe.as_json([self.open_line.name, self.dated_line.name]))
		expected = [
			(self.student, self.item, 3, self.dated_line.name),
			(self.student, self.item, 1, self.open_line.name),
		]
		self.assertEqual(self.lines(distribution), expected)
		self.assertIn("1.0 more are due", str(frappe.message_log[-1]))
		distribution.insert().submit()
		self.assertEqual(self.figures(on_date="2099-01-01"), [(3, 3, 0), (2, 1, 1)])

	def test_with_nothing_in_stock_or_nothing_due_it_says_so(self):
		self.assertRaises(aid_stock.NotEnoughStock, aid_due.make_distribution, [self.open_line.name])
		factories.make_donation(self.item, 10)
		self.give(5)
		with self.assertRaisesRegex(frappe.ValidationError, "Nothing is due"):
			aid_due.make_distribution([self.open_line.name])

	def test_from_the_plan_and_from_the_file(self):
		factories.make_donation(self.item, 10)
		for made in (
			aid_due.make_distribution_of_plan(self.plan.name),
			aid_due.make_distribution_to_student(self.student),
		):
			self.assertEqual([row[2] for row in self.lines(made)], [3, 2])

	def test_a_file_without_promises_gives_a_line_to_fill_in(self):
		student = factories.make_student().name
		(row,) = aid_due.make_distribution_to_student(student).items
		self.assertEqual((row.student, row.item), (student, None))

	def test_only_to_students_the_user_may_give_to(self):
		factories.make_donation(self.item, 10)
		far = factories.make_school("Far School").name
		with self.set_user(factories.make_user("Bangfu Finance")):
			made = aid_due.make_distribution([self.dated_line.name])
			self.assertEqual(self.lines(made.insert())[0][2], 3)
		with self.set_user(factories.make_user("Bangfu Coordinator", school=far)):
			with self.assertRaisesRegex(frappe.ValidationError, "Nothing is due"):
				aid_due.make_distribution([self.dated_line.name])
		for user in (self.school_class.head_teacher, factories.make_user("Evaluator"), factories.make_user()):
			with self.subTest(user=user), self.set_user(user):
				for call, name in (
					(aid_due.make_distribution, [self.dated_line.name]),
					(aid_due.make_distribution_of_plan, self.plan.name),
					(aid_due.make_distribution_to_student, self.student),
				):
					self.assertRaises(frappe.PermissionError, call, name)
