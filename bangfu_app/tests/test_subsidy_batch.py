"""Subsidy batches: who gets on, approval by amount, one claim for student, scheme and period."""

from decimal import Decimal

import frappe

from bangfu_app.approvals import waiting
from bangfu_app.approvals.actions import act, decide
from bangfu_app.approvals.door import ReasonMissingError, SelfApprovalError
from bangfu_app.bangfu_app.doctype.case_closure.case_closure import open_items_of
from bangfu_app.money import eligibility_snapshot, funds, subsidy_claims
from bangfu_app.money.subsidy_claims import AlreadyClaimedError
from bangfu_app.tests import BangfuTestCase, counted_queries, factories


class SubsidyTestCase(BangfuTestCase):
	def setUp(self):
		super().setUp()
		self.school = factories.make_school(f"School {factories.serial()}").name
		self.school_class = factories.make_class(self.school).name
		self.student = self.make_student()
		self.scheme = factories.make_scheme().name

	def make_student(self, **values) -> str:
		return factories.make_student(school_class=self.school_class, **values).name

	def draft(self, *students: str, **values):
		return factories.make_batch(self.scheme, *(students or (self.student,)), approved=False, **values)

	def approved(self, *students: str, **values):
		return factories.make_batch(self.scheme, *(students or (self.student,)), **values)

	def act_as(self, role: str, batch, action: str, reason: str | None = None) -> str:
		"""The state that the action led to."""
		with self.set_user(factories.make_user(role)):
			act("Subsidy Batch", batch.name, action, reason=reason)
		batch.reload()
		return batch.status

	def set_bands(self, *bands: tuple[float, str]) -> None:
		settings = frappe.get_doc("Bangfu Settings")
		settings.approval_bands = []
		for up_to, approved_by in bands:
			settings.append("approval_bands", {"up_to": up_to, "approved_by": approved_by})
		settings.save()

	def assertRefused(self, message: str, call, *args, exc=frappe.ValidationError, **values) -> None:
		with self.assertRaisesRegex(exc, message):
			call(*args, **values)


class TestRows(SubsidyTestCase):
	def test_a_row_gets_the_schemes_amount_and_the_students_account(self):
		account = factories.make_payee_account(self.student)
		batch = self.draft()
		row = batch.rows[0]
		self.assertEqual(
			(row.amount, row.payee_account, row.payee_name), (500, account.name, account.payee_name)
		)
		self.assertIn("*", row.account)
		self.assertEqual((batch.total_amount, batch.row_count, batch.period), (500, 1, "Once"))

	def test_the_total_is_exact(self):
		self.scheme = factories.make_scheme(amount_rule="As Decided").name
		students = [self.student, self.make_student(), self.make_student()]
		batch = self.draft(*students, amount=0.1)
		self.assertEqual(batch.total_amount, Decimal("0.30"))

	def test_a_student_stands_once(self):
		self.assertRefused("Rows 1, 2", self.draft, self.student, self.student)

	def test_an_amount_is_the_schemes_and_more_than_nothing(self):
		self.assertRefused("the scheme gives", self.draft, amount=499)
		self.scheme = factories.make_scheme(amount_rule="As Decided").name
		self.assertRefused("more than 0", self.draft)

	def test_who_is_not_eligible_is_refused_by_row(self):
		self.scheme = factories.make_scheme(minimum_living=1).name
		poor = self.make_student()
		factories.make_circumstances(poor, minimum_living=1)
		self.assertRefused("Row #2.*Minimum Living", self.draft, poor, self.student)

	def test_finance_is_not_told_what_a_student_lacks(self):
		self.scheme = factories.make_scheme(minimum_living=1).name
		with self.set_user(factories.make_user("Bangfu Finance")):
			with self.assertRaises(frappe.ValidationError) as refused:
				frappe.get_doc(
					{
						"doctype": "Subsidy Batch",
						"title": "By finance",
						"scheme": self.scheme,
						"rows": [{"student": self.student}],
					}
				).insert()
		self.assertIn("not eligible", str(refused.exception))
		self.assertNotIn("Minimum Living", str(refused.exception))

	def test_a_file_that_is_not_in_support_gets_nothing(self):
		self.assertRefused("not eligible", self.draft, self.make_student(status="School Review"))

	def test_by_decision_anyone_may_be_helped(self):
		self.scheme = factories.make_scheme(amount_rule="As Decided", minimum_living=1).name
		self.assertEqual(self.draft(amount=80).total_amount, 80)

	def test_a_funds_restriction_holds_even_then(self):
		fund = factories.make_fund(for_stage="Senior Secondary").name
		self.scheme = factories.make_scheme(amount_rule="As Decided", fund=fund).name
		self.assertRefused("not eligible.*Fund", self.draft, amount=80)

	def test_a_closed_scheme_gives_nothing_new(self):
		batch = self.draft()
		scheme = frappe.get_doc("Subsidy Scheme", self.scheme)
		scheme.enabled = 0
		scheme.save()
		self.assertRefused("is closed", self.draft, self.make_student())
		self.assertEqual(self.act_as("Bangfu Coordinator", batch, "Submit for Review"), "Finance Check")

	def test_an_account_of_another_student_is_refused(self):
		account = factories.make_payee_account(self.make_student()).name
		batch = self.draft()
		batch.rows[0].payee_account = account
		self.assertRefused("of another student", batch.save)


class TestFill(SubsidyTestCase):
	def setUp(self):
		super().setUp()
		self.scheme = factories.make_scheme(minimum_living=1).name
		self.poor = [self.make_student() for _number in range(3)]
		for student in self.poor:
			factories.make_circumstances(student, minimum_living=1)

	def empty(self, **values):
		return factories.make_batch(self.scheme, approved=False, school=self.school, **values)

	def test_those_whom_the_scheme_fits_are_added(self):
		factories.make_payee_account(self.poor[0])
		self.approved(self.poor[2])
		batch = self.empty()
		counts = batch.fill_from_scheme()
		self.assertEqual(counts, {"added": 2, "without_account": 1, "claimed": 1, "not_eligible": 1})
		batch.reload()
		self.assertEqual([row.student for row in batch.rows], self.poor[:2])
		self.assertEqual([bool(row.payee_account) for row in batch.rows], [True, False])
		self.assertEqual((batch.total_amount, batch.row_count), (1000, 2))

	def test_filling_again_adds_nobody_twice(self):
		batch = self.empty()
		batch.fill_from_scheme()
		self.assertEqual(batch.fill_from_scheme()["added"], 0)
		batch.reload()
		batch.save()
		self.assertEqual(batch.row_count, 3)

	def test_a_filled_batch_can_be_approved(self):
		batch = self.empty()
		batch.fill_from_scheme()
		self.assertEqual(factories.advance(batch, *factories.BATCH_STEPS).status, "Approved")

	def test_a_coordinator_adds_students_of_the_own_schools_only(self):
		far = factories.make_student(school=factories.make_school(f"Far {factories.serial()}").name).name
		factories.make_circumstances(far, minimum_living=1)
		with self.set_user(factories.make_user("Bangfu Coordinator", school=self.school)):
			batch = frappe.get_doc(
				{"doctype": "Subsidy Batch", "title": "Own", "scheme": self.scheme, "school": self.school}
			).insert()
			frappe.db.set_value("Subsidy Batch", batch.name, "school", None)
			batch.fill_from_scheme()
		batch.reload()
		self.assertEqual([row.student for row in batch.rows], self.poor)

	def test_by_group_each_gets_its_rate(self):
		self.scheme = factories.make_scheme(
			amount_rule="By Group",
			amounts=[
				{"stage": "Compulsory Education", "amount": 100},
				{"need_group": "Emotional", "amount": 900},
			],
		).name
		batch = self.empty()
		batch.fill_from_scheme()
		batch.reload()
		self.assertEqual({row.amount for row in batch.rows}, {100})

	def test_only_a_draft_is_filled(self):
		batch = self.approved(self.poor[0])
		self.assertRefused("a draft or was returned", batch.fill_from_scheme)

	def test_many_students_take_as_many_queries_as_few(self):
		counts = []
		for _round in range(2):
			batch = self.empty()
			with counted_queries() as queries:
				added = batch.fill_from_scheme()["added"]
			counts.append((added, len(queries)))
			batch.reload()
			for student in [self.make_student() for _number in range(6)]:
				factories.make_circumstances(student, minimum_living=1)
		(few, at_first), (many, then) = counts
		self.assertEqual(many - few, 6)
		self.assertLessEqual(then, at_first)


class TestApproval(SubsidyTestCase):
	def test_a_batch_is_approved_by_finance_and_the_leading_group(self):
		batch = self.draft()
		self.assertEqual(batch.approval_band, "Leading Group")
		self.assertEqual(self.act_as("Bangfu Coordinator", batch, "Submit for Review"), "Finance Check")
		self.assertEqual(
			self.act_as("Bangfu Finance", batch, "Pass to Leading Group"), "Leading Group Review"
		)
		self.assertEqual(self.act_as("Bangfu Manager", batch, "Approve"), "Approved")
		self.assertEqual(batch.docstatus, 1)
		self.assertTrue(batch.rows[0].claim_key)

	def test_a_small_sum_is_approved_by_finance(self):
		self.set_bands((600, "Finance"), (9000, "Leading Group"))
		batch = self.draft()
		self.act_as("Bangfu Coordinator", batch, "Submit for Review")
		self.assertEqual(self.act_as("Bangfu Finance", batch, "Approve"), "Approved")

	def test_the_band_is_the_first_that_holds_the_sum(self):
		self.set_bands((9000, "Leading Group"), (500, "Finance"))
		self.assertEqual(self.draft().approval_band, "Finance")
		self.assertEqual(self.draft(self.student, self.make_student()).approval_band, "Leading Group")

	def test_above_every_band_the_leading_group_decides(self):
		self.set_bands((499.99, "Finance"))
		self.assertEqual(self.draft().approval_band, "Leading Group")

	def test_each_band_has_its_one_action(self):
		batch = self.draft()
		self.act_as("Bangfu Coordinator", batch, "Submit for Review")
		with self.assertRaises(frappe.ValidationError):
			self.act_as("Bangfu Finance", batch, "Approve")
		self.set_bands((600, "Finance"))
		small = self.draft(self.make_student())
		self.act_as("Bangfu Coordinator", small, "Submit for Review")
		with self.assertRaises(frappe.ValidationError):
			self.act_as("Bangfu Finance", small, "Pass to Leading Group")

	def test_a_band_that_was_lowered_meanwhile_holds(self):
		self.set_bands((600, "Finance"))
		batch = self.draft()
		self.act_as("Bangfu Coordinator", batch, "Submit for Review")
		self.set_bands((400, "Finance"))
		self.assertRefused("Return the batch", self.act_as, "Bangfu Finance", batch, "Approve")

	def test_each_step_is_refused_to_other_roles(self):
		batch = self.draft()
		self.act_as("Bangfu Coordinator", batch, "Submit for Review")
		for role in ("Bangfu Coordinator", "Bangfu Manager"):
			with self.subTest(role=role), self.assertRaises(frappe.ValidationError):
				self.act_as(role, batch, "Pass to Leading Group")
		self.act_as("Bangfu Finance", batch, "Pass to Leading Group")
		for role in ("Bangfu Coordinator", "Bangfu Finance"):
			with self.subTest(role=role), self.assertRaises(frappe.ValidationError):
				self.act_as(role, batch, "Approve")

	def test_who_submitted_it_does_not_approve_it(self):
		batch = self.draft()
		with self.set_user(factories.make_user("Bangfu Finance")):
			act("Subsidy Batch", batch.name, "Submit for Review")
			self.assertRaises(SelfApprovalError, act, "Subsidy Batch", batch.name, "Pass to Leading Group")

	def test_nor_does_its_owner(self):
		with self.set_user(factories.make_user("Bangfu Finance")):
			batch = frappe.get_doc(
				{
					"doctype": "Subsidy Batch",
					"title": "Own",
					"scheme": self.scheme,
					"rows": [{"student": self.student}],
				}
			).insert()
		self.act_as("Bangfu Coordinator", batch, "Submit for Review")
		with self.set_user(batch.owner), self.assertRaisesRegex(frappe.ValidationError, "[Ss]elf approval"):
			act("Subsidy Batch", batch.name, "Pass to Leading Group")

	def test_returning_needs_a_reason_and_starts_again(self):
		batch = self.draft()
		self.act_as("Bangfu Coordinator", batch, "Submit for Review")
		with self.assertRaises(ReasonMissingError):
			self.act_as("Bangfu Finance", batch, "Return")
		self.assertEqual(self.act_as("Bangfu Finance", batch, "Return", "Wrong term"), "Returned")
		self.assertEqual(factories.advance(batch, *factories.BATCH_STEPS).status, "Approved")

	def test_who_is_not_eligible_any_more_stops_the_approval_not_the_return(self):
		batch = self.draft()
		self.act_as("Bangfu Coordinator", batch, "Submit for Review")
		frappe.db.set_value("Student File", self.student, "status", "Closed")
		self.assertRefused(
			"Row #1.*not eligible", self.act_as, "Bangfu Finance", batch, "Pass to Leading Group"
		)
		self.assertEqual(self.act_as("Bangfu Finance", batch, "Return", "Left school"), "Returned")

	def test_a_batch_without_students_goes_nowhere(self):
		batch = factories.make_batch(self.scheme, approved=False)
		self.assertRefused("Add the students", self.act_as, "Bangfu Coordinator", batch, "Submit for Review")

	def test_a_change_of_rows_sends_it_back(self):
		batch = self.draft()
		self.act_as("Bangfu Coordinator", batch, "Submit for Review")
		self.act_as("Bangfu Finance", batch, "Pass to Leading Group")
		with self.set_user(factories.make_user("Bangfu Manager")):
			batch.append("rows", {"student": self.make_student()})
			batch.save()
		self.assertEqual(batch.status, "Finance Check")

	def test_proof_and_payment_are_no_part_of_what_was_approved(self):
		batch = self.approved()
		batch.rows[0].proof = factories.make_certificate()
		batch.save()
		self.assertEqual(batch.status, "Approved")

	def test_paid_is_reached_by_no_action(self):
		batch = self.approved()
		batch.status = "Paid"
		with self.set_user(factories.make_user("Bangfu Manager")):
			self.assertRaises(frappe.ValidationError, batch.save)

	def test_an_office_cannot_take_the_approval_out(self):
		workflow = frappe.get_doc("Workflow", "Subsidy Approval")
		for row in workflow.transitions:
			row.allow_self_approval = 1
		self.assertRefused("must be an approval", workflow.save)

	def test_the_list_of_what_waits_knows_the_band(self):
		self.set_bands((600, "Finance"))
		small, big = self.draft(), self.draft(self.make_student(), self.make_student())
		for batch in (small, big):
			self.act_as("Bangfu Coordinator", batch, "Submit for Review")
		with self.set_user(factories.make_user("Bangfu Finance")):
			waits = {row.name: row.action for row in waiting.waiting_for()}
			self.assertEqual(waits[small.name], "Approve")
			self.assertEqual(waits[big.name], "Pass to Leading Group")
			records = [{"doctype": "Subsidy Batch", "name": batch.name} for batch in (small, big)]
			self.assertEqual([row["message"] for row in decide(records, "approve")], ["", ""])
		states = [frappe.db.get_value("Subsidy Batch", batch.name, "status") for batch in (small, big)]
		self.assertEqual(states, ["Approved", "Leading Group Review"])


class TestRelief(SubsidyTestCase):
	def granted(self, amount: float, **values) -> str:
		self.scheme = factories.make_scheme(kind="Temporary Relief", amount_rule="As Decided").name
		request = frappe.get_doc(
			{
				"doctype": "Relief Request",
				"student": self.student,
				"scheme": self.scheme,
				"reason": "Fire at home",
				"asked_on": "2025-03-01 08:00:00",
				"amount_asked": 900,
			}
		).insert()
		request.db_set({"status": "Granted", "amount_granted": amount, **values})
		return request.name

	def test_what_the_leading_group_granted_is_checked_by_finance_only(self):
		batch = self.draft(amount=800, relief_request=self.granted(800))
		self.assertEqual(batch.approval_band, "Finance")


class TestClaims(SubsidyTestCase):
	def test_a_student_is_granted_once(self):
		first = self.approved()
		self.assertRefused(f"Row #1.*{first.name}", self.draft)

	def test_the_second_approval_is_told_who_and_where(self):
		first, second = self.draft(), self.draft(self.make_student(), self.student)
		factories.advance(first, *factories.BATCH_STEPS)
		self.assertRefused(f"Row #2.*{first.name}", factories.advance, second, *factories.BATCH_STEPS)

	def test_the_claim_is_looked_up_again_at_the_approval(self):
		holder = self.approved()
		late = frappe.get_doc("Subsidy Batch", self.draft(self.make_student()).name)
		late.rows[0].student = self.student
		self.assertRefused(holder.name, subsidy_claims.take, late, exc=AlreadyClaimedError)

	def test_the_database_refuses_a_second_claim(self):
		holder = self.approved()
		row = self.draft(self.make_student()).rows[0]
		row.claim_key = holder.rows[0].claim_key
		self.assertRefused(holder.name, row.db_update, exc=AlreadyClaimedError)

	def test_another_period_or_scheme_is_another_claim(self):
		self.scheme = factories.make_scheme(period_kind="Month").name
		self.assertEqual(self.approved(month="2025-03-31").period, "2025-03")
		self.assertEqual(self.approved(month="2025-04-01").status, "Approved")
		self.assertRefused("already", self.draft, month="2025-03-01")
		self.scheme = factories.make_scheme().name
		self.assertEqual(self.approved().status, "Approved")

	def test_a_fund_pays_for_its_own_time(self):
		fund = factories.make_fund(1000, from_date="2025-01-01", to_date="2025-12-31").name
		self.scheme = factories.make_scheme(period_kind="Month").name
		for month in ("2024-12-01", "2026-01-01"):
			with self.subTest(month=month):
				self.assertRefused(
					"Choose a fund", self.draft, month=month, fund=fund, exc=funds.FundNotUsable
				)
		self.assertEqual(self.approved(month="2025-12-01", fund=fund).status, "Approved")

	def test_a_term_may_run_on_into_the_next_year_of_the_fund(self):
		term = factories.make_term("Autumn 2025", start_date="2025-09-01", end_date="2026-01-20").name
		self.scheme = factories.make_scheme(period_kind="Term").name
		for year, fits in ((2024, False), (2025, True), (2026, True), (2027, False)):
			fund = factories.make_fund(1000, from_date=f"{year}-01-01", to_date=f"{year}-12-31").name
			with self.subTest(year=year):
				if fits:
					self.draft(self.make_student(), term=term, fund=fund)
				else:
					self.assertRefused(
						"Choose a fund", self.draft, term=term, fund=fund, exc=funds.FundNotUsable
					)

	def test_a_school_year_has_the_days_of_its_terms(self):
		year = {"school_year": "2031-2032"}
		autumn = factories.make_term("Autumn 2031", start_date="2031-09-01", end_date="2032-01-20", **year)
		factories.make_term("Spring 2032", start_date="2032-02-20", end_date="2032-07-05", **year)
		self.scheme = factories.make_scheme(period_kind="School Year").name
		first, last = subsidy_claims.days_of(self.draft(term=autumn.name))
		self.assertEqual((str(first), str(last)), ("2031-09-01", "2032-07-05"))

	def test_files_made_one_keep_the_claim(self):
		twin = self.make_student()
		self.approved(twin)
		merge = factories.make_merge(self.student, twin)
		self.assertRefused("already", self.draft)
		merge.cancel()
		self.assertEqual(self.draft().status, "Draft")
		self.assertRefused("already", self.draft, twin)


class TestRevoke(SubsidyTestCase):
	def test_revoking_frees_claims_and_drops_snapshots(self):
		batch = self.approved()
		self.assertTrue(frappe.db.exists("Eligibility Snapshot", {"batch": batch.name}))
		self.assertEqual(self.act_as("Bangfu Manager", batch, "Revoke", "Wrong scheme"), "Revoked")
		self.assertEqual((batch.docstatus, batch.rows[0].claim_key, batch.rows[0].snapshot), (2, None, None))
		self.assertFalse(frappe.db.exists("Eligibility Snapshot", {"batch": batch.name}))
		self.assertEqual(self.approved().status, "Approved")

	def test_what_is_at_the_bank_or_paid_is_not_revoked(self):
		batch = self.approved()
		for status in ("In Bank File", "Paid"):
			frappe.db.set_value("Subsidy Batch Row", batch.rows[0].name, "status", status)
			with self.subTest(status=status):
				self.assertRefused("Row #1", self.act_as, "Bangfu Manager", batch, "Revoke", "Wrong")

	def test_only_the_leading_group_revokes(self):
		batch = self.approved()
		with self.assertRaises(frappe.ValidationError):
			self.act_as("Bangfu Finance", batch, "Revoke", "Wrong")


class TestWithdraw(SubsidyTestCase):
	def setUp(self):
		super().setUp()
		self.other = self.make_student()
		self.batch = self.approved(self.student, self.other)
		self.row = self.batch.rows[0].name

	def test_a_row_gives_its_claim_and_its_money_back(self):
		with self.set_user(factories.make_user("Bangfu Finance")):
			self.batch.withdraw(self.row, "Moved away")
		self.batch.reload()
		row = self.batch.rows[0]
		self.assertEqual((row.status, row.claim_key, row.withdrawn_reason), ("Withdrawn", None, "Moved away"))
		self.assertEqual((self.batch.total_amount, self.batch.status), (500, "Approved"))
		self.assertEqual(self.approved().status, "Approved")

	def test_it_needs_a_reason_and_the_right_role(self):
		self.assertRefused("reason", self.batch.withdraw, self.row, " ")
		with self.set_user(factories.make_user("Bangfu Coordinator")):
			self.assertRaises(frappe.PermissionError, self.batch.withdraw, self.row, "Moved away")

	def test_what_is_paid_or_at_the_bank_stays(self):
		for status in ("Paid", "In Bank File", "Withdrawn"):
			frappe.db.set_value("Subsidy Batch Row", self.row, "status", status)
			with self.subTest(status=status):
				self.assertRefused("not withdrawn", self.batch.withdraw, self.row, "Moved away")

	def test_a_row_of_another_batch_is_none_of_this_one(self):
		stranger = self.draft(self.make_student()).rows[0].name
		self.assertRefused("approved batch", self.batch.withdraw, stranger, "Moved away")

	def test_the_last_open_row_withdrawn_the_batch_is_paid(self):
		frappe.db.set_value("Subsidy Batch Row", self.batch.rows[1].name, "status", "Paid")
		self.batch.withdraw(self.row, "Moved away")
		self.assertEqual(frappe.db.get_value("Subsidy Batch", self.batch.name, "status"), "Paid")
		frappe.db.set_value("Subsidy Batch Row", self.batch.rows[1].name, "status", "Failed")
		frappe.get_doc("Subsidy Batch", self.batch.name).follow_rows()
		self.assertEqual(frappe.db.get_value("Subsidy Batch", self.batch.name, "status"), "Approved")


class TestFund(SubsidyTestCase):
	def setUp(self):
		super().setUp()
		self.fund = factories.make_fund(1200).name
		self.scheme = factories.make_scheme(fund=self.fund).name

	def test_nothing_is_approved_beyond_what_is_left(self):
		first = self.approved(self.student, self.make_student())
		second = self.draft(self.make_student())
		self.assertRefused(
			"200.* left", factories.advance, second, *factories.BATCH_STEPS, exc=funds.NotEnoughMoney
		)
		first.withdraw(first.rows[0].name, "Moved away")
		self.assertEqual(funds.balance(self.fund).left, 700)
		second.reload()
		self.assertEqual(factories.advance(second, factories.BATCH_STEPS[-1]).status, "Approved")

	def test_revoking_gives_all_of_it_back(self):
		batch = self.approved(self.student, self.make_student())
		self.assertEqual(funds.balance(self.fund).left, 200)
		self.act_as("Bangfu Manager", batch, "Revoke", "Wrong scheme")
		self.assertEqual(funds.balance(self.fund).left, 1200)


class TestSnapshot(SubsidyTestCase):
	def setUp(self):
		super().setUp()
		self.scheme = factories.make_scheme(minimum_living=1, max_annual_income=9000).name
		factories.make_circumstances(self.student, minimum_living=1, annual_income=8000)
		self.batch = self.approved()
		self.row = self.batch.rows[0].name

	def test_it_says_by_what_the_row_was_approved(self):
		snapshot = frappe.get_doc("Eligibility Snapshot", self.batch.rows[0].snapshot)
		kept = frappe.parse_json(snapshot.facts)
		self.assertEqual((snapshot.student, snapshot.school), (self.student, self.school))
		self.assertEqual((kept["facts"]["status"], kept["facts"]["annual_income"]), ("In Support", "8000.00"))
		self.assertTrue(kept["facts"]["evidence"])
		self.assertEqual(kept["rule"]["max_annual_income"], "9000.00")
		self.assertEqual(kept["looked_at"]["Minimum Living"], "Yes")

	def test_a_change_that_matters_is_told_and_marked(self):
		self.assertEqual(eligibility_snapshot.changes_of(self.batch.name), {})
		factories.make_circumstances(self.student, annual_income=8500, recorded_on="2025-05-05")
		changes = {self.row: {"Minimum Living": ("Yes", "No")}}
		self.assertEqual(eligibility_snapshot.changes_of(self.batch.name), changes)
		eligibility_snapshot.mark_changed()
		self.assertEqual(frappe.db.get_value("Subsidy Batch Row", self.row, "eligibility_changed"), 1)
		factories.make_circumstances(
			self.student, minimum_living=1, recorded_on="2025-06-05", annual_income=1
		)
		eligibility_snapshot.mark_changed()
		self.assertEqual(frappe.db.get_value("Subsidy Batch Row", self.row, "eligibility_changed"), 0)

	def test_a_change_that_does_not_matter_is_not_told(self):
		factories.make_circumstances(
			self.student, annual_income=7000, minimum_living=1, disability="Hearing", recorded_on="2025-05-05"
		)
		self.assertEqual(eligibility_snapshot.changes_of(self.batch.name), {})

	def test_a_later_change_of_the_scheme_does_not_matter(self):
		frappe.db.set_value("Subsidy Scheme", self.scheme, {"disability": 1, "amount": 700})
		self.assertEqual(eligibility_snapshot.changes_of(self.batch.name), {})

	def test_what_is_paid_is_not_judged_again(self):
		frappe.db.set_value("Student File", self.student, "status", "Closed")
		self.assertTrue(eligibility_snapshot.changes_of(self.batch.name))
		frappe.db.set_value("Subsidy Batch Row", self.row, "status", "Paid")
		self.assertEqual(eligibility_snapshot.changes_of(self.batch.name), {})

	def test_finance_learns_that_not_what(self):
		factories.make_circumstances(self.student, annual_income=9500, recorded_on="2025-05-05")
		for role, told in (
			("Bangfu Finance", "ask the coordinator"),
			("Bangfu Coordinator", "Minimum Living"),
		):
			with self.subTest(role=role), self.set_user(factories.make_user(role)):
				batch = frappe.get_doc("Subsidy Batch", self.batch.name)
				batch.run_method("onload")
				self.assertIn(told, batch.get_onload("eligibility")[self.row])
				if role == "Bangfu Finance":
					self.assertNotIn("Minimum Living", frappe.as_json(batch.get_onload("eligibility")))
					self.assertFalse(frappe.has_permission("Eligibility Snapshot", "read"))


class TestClosure(SubsidyTestCase):
	def test_aid_that_has_not_arrived_is_an_open_item(self):
		batch = self.approved()
		open_item = ("Subsidy Batch", batch.name, f"Not paid yet: {self.scheme}")
		self.assertIn(open_item, open_items_of(self.student))
		for status, is_open in (
			("Failed", True),
			("In Bank File", True),
			("Paid", False),
			("Withdrawn", False),
		):
			frappe.db.set_value("Subsidy Batch Row", batch.rows[0].name, "status", status)
			with self.subTest(status=status):
				self.assertEqual(open_item in open_items_of(self.student), is_open)
