"""Two batches with the same students are approved at once, over real connections: one of them pays."""

from unittest.mock import patch

import frappe

from bangfu_app.tests import factories
from bangfu_app.tests.test_approval_concurrency import LEFT_BEHIND, AtOnceTestCase


class TestTwoBatchesAtOnce(AtOnceTestCase):
	left_behind = (
		*LEFT_BEHIND,
		"Subsidy Batch",
		"Subsidy Batch Row",
		"Subsidy Scheme",
		"Aid Fund",
		"Eligibility Snapshot",
	)

	def waiting_batches(self, students: list[str], **values) -> list[str]:
		"""Two batches of the same students, in opposite order, that wait for the leading group."""
		scheme = factories.make_scheme(**values).name
		drafts = [factories.make_batch(scheme, *some, approved=False) for some in (students, students[::-1])]
		return [factories.advance(draft, *factories.BATCH_STEPS[:2]).name for draft in drafts]

	def approve_at_once(self, batches: list[str]) -> list[str | None]:
		users = [
			factories.make_user("Bangfu Manager", email=f"manager{number}@bangfu.test") for number in (1, 2)
		]
		frappe.db.commit()
		return self.at_once(
			*((user, "Subsidy Batch", name, "Approve") for user, name in zip(users, batches, strict=True))
		)

	def test_each_student_is_granted_once(self):
		students = [factories.make_student().name for _number in range(4)]
		for _round in range(3):
			batches = self.waiting_batches(students)
			told = self.approve_at_once(batches)
			self.assertEqual(told.count(None), 1, told)
			winner = batches[told.index(None)]
			refusal = next(message for message in told if message)
			self.assertIn(winner, refusal)
			rows = frappe.get_all(
				"Subsidy Batch Row",
				{"parent": ["in", batches], "claim_key": ["is", "set"]},
				["parent", "student"],
			)
			self.assertEqual({row.parent for row in rows}, {winner})
			self.assertEqual(sorted(row.student for row in rows), sorted(students))
			self.assertEqual(
				frappe.db.count("Eligibility Snapshot", {"batch": ["in", batches]}), len(students)
			)

	def test_the_unique_column_alone_holds_too(self):
		"""Without the look-up before, as if it had come too early: the database refuses."""
		batches = self.waiting_batches([factories.make_student().name])
		with patch("bangfu_app.money.subsidy_claims.holders", return_value={}):
			told = self.approve_at_once(batches)
		self.assertEqual(told.count(None), 1, told)
		self.assertIn(batches[told.index(None)], next(message for message in told if message))

	def test_a_fund_is_not_overdrawn(self):
		fund = factories.make_fund(600).name
		batches = [
			self.waiting_batches([factories.make_student().name], fund=fund)[0] for _number in range(2)
		]
		told = self.approve_at_once(batches)
		self.assertEqual(told.count(None), 1, told)
		self.assertIn("left", next(message for message in told if message))
