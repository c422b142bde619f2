// Fill a roster with many students at once. Loaded with each form named in hooks.doctype_js.
frappe.provide("bangfu");

/** A button below the table `fieldname` that adds a row for each student chosen; `row` holds further values. */
bangfu.offer_students = function (frm, fieldname, row = () => ({})) {
	const grid = frm.get_field(fieldname).grid;
	grid.add_custom_button(__("Add Students"), () => bangfu.choose_students(frm, fieldname, row));
};

bangfu.choose_students = function (frm, fieldname, row) {
	const dialog = new frappe.ui.form.MultiSelectDialog({
		doctype: "Student File",
		target: frm,
		setters: { student_name: null, school_class: null },
		size: "large",
		primary_action_label: __("Add"),
		get_query: () => ({ filters: { status: "In Support" } }),
		action: async (names) => {
			await bangfu.add_students(frm, fieldname, names, row);
			dialog.dialog.hide();
		},
	});
};

bangfu.add_students = async function (frm, fieldname, names, row) {
	const present = new Set((frm.doc[fieldname] || []).map((line) => line.student));
	const students = await frappe.db.get_list("Student File", {
		filters: { name: ["in", names] },
		fields: ["name", "student_name"],
		order_by: "student_name",
		limit: names.length,
	});
	for (const student of students.filter((student) => !present.has(student.name))) {
		frappe.utils.add_link_title("Student File", student.name, student.student_name);
		frm.add_child(fieldname, { student: student.name, student_name: student.student_name, ...row() });
	}
	frm.refresh_field(fieldname);
	frm.dirty();
};
