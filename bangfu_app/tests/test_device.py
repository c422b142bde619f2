"""A device asked of a foundation: its way from the application to the student and back."""

import frappe
import frappe.client
from frappe.utils import add_days, getdate

from bangfu_app.bangfu_app.doctype.case_closure.case_closure import open_items_of
from bangfu_app.tests import BangfuTestCase, factories


class DeviceTestCase(BangfuTestCase):
	def setUp(self):
		super().setUp()
		self.near = factories.make_school("Near School").name
		self.school_class = factories.make_class(self.near, factories.make_user("Class Teacher"))
		self.student = factories.make_student(school_class=self.school_class.name).name
		self.item = factories.make_item(f"Wheelchair {factories.serial()}", lendable=1).name

	def application(self, until: str = "Draft", **values):
		"""Brought to the state `until`."""
		device = factories.make_device_application(self.student, item=self.item, **values)
		steps = {
			"Applied": lambda: device.apply("2025-03-01"),
			"Granted": lambda: device.grant("2025-04-01", "Letter 12"),
			"In Custody": lambda: self.lend(device),
			"Returned": lambda: self.bring_back(device),
		}
		if until == "Draft":
			return device
		for state, step in steps.items():
			step()
			device.reload()
			if state == until:
				break
		self.assertEqual(device.status, until)
		return device

	def lend(self, device):
		donation = frappe.get_doc("Aid Donation", device.make_donation())
		donation.submit()
		distribution = frappe.get_doc("Aid Distribution", device.make_distribution("2099-07-01"))
		distribution.submit()
		device.reload()
		return distribution

	def bring_back(self, device, qty: float | None = None, outcome: str = "Back in Stock"):
		(line,) = frappe.get_doc("Aid Distribution", device.distribution).items
		row = {"distribution": device.distribution, "distribution_line": line.name, "outcome": outcome}
		# what follows from the line is given too
		row |= {"student": line.student, "item": line.item, "qty": qty or line.qty}
		back = frappe.get_doc({"doctype": "Aid Return", "reason": "Outgrown", "items": [row]}).insert()
		back.submit()
		device.reload()
		return back


class TestSteps(DeviceTestCase):
	def test_the_whole_way(self):
		device = self.application("Granted", qty=2, amount=4801)
		self.assertEqual((str(device.decided_on), device.decision_note), ("2025-04-01", "Letter 12"))
		distribution = self.lend(device)
		(given,) = frappe.get_doc("Aid Donation", device.donation).items
		donor = frappe.db.get_value("Aid Donation", device.donation, "donor")
		self.assertEqual(
			(donor, given.item, given.qty, given.unit_value), (device.foundation, self.item, 2, 2400.5)
		)
		(line,) = distribution.items
		self.assertEqual(
			(line.student, line.transfer, line.donation), (self.student, "Loan", device.donation)
		)
		self.assertEqual(device.status, "In Custody")
		self.bring_back(device)
		self.assertEqual(device.status, "Returned")

	def test_a_refusal_needs_its_note(self):
		device = self.application("Applied")
		self.assertRaises(frappe.ValidationError, device.refuse, " ")
		device.refuse("No money this year", "2025-04-01")
		device.reload()
		self.assertEqual((device.status, device.decision_note), ("Refused", "No money this year"))

	def test_each_step_has_its_place(self):
		draft = self.application()
		for step, arguments in (
			("grant", ()),
			("refuse", ("No money",)),
			("make_donation", ()),
			("make_distribution", ("2099-07-01",)),
		):
			with self.subTest(step=step), self.assertRaisesRegex(frappe.ValidationError, "Draft"):
				getattr(draft, step)(*arguments)
		applied = self.application("Applied")
		self.assertRaisesRegex(frappe.ValidationError, "Applied", applied.apply)

	def test_days_are_in_order(self):
		tomorrow = add_days(getdate(), 1)
		self.assertRaises(frappe.ValidationError, self.application().apply, str(tomorrow))
		device = self.application("Applied")
		self.assertRaises(frappe.ValidationError, device.grant, "2025-02-28")
		self.assertRaises(frappe.ValidationError, device.grant, str(tomorrow))

	def test_only_for_a_student_in_support(self):
		student = factories.make_student("Draft").name
		with self.assertRaisesRegex(frappe.ValidationError, "not in support"):
			factories.make_device_application(student)

	def test_nothing_but_a_step_moves_it(self):
		device = self.application("Applied")
		donation = factories.make_donation(self.item, 1).name
		for field, value in (
			("status", "Granted"),
			("status", "Draft"),
			("decided_on", "2025-05-01"),
			("decision_note", "Yes"),
			("donation", donation),
		):
			with self.subTest(field=field), self.assertRaisesRegex(frappe.ValidationError, "Use Apply"):
				frappe.client.set_value("Device Application", device.name, field, value)
		with self.assertRaisesRegex(frappe.ValidationError, "Use Apply"):
			factories.make_device_application(self.student, status="Granted")

	def test_what_was_asked_for_stays(self):
		device = self.application("Applied")
		device.update({"qty": 5})
		self.assertRaisesRegex(frappe.ValidationError, "asked already", device.save)
		device.reload()
		device.reason = "Cannot climb the stairs either"
		device.save()
		self.assertRaises(frappe.ValidationError, frappe.delete_doc, "Device Application", device.name)

	def test_a_copy_starts_anew(self):
		copy = frappe.copy_doc(self.application("In Custody"), ignore_no_copy=False).insert()
		self.assertEqual((copy.status, copy.donation, copy.applied_on), ("Draft", None, None))


class TestGoods(DeviceTestCase):
	def test_cancelling_goes_the_way_back(self):
		device = self.application("In Custody")
		back = self.bring_back(device)
		back.cancel()
		device.reload()
		self.assertEqual(device.status, "In Custody")
		frappe.get_doc("Aid Distribution", device.distribution).cancel()
		device.reload()
		self.assertEqual(device.status, "Granted")

	def test_it_is_returned_when_all_is_back(self):
		device = self.application("In Custody", qty=2)
		self.bring_back(device, 1)
		self.assertEqual(device.status, "In Custody")
		self.bring_back(device, 1, "Worn Out")
		self.assertEqual(device.status, "Returned")

	def test_one_donation_and_one_loan(self):
		device = self.application("Granted")
		self.assertRaisesRegex(
			frappe.ValidationError, "donation first", device.make_distribution, "2099-07-01"
		)
		name = device.make_donation()
		self.assertRaisesRegex(frappe.ValidationError, name, device.make_donation)
		frappe.get_doc("Aid Donation", name).submit()
		name = device.make_distribution("2099-07-01")
		self.assertRaisesRegex(frappe.ValidationError, name, device.make_distribution, "2099-07-01")

	def test_a_draft_deleted_can_be_made_again(self):
		device = self.application("Granted")
		frappe.delete_doc("Aid Donation", device.make_donation())
		self.assertTrue(device.make_donation())

	def test_an_amended_loan_is_the_devices(self):
		device = self.application("In Custody")
		distribution = frappe.get_doc("Aid Distribution", device.distribution)
		distribution.cancel()
		amended = frappe.copy_doc(distribution)
		amended.update({"amended_from": distribution.name, "docstatus": 0})
		amended.insert().submit()
		device.reload()
		self.assertEqual((device.status, device.distribution), ("In Custody", amended.name))

	def test_who_hands_it_out_need_not_see_it(self):
		device = self.application("Granted")
		frappe.get_doc("Aid Donation", device.make_donation()).submit()
		name = device.make_distribution("2099-07-01")
		with self.set_user(factories.make_user("Bangfu Finance")):
			distribution = frappe.get_doc("Aid Distribution", name)
			distribution.submit()
			self.assertNotIn(device.name, frappe.as_json(distribution.as_dict()))
			self.assertFalse(frappe.has_permission("Device Application", "read", device.name))
		device.reload()
		self.assertEqual(device.status, "In Custody")


class TestRights(DeviceTestCase):
	def test_the_office_and_the_class_teacher_take_the_steps(self):
		far = factories.make_school("Far School").name
		for user, allowed in (
			(factories.make_user("Bangfu Coordinator", school=self.near), True),
			(factories.make_user("Bangfu Coordinator", school=far), False),
			(self.school_class.head_teacher, True),
			(factories.make_user("Class Teacher"), False),
			(factories.make_user("Bangfu Finance"), False),
			(factories.make_user("Evaluator", school=self.near), False),
		):
			device = self.application()
			with self.subTest(user=user, roles=frappe.get_roles(user)), self.set_user(user):
				if allowed:
					device.apply("2025-03-01")
				else:
					self.assertRaises(frappe.PermissionError, device.apply, "2025-03-01")

	def test_a_teacher_makes_no_donation(self):
		device = self.application("Granted")
		with self.set_user(self.school_class.head_teacher):
			self.assertRaises(frappe.PermissionError, device.make_donation)

	def test_a_case_with_an_open_application_has_an_open_item(self):
		def open_devices() -> list[str]:
			return [
				name
				for doctype, name, _what in open_items_of(self.student)
				if doctype == "Device Application"
			]

		self.application()
		self.assertEqual(open_devices(), [])
		device = self.application("Applied")
		self.assertEqual(open_devices(), [device.name])
		device.grant("2025-04-01")
		self.assertEqual(open_devices(), [device.name])
		device.reload()
		self.lend(device)
		self.assertEqual(open_devices(), [])
