"""Many hands reach for the last pieces at once, over real connections: as many get some as there are, the others are told."""

import frappe

from bangfu_app.bangfu_app.doctype.aid_return.aid_return import MoreThanWasOut
from bangfu_app.goods import aid_stock
from bangfu_app.tests import factories
from bangfu_app.tests.at_once import AtOnceTestCase
from bangfu_app.tests.test_aid import balance

# what the records of this test leave in the database, which it has to commit
LEFT_BEHIND = (
	"Aid Distribution",
	"Aid Distribution Item",
	"Aid Return",
	"Aid Return Item",
	"Aid Write Off",
	"Aid Write Off Item",
	"Aid Donation",
	"Aid Donation Item",
	"Aid Item",
	"Partner",
	"Student File",
	"Student Need",
	"Need Category",
	"Recognition Evidence",
	"Eligibility Criterion",
	"File Completeness",
	"Duplicate Pair",
	"School Class",
	"School",
	"Approval Step",
	"Approval Vote",
	"Comment",
	"Version",
	"ToDo",
	"User",
	"Workflow Action",
	"Workflow Action Permitted Role",
)
AT_ONCE = 50


class TestAtOnce(AtOnceTestCase):
	left_behind = LEFT_BEHIND

	def setUp(self):
		super().setUp()
		self.student = factories.make_student().name
		self.item = factories.make_item(f"Item {frappe.generate_hash(length=8)}", lendable=1).name

	def test_fifty_submissions_for_the_last_ten_pieces(self):
		factories.make_donation(self.item, 4)
		factories.make_donation(self.item, 6)
		drafts = [factories.make_distribution(self.item, self.student, submit=False) for _ in range(AT_ONCE)]
		told = self.at_once(*(self.submitting("Aid Distribution", draft.name) for draft in drafts))
		self.assertTold(told, 10, aid_stock.NotEnoughStock)
		self.assertEqual(balance(self.item), 0)
		self.assertEqual(
			frappe.db.count(
				"Aid Distribution", {"docstatus": 1, "owner": "Administrator", "creation": [">=", self.began]}
			),
			10,
		)

	def test_saved_and_submitted_in_one_step(self):
		"""A record made and submitted in one request has written rows before it waits."""
		factories.make_donation(self.item, 3)
		calls = [lambda: factories.make_distribution(self.item, self.student)] * 12
		told = self.at_once(*calls)
		self.assertTold(told, 3, aid_stock.NotEnoughStock)
		self.assertEqual(balance(self.item), 0)

	def test_different_items_do_not_lock_each_other_out(self):
		items = [factories.make_item(f"{self.item} {number}").name for number in range(6)]
		for item in items:
			factories.make_donation(item, 2)
		drafts = [factories.make_distribution(item, self.student, submit=False) for item in items * 2]
		told = self.at_once(*(self.submitting("Aid Distribution", draft.name) for draft in drafts))
		self.assertEqual(told, [None] * len(drafts))
		self.assertEqual([balance(item) for item in items], [0] * len(items))

	def test_handing_out_and_writing_off_reach_for_the_same_piece(self):
		factories.make_donation(self.item, 1)
		names = [
			("Aid Distribution", factories.make_distribution(self.item, self.student, submit=False).name),
			("Aid Write Off", factories.make_write_off(self.item, submit=False).name),
		]
		told = self.at_once(*(self.submitting(*name) for name in names))
		self.assertTold(told, 1, aid_stock.NotEnoughStock)

	def test_a_piece_comes_back_once(self):
		factories.make_donation(self.item, 1)
		distribution = factories.make_distribution(self.item, self.student)
		drafts = [factories.make_return(distribution, submit=False) for _ in range(8)]
		told = self.at_once(*(self.submitting("Aid Return", draft.name) for draft in drafts))
		self.assertTold(told, 1, MoreThanWasOut)
		self.assertEqual(balance(self.item), 1)

	def test_a_piece_comes_back_once_in_one_step(self):
		factories.make_donation(self.item, 1)
		distribution = factories.make_distribution(self.item, self.student)
		told = self.at_once(*[lambda: factories.make_return(distribution)] * 8)
		self.assertEqual(told.count(None), 1, told)
		self.assertFalse([each for each in told if each and "lock" in each], told)
		self.assertEqual(balance(self.item), 1)

	def test_a_donation_is_cancelled_or_given_out(self):
		donation = factories.make_donation(self.item, 1)
		draft = factories.make_distribution(self.item, self.student, submit=False)
		told = self.at_once(
			lambda: frappe.get_doc("Aid Donation", donation.name).cancel(),
			self.submitting("Aid Distribution", draft.name),
		)
		self.assertEqual(told.count(None), 1, told)
		self.assertEqual(balance(self.item), 0)
