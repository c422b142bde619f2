"""Pledges: the deliveries of a rhythm, donations that keep them, and who is told of late ones."""

from datetime import date, timedelta
from unittest.mock import patch

import frappe
from frappe.utils import add_days, get_last_day, getdate
from hypothesis import given
from hypothesis import strategies as st

from bangfu_app.bangfu_app.doctype.aid_pledge import aid_pledge
from bangfu_app.goods import pledges
from bangfu_app.tests import BangfuTestCase, factories

days = st.dates(date(2000, 1, 1), date(2060, 12, 31))


class TestRhythm(BangfuTestCase):
	def test_from_the_last_day_of_a_month_on_each_last_day(self):
		self.assertEqual(
			pledges.due_dates("Monthly", date(2024, 1, 31), date(2024, 5, 30)),
			[date(2024, 1, 31), date(2024, 2, 29), date(2024, 3, 31), date(2024, 4, 30)],
		)

	def test_a_leap_day_comes_back(self):
		found = pledges.due_dates("Yearly", date(2024, 2, 29), date(2028, 3, 1))
		self.assertEqual(
			[str(day) for day in found[1:]], ["2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"]
		)

	@given(st.sampled_from(list(pledges.MONTHS)), days, st.integers(0, 3000))
	def test_each_lies_its_months_after_the_first(self, frequency, start, length):
		end, step = start + timedelta(length), pledges.MONTHS[frequency]
		found = pledges.due_dates(frequency, start, end)
		self.assertEqual(found[0], start)
		self.assertLessEqual(found[-1], end)
		for number, day in enumerate(found):
			months = (day.year - start.year) * 12 + day.month - start.month
			self.assertEqual(months, number * step)
			self.assertEqual(day.day, min(start.day, get_last_day(day).day))
		# none is left out: the next one would come too late
		if step and len(found) <= pledges.MOST_DELIVERIES:
			after = pledges.due_dates(frequency, start, end + timedelta(366))
			self.assertEqual(after[: len(found)], found)
			self.assertGreater(after[len(found)], end)

	@given(st.lists(days, unique=True), st.lists(days, unique=True))
	def test_what_comes_lies_after_what_was_received(self, planned, received):
		to_come = pledges.days_to_come(sorted(planned), received)
		last = max(received, default=date.min)
		self.assertEqual(to_come, [day for day in sorted(planned) if day > last])


class PledgeTestCase(BangfuTestCase):
	def setUp(self):
		super().setUp()
		self.item = factories.make_item(f"Item {factories.serial()}").name

	def keep(self, pledge, **values):
		"""The donation that the button opens, submitted."""
		donation = aid_pledge.make_donation(pledge.name)
		donation.update(values)
		donation.insert()
		donation.submit()
		pledge.reload()
		return donation

	def deliveries(self, pledge) -> list[tuple]:
		pledge.reload()
		return [(str(row.due_on), row.status, row.donation) for row in pledge.deliveries]


class TestPledge(PledgeTestCase):
	def test_deliveries_follow_from_the_rhythm(self):
		pledge = factories.make_pledge(self.item)
		found = [(str(row.due_on), row.qty, row.status) for row in pledge.deliveries]
		expected = [(day, 10, "Expected") for day in ("2025-01-31", "2025-02-28", "2025-03-31")]
		self.assertEqual(found, expected)
		self.assertEqual(str(pledge.next_due), "2025-01-31")

	def test_a_promise_says_what_it_brings(self):
		for values in (
			{"qty": 0},
			{"kind": "Money", "amount": 0},
			{"to_date": None},
			{"from_date": "2026-01-01"},
			{"to_date": "2999-01-01"},
		):
			with self.subTest(**values):
				self.assertRaises(frappe.ValidationError, factories.make_pledge, self.item, **values)

	def test_the_donation_opened_from_it_is_filled_in(self):
		pledge = factories.make_pledge(self.item, frequency="Once")
		donation = aid_pledge.make_donation(pledge.name)
		(line,) = donation.items
		self.assertEqual(
			(donation.donor, donation.kind, donation.pledge, line.item, line.qty, line.unit_value),
			(pledge.donor, "Goods", pledge.name, self.item, 10, 5),
		)

	def test_money_is_filled_in_too(self):
		pledge = factories.make_pledge(kind="Money", amount=300.5, frequency="Once")
		donation = aid_pledge.make_donation(pledge.name)
		self.assertEqual((donation.kind, donation.money_amount, donation.items), ("Money", 300.5, []))

	def test_each_donation_keeps_the_oldest_delivery_and_cancelling_is_the_inverse(self):
		pledge = factories.make_pledge(self.item)
		before = self.deliveries(pledge)
		first, second = self.keep(pledge), self.keep(pledge)
		self.assertEqual(
			self.deliveries(pledge),
			[
				("2025-01-31", "Received", first.name),
				("2025-02-28", "Received", second.name),
				("2025-03-31", "Expected", None),
			],
		)
		first.cancel()
		self.assertEqual(
			self.deliveries(pledge)[:2],
			[("2025-01-31", "Expected", None), ("2025-02-28", "Received", second.name)],
		)
		second.reload()
		second.cancel()
		self.assertEqual(self.deliveries(pledge), before)

	def test_it_is_fulfilled_when_all_is_received_and_open_again_when_not(self):
		pledge = factories.make_pledge(self.item, frequency="Once")
		donation = self.keep(pledge)
		self.assertEqual((pledge.status, pledge.next_due), ("Fulfilled", None))
		with self.assertRaisesRegex(frappe.ValidationError, "no delivery any more"):
			aid_pledge.make_donation(pledge.name)
		donation.cancel()
		pledge.reload()
		self.assertEqual(pledge.status, "Open")

	def test_a_pledge_that_expects_nothing_holds_no_second_donation(self):
		pledge = factories.make_pledge(self.item, frequency="Once")
		again = aid_pledge.make_donation(pledge.name).insert()
		self.keep(pledge)
		with self.assertRaisesRegex(frappe.ValidationError, "no delivery any more"):
			again.submit()

	def test_a_pledge_of_another_donor_or_kind_is_refused(self):
		pledge = factories.make_pledge(self.item)
		other = factories.make_partner("Other Donor").name
		with self.assertRaisesRegex(frappe.ValidationError, "another donor or kind"):
			factories.make_donation(self.item, 1, donor=other, pledge=pledge.name, submit=False)
		money = factories.make_pledge(kind="Money", amount=10, donor=pledge.donor)
		with self.assertRaisesRegex(frappe.ValidationError, "another donor or kind"):
			factories.make_donation(self.item, 1, donor=pledge.donor, pledge=money.name, submit=False)

	def test_a_new_rhythm_leaves_what_was_received(self):
		pledge = factories.make_pledge(self.item, to_date="2025-12-31")
		donation = self.keep(pledge)
		pledge.update({"frequency": "Quarterly", "qty": 30})
		pledge.save()
		self.assertEqual(
			[(str(row.due_on), row.qty, row.donation) for row in pledge.deliveries],
			[
				("2025-01-31", 10, donation.name),
				("2025-04-30", 30, None),
				("2025-07-31", 30, None),
				("2025-10-31", 30, None),
			],
		)

	def test_a_delivery_put_off_stays_put_off(self):
		pledge = factories.make_pledge(self.item)
		pledge.deliveries[0].due_on = "2025-02-10"
		pledge.notes = "Lorry broken"
		pledge.save()
		self.assertEqual(self.deliveries(pledge)[0][0], "2025-02-10")

	def test_nobody_writes_by_hand_that_it_was_received(self):
		pledge = factories.make_pledge(self.item)
		donation = factories.make_donation(self.item, 1)
		pledge.deliveries[0].update({"status": "Received", "donation": donation.name})
		pledge.append("deliveries", {"due_on": "2025-05-01", "status": "Received", "donation": donation.name})
		pledge.save()
		self.assertEqual({row[1:] for row in self.deliveries(pledge)}, {("Expected", None)})

	def test_what_was_received_is_not_taken_out_or_moved(self):
		pledge = factories.make_pledge(self.item)
		donation = self.keep(pledge)
		pledge.deliveries[0].update({"due_on": "2025-12-01", "qty": 1, "status": "Expected"})
		pledge.save()
		self.assertEqual(self.deliveries(pledge)[0], ("2025-01-31", "Received", donation.name))
		pledge.deliveries = pledge.deliveries[1:]
		self.assertRaisesRegex(frappe.ValidationError, "stays", pledge.save)
		pledge.reload()
		pledge.donor = factories.make_partner("Other Donor").name
		self.assertRaisesRegex(frappe.ValidationError, "Donor and kind", pledge.save)
		self.assertRaises(frappe.ValidationError, frappe.delete_doc, "Aid Pledge", pledge.name)

	def test_an_end_needs_a_reason_and_can_be_undone(self):
		pledge = factories.make_pledge(self.item)
		donation = self.keep(pledge)
		pledge.status = "Ended"
		self.assertRaises(frappe.ValidationError, pledge.save)
		pledge.reload()
		pledge.update({"status": "Ended", "end_reason": "Firm closed"})
		pledge.save()
		self.assertEqual([row[1] for row in self.deliveries(pledge)], ["Received", "Cancelled", "Cancelled"])
		donation.reload()
		donation.cancel()
		self.assertEqual([row[1] for row in self.deliveries(pledge)], ["Cancelled"] * 3)
		pledge.status = "Open"
		pledge.save()
		self.assertEqual([row[1] for row in self.deliveries(pledge)], ["Expected"] * 3)

	def test_a_copy_promises_anew(self):
		pledge = factories.make_pledge(self.item)
		self.keep(pledge)
		copy = frappe.copy_doc(pledge).insert()
		self.assertEqual([row.status for row in copy.deliveries], ["Expected"] * 3)

	def test_an_amended_donation_keeps_the_delivery(self):
		pledge = factories.make_pledge(self.item)
		donation = self.keep(pledge)
		donation.cancel()
		amended = frappe.copy_doc(donation)
		amended.update({"amended_from": donation.name, "docstatus": 0})
		amended.insert().submit()
		self.assertEqual(self.deliveries(pledge)[0], ("2025-01-31", "Received", amended.name))


class TestLate(PledgeTestCase):
	def todos(self, pledge) -> list[str]:
		filters = {"reference_type": "Aid Pledge", "reference_name": pledge.name, "status": "Open"}
		return frappe.get_all("ToDo", filters, pluck="allocated_to")

	def entered_by(self, user: str, **values):
		with self.set_user(user):
			return factories.make_pledge(self.item, **values)

	def test_who_entered_it_is_told_once_until_it_comes(self):
		finance = factories.make_user("Bangfu Finance")
		pledge = self.entered_by(finance, frequency="Once")
		self.assertNotIn(pledge.name, pledges.remind_late("2025-01-31"))
		self.assertIn(pledge.name, pledges.remind_late("2025-02-01"))
		self.assertNotIn(pledge.name, pledges.remind_late("2025-02-02"))
		self.assertEqual(self.todos(pledge), [finance])
		self.keep(pledge)
		self.assertEqual(self.todos(pledge), [])

	def test_the_to_do_stays_while_another_is_late(self):
		finance = factories.make_user("Bangfu Finance")
		pledge = self.entered_by(finance)
		pledges.remind_late("2025-06-01")
		self.keep(pledge)
		self.assertEqual(self.todos(pledge), [finance])

	def test_nothing_is_late_that_ended_or_lies_ahead(self):
		finance = factories.make_user("Bangfu Finance")
		ahead = self.entered_by(finance, frequency="Once", from_date=add_days(getdate(), 3))
		ended = self.entered_by(finance)
		ended.update({"status": "Ended", "end_reason": "Firm closed"})
		ended.save()
		self.assertFalse({ahead.name, ended.name} & set(pledges.remind_late()))

	def test_who_left_the_office_is_not_told(self):
		finance = factories.make_user("Bangfu Finance")
		pledge = self.entered_by(finance)
		with patch.object(frappe, "get_roles", lambda user=None: []):
			self.assertNotIn(pledge.name, pledges.remind_late("2025-06-01"))


class TestCalendar(PledgeTestCase):
	def test_it_shows_the_deliveries_of_readable_pledges(self):
		near, far = (factories.make_school(name).name for name in ("Near School", "Far School"))
		pledge = factories.make_pledge(self.item, school=near)
		with self.set_user(factories.make_user("Bangfu Coordinator", school=near)):
			found = [
				row for row in aid_pledge.get_events("2025-02-01", "2025-03-30") if row["name"] == pledge.name
			]
			self.assertEqual([str(row["starts_on"]) for row in found], ["2025-02-28"])
		with self.set_user(factories.make_user("Bangfu Coordinator", school=far)):
			names = [row["name"] for row in aid_pledge.get_events("2025-01-01", "2025-12-31")]
			self.assertNotIn(pledge.name, names)
			self.assertRaises(frappe.PermissionError, aid_pledge.make_donation, pledge.name)
