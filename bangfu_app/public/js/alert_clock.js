frappe.provide("bangfu");

/** Minutes until the first step of an alert is due, in words and a colour; null once it was taken. */
bangfu.alert_clock = (minutes) => {
	if (minutes === null || minutes === undefined) return null;
	const length = Math.abs(minutes);
	const text =
		length < 120
			? __("{0} minutes", [length])
			: length < 2880
			? __("{0} hours", [Math.floor(length / 60)])
			: __("{0} days", [Math.floor(length / 1440)]);
	if (minutes < 0) return { text: __("Overdue by {0}", [text]), colour: "red" };
	return { text: __("{0} left", [text]), colour: minutes < 720 ? "orange" : "green" };
};

/** A new alert about the student of a form. */
bangfu.add_alert_button = (frm) => {
	if (!frappe.model.can_create("Student Alert")) return;
	frm.add_custom_button(__("Raise Alert"), () =>
		frappe.new_doc("Student Alert", { student: frm.doc.student || frm.doc.name })
	);
};
