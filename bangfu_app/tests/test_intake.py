"""Intake: Draft → Class Review → School Review → In Support, and what a file must hold."""

import frappe
from frappe.model.workflow import WorkflowPermissionError, WorkflowTransitionError, apply_workflow

from bangfu_app.privacy import sealed_numbers
from bangfu_app.tests import BangfuTestCase, factories


class TestStudentFile(BangfuTestCase):
	def file(self, **values):
		return frappe.get_doc(factories.student_values(**values))

	def test_identity_number_is_stored_masked_and_encrypted(self):
		number = factories.id_number()
		file = self.file(id_number=number).insert()
		stored = frappe.db.get_value(
			"Student File", file.name, ["id_number", "id_number_cipher"], as_dict=True
		)
		self.assertNotIn(number[3:-4], stored.id_number)
		self.assertNotIn(number, stored.id_number_cipher)
		self.assertEqual(
			sealed_numbers.unseal(frappe.get_doc("Student File", file.name), "id_number"), number
		)

	def test_saving_the_masked_number_keeps_the_real_one(self):
		number = factories.id_number()
		file = self.file(id_number=number).insert()
		file.reload()
		file.talents = "Draws well"
		file.save()
		self.assertEqual(sealed_numbers.unseal(file, "id_number"), number)

	def test_a_forged_cipher_is_not_taken(self):
		number = factories.id_number()
		file = self.file(id_number=number).insert()
		file.reload()
		file.id_number_cipher, file.id_number_hash = "forged", "forged"
		file.save()
		self.assertEqual(sealed_numbers.unseal(file, "id_number"), number)

	def test_masked_number_of_a_new_file_is_refused(self):
		self.assertRaises(frappe.ValidationError, self.file(id_number="999***********9978").insert)

	def test_identity_number_with_wrong_check_digit_is_refused(self):
		number = factories.id_number()
		wrong = number[:-1] + ("0" if number[-1] != "0" else "1")
		with self.assertRaisesRegex(frappe.ValidationError, "check digit"):
			self.file(id_number=wrong).insert()

	def test_identity_number_must_agree_with_birth_date_and_gender(self):
		number = factories.id_number(birth_date="2013-02-21", gender="Male")
		self.assertRaises(frappe.ValidationError, self.file(id_number=number, birth_date="2013-02-22").insert)
		self.assertRaises(frappe.ValidationError, self.file(id_number=number, gender="Female").insert)

	def test_one_student_one_file(self):
		number = factories.id_number()
		self.file(id_number=number).insert()
		with self.assertRaises(frappe.DuplicateEntryError) as caught:
			self.file(id_number=f" {number[:6]} {number[6:]}").insert()
		self.assertNotIn(number, str(caught.exception))

	def test_nor_by_a_number_entered_later(self):
		number = factories.id_number()
		self.file(id_number=number).insert()
		other = self.file().insert()
		other.id_number = number
		self.assertRaises(frappe.DuplicateEntryError, other.save)

	def test_files_without_number_do_not_collide(self):
		self.file().insert()
		self.assertTrue(self.file().insert().name)

	def test_class_of_another_school_is_refused(self):
		other = factories.make_school("Other School")
		file = self.file()
		file.school = other.name
		self.assertRaises(frappe.ValidationError, file.insert)

	def test_list_shows_neutral_names_only(self):
		need = factories.make_need_category("Plain Need", neutral_name="Growth Support")
		file = self.file(needs=[{"need_category": need.name}]).insert()
		self.assertEqual(file.support_focus, "Growth Support")

	def test_a_need_twice_is_refused(self):
		need = {"need_category": factories.make_need_category().name}
		self.assertRaises(frappe.ValidationError, self.file(needs=[need, dict(need)]).insert)


class TestIntake(BangfuTestCase):
	def test_the_whole_way_leaves_each_step_on_the_timeline(self):
		file = factories.make_student("In Support")
		steps = frappe.get_all(
			"Comment",
			{"reference_doctype": "Student File", "reference_name": file.name, "comment_type": "Workflow"},
			["content", "owner"],
			order_by="creation, name",
		)
		self.assertEqual(
			sorted(step.content for step in steps), ["Class Review", "In Support", "School Review"]
		)
		self.assertEqual(len({step.owner for step in steps}), 3)

	def test_each_step_is_refused_to_the_wrong_role(self):
		wrong = {
			"Draft": ("Submit for Class Review", ("Bangfu Finance", "Evaluator", "Supporter")),
			"Class Review": ("Pass Class Review", ("Bangfu Finance", "Bangfu Manager", "Supporter")),
			"School Review": ("Approve", ("Bangfu Coordinator", "Class Teacher", "Supporter")),
		}
		for status, (action, roles) in wrong.items():
			file = factories.make_student(status)
			for role in roles:
				with self.subTest(status=status, role=role):
					frappe.set_user(factories.actor(role, file))
					with self.assertRaises((WorkflowTransitionError, frappe.PermissionError)):
						apply_workflow(file, action)
					frappe.set_user("Administrator")
					self.assertEqual(frappe.db.get_value("Student File", file.name, "status"), status)

	def test_a_teacher_does_not_pass_a_file_of_own_making(self):
		teacher = factories.make_user("Class Teacher")
		frappe.set_user(teacher)
		school_class = None
		with self.set_user("Administrator"):
			school_class = factories.make_class(head_teacher=teacher)
		with self.set_user("Administrator"):
			values = factories.student_values(school_class=school_class.name)
		file = frappe.get_doc(values).insert()
		file = apply_workflow(file, "Submit for Class Review")
		self.assertRaises(frappe.ValidationError, apply_workflow, file, "Pass Class Review")

	def test_a_returned_file_comes_back_to_class_review(self):
		file = factories.make_student("School Review")
		file = factories.advance(file, ("Return", "Bangfu Manager"))
		self.assertEqual(file.status, "Returned")
		self.assertEqual(
			factories.advance(file, ("Submit for Class Review", "Class Teacher")).status, "Class Review"
		)

	def test_a_declined_file_can_be_reconsidered(self):
		file = factories.advance(factories.make_student("School Review"), ("Decline", "Bangfu Manager"))
		self.assertEqual(factories.advance(file, ("Reconsider", "Bangfu Coordinator")).status, "Draft")

	def test_the_state_does_not_jump_by_saving(self):
		file = factories.make_student("Draft")
		frappe.set_user(factories.actor("Bangfu Manager", file))
		file = frappe.get_doc("Student File", file.name)
		file.status = "In Support"
		self.assertRaises(WorkflowPermissionError, file.save)

	def test_a_new_file_cannot_be_born_approved(self):
		values = factories.student_values(status="In Support")
		self.assertRaises(WorkflowPermissionError, frappe.get_doc(values).insert)

	def test_nor_one_step_on_past_the_trail(self):
		values = factories.student_values(status="Class Review")
		frappe.set_user(factories.make_user("Bangfu Coordinator"))
		with self.assertRaisesRegex(WorkflowPermissionError, "begins as.*Draft"):
			frappe.get_doc(values).insert()

	def test_a_file_is_not_closed_without_closure(self):
		file = factories.make_student("In Support")
		file.status = "Closed"
		self.assertRaisesRegex(frappe.ValidationError, "approved case closure", file.save)
